import { describe, expect, it } from 'vitest';
import { hex } from '../../protocol/bytes.ts';
import { decodeCbor, encodeCbor } from '../../protocol/cbor.ts';
import {
  DEVICE_CERTIFICATE_MAX_WINDOW_S,
  DEVICE_CERTIFICATE_TYP,
  makerRoot,
} from '../../protocol/device-certificate.ts';
import { OBJECTS } from '../../protocol/objects.ts';
import { parseSign1, signSign1, thumbprintOf } from '../../protocol/sign1.ts';
import { at, flipped, keyOf, NOW, OBJECT_TYPES, SIGNED } from './builders.ts';
import { aCertificate, CLAIMS, IDENTITY, LOW_ORDER_KEY, OTHER_ROOT, opened, ROOT, ROOTS } from './enrolment-builder.ts';
import { verdict } from './support.ts';

/** A certificate whose body no writer of ours would sign. */
function forged(change: (body: Map<number, unknown>) => void, root = ROOT): Uint8Array {
  const body = decodeCbor(parseSign1(aCertificate()).payload) as Map<number, unknown>;
  change(body);
  const payload = encodeCbor(body as never);
  return signSign1({ payload, key: root, typ: DEVICE_CERTIFICATE_TYP, externalAad: new Uint8Array() });
}

