/** What works with the private parts of recipient keys. All else about a link needs only what is public of them. */
import { openEnvelope, type RecipientPrivateKey, recipientKeyPair, sealEnvelope } from '../../protocol/index.ts';
import type { EnvelopeReader, SealInput } from '../../protocol/seal.ts';

export interface Envelopes {
  /** As {@link recipientKeyPair}. */
  keyPair(seed: Uint8Array): RecipientPrivateKey;
  /** As {@link sealEnvelope}. */
  seal(input: SealInput): Uint8Array;
  /** As {@link openEnvelope}. */
  open(bytes: Uint8Array, reader: EnvelopeReader): Uint8Array;
}

export const ENVELOPES: Envelopes = { keyPair: recipientKeyPair, seal: sealEnvelope, open: openEnvelope };
