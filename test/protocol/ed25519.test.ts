import { verify as nobleVerify, Point, utils } from '@noble/ed25519';
import { describe, expect, it } from 'vitest';
import { concatBytes, fromHex, hex, utf8 } from '../../protocol/bytes.ts';
import { sha512 } from '../../protocol/crypto.ts';
import { checkEnrolmentKey, publicKeyOf, signEd25519, verifyEd25519 } from '../../protocol/ed25519.ts';
import { hasVectors, vectors, verdict } from './support.ts';

const { p: P, n: N } = Point.CURVE();
const SEED = sha512(utf8('a key for tests')).slice(0, 32);
const KEY = publicKeyOf(SEED);
const MESSAGE = utf8('24.80 CNY to Manner Coffee');
const SIGNATURE = signEd25519(MESSAGE, SEED);

const messages = (count: number) => Array.from({ length: count }, (_, i) => utf8(`message ${i}`));
const littleEndian = (value: bigint) => fromHex(value.toString(16).padStart(64, '0')).reverse();
const numberOf = (bytes: Uint8Array) => BigInt(`0x${hex(bytes.slice().reverse())}`);

/** The seven points of low order beside the identity: multiples of one that has order 8. */
function torsionPoints(): Point[] {
  for (let y = 2n; ; y++) {
    // Half the candidates are no points; multiplying by the group order leaves only what is outside the main subgroup.
    const point = attempt(() => Point.fromBytes(littleEndian(y)));
    const torsion = point?.multiply(N - 1n, false).add(point);
    if (torsion === undefined || torsion.multiply(4n, false).is0()) continue;
    return [1n, 2n, 3n, 4n, 5n, 6n, 7n].map((times) => torsion.multiply(times, false));
  }
}

function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}

/** Each low-order point in every spelling that a lenient decoder reads: y or y + p, and either sign where x is 0. */
function lowOrderEncodings(): Uint8Array[] {
  const encodings = [Point.ZERO, ...torsionPoints()].flatMap(({ x, y }) => {
    const ys = [y, y + P].filter((spelled) => spelled < 1n << 255n);
    const signs = x === 0n ? [0n, 1n] : [x & 1n];
    return ys.flatMap((spelled) => signs.map((sign) => hex(littleEndian(spelled | (sign << 255n)))));
  });
  return [...new Set(encodings)].map(fromHex);
}

const LOW_ORDER = lowOrderEncodings();
const ZERO = new Uint8Array(32);