describe('a device certificate', () => {
  it('ACTC-ENR-001: says which maker made which device, with which identity key and what assurance', () => {
    const { digest, ...claims } = opened(aCertificate());
    expect(claims).toEqual(CLAIMS);
    expect(digest).toMatch(/^[0-9a-f]{64}$/);
  });

  it('ACTC-ENR-001: is a CBOR Web Token whose cnf is a COSE_Key with the thumbprint of the identity key', () => {
    const body = decodeCbor(parseSign1(aCertificate()).payload) as Map<number, never>;
    expect([...body.keys()]).toEqual([1, 2, 4, 5, 8, -70010, -70011, -70012]);
    const cnf = body.get(8) as unknown as Map<number, Map<number, unknown>>;
    expect([...cnf.keys()]).toEqual([1]);
    expect(cnf.get(1)).toEqual(
      new Map<number, unknown>([
        [1, 1],
        [-1, 6],
        [-2, IDENTITY.publicKey],
      ]),
    );
    expect(thumbprintOf(IDENTITY.publicKey)).toHaveLength(64);
  });

  it('T23: ACTC-ENR-002: counts only under the root of the maker it names', () => {
    expect(verdict(() => opened(aCertificate({}, keyOf('nobody'))))).toBe('certificate-issuer');
    expect(verdict(() => opened(aCertificate({}, OTHER_ROOT)))).toBe('certificate-issuer');
    expect(opened(aCertificate({ maker: 'rival' }, OTHER_ROOT)).maker).toBe('rival');
    expect(verdict(() => opened(aCertificate(), NOW, []))).toBe('certificate-issuer');
    // The right kid on a root's entry with another key: the name is no proof.
    const swapped = ROOTS.map((root) => ({ ...root, publicKey: OTHER_ROOT.publicKey }));
    expect(verdict(() => opened(aCertificate(), NOW, swapped))).toBe('cose-signature');
  });

  it('T16: ACTC-ENR-003: counts from its first second to its last', () => {
    const bytes = aCertificate();
    expect(verdict(() => opened(bytes, NOW - 1001))).toBe('certificate-not-yet-valid');
    expect(verdict(() => opened(bytes, NOW - 1000))).toBe('accepted');
    expect(verdict(() => opened(bytes, NOW + 1000))).toBe('accepted');
    expect(verdict(() => opened(bytes, NOW + 1001))).toBe('certificate-expired');
    expect(verdict(() => opened(bytes, Number.NaN))).toBe('certificate-expired');
  });

  it('ACTC-ENR-003: has a window, of at most 20 years', () => {
    expect(verdict(() => aCertificate({ notAfter: CLAIMS.notBefore }))).toBe('certificate-window');
    const longest = CLAIMS.notBefore + DEVICE_CERTIFICATE_MAX_WINDOW_S;
    expect(verdict(() => opened(aCertificate({ notAfter: longest as never })))).toBe('accepted');
    expect(verdict(() => aCertificate({ notAfter: (longest + 1) as never }))).toBe('certificate-window');
    expect(verdict(() => opened(forged((body) => body.set(4, longest + 1))))).toBe('certificate-window');
    expect(verdict(() => opened(forged((body) => body.set(4, at(-2000)))))).toBe('certificate-window');
  });

  it('T22: ACTC-ENR-004: names no unsound identity key, and not its own root', () => {
    expect(verdict(() => aCertificate({ identityKey: LOW_ORDER_KEY }))).toBe('key-low-order');
    const bodyWith = (x: Uint8Array) =>
      forged((body) =>
        body.set(
          8,
          new Map([
            [
              1,
              new Map<number, unknown>([
                [1, 1],
                [-1, 6],
                [-2, x],
              ]),
            ],
          ]),
        ),
      );
    expect(verdict(() => opened(bodyWith(LOW_ORDER_KEY)))).toBe('key-low-order');
    expect(verdict(() => opened(bodyWith(ROOT.publicKey)))).toBe('certificate-issuer');
    expect(verdict(() => opened(bodyWith(IDENTITY.publicKey)))).toBe('accepted');
    expect(verdict(() => makerRoot({ maker: 'x', publicKey: LOW_ORDER_KEY }))).toBe('key-low-order');
  });

  it.each([
    ['another key type', (body: Map<number, unknown>) => keyIn(body).set(1, 2)],
    ['another curve', (body: Map<number, unknown>) => keyIn(body).set(-1, 4)],
    ['a key with a private half', (body: Map<number, unknown>) => keyIn(body).set(-4, new Uint8Array(32))],
    ['a cnf of another kind', (body: Map<number, unknown>) => body.set(8, new Map([[3, new Uint8Array(8)]]))],
    ['no cnf', (body: Map<number, unknown>) => body.delete(8)],
    ['no end', (body: Map<number, unknown>) => body.delete(4)],
    ['an audience', (body: Map<number, unknown>) => body.set(3, 'psp')],
    ['an unknown method', (body: Map<number, unknown>) => body.set(-70011, 9)],
    ['a model with a bidi control', (body: Map<number, unknown>) => body.set(-70010, 'a\u202eb')],
  ])('T25: is refused with %s', (_what, change) => {
    expect(verdict(() => opened(forged(change)))).toBe('message-shape');
  });

  it('T1: is refused with any one bit flipped', () => {
    const bytes = aCertificate();
    for (let bit = 0; bit < bytes.length * 8; bit += 1)
      expect(
        verdict(() => opened(flipped(bytes, bit))),
        `bit ${bit}`,
      ).not.toBe('accepted');
  });

  it('T24, T25: is no other object, and no other object of its root is one', () => {
    expect(Object.values(OBJECTS).map(({ typ }) => typ)).not.toContain(DEVICE_CERTIFICATE_TYP);
    for (const type of OBJECT_TYPES) expect(verdict(() => opened(SIGNED[type]))).toBe('certificate-issuer');
    const { payload } = parseSign1(aCertificate());
    const otherTyp = signSign1({ payload, key: ROOT, typ: 29, externalAad: new Uint8Array() });
    expect(verdict(() => opened(otherTyp))).toBe('cose-typ');
    const withAad = signSign1({ payload, key: ROOT, typ: DEVICE_CERTIFICATE_TYP, externalAad: new Uint8Array(1) });
    expect(verdict(() => opened(withAad))).toBe('cose-signature');
    const claims = { iss: 'lumen' };
    const twice = signSign1({ payload, key: ROOT, typ: DEVICE_CERTIFICATE_TYP, externalAad: new Uint8Array(), claims });
    expect(verdict(() => opened(twice))).toBe('cose-header');
    const version = signSign1({
      ...{ payload, key: ROOT, typ: DEVICE_CERTIFICATE_TYP, externalAad: new Uint8Array(), version: 1 },
    });
    expect(verdict(() => opened(version))).toBe('cose-header');
  });

  it('shares no memory with its bytes (T12)', () => {
    const bytes = Buffer.from(aCertificate());
    const { identityKey } = opened(bytes);
    bytes.fill(0);
    expect(hex(identityKey)).toBe(hex(IDENTITY.publicKey));
  });

  it('ACTC-ENR-003: holds for one second at least', () => {
    expect(opened(aCertificate({ notBefore: NOW, notAfter: at(1) }))).toMatchObject({
      notBefore: NOW,
      notAfter: at(1),
    });
    expect(verdict(() => aCertificate({ notBefore: NOW, notAfter: NOW }))).toBe('certificate-window');
  });

  it.each([' A-1', 'A-1 ', 'A 1', ''])('has a serial number and a model without anything else in them: %j', (name) => {
    expect(verdict(() => aCertificate({ serial: name }))).toBe('message-shape');
    expect(verdict(() => aCertificate({ model: name }))).toBe('message-shape');
  });
});

function keyIn(body: Map<number, unknown>): Map<number, unknown> {
  return (body.get(8) as Map<number, Map<number, unknown>>).get(1) as Map<number, unknown>;
}
