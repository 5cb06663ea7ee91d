import { describe, expect, it } from 'vitest';
import { decodeCbor } from '../../protocol/cbor.ts';
import { ROLES, type Role } from '../../protocol/fields.ts';
import {
  CLOCK_SKEW_S,
  FRAME_MAX_BYTES,
  FRAME_MAX_LIFETIME_S,
  openFrame,
  peekFrame,
  SERVICE_SESSION,
  sealFrame,
} from '../../protocol/frame.ts';
import { FRAMES, type FrameType, frameTypeOf } from '../../protocol/frames.ts';
import type { SessionId } from '../../protocol/ids.ts';
import { OBJECTS } from '../../protocol/objects.ts';
import { type Claims, parseSign1 } from '../../protocol/sign1.ts';
import { TrustSet } from '../../protocol/trust.ts';
import { PROFILE_FLOOR, PROFILE_VERSION } from '../../protocol/version.ts';
import {
  addressOf,
  aFrame,
  anEnrolledKey,
  BODIES,
  claimsOf,
  FRAME_KEYS,
  FRAME_TYPES,
  flipped,
  forgedFrame,
  frameKeyOf,
  idOf,
  keyOf,
  NOW,
  OBJECT_TYPES,
  opened,
  otherSession,
  PARTIES,
  readerOf,
  SESSION,
  SIGNED,
  sampleFrame,
} from './builders.ts';
import { refusal, verdict } from './support.ts';

const outcome = (type: FrameType, frame: Uint8Array, reader: Parameters<typeof opened>[2] = {}, now: number = NOW) =>
  verdict(() => opened(type, frame, reader, now));

