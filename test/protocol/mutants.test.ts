/** Small things that no other test would have noticed had they been otherwise; found by planting faults one at a time. */
import { describe, expect, it } from 'vitest';
import { concatBytes, fromHex, hex } from '../../protocol/bytes.ts';
import { type CborInput, type CborKey, decodeCbor, decodePrivateCbor, encodeCbor } from '../../protocol/cbor.ts';
import { StrictReader } from '../../protocol/cbor-strict.ts';
import { checkEnrolmentKey, verifyEd25519, verifyPrivate } from '../../protocol/ed25519.ts';
import { openFrame, sealFrame } from '../../protocol/frame.ts';
import { RecipientKeySet, recipientKeyPair } from '../../protocol/recipient-key.ts';
import { parseSign1, verifyParsed } from '../../protocol/sign1.ts';
import { readHeader, writeHeader } from '../../protocol/sign1-header.ts';
import { TrustSet } from '../../protocol/trust.ts';
import {
  addressOf,
  anEnrolledKey,
  at,
  BODIES,
  FRAME_KEYS,
  forgedFrame,
  idOf,
  NOW,
  opened,
  PARTIES,
  readerOf,
  SESSION,
} from './builders.ts';
import { DEVICE, OTHER_PAIR, PAIR, published } from './seal-builder.ts';
import { AAD, CLAIMS, KEY, OTHER, outcome, PAYLOAD, replacing, signed, signedWith, verified } from './sign1-builder.ts';
import { refusal, verdict } from './support.ts';

const decoded = (encoded: string) => verdict(() => decodeCbor(fromHex(encoded)));
const encoded = (entries: readonly (readonly [CborKey, CborInput])[]) => hex(encodeCbor(new Map(entries)));

describe('the strict reader', () => {
  it.each([
    ['ascending values', 'a201010102'],
    ['descending values', 'a201020101'],
    ['values of other types', 'a201600140'],
    ['text keys and ascending values', 'a2616101616102'],
  ])('T21: takes a key that occurs twice for a duplicate, whatever stands behind it: %s', (_, bytes) => {
    expect(decoded(bytes)).toBe('cbor-duplicate-key');
  });

  it.each([
    ['a byte order mark alone', '63efbbbf', 'cbor-bad-utf8'],
    ['a byte order mark and a letter', '64efbbbf61', 'cbor-bad-utf8'],
    ['a letter that begins as one', '63efbb80', 'accepted'],
    ['a letter that shares its first byte', '63efbd81', 'accepted'],
    ['a letter that shares its first and last byte', '63efbcbf', 'accepted'],
    ['a letter that shares its last bytes', '63e0bbbf', 'accepted'],
    ['one behind the first letter', '6461efbbbf', 'accepted'],
  ] as const)('tells a byte order mark from its neighbours: %s', (_, bytes, expected) => {
    expect(decoded(bytes)).toBe(expected);
  });

  it('reads literals and byte strings in their order and says what is missing where', () => {
    const reader = new StrictReader(fromHex('d2420102f6'));
    reader.literal(0xd2, 'cose-malformed', 'tag 18');
    expect(hex(reader.byteString('cose-malformed', 'two bytes'))).toBe('0102');
    expect(refusal(() => reader.byteString('cose-malformed', 'more'))).toMatchObject({ code: 'cose-malformed', at: 4 });
    const other = new StrictReader(fromHex('00'));
    expect(refusal(() => other.literal(0xd2, 'cose-malformed', 'tag 18'))).toMatchObject({
      code: 'cose-malformed',
      at: 0,
    });
  });

  it('T12: copies what it is given, unless it is told that nobody else has it', () => {
    const [given, own] = [fromHex('820102'), fromHex('820102')];
    const [copied, kept] = [new StrictReader(given), new StrictReader(own, true)];
    given.fill(0xff);
    expect(hex(copied.bytes)).toBe('820102');
    expect(kept.bytes).toBe(own);
    expect(decodePrivateCbor(own)).toEqual([1, 2]);
  });

  it('T12: values decoded out of private bytes share no memory with them either', () => {
    const own = fromHex('a1014401020304');
    const value = decodePrivateCbor(own) as ReadonlyMap<number, Uint8Array>;
    own.fill(0xff);
    expect(hex(value.get(1) ?? new Uint8Array())).toBe('01020304');
  });
});

