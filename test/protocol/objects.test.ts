import { describe, expect, it } from 'vitest';
import { hex } from '../../protocol/bytes.ts';
import { decodeCbor, encodeCbor } from '../../protocol/cbor.ts';
import { ROLES, type Role } from '../../protocol/fields.ts';
import { digestOf } from '../../protocol/ids.ts';
import { OBJECTS, type ObjectType, openObject, signObject } from '../../protocol/objects.ts';
import { parseSign1 } from '../../protocol/sign1.ts';
import { TrustSet } from '../../protocol/trust.ts';
import { PROFILE, PROFILE_VERSION } from '../../protocol/version.ts';
import {
  anEnrolledKey,
  anObject,
  claimsOf,
  declarationOf,
  FRAME_TYPES,
  flipped,
  forgedObject,
  keyOf,
  OBJECT_KEYS,
  OBJECT_TYPES,
  SIGNED,
  sampleFrame,
  TENANT,
  TRUST,
  VALUES,
} from './builders.ts';
import { refusal, verdict } from './support.ts';

const by = { trust: TRUST, tenant: TENANT };
const outcome = (type: ObjectType, bytes: Uint8Array, changes: Partial<typeof by> = {}) =>
  verdict(() => openObject(type, bytes, { ...by, ...changes }));
const pairs = OBJECT_TYPES.flatMap((type) => OBJECT_TYPES.map((other) => [type, other] as const));
const differentPairs = pairs.filter(([type, other]) => type !== other);

/** A trust set in which the key that really signed `type` may sign objects of the role that `other` needs. */
function trustFor(type: ObjectType, role: Role): TrustSet {
  const { publicKey } = OBJECT_KEYS[OBJECTS[type].signer];
  return new TrustSet([anEnrolledKey({ party: 'someone', role, use: 'object', publicKey })]);
}

describe.each(OBJECT_TYPES)('a signed %s', (type) => {
  it('comes back as it was signed, with its signer and the digest of its exact bytes', () => {
    const { value, signer, digest } = openObject(type, SIGNED[type], by);
    expect(value).toEqual(VALUES[type]);
    expect([signer.role, hex(signer.kid)]).toEqual([OBJECTS[type].signer, hex(OBJECT_KEYS[OBJECTS[type].signer].kid)]);
    expect(digest).toBe(digestOf(SIGNED[type]));
    expect(hex(forgedObject(type))).toBe(hex(SIGNED[type]));
  });

  it('T1: is refused with any one bit flipped', () => {
    for (let bit = 0; bit < SIGNED[type].length * 8; bit++) {
      expect(outcome(type, flipped(SIGNED[type], bit)), `bit ${bit}`).not.toBe('accepted');
    }
  });

  it('T1: is refused when cut at any byte, or followed by any', () => {
    for (let length = 0; length < SIGNED[type].length; length++) {
      expect(outcome(type, SIGNED[type].slice(0, length))).not.toBe('accepted');
    }
    for (const extra of [0x00, 0xf6, 0xff]) {
      expect(outcome(type, Uint8Array.of(...SIGNED[type], extra))).toBe('cbor-trailing');
    }
  });

  it('T23: is refused in another tenant, from an unknown key, and from a key enrolled for frames', () => {
    expect(outcome(type, SIGNED[type], { tenant: 'tenant-2' })).toBe('cose-kid');
    expect(outcome(type, SIGNED[type], { trust: new TrustSet([]) })).toBe('cose-kid');
    expect(outcome(type, anObject(type, {}, keyOf('stranger')))).toBe('cose-kid');
    const { publicKey } = OBJECT_KEYS[OBJECTS[type].signer];
    const frameKey = anEnrolledKey({ party: 'x', role: OBJECTS[type].signer, use: 'frame', publicKey });
    expect(outcome(type, SIGNED[type], { trust: new TrustSet([frameKey]) })).toBe('cose-kid');
  });

  it('T23: is taken from one role only', () => {
    for (const role of ROLES) {
      const expected = role === OBJECTS[type].signer ? 'accepted' : 'cose-kid';
      expect(outcome(type, SIGNED[type], { trust: trustFor(type, role) }), role).toBe(expected);
    }
  });

  it('T24: is refused under a key that is pinned to the other algorithm', () => {
    const { publicKey } = OBJECT_KEYS[OBJECTS[type].signer];
    const pinned = anEnrolledKey({ party: 'x', role: OBJECTS[type].signer, use: 'object', publicKey, alg: -8 });
    expect(outcome(type, SIGNED[type], { trust: new TrustSet([pinned]) })).toBe('cose-alg');
  });

  it('T20: is refused when it was signed for another version, profile or kind of thing', () => {
    const { typ } = OBJECTS[type];
    for (const aad of [
      [PROFILE, PROFILE_VERSION - 1, 'object', typ],
      [PROFILE, PROFILE_VERSION + 1, 'object', typ],
      ['act-edge2', PROFILE_VERSION, 'object', typ],
      [PROFILE, PROFILE_VERSION, 'frame', typ],
      [PROFILE, PROFILE_VERSION, 'object', typ, 'device'],
    ]) {
      expect(outcome(type, forgedObject(type, { aad }))).toBe('cose-signature');
    }
  });

  it('T16: carries no claims and no version, which nobody would look at: an expiry passed over would be a hole', () => {
    expect(outcome(type, forgedObject(type, { claims: claimsOf('psp-1', 'glasses-7') }))).toBe('cose-header');
    expect(outcome(type, forgedObject(type, { claims: {} }))).toBe('cose-header');
    expect(outcome(type, forgedObject(type, { version: PROFILE_VERSION }))).toBe('cose-header');
  });

  it('is refused with `message-shape` and a path when its truly signed payload has another shape', () => {
    const map = new Map(decodeCbor(parseSign1(SIGNED[type]).payload) as ReadonlyMap<number, number>);
    for (const payload of [[...map.values()], 7, new Map([...map, [99, 1]]), new Map([...map].slice(1))]) {
      const error = refusal(() => openObject(type, forgedObject(type, { payload }), by));
      expect(error?.code).toBe('message-shape');
      expect(error?.path).toMatch(new RegExp(`^${type}`));
    }
  });

  it('T12: shares no memory with the bytes it was read from, also not with a Node Buffer', () => {
    const buffer = Buffer.from(SIGNED[type]);
    const { value, digest } = openObject(type, buffer, by);
    buffer.fill(0);
    expect(value).toEqual(VALUES[type]);
    expect(digest).toBe(digestOf(SIGNED[type]));
  });
});

