/** Vectors of sealed frames and of the keys they are sealed for. */
import { type CborKey, type CborValue, encodeCbor } from '../../protocol/cbor.ts';
import type { ProtocolErrorCode } from '../../protocol/errors.ts';
import { hpkeSeal } from '../../protocol/hpke.ts';
import {
  concatBytes,
  ENVELOPE_OVERHEAD_BYTES,
  hex,
  openRecipientKey,
  type SigningKey,
  sealEnvelope,
  signRecipientKey,
} from '../../protocol/index.ts';
import { pad } from '../../protocol/padding.ts';
import { at, FRAME_KEYS, PARTIES, sampleFrame, TENANT, TRUST } from '../fuzz-samples.ts';
import { RECIPIENTS, recipientSeedOf } from './keys.ts';
import { plain, rawSign1, spoilt, type Vector } from './vector.ts';

const DAY_S = 86_400;
const FRAME = sampleFrame('receipt');
const OWN = RECIPIENTS.device;
const BODY = { ...PARTIES.device, publicKey: OWN.publicKey, notBefore: at(-DAY_S), notAfter: at(29 * DAY_S) } as const;
const SIGNED_KEY = signRecipientKey(BODY, TENANT, FRAME_KEYS.device);
const RECIPIENT = openRecipientKey(SIGNED_KEY, { trust: TRUST, tenant: TENANT });
const ephemeralSeed = recipientSeedOf('ephemeral');

function sealed(frame: Uint8Array): Uint8Array {
  return sealEnvelope({ frame, recipient: RECIPIENT, tenant: TENANT, role: 'device', ephemeralSeed });
}

interface Parts {
  readonly labels?: readonly (readonly [CborKey, CborValue])[];
  readonly without?: CborKey;
  readonly context?: CborValue;
  readonly plaintext?: Uint8Array;
  readonly unprotected?: (enc: Uint8Array) => ReadonlyMap<CborKey, CborValue>;
  readonly tag?: number;
}

/** What anyone with the public key can send: whatever header and content, truly encrypted. */
function envelope(parts: Parts = {}): Uint8Array {
  const { labels = [], without, context = ['act-edge', 1, 'sealed', TENANT, 'device'], tag = 0xd0 } = parts;
  const all = new Map<CborKey, CborValue>([[1, 42], [4, OWN.kid], [-70001, 1], ...labels]);
  const header = encodeCbor(new Map([...all].filter(([label]) => label !== without)));
  const { enc, ciphertext } = hpkeSeal({
    publicKey: OWN.publicKey,
    ephemeralIkm: ephemeralSeed,
    info: new Uint8Array(),
    aad: encodeCbor(['Encrypt0', header, encodeCbor(context)]),
    plaintext: parts.plaintext ?? pad(FRAME, ENVELOPE_OVERHEAD_BYTES),
  });
  const unprotected = parts.unprotected?.(enc) ?? new Map([[-4, enc]]);
  return concatBytes(Uint8Array.of(tag), encodeCbor([header, unprotected, ciphertext]));
}

/** A padded content of the same length whose mark was overwritten. */
const room = pad(FRAME, ENVELOPE_OVERHEAD_BYTES).length;
const filled = (mark: number) => new Uint8Array(room).fill(mark, FRAME.length, FRAME.length + 1);
const overlong = (() => {
  const padded = new Uint8Array(2048 - ENVELOPE_OVERHEAD_BYTES);
  padded.set(FRAME);
  padded[FRAME.length] = 0x80;
  return padded;
})();
const lowOrder = (bytes: Uint8Array) => {
  const from = ENVELOPE_OVERHEAD_BYTES - 3 - 16 - 32;
  const changed = new Uint8Array(bytes);
  changed.fill(0, from, from + 32);
  return changed;
};