describe.each(FRAME_TYPES)('a frame %s', (type) => {
  const frame = sampleFrame(type);
  const { from, to } = addressOf(type);

  it('comes back with its body, sender and header, and its header can be peeked at', () => {
    const head = { type, version: PROFILE_VERSION, iss: from.party, aud: to.party, iat: NOW, exp: NOW + 60 };
    const cti = idOf(`frame ${type}`);
    expect(opened(type, frame)).toEqual({ ...head, cti, body: BODIES[type], from });
    expect(peekFrame(frame)).toEqual({ ...head, cti });
    expect(frame.length).toBeLessThanOrEqual(FRAME_MAX_BYTES);
  });

  it('T1: is refused with any one bit flipped', () => {
    for (let bit = 0; bit < frame.length * 8; bit++) {
      expect(outcome(type, flipped(frame, bit)), `bit ${bit}`).not.toBe('accepted');
    }
  });

  it('T5: does nothing at another party, in another tenant, session or role', () => {
    const { publicKey } = FRAME_KEYS[from.role as keyof typeof FRAME_KEYS];
    expect(outcome(type, frame, { self: { ...to, party: 'glasses-8' } })).toBe('frame-not-for-me');
    expect(outcome(type, frame, { tenant: 'tenant-2' })).toBe('cose-kid');
    const alsoThere = new TrustSet([anEnrolledKey({ ...from, tenant: 'tenant-2', use: 'frame', publicKey })]);
    expect(outcome(type, frame, { tenant: 'tenant-2', trust: alsoThere })).toBe('cose-signature');
    const { session } = addressOf(type);
    expect(outcome(type, frame, { sessionOf: () => otherSession(session) })).toBe('cose-signature');
    expect(outcome(type, frame, { sessionOf: () => undefined })).toBe('frame-wrong-sender');
    for (const role of ROLES.filter((one) => one !== to.role)) {
      const expected = (FRAMES[type].to as readonly Role[]).includes(role) ? 'cose-signature' : 'frame-not-for-me';
      expect(outcome(type, frame, { self: { ...to, role } }), role).toBe(expected);
    }
  });

  it('T23: is refused from an unknown key, another role, another use, and another party than it names', () => {
    const stranger = keyOf('stranger');
    const trusting = (changes: object) =>
      new TrustSet([anEnrolledKey({ ...from, use: 'frame', publicKey: stranger.publicKey, ...changes })]);
    const strange = aFrame(type, { key: stranger });
    expect(outcome(type, strange)).toBe('cose-kid');
    expect(outcome(type, strange, { trust: trusting({}) })).toBe('accepted');
    expect(outcome(type, strange, { trust: trusting({ use: 'object' }) })).toBe('cose-kid');
    expect(outcome(type, strange, { trust: trusting({ party: 'somebody-else' }) })).toBe('frame-wrong-sender');
    for (const role of ROLES.filter((one) => !(FRAMES[type].from as readonly Role[]).includes(one))) {
      expect(outcome(type, strange, { trust: trusting({ role }) }), role).toBe('cose-kid');
    }
  });

  it('T24: is refused under a key that is pinned to the other algorithm', () => {
    const { publicKey } = FRAME_KEYS[from.role as keyof typeof FRAME_KEYS];
    const trust = new TrustSet([anEnrolledKey({ ...from, use: 'frame', publicKey, alg: -8 })]);
    expect(outcome(type, frame, { trust })).toBe('cose-alg');
  });

  it('T25: is never read as another type, relabelled or not', () => {
    for (const other of FRAME_TYPES.filter((one) => one !== type)) {
      // Handed to whoever receives the other type, it is refused or still says what it is.
      const receiver = readerOf(other);
      const read = verdict(() => opened(other, frame));
      if (read === 'accepted') expect(openFrame(frame, receiver, NOW).type).toBe(type);
      // Given the other's number but signed for its own, it is refused even where sender and receiver fit.
      const { publicKey } = FRAME_KEYS[from.role as keyof typeof FRAME_KEYS];
      const trust = new TrustSet([anEnrolledKey({ ...from, role: FRAMES[other].from[0], use: 'frame', publicKey })]);
      const relabelled = forgedFrame(type, { typ: FRAMES[other].typ, aadTyp: FRAMES[type].typ });
      const self = { party: to.party, role: FRAMES[other].to[0] };
      expect(outcome(type, relabelled, { trust, self }), other).toBe('cose-signature');
    }
    for (const object of OBJECT_TYPES) {
      const relabelled = forgedFrame(type, { typ: OBJECTS[object].typ });
      expect(outcome(type, relabelled), object).toBe('frame-unknown-type');
    }
  });

  it('T20: is refused in any version but those that are spoken, whatever it was signed for', () => {
    for (const version of [PROFILE_FLOOR - 1, PROFILE_VERSION + 1, 0xffff, undefined]) {
      for (const aadVersion of [PROFILE_VERSION, version ?? 0]) {
        expect(outcome(type, forgedFrame(type, { version, aadVersion })), `${version}`).toBe('frame-version');
      }
    }
    for (const aadVersion of [0, PROFILE_VERSION + 1]) {
      expect(outcome(type, forgedFrame(type, { aadVersion }))).toBe('cose-signature');
    }
    expect(outcome(type, forgedFrame(type))).toBe('accepted');
  });

  it('is refused with `message-shape` and a path when its truly signed payload has another shape', () => {
    const map = decodeCbor(parseSign1(frame).payload) as ReadonlyMap<number, number>;
    for (const payload of [7, [...map.values()], new Map([...map, [99, 1]]), new Map([...map].slice(1))]) {
      const error = refusal(() => opened(type, forgedFrame(type, { payload })));
      expect(error?.code).toBe('message-shape');
      expect(error?.path).toMatch(new RegExp(`^${type}`));
    }
  });

  it('T12: shares no memory with the bytes it was read from, also not with a Node Buffer', () => {
    const buffer = Buffer.from(frame);
    const read = opened(type, buffer);
    buffer.fill(0);
    expect(read.body).toEqual(BODIES[type]);
    expect(read.cti).toBe(idOf(`frame ${type}`));
  });

  it('goes only from and to the roles its type names', () => {
    for (const sender of ROLES)
      for (const receiver of ROLES) {
        const fits = [FRAMES[type].from, FRAMES[type].to].every((roles, i) =>
          (roles as readonly Role[]).includes(i === 0 ? sender : receiver),
        );
        const address = { from: PARTIES[sender], to: PARTIES[receiver] };
        expect(verdict(() => aFrame(type, { address }))).toBe(fits ? 'accepted' : 'frame-wrong-sender');
      }
  });

  it('is not sealed with a body its reader would refuse', () => {
    for (const [field] of Object.entries(BODIES[type])) {
      const body = { ...BODIES[type], [field]: { odd: 1 } };
      expect(refusal(() => aFrame(type, { body }))).toMatchObject({
        code: 'message-shape',
        path: expect.stringMatching(new RegExp(`^${type}\\.${field}`)),
      });
    }
  });
});