describe('the encoder', () => {
  it.each<[string, readonly (readonly [CborKey, CborInput])[], string]>([
    [
      'zero before every other integer',
      [
        [5, 2],
        [0, 1],
      ],
      'a200010502',
    ],
    [
      'zero before every other integer, given first',
      [
        [0, 1],
        [5, 2],
      ],
      'a200010502',
    ],
    [
      'zero before the negative ones',
      [
        [-1, 2],
        [0, 1],
      ],
      'a200012002',
    ],
    [
      'integers before texts, given last',
      [
        ['b', 4],
        [1, 1],
        ['a', 3],
        [-1, 2],
      ],
      'a401012002616103616204',
    ],
    [
      'texts of one length by their first difference',
      [
        ['ab', 2],
        ['aa', 1],
      ],
      'a26261610162616202',
    ],
    [
      'the shorter text first',
      [
        ['aa', 2],
        ['b', 1],
      ],
      'a261620162616102',
    ],
    [
      'integers of 64 bits as such',
      [
        [2 ** 32, 1],
        [-(2 ** 32) - 1, 2],
      ],
      'a21b0000000100000000013b000000010000000002',
    ],
  ])('orders and writes keys as RFC 8949 §4.2.1 has them: %s', (_, entries, expected) => {
    expect(encoded(entries)).toBe(expected);
    expect(decoded(expected)).toBe('accepted');
  });

  it('T21: takes as many entries as the limit says', () => {
    const entries = (count: number) => Array.from({ length: count }, (_, i) => i % 24);
    expect(verdict(() => encodeCbor(entries(64)))).toBe('accepted');
    expect(verdict(() => encodeCbor(entries(65)))).toBe('cbor-too-many');
  });
});

describe('the Ed25519 policy', () => {
  const message = PAYLOAD;
  const signature = KEY.sign(message);

  it('T22: has no verdict but false for halves of another length, copied or not', () => {
    expect(verifyPrivate(signature, message, KEY.publicKey)).toBe(true);
    const longer = (bytes: Uint8Array) => concatBytes(bytes, Uint8Array.of(0));
    for (const verify of [verifyPrivate, verifyEd25519]) {
      for (const key of [KEY.publicKey.slice(1), KEY.publicKey.slice(0, 31), longer(KEY.publicKey), new Uint8Array()])
        expect(verify(signature, message, key)).toBe(false);
      for (const other of [signature.slice(0, 63), longer(signature), new Uint8Array()])
        expect(verify(other, message, KEY.publicKey)).toBe(false);
    }
  });

  it('T22: takes byte arrays only, though a copy of a list with the same numbers would verify', () => {
    const listed = (bytes: Uint8Array) => Array.from(bytes) as unknown as Uint8Array;
    expect(verifyEd25519(signature, message, KEY.publicKey)).toBe(true);
    expect(verifyEd25519(listed(signature), message, KEY.publicKey)).toBe(false);
    expect(verifyEd25519(signature, listed(message), KEY.publicKey)).toBe(false);
    expect(verifyEd25519(signature, message, listed(KEY.publicKey))).toBe(false);
  });

  it('T22: refuses a small-order key or R without a copy as well', () => {
    const identity = new Uint8Array(32).with(0, 1);
    const forged = concatBytes(identity, new Uint8Array(32));
    expect(verifyPrivate(forged, message, identity)).toBe(false);
    expect(verifyPrivate(concatBytes(identity, signature.slice(32)), message, KEY.publicKey)).toBe(false);
  });

  const judged = (key: Uint8Array) => verdict(() => checkEnrolmentKey(key));
  /** y with these first bytes, zeros, and the highest last byte. */
  const high = (...first: readonly number[]) => new Uint8Array(32).with(31, 0x7f).map((byte, i) => first[i] ?? byte);

  it('T22: looks at the length of a key first', () => {
    const almost = new Uint8Array(31).fill(0xff).with(0, 0xed).with(30, 0x7f);
    expect(judged(almost)).toBe('key-malformed');
  });

  it.each([
    ['a first byte above that of p', high(0xee)],
    ['some bytes as in p', high(0xee, 0xff, 0xff)],
    ['all bytes but one as in p', new Uint8Array(32).fill(0xff).with(0, 0xee).with(17, 0xfe).with(31, 0x7f)],
  ])('T22: takes y below p for reduced: %s', (_, key) => {
    expect(judged(key)).not.toBe('key-not-canonical');
  });

  it('T22: takes y above p for a second spelling', () => {
    for (let first = 0xef; first <= 0xff; first++)
      expect(judged(new Uint8Array(32).fill(0xff).with(0, first).with(31, 0x7f))).toBe('key-not-canonical');
  });
});

