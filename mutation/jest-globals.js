/** Nothing waits for tests here but the runner. */
export const jest = { setTimeout: () => undefined };
