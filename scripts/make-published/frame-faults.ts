/** Frames wrong in header, claims, addressing, life or version, told on one type for all. */
import type { CborValue } from '../../protocol/cbor.ts';
import type { ProtocolErrorCode } from '../../protocol/errors.ts';
import { concatBytes, fromHex, hex } from '../../protocol/index.ts';
import { FRAME_KEYS, NOW, OBJECT_KEYS, SESSION, SIGNED, TENANT } from '../fuzz-samples.ts';
import { type FrameParts, frameWith, opened, payloadOf, readerOf } from './frame-parts.ts';
import type { Vector } from './vector.ts';

const TYPE = 'pay-query';
const made = (parts: FrameParts) => frameWith(TYPE, parts);
const withClaim = (key: number, value: unknown) => made({ claims: [[key, value]] });
const withLabel = (label: number | string, value: unknown) => made({ header: [[label, value]] });
const aad = (...changes: readonly (readonly [number, CborValue])[]) => {
  const fields: CborValue[] = ['act-edge', 1, 'frame', 41, 'psp', TENANT, fromHex(SESSION)];
  for (const [at, value] of changes) fields[at] = value;
  return fields;
};
/** A COSE_Sign1 of exactly so many bytes; the payload is not looked at when it is too long. */
const long = (bytes: number) => {
  const short = made({ payload: new Uint8Array(3000) });
  return made({ payload: new Uint8Array(3000 + bytes - short.length) });
};

type Case = readonly [name: string, code: ProtocolErrorCode, proves: string, bytes: Uint8Array, changes?: object];
const LATE = { now: NOW + 89 };
const EARLY = { now: NOW - 30 };

const HEADER: readonly Case[] = [
  ['another tag', 'cose-malformed', 'ACTC-COS-001', made({ tag: 0xd0 })],
  ['no tag', 'cose-malformed', 'ACTC-COS-001', made({}).slice(1)],
  ['something unprotected', 'cose-header', 'ACTC-COS-001', made({ unprotected: new Map([[4, new Uint8Array(8)]]) })],
  ['a byte behind it', 'cbor-trailing', 'ACTC-CBR-008', concatBytes(made({}), Uint8Array.of(0))],
  ['a critical label', 'cose-crit', 'ACTC-COS-003', withLabel(2, [16])],
  ['no algorithm', 'cose-alg', 'ACTC-COS-004', withLabel(1, undefined)],
  ['ES256', 'cose-alg', 'ACTC-COS-004', withLabel(1, -7)],
  ['HMAC', 'cose-alg', 'ACTC-COS-004', withLabel(1, 5)],
  ['EdDSA under a key that is pinned to Ed25519', 'cose-alg', 'ACTC-COS-004', withLabel(1, -8)],
  ['the algorithm as text', 'cose-alg', 'ACTC-COS-004', withLabel(1, 'Ed25519')],
  ['no kid', 'cose-kid', 'ACTC-COS-005', withLabel(4, undefined)],
  ['a kid of 9 bytes', 'cose-kid', 'ACTC-COS-005', withLabel(4, new Uint8Array(9))],
  ['the kid of nobody', 'cose-kid', 'ACTC-COS-005', withLabel(4, new Uint8Array(8))],
  ['the kid of another key of this role', 'cose-kid', 'ACTC-FRM-008', withLabel(4, OBJECT_KEYS.signer.kid)],
  ['an unknown label below 256', 'cose-header', 'ACTC-COS-002', withLabel(3, 0)],
  ['an unknown negative label', 'cose-header', 'ACTC-COS-002', withLabel(-1, 0)],
  ['no type', 'cose-typ', 'ACTC-COS-008', withLabel(16, undefined)],
  ['a media type as type', 'cose-typ', 'ACTC-COS-008', withLabel(16, 'application/cwt')],
  ['a type of 17 bits', 'cose-typ', 'ACTC-COS-008', withLabel(16, 65536)],
  ['the type of an object', 'frame-unknown-type', 'ACTC-FRM-002', withLabel(16, 2)],
  ['a type that is free', 'frame-unknown-type', 'ACTC-FRM-002', withLabel(16, 46)],
  ['a signed object for a frame', 'frame-unknown-type', 'ACTC-FRM-002', SIGNED.challenge],
  ['no version', 'frame-version', 'ACTC-VER-001', withLabel(-70001, undefined)],
  ['version 0', 'frame-version', 'ACTC-VER-001', withLabel(-70001, 0)],
  ['the next version', 'frame-version', 'ACTC-VER-001', made({ header: [[-70001, 2]], aad: aad([1, 2]) })],
  ['a version of 17 bits', 'cose-header', 'ACTC-VER-001', withLabel(-70001, 65536)],
  ['4,097 bytes', 'frame-too-long', 'ACTC-FRM-001', long(4097)],
  ['4,096 bytes of no message', 'cbor-trailing', 'ACTC-FRM-012', long(4096)],
  [
    'a header that is no map',
    'cose-malformed',
    'ACTC-COS-002',
    concatBytes(fromHex('d2844100a04100'), fromHex('5840'), new Uint8Array(64)),
  ],
  [
    'a signature of 63 bytes',
    'cose-signature',
    'ACTC-COS-006',
    concatBytes(fromHex('d28441a0a04100'), fromHex('583f'), new Uint8Array(63)),
  ],
];

