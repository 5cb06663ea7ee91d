/*
 * The little of the host that protocol/ may see. The folder compiles without any platform types, so that a clock, a
 * socket or a random number cannot slip in unnoticed; what is declared here is all there is.
 */
declare module 'node:crypto' {
  /** An opaque key. Only public keys are ever exported here. */
  export interface KeyObject {
    readonly type: 'secret' | 'public' | 'private';
    export(options: { format: 'jwk' }): { x: string };
  }
  interface Hash {
    update(data: Uint8Array): Hash;
    digest(): Uint8Array;
    /** One character a byte. */
    digest(encoding: 'latin1'): string;
  }
  interface Cipher {
    setAAD(aad: Uint8Array): Cipher;
    update(data: Uint8Array): Uint8Array;
    final(): Uint8Array;
    getAuthTag(): Uint8Array;
  }
  interface Decipher {
    setAAD(aad: Uint8Array): Decipher;
    setAuthTag(tag: Uint8Array): Decipher;
    update(data: Uint8Array): Uint8Array;
    final(): Uint8Array;
  }
  interface PublicJwk {
    kty: string;
    crv: string;
    x: string;
  }
  export function createHash(algorithm: 'sha256' | 'sha512'): Hash;
  /** A whole digest in one call; in Node from 20.12 on. */
  export function hash(algorithm: 'sha256', data: Uint8Array, encoding: 'latin1' | 'hex'): string;
  export function createHmac(algorithm: 'sha256', key: Uint8Array): Hash;
  export function createPublicKey(source: { key: PublicJwk; format: 'jwk' } | KeyObject): KeyObject;
  export function createPrivateKey(source: { key: Uint8Array; format: 'der'; type: 'pkcs8' }): KeyObject;
  export function diffieHellman(keys: { privateKey: KeyObject; publicKey: KeyObject }): Uint8Array;
  export function createCipheriv(
    algorithm: 'chacha20-poly1305',
    key: Uint8Array,
    nonce: Uint8Array,
    options: { authTagLength: number },
  ): Cipher;
  export function createDecipheriv(
    algorithm: 'chacha20-poly1305',
    key: Uint8Array,
    nonce: Uint8Array,
    options: { authTagLength: number },
  ): Decipher;
  export function verify(algorithm: null, data: Uint8Array, key: KeyObject, signature: Uint8Array): boolean;
}

declare class TextEncoder {
  encode(text: string): Uint8Array<ArrayBuffer>;
}
