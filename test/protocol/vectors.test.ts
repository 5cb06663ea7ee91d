/** Every published vector through our own code: valid ones decode to what they say, the others are refused with their code. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  type ComposedView,
  type ConfirmationFacts,
  composeView,
  PROFILES,
  type ProfileId,
} from '../../device/confirm/view.ts';
import { fromJson, toJson } from '../../protocol/act/json-form.ts';
import { type ActObject, declarationOf } from '../../protocol/act/objects.ts';
import { type CborValue, decodeCbor, encodeCbor } from '../../protocol/cbor.ts';
import {
  allDevicesUp,
  type Currency,
  checkEnrolmentKey,
  type DelegatedRequestType,
  decodeEvidence,
  deviceTopic,
  type EpochSeconds,
  formatAmount,
  fromHex,
  hex,
  isSubAccountAuthorised,
  kidOf,
  type ObjectType,
  openEnvelope,
  openFrame,
  openObject,
  openRecipientKey,
  parseAmount,
  parseJson,
  parseTopic,
  publicKeyOf,
  type Role,
  recipientKeyPair,
  type SessionId,
  serviceTopic,
  TrustSet,
  trustedKey,
  verifyEd25519,
  verifyEvidence,
  writeJson,
  writeTerms,
} from '../../protocol/index.ts';
import { diagnostic } from '../../scripts/make-published/cbor-vectors.ts';
import { composedOf, seenIn } from '../../scripts/make-published/statement-vectors.ts';
import { termsIn } from '../../scripts/make-published/terms-vectors.ts';
import { type Json, plain, type Vector } from '../../scripts/make-published/vector.ts';
import { VECTORS_FOLDER, vectorFiles } from '../../scripts/make-vectors.ts';
import { ROOT } from '../helpers/source-text.ts';
import { refusal } from './support.ts';
import { type Sought, seenOn } from './view-search.ts';

interface Party {
  readonly party: string;
  readonly role: Role;
}
interface Keys {
  readonly tenant: string;
  readonly signing: readonly (Party & { use: 'frame' | 'object'; seed: string; publicKey: string; kid: string })[];
  readonly recipients: readonly (Party & { seed: string; publicKey: string; kid: string })[];
}

const folder = join(ROOT, VECTORS_FOLDER);
const published = <T>(file: string): T => JSON.parse(readFileSync(join(folder, file), 'utf8')) as T;
const vectorsOf = (file: string) => published<{ vectors: Vector[] }>(file).vectors;

const keys = published<Keys>('keys.json');
const { tenant } = keys;
const trust = new TrustSet(
  keys.signing.map(({ publicKey, ...key }) => trustedKey({ ...key, tenant, publicKey: fromHex(publicKey) })),
);
const ownKeys = new Map(keys.recipients.map(({ kid, seed }) => [kid, recipientKeyPair(fromHex(seed))]));

type Input = Readonly<Record<string, string>>;

/** What our code makes of the input of each file; it throws what it throws. */
const READERS: Readonly<Record<string, (vector: Vector) => Json>> = {
  'cbor.json': (vector) => {
    const bytes = fromHex((vector as unknown as Input).input ?? '');
    const value = decodeCbor(bytes);
    expect(hex(encodeCbor(value as CborValue))).toBe(hex(bytes));
    return diagnostic(value);
  },
  'ed25519.json': (vector) => {
    const { enrol, signature = '', message = '', publicKey = '' } = vector as unknown as Input;
    if (enrol !== undefined) checkEnrolmentKey(fromHex(enrol));
    else if (!verifyEd25519(fromHex(signature), fromHex(message), fromHex(publicKey)))
      return { code: 'cose-signature' };
    return true;
  },
  'frames.json': (vector) => {
    const { input, receiver, session, now } = vector as unknown as {
      input: string;
      receiver: Party;
      session: SessionId | null;
      now: number;
    };
    const reader = { tenant, self: receiver, trust, sessionOf: () => session ?? undefined };
    return plain(openFrame(fromHex(input), reader, now as EpochSeconds));
  },
  'objects.json': (vector) => {
    const { type, input = '' } = vector as unknown as Input;
    const { value, digest } = openObject(type as ObjectType, fromHex(input), { trust, tenant });
    return plain({ type, digest, value });
  },
  'evidence.json': (vector) => {
    const { input = '' } = vector as unknown as Input;
    return plain(verifyEvidence(decodeEvidence(fromHex(input)), { trust, tenant }));
  },
  'sealed.json': (vector) => {
    const { input = '', role, recipientKey } = vector as unknown as Input;
    if (recipientKey === undefined)
      return hex(openEnvelope(fromHex(input), { keys: ownKeys, tenant, role: role as Role }));
    const { tenant: _, ...key } = openRecipientKey(fromHex(recipientKey), { trust, tenant });
    return plain(key);
  },
  'topics.json': (vector) => {
    const topic = parseTopic((vector as unknown as Input).topic ?? '');
    const { party } = topic;
    const written =
      topic.kind === 'device' ? deviceTopic(topic.tenant, party, topic.direction) : serviceTopic(topic.tenant, party);
    expect(written).toBe((vector as unknown as Input).topic);
    return plain(topic);
  },
  'money.json': (vector) => {
    const { amount = '', currency } = vector as unknown as Input;
    const minor = parseAmount(amount, currency as Currency);
    expect(parseAmount(formatAmount(minor, currency as Currency), currency as Currency)).toBe(minor);
    return minor;
  },
  'act.json': (vector) => {
    const { object, input = '', json } = vector as unknown as Input;
    const type = declarationOf(object as ActObject);
    const value = type.decode(decodeCbor(fromHex(input)), 'it');
    expect(hex(encodeCbor(type.encode(value, 'it') as CborValue))).toBe(input);
    expect(writeJson(toJson(type, value, 'it'))).toBe(json);
    expect(plain(fromJson(type, parseJson(json ?? ''), 'it'))).toEqual(plain(value));
    return plain(value);
  },
  'terms.json': (vector) => {
    const { terms = '', currency, mode } = vector as unknown as Input;
    const read = termsIn(terms, currency as Currency, mode as 'SPECIFIED' | 'BOUNDED');
    if (read !== undefined) expect(writeTerms(read)).toBe(terms);
    return plain(read);
  },
  'sub-accounts.json': (vector) => {
    const { type, input = '', publicKey = '' } = vector as unknown as Input;
    const { value } = openObject(type as DelegatedRequestType, fromHex(input), { trust, tenant });
    const isAuthorised = isSubAccountAuthorised(type as DelegatedRequestType, value, fromHex(publicKey));
    return isAuthorised || { code: 'cose-signature' };
  },
  'views.json': (vector) => {
    const { facts, profile } = vector as unknown as { facts: ConfirmationFacts; profile: ProfileId };
    return shownIn(composeView(facts, PROFILES[profile]));
  },
  'views-delegation.json': (vector) => {
    const { facts, profile } = vector as unknown as { facts: Parameters<typeof composedOf>[0]; profile: ProfileId };
    return shownIn(composedOf(facts, PROFILES[profile]));
  },
  'view-digests.json': (vector) => seenOn(vector as unknown as Sought, { trust, tenant }),
};