describe('the protected header', () => {
  it('holds no member for what was not there', () => {
    const written = writeHeader({ alg: -19, kid: KEY.kid, typ: 40 });
    expect(Object.keys(readHeader(written))).toEqual(['alg', 'kid', 'typ']);
    expect(
      Object.keys(readHeader(writeHeader({ alg: -19, kid: KEY.kid, typ: 40, claims: { iss: 'a' } })).claims ?? {}),
    ).toEqual(['iss']);
  });

  it.each([1, 128])('takes names of %i characters', (length) => {
    expect(outcome(signed({ claims: { ...CLAIMS, iss: 'n'.repeat(length), aud: 'n'.repeat(length) } }))).toBe(
      'accepted',
    );
  });

  it.each([0, 129])('takes no names of %i characters', (length) => {
    expect(outcome(signedWith(replacing(15, new Map([[1, 'n'.repeat(length)]]))))).toBe('cose-header');
  });

  it.each([1, 32])('takes message ids of %i bytes', (length) => {
    expect(outcome(signed({ claims: { ...CLAIMS, cti: new Uint8Array(length) } }))).toBe('accepted');
  });

  it.each([0, 33])('takes no message ids of %i bytes', (length) => {
    expect(outcome(signedWith(replacing(15, new Map([[7, new Uint8Array(length)]]))))).toBe('cose-header');
  });

  it('takes zero for a number: which types, versions and times there are is for the layer above', () => {
    const zeros = { typ: 0, version: 0, claims: { ...CLAIMS, iat: 0, exp: 0 } };
    expect(verdict(() => verified(signed(zeros), { typ: 0 }))).toBe('accepted');
  });

  it('says that it is the header that is refused', () => {
    expect(refusal(() => parseSign1(signedWith(replacing(1, -7))))).toMatchObject({
      code: 'cose-alg',
      path: 'protected header',
    });
  });

  it('T23: a claim that is not known is refused before and behind the known ones', () => {
    for (const key of [0, 2, 5, 8])
      expect(
        outcome(
          signedWith(
            replacing(
              15,
              new Map<CborKey, CborInput>([
                [1, 'a'],
                [key, 1],
              ]),
            ),
          ),
        ),
      ).toBe('cose-header');
  });
});

describe('a signed message', () => {
  it('T21: is as long as the limit at most, and may be that long', () => {
    const overhead = signed({ payload: new Uint8Array(3000) }).length - 3000;
    const ofLength = (length: number) => verdict(() => signed({ payload: new Uint8Array(length - overhead) }));
    expect([ofLength(4096), ofLength(4097)]).toEqual(['accepted', 'cbor-too-long']);
  });
});

