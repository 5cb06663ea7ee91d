/** ChaCha20-Poly1305 (RFC 8439) for what lies on the disk, under keys that may be kept outside the heap. */
import { type CipherKey, createCipheriv, createDecipheriv } from 'node:crypto';
import { concatBytes } from '../../protocol/bytes.ts';

const AEAD = 'chacha20-poly1305';
/** What sealing adds to the length of a text. */
export const TAG_BYTES = 16;
export const NONCE_BYTES = 12;

export interface AtRest {
  /** 32 bytes. */
  readonly key: CipherKey;
  /** {@link NONCE_BYTES} that no other text has under this key. */
  readonly nonce: Uint8Array;
  /** What is authenticated beside the text. */
  readonly about: Uint8Array;
}

/** The ciphertext with its tag behind it. */
export function sealAtRest({ key, nonce, about }: AtRest, text: Uint8Array): Uint8Array {
  const cipher = createCipheriv(AEAD, key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(about, { plaintextLength: text.length });
  return concatBytes(cipher.update(text), cipher.final(), cipher.getAuthTag());
}

/** Opens what {@link sealAtRest} made; `undefined` if a bit of anything is different. Nothing unproved is left in memory. */
export function openAtRest({ key, nonce, about }: AtRest, sealed: Uint8Array): Uint8Array | undefined {
  const end = sealed.length - TAG_BYTES;
  if (end < 0) return undefined;
  const decipher = createDecipheriv(AEAD, key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(about, { plaintextLength: end });
  decipher.setAuthTag(sealed.subarray(end));
  const opened = decipher.update(sealed.subarray(0, end));
  try {
    decipher.final();
    return new Uint8Array(opened);
  } catch {
    return undefined;
  } finally {
    opened.fill(0);
  }
}