describe('Ed25519', () => {
  it('signs and verifies the first example of RFC 8032 §7.1', () => {
    const seed = fromHex('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60');
    const signature = signEd25519(new Uint8Array(), seed);
    expect(hex(publicKeyOf(seed))).toBe('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a');
    expect(hex(signature).slice(0, 64)).toBe('e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155');
    expect(verifyEd25519(signature, new Uint8Array(), publicKeyOf(seed))).toBe(true);
  });

  it('accepts its own signature as bytes or Buffer, and none after any bit of anything changed', () => {
    expect(verifyEd25519(Buffer.from(SIGNATURE), Buffer.from(MESSAGE), Buffer.from(KEY))).toBe(true);
    const flipped = (bytes: Uint8Array, bit: number) =>
      bytes.map((byte, i) => (i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
    for (let bit = 0; bit < 512; bit++) expect(verifyEd25519(flipped(SIGNATURE, bit), MESSAGE, KEY)).toBe(false);
    for (let bit = 0; bit < 256; bit++) expect(verifyEd25519(SIGNATURE, MESSAGE, flipped(KEY, bit))).toBe(false);
    for (let bit = 0; bit < MESSAGE.length * 8; bit++) {
      expect(verifyEd25519(SIGNATURE, flipped(MESSAGE, bit), KEY)).toBe(false);
    }
  });

  it('T22: knows 14 low-order encodings', () => {
    expect(LOW_ORDER).toHaveLength(14);
  });

  it('T22: refuses forgeries under every low-order key, which a lenient verifier takes for any message', () => {
    let takenElsewhere = 0;
    for (const key of LOW_ORDER) {
      for (const r of LOW_ORDER) {
        const forgery = concatBytes(r, ZERO);
        for (const message of messages(8)) {
          takenElsewhere += attempt(() => nobleVerify(forgery, message, key)) === true ? 1 : 0;
          expect(verifyEd25519(forgery, message, key)).toBe(false);
        }
      }
    }
    expect(takenElsewhere).toBe(14 * 14 * 8);
  });

  it('T22: refuses forgeries under a low-order key even if their R is a good point', () => {
    // With R = rB and S = r the equation holds whenever the challenge times the key vanishes, at least one time in eight.
    const r = 1_234_567n;
    const forgery = concatBytes(Point.BASE.multiply(r).toBytes(), littleEndian(r));
    for (const key of LOW_ORDER) {
      for (const message of messages(64)) {
        expect(attempt(() => nobleVerify(forgery, message, key))).toBe(true);
        expect(verifyEd25519(forgery, message, key)).toBe(false);
      }
    }
  });

  it('T22: refuses one fixed signature under the all-zero key for 200 messages', () => {
    const forgery = concatBytes(Uint8Array.of(1), new Uint8Array(63));
    for (const message of messages(200)) expect(verifyEd25519(forgery, message, ZERO)).toBe(false);
  });

  it('T22: refuses a small-order R that satisfies the equation under an honest key', () => {
    const { scalar } = utils.getExtendedPublicKey(SEED);
    const identity = littleEndian(1n);
    const challenge = numberOf(sha512(concatBytes(identity, KEY, MESSAGE))) % N;
    const crafted = concatBytes(identity, littleEndian((challenge * scalar) % N));
    expect(nobleVerify(crafted, MESSAGE, KEY)).toBe(true);
    expect(verifyEd25519(crafted, MESSAGE, KEY)).toBe(false);
  });

  it('T22: refuses a second spelling of S', () => {
    const s = numberOf(SIGNATURE.subarray(32));
    for (let spelled = s + N; spelled < 1n << 256n; spelled += N) {
      expect(verifyEd25519(concatBytes(SIGNATURE.subarray(0, 32), littleEndian(spelled)), MESSAGE, KEY)).toBe(false);
    }
  });

  it('answers false, and never throws, for whatever it is given', () => {
    const detached = Uint8Array.of(1);
    structuredClone(detached.buffer, { transfer: [detached.buffer] });
    const odd = [undefined, null, 0, '', 'ff', {}, [], new ArrayBuffer(64), new Uint16Array(32), Symbol('s'), detached];
    for (const value of odd as never[]) {
      expect(verifyEd25519(value, MESSAGE, KEY)).toBe(false);
      expect(verifyEd25519(SIGNATURE, value, KEY)).toBe(false);
      expect(verifyEd25519(SIGNATURE, MESSAGE, value)).toBe(false);
    }
    for (const length of [0, 31, 33, 63, 65, 128]) {
      expect(verifyEd25519(new Uint8Array(length), MESSAGE, KEY)).toBe(false);
      expect(verifyEd25519(SIGNATURE, MESSAGE, new Uint8Array(length))).toBe(false);
    }
    expect(verifyEd25519(concatBytes(SIGNATURE, ZERO), MESSAGE, KEY)).toBe(false);
  });

  it('keeps its verdicts when more keys are seen than it keeps', () => {
    const seeds = messages(150).map((text) => sha512(text).slice(0, 32));
    const signed = seeds.map((seed) => ({ key: publicKeyOf(seed), signature: signEd25519(MESSAGE, seed) }));
    for (const { key, signature } of [...signed, ...signed]) {
      expect(verifyEd25519(signature, MESSAGE, key)).toBe(true);
      expect(verifyEd25519(SIGNATURE, MESSAGE, key)).toBe(false);
    }
  });

  it('refuses a seed that is not 32 bytes', () => {
    for (const seed of [new Uint8Array(31), new Uint8Array(64), 'seed', undefined] as Uint8Array[]) {
      expect(verdict(() => publicKeyOf(seed))).toBe('key-malformed');
      expect(verdict(() => signEd25519(MESSAGE, seed))).toBe('key-malformed');
    }
  });
});

describe('a key offered for enrolment', () => {
  it('is taken if it is a key', () => {
    expect(verdict(() => checkEnrolmentKey(KEY))).toBe('accepted');
    expect(verdict(() => checkEnrolmentKey(Buffer.from(KEY)))).toBe('accepted');
  });

  it('T22: is refused if its point is of low order, in any spelling', () => {
    for (const key of LOW_ORDER) expect(verdict(() => checkEnrolmentKey(key))).toBe('key-low-order');
  });

  it('T22: is refused if it mixes a good point with one of low order', () => {
    for (const torsion of torsionPoints()) {
      const mixed = Point.fromBytes(KEY).add(torsion).toBytes();
      expect(verdict(() => checkEnrolmentKey(mixed))).toBe('key-mixed-order');
    }
  });

  it('T22: is refused if its point has a shorter spelling', () => {
    for (let beyond = 2n; beyond < 19n; beyond++) {
      for (const sign of [0n, 1n]) {
        const key = littleEndian((P + beyond) | (sign << 255n));
        expect(verdict(() => checkEnrolmentKey(key))).toBe('key-not-canonical');
      }
    }
    expect(verdict(() => checkEnrolmentKey(littleEndian(P - 2n)))).not.toBe('key-not-canonical');
  });

  it('is refused if it is no point, or no 32 bytes', () => {
    expect(verdict(() => checkEnrolmentKey(littleEndian(2n)))).toBe('key-malformed');
    for (const key of [new Uint8Array(31), new Uint8Array(33), hex(KEY), null] as Uint8Array[]) {
      expect(verdict(() => checkEnrolmentKey(key))).toBe('key-malformed');
    }
  });
});

interface Wycheproof {
  readonly numberOfTests: number;
  readonly testGroups: readonly {
    readonly publicKey: { readonly pk: string };
    readonly tests: readonly {
      readonly tcId: number;
      readonly msg: string;
      readonly sig: string;
      readonly result: string;
    }[];
  }[];
}

describe.skipIf(!hasVectors('wycheproof-ed25519.json'))('T22: Wycheproof Ed25519', () => {
  const file = vectors<Wycheproof>('wycheproof-ed25519.json', { numberOfTests: 0, testGroups: [] });

  it(`agrees on all ${file.numberOfTests}`, () => {
    const verdicts = file.testGroups.flatMap(({ publicKey, tests }) =>
      tests.map(({ tcId, msg, sig, result }) => ({
        tcId,
        expected: result === 'valid',
        actual: verifyEd25519(fromHex(sig), fromHex(msg), fromHex(publicKey.pk)),
      })),
    );
    expect(verdicts).toHaveLength(file.numberOfTests);
    expect(verdicts.filter(({ expected, actual }) => expected !== actual)).toEqual([]);
    expect(verdicts.some(({ expected }) => expected)).toBe(true);
  });
});