/** All that is seen and heard of a view, or why there is none. */
function shownIn(made: ComposedView): Json {
  const seen = seenIn(made);
  return 'decoded' in seen ? seen.decoded : seen;
}

/** The verdict in the words of a vector. */
function judged(read: (vector: Vector) => Json, vector: Vector): Json {
  let made: Json = null;
  const refused = refusal(() => {
    made = read(vector);
  });
  if (refused !== undefined) return { code: refused.code };
  return typeof made === 'object' && made !== null && 'code' in made ? made : { decoded: made };
}

describe('the published vectors', () => {
  it('are what the code writes today, file by file: run `node dist/scripts/make-vectors.js` after a change', () => {
    const made = vectorFiles();
    expect(readdirSync(folder).sort()).toEqual([...made.keys()].sort());
    for (const [file, text] of made) expect(readFileSync(join(folder, file), 'utf8') === text, file).toBe(true);
  });

  it('have one name each in their file, and name the requirements they prove', () => {
    for (const file of Object.keys(READERS)) {
      const vectors = vectorsOf(file);
      expect(new Set(vectors.map(({ name }) => name)).size, file).toBe(vectors.length);
      for (const { name, proves } of vectors) expect(proves.length, `${file}: ${name}`).toBeGreaterThan(0);
    }
  });

  it('ACTC-COS-005, ACTC-SEA-010, ACTC-KEY-005: name keys by their thumbprints, each with one owner, role and use', () => {
    for (const { seed, publicKey, kid } of keys.signing) {
      expect(hex(publicKeyOf(fromHex(seed)))).toBe(publicKey);
      expect(hex(kidOf(fromHex(publicKey)))).toBe(kid);
    }
    for (const { seed, publicKey, kid } of keys.recipients) {
      const pair = recipientKeyPair(fromHex(seed));
      expect([hex(pair.publicKey), hex(pair.kid)]).toEqual([publicKey, kid]);
    }
    const again = trustedKey({
      party: 'other',
      role: 'psp',
      tenant,
      use: 'object',
      publicKey: fromHex(keys.signing[0]?.publicKey ?? ''),
    });
    const enrolled = keys.signing.map(({ publicKey, ...key }) =>
      trustedKey({ ...key, tenant, publicKey: fromHex(publicKey) }),
    );
    expect(refusal(() => new TrustSet([...enrolled, again]))?.code).toBe('cose-kid');
    expect(allDevicesUp(tenant)).toBe(`act/1/${tenant}/+/up`);
  });
});

describe.each(Object.keys(READERS))('%s', (file) => {
  const vectors = vectorsOf(file).map((vector) => [`${vector.proves.join(', ')}: ${vector.name}`, vector] as const);

  it.each(vectors)('%s', (_, vector) => {
    const expected = 'decoded' in vector ? { decoded: vector.decoded } : { code: vector.code };
    expect(judged(READERS[file] as (vector: Vector) => Json, vector)).toEqual(expected);
  });
});