const REFUSED: readonly (readonly [string, ProtocolErrorCode, string, Uint8Array, object?])[] = [
  ['a frame that is not sealed', 'seal-plain', 'ACTC-SEA-006', FRAME],
  ['another size', 'seal-size', 'ACTC-SEA-005', sealed(FRAME).slice(0, -1)],
  ['another tag', 'seal-malformed', 'ACTC-SEA-001', envelope({ tag: 0xd1 })],
  ['another suite', 'seal-alg', 'ACTC-SEA-001', envelope({ labels: [[1, 35]] })],
  ['a kid of nobody', 'seal-kid', 'ACTC-SEA-009', envelope({ labels: [[4, new Uint8Array(8)]] })],
  ['version 0', 'seal-version', 'ACTC-SEA-002', envelope({ labels: [[-70001, 0]] })],
  ['the next version', 'seal-version', 'ACTC-SEA-002', envelope({ labels: [[-70001, 2]] })],
  [
    'bound to another tenant',
    'seal-open',
    'ACTC-SEA-003',
    envelope({ context: ['act-edge', 1, 'sealed', 'tenant-2', 'device'] }),
  ],
  [
    'bound to another role',
    'seal-open',
    'ACTC-SEA-003',
    envelope({ context: ['act-edge', 1, 'sealed', TENANT, 'psp'] }),
  ],
  ['opened in another role', 'seal-open', 'ACTC-SEA-003', sealed(FRAME), { role: 'psp' }],
  ['a bit of the ciphertext flipped', 'seal-open', 'ACTC-SEA-007', spoilt(sealed(FRAME))],
  ['an encapsulated key of low order', 'seal-open', 'ACTC-SEA-007', lowOrder(sealed(FRAME))],
  ['no mark before the padding', 'seal-padding', 'ACTC-SEA-004', envelope({ plaintext: new Uint8Array(room) })],
  ['another mark before the padding', 'seal-padding', 'ACTC-SEA-004', envelope({ plaintext: filled(0x81) })],
  ['padded to a larger size than need be', 'seal-padding', 'ACTC-SEA-004', envelope({ plaintext: overlong })],
];

function keyWith(changes: object, aad: CborValue, key: SigningKey): Uint8Array {
  const body = { ...BODY, ...changes };
  const numbers = { device: 1, agent: 2, merchant: 3, psp: 4 };
  const payload = new Map<CborKey, CborValue>([
    [1, body.party],
    [2, numbers[body.role]],
    [3, body.publicKey],
    [4, body.notBefore],
    [5, body.notAfter],
  ]);
  return rawSign1({
    header: new Map<CborKey, CborValue>([
      [1, -19],
      [4, key.kid],
      [16, 31],
    ]),
    payload,
    aad,
    key,
  });
}

const AAD = ['act-edge', 1, 'recipient-key', 31, TENANT];
const DEVICE = FRAME_KEYS.device;
const KEYS_REFUSED: readonly (readonly [string, ProtocolErrorCode, string, Uint8Array])[] = [
  ['of another party than signed it', 'seal-key', 'ACTC-SEA-008', keyWith({ party: 'glasses-8' }, AAD, DEVICE)],
  ['of another role than signed it', 'seal-key', 'ACTC-SEA-008', keyWith({ role: 'psp' }, AAD, DEVICE)],
  ['for another tenant', 'cose-signature', 'ACTC-SEA-008', keyWith({}, AAD.with(4, 'tenant-2'), DEVICE)],
  ['for more than 90 days', 'seal-key', 'ACTC-SEA-009', keyWith({ notAfter: at(89 * DAY_S + 1) }, AAD, DEVICE)],
  ['for no time', 'seal-key', 'ACTC-SEA-009', keyWith({ notAfter: BODY.notBefore }, AAD, DEVICE)],
  ['of low order', 'seal-key', 'ACTC-SEA-009', keyWith({ publicKey: new Uint8Array(32) }, AAD, DEVICE)],
  ['of 31 bytes', 'seal-key', 'ACTC-SEA-009', keyWith({ publicKey: OWN.publicKey.slice(1) }, AAD, DEVICE)],
  ['a bit of the signature flipped', 'cose-signature', 'ACTC-SEA-008', spoilt(SIGNED_KEY)],
];

/** `input`: an envelope for `role`; `decoded`: the frame in it. `recipientKey`: a published key; `decoded`: what it says. */
export function sealedVectors(): Vector[] {
  const frames = [
    FRAME,
    sampleFrame('offers').slice(0, 1200),
    new Uint8Array(4096 - ENVELOPE_OVERHEAD_BYTES - 1).fill(7),
  ];
  const taken = frames.map((frame): Vector => {
    const envelopeBytes = sealed(frame);
    const name = `${frame.length} bytes sealed in ${envelopeBytes.length}`;
    return {
      name,
      proves: ['ACTC-SEA-001', 'ACTC-SEA-005'],
      role: 'device',
      input: hex(envelopeBytes),
      decoded: hex(frame),
    };
  });
  const refused = REFUSED.map(([name, code, proves, bytes, changes = {}]): Vector => {
    return { name, proves: [proves], role: 'device', ...changes, input: hex(bytes), code };
  });
  const kid = hex(OWN.kid);
  const keys = KEYS_REFUSED.map(([name, code, proves, bytes]): Vector => {
    return { name: `a key ${name}`, proves: [proves], recipientKey: hex(bytes), code };
  });
  return [
    ...taken,
    ...refused,
    {
      name: 'a key to seal for',
      proves: ['ACTC-SEA-008', 'ACTC-SEA-010'],
      recipientKey: hex(SIGNED_KEY),
      decoded: plain({ ...BODY, kid }),
    },
    ...keys,
  ];
}