describe('a message verified just after it was parsed', () => {
  const by = { key: KEY, typ: 40, externalAad: AAD };
  const judged = (changes: object) => verdict(() => verifyParsed(parseSign1(signed()), { ...by, ...changes }));

  it('T1 T23 T24 T25: gets the verdicts of any other', () => {
    expect(judged({})).toBe('accepted');
    expect(judged({ typ: 41 })).toBe('cose-typ');
    expect(judged({ externalAad: PAYLOAD })).toBe('cose-signature');
    expect(judged({ key: OTHER })).toBe('cose-kid');
    expect(judged({ key: { ...OTHER, kid: KEY.kid } })).toBe('cose-signature');
    expect(judged({ key: { ...KEY, alg: -8 } })).toBe('cose-alg');
  });
});

describe('the contexts that frames are bound to', () => {
  const message = { type: 'pay-query', body: BODIES['pay-query'] } as const;
  const life = { iat: NOW, lifetimeS: 60, cti: idOf('context') };
  const trustOf = (tenant: string) =>
    new TrustSet([anEnrolledKey({ ...PARTIES.device, tenant, use: 'frame', publicKey: FRAME_KEYS.device.publicKey })]);
  const sent = (tenant: string) => sealFrame(message, { ...addressOf('pay-query'), tenant }, life, FRAME_KEYS.device);
  const received = (frame: Uint8Array, tenant: string) =>
    verdict(() => openFrame(frame, { ...readerOf('pay-query'), tenant, trust: trustOf(tenant) }, NOW));

  it('T5: stay apart when more of them are in use than are kept', () => {
    const tenants = Array.from({ length: 70 }, (_, i) => `tenant-${i}`);
    const frames = tenants.map(sent);
    expect(frames.map((frame, i) => received(frame, tenants[i] ?? ''))).toEqual(tenants.map(() => 'accepted'));
    expect(frames.map((frame, i) => received(frame, tenants[i + 1] ?? 'tenant-0'))).toEqual(
      tenants.map(() => 'cose-signature'),
    );
  });

  it('T5: cannot be mixed up by a tenant that is named like the rest of another context', () => {
    const [plain, posing] = ['t', `t 41 1 psp ${SESSION}`];
    expect(received(sent(plain), posing)).toBe('cose-signature');
    expect(received(sent(posing), plain)).toBe('cose-signature');
    expect(received(sent(posing), posing)).toBe('accepted');
  });
});

describe('an extension of a body', () => {
  it('has a negative integer for its key: a text that reads like one is an unknown field', () => {
    const body = (key: CborKey): CborInput =>
      new Map<CborKey, CborInput>([
        [1, new Uint8Array(16)],
        [key, 1],
      ]);
    const judged = (key: CborKey) =>
      verdict(() => opened('pay-query', forgedFrame('pay-query', { payload: body(key) })));
    expect([judged(-1), judged('-1'), judged(2)]).toEqual(['accepted', 'message-shape', 'message-shape']);
  });
});

describe('a recipient key', () => {
  it('may be sealed for during one second, and not during none', () => {
    expect(verdict(() => published({ notBefore: NOW, notAfter: at(1) }))).toBe('accepted');
    expect(verdict(() => published({ notBefore: NOW, notAfter: NOW }))).toBe('seal-key');
  });

  it('is found by its owner and its identifier, among others of the owner, and by nothing less', () => {
    const keys = new RecipientKeySet();
    expect(keys.find(DEVICE, PAIR.kid)).toBeUndefined();
    const [first, second] = [
      published(),
      published({ publicKey: OTHER_PAIR.publicKey, notBefore: NOW, notAfter: at(60) }),
    ];
    for (const key of [first, second]) keys.add(key);
    expect(keys.find(DEVICE, PAIR.kid)).toBe(first);
    expect(keys.find(DEVICE, OTHER_PAIR.kid)).toBe(second);
    expect(keys.find(DEVICE, new Uint8Array(8))).toBeUndefined();
    expect(keys.find({ ...DEVICE, party: 'glasses-02' }, PAIR.kid)).toBeUndefined();
  });

  it.each([31, 33])('is made of 32 secret bytes, not of %i', (length) => {
    expect(verdict(() => recipientKeyPair(new Uint8Array(length)))).toBe('key-malformed');
  });
});