describe('input that is no byte array', () => {
  it.each([undefined, null, 'd2', '100', 5, 1e12, {}, { length: 1e12 }, Object.create(Uint8Array.prototype)])(
    'is no object: %j',
    (junk) => {
      for (const type of OBJECT_TYPES) expect(outcome(type, junk as never)).toBe('cbor-malformed');
    },
  );

  it('is no object either when it lists the right numbers', () => {
    expect(outcome('cart', [...SIGNED.cart] as never)).toBe('cbor-malformed');
  });

  it('T21: and one that is too long is not even copied', () => {
    expect(outcome('cart', new Uint8Array(4097))).toBe('cbor-too-long');
  });
});

describe('T25: one object is never another', () => {
  it('has a number of its own, below those of the frames', () => {
    const numbers = OBJECT_TYPES.map((type) => OBJECTS[type].typ);
    expect(new Set(numbers).size).toBe(numbers.length);
    for (const typ of numbers) expect(typ >= 1 && typ <= 31).toBe(true);
  });

  it.each(differentPairs)('a %s is no %s, even if its key had the right role', (type, other) => {
    expect(outcome(other, SIGNED[type])).not.toBe('accepted');
    expect(outcome(other, SIGNED[type], { trust: trustFor(type, OBJECTS[other].signer) })).toBe('cose-typ');
  });

  it.each(differentPairs)(
    'a %s relabelled as a %s is refused by its signature, even if its key had the right role',
    (type, other) => {
      const trust = trustFor(type, OBJECTS[other].signer);
      const relabelled = forgedObject(type, { typ: OBJECTS[other].typ });
      expect(outcome(other, relabelled, { trust })).toBe('cose-signature');
      // The control: signed for what it says it is, it gets as far as its shape, and some types have one shape.
      const aad = [PROFILE, PROFILE_VERSION, 'object', OBJECTS[other].typ];
      const shape = verdict(() => declarationOf(other).decode(declarationOf(type).encode(VALUES[type], type), other));
      expect(outcome(other, forgedObject(type, { typ: OBJECTS[other].typ, aad }), { trust })).toBe(shape);
      expect(['accepted', 'message-shape']).toContain(shape);
    },
  );

  it.each(FRAME_TYPES)('a frame %s is no object of any type', (frameType) => {
    for (const type of OBJECT_TYPES) expect(outcome(type, sampleFrame(frameType))).not.toBe('accepted');
  });
});

describe('signing', () => {
  it.each(OBJECT_TYPES)('refuses a %s that its reader would refuse', (type) => {
    for (const [field] of Object.entries(VALUES[type])) {
      const sign = () => signObject(type, { ...VALUES[type], [field]: { odd: 1 } } as never, keyOf('x'));
      expect(refusal(sign)).toMatchObject({
        code: 'message-shape',
        path: expect.stringMatching(new RegExp(`^${type}\\.${field}`)),
      });
    }
  });

  it.each(OBJECT_TYPES)('spells a %s in one way, whatever the order of the fields', (type) => {
    const turned = Object.fromEntries(Object.entries(VALUES[type]).reverse());
    const encoded = (value: unknown) => hex(encodeCbor(declarationOf(type).encode(value, type)));
    expect(encoded(turned)).toBe(encoded(VALUES[type]));
  });
});