const CLAIMS: readonly Case[] = [
  ['no claims', 'frame-malformed', 'ACTC-FRM-003', withLabel(15, undefined)],
  ['no sender', 'frame-malformed', 'ACTC-FRM-003', withClaim(1, undefined)],
  ['no receiver', 'frame-malformed', 'ACTC-FRM-003', withClaim(3, undefined)],
  ['no end', 'frame-malformed', 'ACTC-FRM-003', withClaim(4, undefined)],
  ['no beginning', 'frame-malformed', 'ACTC-FRM-003', withClaim(6, undefined)],
  ['a message id of 15 bytes', 'frame-malformed', 'ACTC-FRM-003', withClaim(7, new Uint8Array(15))],
  ['a claim that is not in the set', 'cose-header', 'ACTC-COS-007', withClaim(5, NOW)],
  ['a time as text', 'cose-header', 'ACTC-COS-007', withClaim(4, String(NOW + 60))],
  ['an empty sender', 'cose-header', 'ACTC-COS-007', withClaim(1, '')],
  ['claims that are no map', 'cose-header', 'ACTC-COS-007', withLabel(15, [])],
  ['for another party', 'frame-not-for-me', 'ACTC-FRM-005', withClaim(3, 'psp-2')],
  [
    'for another role',
    'frame-not-for-me',
    'ACTC-FRM-005',
    made({}),
    { receiver: { party: 'psp-1', role: 'merchant' } },
  ],
  ['a sender that is another party', 'frame-wrong-sender', 'ACTC-FRM-009', withClaim(1, 'glasses-8')],
  ['a sender without a session', 'frame-wrong-sender', 'ACTC-FRM-009', made({}), { session: null }],
  ['a life of 121 seconds', 'frame-lifetime', 'ACTC-FRM-006', withClaim(4, NOW + 121)],
  ['a life of no time', 'frame-lifetime', 'ACTC-FRM-006', withClaim(4, NOW)],
  [
    'milliseconds',
    'time-range',
    'ACTC-FRM-011',
    made({
      claims: [
        [6, NOW * 1000],
        [4, NOW * 1000 + 60],
      ],
    }),
  ],
  ['31 seconds early', 'frame-not-yet-valid', 'ACTC-FRM-007', made({}), { now: NOW - 31 }],
  ['a clock that was never set', 'time-range', 'ACTC-FRM-011', made({}), { now: 0 }],
];

const BOUND: readonly Case[] = [
  ['bound to another role', 'cose-signature', 'ACTC-FRM-004', made({ aad: aad([4, 'agent']) })],
  ['bound to another tenant', 'cose-signature', 'ACTC-FRM-004', made({ aad: aad([5, 'tenant-2']) })],
  ['bound to another version', 'cose-signature', 'ACTC-FRM-004', made({ aad: aad([1, 2]) })],
  ['bound to another profile', 'cose-signature', 'ACTC-FRM-004', made({ aad: aad([0, 'act']) })],
  ['bound as an object', 'cose-signature', 'ACTC-FRM-004', made({ aad: ['act-edge', 1, 'object', 41] })],
  ['from a party of another role', 'cose-kid', 'ACTC-FRM-008', made({ key: FRAME_KEYS.agent })],
  ['from a key that signs objects', 'cose-kid', 'ACTC-FRM-008', made({ key: OBJECT_KEYS.psp })],
  ['a body that is no map', 'message-shape', 'ACTC-FRM-013', made({ payload: [...payloadOf(TYPE).values()] })],
  [
    'a body with a value out of bounds',
    'message-shape',
    'ACTC-MSG-002',
    made({ payload: new Map([[1, new Uint8Array(15)]]) }),
  ],
  ['a body outside the profile', 'cbor-float', 'ACTC-FRM-013', made({ payload: fromHex('a101f90000') })],
  [
    'a body with a text key',
    'message-shape',
    'ACTC-MSG-001',
    made({ payload: new Map([...payloadOf(TYPE), ['x', 1]]) }),
  ],
];

/** An enumeration's free number, an extension inside a nested map: on the types that have them. */
const ELSEWHERE: readonly (readonly [
  name: string,
  proves: string,
  type: 'pay-cancel' | 'cart-request',
  payload: CborValue,
])[] = [
  ['an unknown name', 'ACTC-MSG-003', 'pay-cancel', new Map([...payloadOf('pay-cancel'), [2, 9]])],
  [
    'an extension inside a nested map',
    'ACTC-VER-004',
    'cart-request',
    new Map([
      ...payloadOf('cart-request'),
      [
        6,
        new Map([
          [1, 31_230],
          [2, 121_474],
          [-1, 0],
        ]),
      ],
    ]),
  ],
];

const VALID: readonly (readonly [
  name: string,
  proves: string,
  bytes: Uint8Array,
  changes?: object,
  lifetimeS?: number,
])[] = [
  [
    'with optional labels',
    'ACTC-COS-002',
    made({
      header: [
        [256, 'trace'],
        ['note', 1],
      ],
    }),
  ],
  ['30 seconds early', 'ACTC-FRM-007', made({}), EARLY],
  ['29 seconds after its end', 'ACTC-FRM-007', made({}), LATE],
  ['a life of 120 seconds', 'ACTC-FRM-006', withClaim(4, NOW + 120), {}, 120],
];

export function frameFaults(): Vector[] {
  const reader = readerOf(TYPE);
  const refused = [...HEADER, ...CLAIMS, ...BOUND].map(([name, code, proves, bytes, changes = {}]): Vector => {
    return { name, proves: [proves], input: hex(bytes), ...reader, ...changes, code };
  });
  const bodies = ELSEWHERE.map(([name, proves, type, payload]): Vector => {
    const input = hex(frameWith(type, { payload }));
    return { name, proves: [proves], input, ...readerOf(type), code: 'message-shape' };
  });
  const taken = VALID.map(([name, proves, bytes, changes = {}, lifetimeS = 60]): Vector => {
    const decoded = opened(TYPE, undefined, lifetimeS);
    return { name, proves: [proves], input: hex(bytes), ...reader, ...changes, decoded };
  });
  return [...taken, ...refused, ...bodies];
}
