export const urn = (id: string): string => `urn:uuid:${id}`;