describe('the numbers of the frames', () => {
  it('T25: are their own, 32 and up, and lead back to the type', () => {
    const numbers = FRAME_TYPES.map((type) => FRAMES[type].typ);
    expect(new Set(numbers).size).toBe(numbers.length);
    for (const type of FRAME_TYPES) {
      expect(FRAMES[type].typ).toBeGreaterThanOrEqual(32);
      expect(frameTypeOf(FRAMES[type].typ)).toBe(type);
    }
    const others = Array.from({ length: 256 }, (_, typ) => typ).filter((typ) => !(numbers as number[]).includes(typ));
    for (const typ of [...others, -1, Number.NaN]) expect(frameTypeOf(typ)).toBeUndefined();
  });

  it('T25: no signed object is a frame, whoever reads it', () => {
    for (const object of OBJECT_TYPES)
      for (const type of FRAME_TYPES) expect(outcome(type, SIGNED[object])).toBe('frame-unknown-type');
  });
});

describe('T2 T16: the time of a frame', () => {
  const timed = (iat: number, exp: number, now: number) => {
    const claims = { ...claimsOf('glasses-7', 'psp-1'), iat, exp };
    return outcome('pay-query', forgedFrame('pay-query', { claims }), {}, now);
  };

  it('is taken from its first second less the skew to its last second and the skew, exactly', () => {
    for (const [now, expected] of [
      [NOW - CLOCK_SKEW_S - 1, 'frame-not-yet-valid'],
      [NOW - CLOCK_SKEW_S, 'accepted'],
      [NOW, 'accepted'],
      [NOW + 60, 'accepted'],
      [NOW + 60 + CLOCK_SKEW_S - 1, 'accepted'],
      [NOW + 60 + CLOCK_SKEW_S, 'frame-expired'],
      [NOW + 60 + 365 * 86_400, 'frame-expired'],
      [NOW - 365 * 86_400, 'frame-not-yet-valid'],
    ] as const)
      expect(timed(NOW, NOW + 60, now), `${now - NOW}`).toBe(expected);
  });

  it('is a life of 1 to 120 seconds, whatever the sender would like', () => {
    for (const [lifetimeS, expected] of [
      [-1, 'frame-lifetime'],
      [0, 'frame-lifetime'],
      [1, 'accepted'],
      [FRAME_MAX_LIFETIME_S, 'accepted'],
      [FRAME_MAX_LIFETIME_S + 1, 'frame-lifetime'],
      [86_400, 'frame-lifetime'],
    ] as const) {
      expect(timed(NOW, NOW + lifetimeS, NOW), `${lifetimeS} s`).toBe(expected);
      expect(
        verdict(() => aFrame('pay-query', { lifetimeS })),
        `${lifetimeS} s`,
      ).toBe(expected);
    }
    for (const lifetimeS of [1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(verdict(() => aFrame('pay-query', { lifetimeS }))).toBe('frame-lifetime');
    }
  });

  it('is within the years 2000 to 2100, also for who only peeks: a clock that was never set seals nothing', () => {
    for (const iat of [0, 946_684_799, NOW * 1000, Number.MAX_SAFE_INTEGER - 60]) {
      expect(timed(iat, iat + 60, NOW), `${iat}`).toBe('time-range');
      const claims = { ...claimsOf('glasses-7', 'psp-1'), iat, exp: iat + 60 };
      expect(verdict(() => peekFrame(forgedFrame('pay-query', { claims })))).toBe('time-range');
      expect(verdict(() => aFrame('pay-query', { iat }))).toBe('time-range');
    }
    expect(verdict(() => aFrame('pay-query', { iat: 4_133_980_799 }))).toBe('time-range');
    expect(timed(NOW, Number.MAX_SAFE_INTEGER, NOW)).toBe('time-range');
  });

  it('fails closed when the reader has no time to compare with', () => {
    for (const now of [Number.NaN, Number.POSITIVE_INFINITY, 0, NOW + 0.5])
      expect(timed(NOW, NOW + 60, now)).toBe('time-range');
  });
});

describe('the header of a frame', () => {
  const full = claimsOf('glasses-7', 'psp-1');
  const withClaims = (claims: Claims | undefined) => outcome('pay-query', forgedFrame('pay-query', { claims }));

  it.each(['iss', 'aud', 'iat', 'exp', 'cti'] as const)('needs the claim %s', (claim) => {
    const { [claim]: _, ...rest } = full;
    expect(withClaims(rest)).toBe('frame-malformed');
  });

  it('needs claims at all, and a cti of 16 bytes', () => {
    expect(withClaims(undefined)).toBe('frame-malformed');
    for (const length of [1, 15, 17, 32])
      expect(withClaims({ ...full, cti: new Uint8Array(length) })).toBe('frame-malformed');
  });

  it('T23: names the sender whose key it is', () => {
    expect(withClaims({ ...full, iss: 'glasses-8' })).toBe('frame-wrong-sender');
    expect(withClaims({ ...full, iss: 'psp-1' })).toBe('frame-wrong-sender');
    expect(withClaims({ ...full, aud: 'psp-2' })).toBe('frame-not-for-me');
  });

  it('is not sealed with a cti or a session that a reader would not have', () => {
    const life = { iat: NOW, lifetimeS: 60 };
    for (const cti of ['', 'aa', 'zz'.repeat(16), idOf('x').toUpperCase(), `${idOf('x')}00`]) {
      const seal = () =>
        sealFrame(
          { type: 'pay-query', body: BODIES['pay-query'] },
          addressOf('pay-query'),
          { ...life, cti: cti as never },
          frameKeyOf('pay-query'),
        );
      expect(refusal(seal)).toMatchObject({ code: 'message-shape', path: 'cti' });
    }
    for (const session of ['', 'aa', SESSION.toUpperCase(), `${SESSION}00`]) {
      const address = { session: session as never };
      expect(refusal(() => aFrame('pay-query', { address }))).toMatchObject({ code: 'message-shape', path: 'session' });
      const odd = { sessionOf: () => session as never };
      expect(refusal(() => opened('pay-query', sampleFrame('pay-query'), odd))?.path).toBe('session');
    }
  });
});

describe('input that is no frame', () => {
  it('T21: is refused by its length before anything else is looked at', () => {
    expect(outcome('offers', new Uint8Array(FRAME_MAX_BYTES + 1))).toBe('frame-too-long');
    expect(outcome('offers', new Uint8Array(FRAME_MAX_BYTES))).toBe('cose-malformed');
    expect(outcome('offers', new Uint8Array(0))).toBe('cbor-truncated');
  });

  it.each([undefined, null, 'd284', 5, {}, { length: 5000 }, [0xd2], Object.create(Uint8Array.prototype)])(
    'is refused as such: %j',
    (junk) => {
      expect(outcome('offers', junk as never)).toBe('cbor-malformed');
      expect(verdict(() => peekFrame(junk as never))).toBe('cbor-malformed');
    },
  );

  it('is not sealed either when the message does not fit into a frame', () => {
    const [offer] = BODIES.offers.offers;
    const line = { itemId: 'a', title: '价'.repeat(96), quantity: 1, amountMinor: 1 };
    const offers = Array.from({ length: 5 }, () => ({ ...offer, lines: Array.from({ length: 8 }, () => line) }));
    expect(verdict(() => aFrame('offers', { body: { ...BODIES.offers, offers } }))).toBe('cbor-too-long');
  });
});

describe('addresses', () => {
  it('T5: between services the session is the one no device has, and frames of a device never open under it', () => {
    expect(SERVICE_SESSION).toMatch(/^0{16}$/);
    expect(outcome('intent', sampleFrame('intent'), { sessionOf: () => SERVICE_SESSION })).toBe('cose-signature');
    expect(outcome('cart-request', sampleFrame('cart-request'))).toBe('accepted');
  });

  it('T5, T30: of more sessions than are remembered each opens its own frames, and none another one’s', () => {
    const sessionOf = (n: number) => n.toString(16).padStart(16, '0') as SessionId;
    const sealed = new Map<number, Uint8Array>();
    for (let n = 1; n <= 1_100; n++) {
      const frame = aFrame('intent', { address: { session: sessionOf(n) } });
      if (n % 100 === 1) sealed.set(n, frame);
    }
    for (const [n, frame] of sealed) {
      expect(outcome('intent', frame, { sessionOf: () => sessionOf(n) })).toBe('accepted');
      expect(outcome('intent', frame, { sessionOf: () => sessionOf(n + 1) })).toBe('cose-signature');
    }
  });

  it('T5: the reader asks for the session of the sender that the frame names', () => {
    const asked: string[] = [];
    const sessionOf = (sender: string) => {
      asked.push(sender);
      return SESSION;
    };
    expect(outcome('intent', sampleFrame('intent'), { sessionOf })).toBe('accepted');
    expect(asked).toEqual(['glasses-7']);
  });

  it('keeps apart who sent it when one role of several did', () => {
    for (const role of ['agent', 'psp', 'merchant'] as const) {
      const frame = aFrame('refusal', { address: { from: PARTIES[role] }, key: FRAME_KEYS[role] });
      expect(opened('refusal', frame).from).toEqual(PARTIES[role]);
    }
    const agentHears = aFrame('refusal', { address: { from: PARTIES.psp, to: PARTIES.agent }, key: FRAME_KEYS.psp });
    expect(outcome('refusal', agentHears, { self: PARTIES.agent })).toBe('accepted');
  });
});
