import { describe, expect, it } from 'vitest';
import { encodeCoseKey } from '../../protocol/cose-key.ts';
import { digestOf, kidOf, recipientKeyPair, sha256, thumbprintOf, utf8 } from '../../protocol/index.ts';
import { keyOf } from './builders.ts';
import { verdict } from './support.ts';

describe('a public key as a COSE_Key', () => {
  it('ACTC-COS-005: has the thumbprint and the kid of the key, and nothing beside what they are made of', () => {
    const { publicKey, kid } = keyOf('anybody');
    const encoded = encodeCoseKey(publicKey, 'Ed25519');
    expect(digestOf(encoded)).toBe(thumbprintOf(publicKey));
    expect(sha256(encoded).slice(0, 8)).toEqual(kidOf(publicKey));
    expect(kid).toEqual(kidOf(publicKey));
  });

  it('ACTC-SEA-010: says which curve it is on, so that a key that opens is never one that signs', () => {
    const { publicKey, kid } = recipientKeyPair(sha256(utf8('anybody')));
    expect(sha256(encodeCoseKey(publicKey, 'X25519')).slice(0, 8)).toEqual(kid);
    expect(sha256(encodeCoseKey(publicKey, 'Ed25519')).slice(0, 8)).not.toEqual(kid);
  });

  it.each([0, 31, 33])('is 32 bytes and not %s', (length) => {
    expect(verdict(() => encodeCoseKey(new Uint8Array(length), 'Ed25519'))).toBe('message-shape');
  });
});
