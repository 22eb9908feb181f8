declare module '@digitalbazaar/ed25519-multikey' {
  interface KeyPair {
    id: string;
    publicKeyMultibase: string;
    export(options: { publicKey: true; includeContext: true }): Promise<object>;
    signer(): {
      id: string;
      algorithm: string;
      sign(options: { data: Uint8Array }): Promise<Uint8Array>;
    };
  }
  export function generate(options: { id?: string; controller: string }): Promise<KeyPair>;
}
