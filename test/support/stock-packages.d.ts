declare module '@digitalbazaar/ecdsa-multikey' {
  export function generate(options: {
    id?: string;
    controller?: string;
    curve: 'P-256' | 'P-384';
  }): Promise<{
    publicKeyMultibase: string;
    signer(): {
      id: string;
      algorithm: string;
      sign(options: { data: Uint8Array }): Promise<Uint8Array>;
    };
  }>;
}
