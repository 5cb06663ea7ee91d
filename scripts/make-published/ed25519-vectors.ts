/** Vectors of the Ed25519 policy: signatures that verifiers of this world judge differently, and keys offered for enrolment. */
import { Point } from '@noble/ed25519';
import { sha512 } from '../../protocol/crypto.ts';
import type { ProtocolErrorCode } from '../../protocol/errors.ts';
import {
  checkEnrolmentKey,
  concatBytes,
  fromHex,
  hex,
  ProtocolError,
  utf8,
  verifyEd25519,
} from '../../protocol/index.ts';
import { FRAME_KEYS } from '../fuzz-samples.ts';
import type { Vector } from './vector.ts';

const { p: P, n: N } = Point.CURVE();
const MESSAGE = utf8('pay CNY 23.80 to lane-coffee');
const KEY = FRAME_KEYS.device;

function littleEndian(number: bigint): Uint8Array {
  return fromHex(number.toString(16).padStart(64, '0')).reverse();
}

function scalarOf(...parts: readonly Uint8Array[]): bigint {
  return BigInt(`0x${hex(sha512(concatBytes(...parts)).reverse())}`) % N;
}

/** The generator of the points of low order: what is left of some point when its part of prime order is taken away. */
const TORSION = Point.fromBytes(fromHex('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a'));
/** All eight points of low order, and the spellings with y not reduced or the sign of x = 0 set: 14 encodings. */
const LOW_ORDER = lowOrderEncodings();

function lowOrderEncodings(): string[] {
  const points = Array.from({ length: 8 }, (_, i) => (i === 0 ? Point.ZERO : TORSION.multiplyUnsafe(BigInt(i))));
  const ys = [...new Set(points.map(({ y }) => y)), P, P + 1n];
  return ys.flatMap((y) => [littleEndian(y), littleEndian(y | (1n << 255n))]).map(hex);
}

const secret = 1234567n;
const nonce = 7654321n;
const own = Point.BASE.multiply(secret);

/** R, S for a nonce point and a key that need not be what RFC 8032 would have made. */
function signatureWith(r: Point, key: Point): Uint8Array {
  const h = scalarOf(r.toBytes(), key.toBytes(), MESSAGE);
  return concatBytes(r.toBytes(), littleEndian((nonce + h * secret) % N));
}

const good = KEY.sign(MESSAGE);
const s = BigInt(`0x${hex(good.slice(32).reverse())}`);
const zeroKey = new Uint8Array(32);
const r = Point.BASE.multiply(nonce);

const SIGNATURES: readonly (readonly [name: string, signature: Uint8Array, key: Uint8Array, proves: string])[] = [
  ['a signature of the key', good, KEY.publicKey, 'ACTC-KEY-002'],
  ['a signature made from its parts', signatureWith(r, own), own.toBytes(), 'ACTC-KEY-002'],
  ['another bit in R', good.with(0, (good[0] as number) ^ 1), KEY.publicKey, 'ACTC-KEY-002'],
  ['another bit in S', good.with(40, (good[40] as number) ^ 1), KEY.publicKey, 'ACTC-KEY-002'],
  ['S plus the order of the group', concatBytes(good.slice(0, 32), littleEndian(s + N)), KEY.publicKey, 'ACTC-KEY-002'],
  ['63 bytes', good.slice(0, 63), KEY.publicKey, 'ACTC-KEY-001'],
  ['65 bytes', concatBytes(good, Uint8Array.of(0)), KEY.publicKey, 'ACTC-KEY-001'],
  ['a key of 31 bytes', good, KEY.publicKey.slice(1), 'ACTC-KEY-001'],
  ['another key', good, FRAME_KEYS.psp.publicKey, 'ACTC-KEY-002'],
  ['the all-zero key with an all-zero signature', new Uint8Array(64), zeroKey, 'ACTC-KEY-001'],
  [
    'a key of the identity, R = S·B',
    concatBytes(r.toBytes(), littleEndian(nonce)),
    Point.ZERO.toBytes(),
    'ACTC-KEY-001',
  ],
  ['R of low order', concatBytes(Point.ZERO.toBytes(), littleEndian(0n)), KEY.publicKey, 'ACTC-KEY-001'],
  ['holds with the cofactor only', signatureWith(r.add(TORSION), own), own.toBytes(), 'ACTC-KEY-002'],
];

const ENROLMENTS: readonly (readonly [name: string, key: Uint8Array])[] = [
  ['a sound key', KEY.publicKey],
  ['31 bytes', KEY.publicKey.slice(1)],
  ['33 bytes', concatBytes(KEY.publicKey, Uint8Array.of(0))],
  ['no point of the curve', littleEndian(2n)],
  ['y beyond p, not of low order', littleEndian(P + 3n)],
  ['a sound key plus a point of order 8', own.add(TORSION).toBytes()],
  ...LOW_ORDER.map((encoding, i) => [`encoding ${i + 1} of a point of low order`, fromHex(encoding)] as const),
];

function enrolment(key: Uint8Array): { readonly decoded: true } | { readonly code: ProtocolErrorCode } {
  try {
    checkEnrolmentKey(key);
    return { decoded: true };
  } catch (error) {
    if (error instanceof ProtocolError) return { code: error.code };
    throw error;
  }
}

/** `signature`, `message`, `publicKey`: `decoded` is true where it verifies. `enrol`: a key that somebody offers. */
export function ed25519Vectors(): Vector[] {
  const signatures = SIGNATURES.map(([name, signature, key, proves]): Vector => {
    const input = { signature: hex(signature), message: hex(MESSAGE), publicKey: hex(key) };
    const judged = verifyEd25519(signature, MESSAGE, key) ? { decoded: true } : { code: 'cose-signature' as const };
    return { name, proves: [proves], ...input, ...judged };
  });
  const keys = ENROLMENTS.map(([name, key]): Vector => {
    return { name: `enrols: ${name}`, proves: ['ACTC-KEY-003'], enrol: hex(key), ...enrolment(key) };
  });
  return [...signatures, ...keys];
}
