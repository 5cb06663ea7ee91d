import { concatBytes, hex, utf8 } from '../../protocol/bytes.ts';
import { type CborInput, type CborKey, encodeCbor } from '../../protocol/cbor.ts';
import { sha256 } from '../../protocol/crypto.ts';
import { hpkeSeal } from '../../protocol/hpke.ts';
import { pad } from '../../protocol/padding.ts';
import {
  openRecipientKey,
  type RecipientKeyBody,
  type RecipientPrivateKey,
  type RecipientPublicKey,
  recipientKeyPair,
  signRecipientKey,
} from '../../protocol/recipient-key.ts';
import { ENVELOPE_OVERHEAD_BYTES, openEnvelope, type SealInput, sealEnvelope } from '../../protocol/seal.ts';
import { softSigningKey } from '../../protocol/sign1.ts';
import type { EpochSeconds } from '../../protocol/time.ts';
import { TrustSet, trustedKey } from '../../protocol/trust.ts';
import { seeded, verdict } from './support.ts';

export const TENANT = 'demo';
export const NOW = 1_750_000_000 as EpochSeconds;
export const DAY_S = 86_400;
export const at = (offsetS: number) => (NOW + offsetS) as EpochSeconds;
export const seed = (name: string) => sha256(utf8(name));

export const DEVICE_FRAME_KEY = softSigningKey(seed('device frame key'));
export const PSP_FRAME_KEY = softSigningKey(seed('psp frame key'));
export const PSP_OBJECT_KEY = softSigningKey(seed('psp object key'));
const enrolled = [
  { publicKey: DEVICE_FRAME_KEY.publicKey, party: 'glasses-01', role: 'device', use: 'frame' },
  { publicKey: PSP_FRAME_KEY.publicKey, party: 'psp-1', role: 'psp', use: 'frame' },
  { publicKey: PSP_OBJECT_KEY.publicKey, party: 'psp-1', role: 'psp', use: 'object' },
] as const;
export const TRUST = new TrustSet(enrolled.map((entry) => trustedKey({ ...entry, tenant: TENANT })));

export const DEVICE = { party: 'glasses-01', role: 'device' } as const;
export const PAIR = recipientKeyPair(seed('device recipient key'));
export const OTHER_PAIR = recipientKeyPair(seed('another recipient key'));

export const body = (changes: Partial<RecipientKeyBody> = {}): RecipientKeyBody => ({
  ...DEVICE,
  publicKey: PAIR.publicKey,
  notBefore: at(-DAY_S),
  notAfter: at(29 * DAY_S),
  ...changes,
});

/** A key as a receiver gets to know it: signed by the device and verified. */
export const published = (changes: Partial<RecipientKeyBody> = {}): RecipientPublicKey =>
  openRecipientKey(signRecipientKey(body(changes), TENANT, DEVICE_FRAME_KEY), { trust: TRUST, tenant: TENANT });

export const RECIPIENT = published();
export const keysOf = (...pairs: readonly RecipientPrivateKey[]) =>
  new Map(pairs.map((pair) => [hex(pair.kid), pair] as const));
export const READER = { keys: keysOf(PAIR), tenant: TENANT, role: 'device' } as const;

/** Bytes that begin as a signed frame does and are otherwise random. */
export function frameOf(length: number, from = 1): Uint8Array {
  const random = seeded(from);
  return Uint8Array.from({ length }, (_, i) => (i === 0 ? 0xd2 : random(256)));
}
export const FRAME = frameOf(300);

export const sealed = (changes: Partial<SealInput> = {}) =>
  sealEnvelope({
    frame: FRAME,
    recipient: RECIPIENT,
    tenant: TENANT,
    role: 'device',
    ephemeralSeed: seed('ephemeral'),
    ...changes,
  });
export const outcome = (envelope: Uint8Array, changes: object = {}) =>
  verdict(() => openEnvelope(envelope, { ...READER, ...changes }));

export const HEADER: readonly (readonly [CborKey, CborInput])[] = [
  [1, 42],
  [4, PAIR.kid],
  [-70001, 1],
];
export const replacing = (label: CborKey, value: CborInput) =>
  [...HEADER.filter(([other]) => other !== label), [label, value]] as const;
export const without = (label: CborKey) => HEADER.filter(([other]) => other !== label);

const CONTEXT = encodeCbor(['act-edge', 1, 'sealed', TENANT, 'device']);

/** What anyone with the public key can send: whatever header and plaintext, truly encrypted. */
export function sealedWith({
  header = encodeCbor(new Map(HEADER)),
  plaintext = pad(FRAME, ENVELOPE_OVERHEAD_BYTES),
  context = CONTEXT,
}: {
  readonly header?: Uint8Array;
  readonly plaintext?: Uint8Array;
  readonly context?: Uint8Array;
} = {}): Uint8Array {
  const aad = encodeCbor(['Encrypt0', header, context]);
  const { enc, ciphertext } = hpkeSeal({
    publicKey: PAIR.publicKey,
    ephemeralIkm: seed('ephemeral'),
    info: new Uint8Array(),
    aad,
    plaintext,
  });
  return tagged([header, new Map([[-4, enc]]), ciphertext]);
}
export const tagged = (parts: CborInput) => concatBytes(Uint8Array.of(0xd0), encodeCbor(parts));
