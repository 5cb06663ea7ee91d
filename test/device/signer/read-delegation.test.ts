import { describe, expect, it } from 'vitest';
import { PROFILES } from '../../../device/confirm/view.ts';
import { MAX_IAC_BYTES, readDelegation } from '../../../device/signer/read-delegation.ts';
import {
  type Authorization,
  DelegatedPayRequest,
  digestOf,
  type EdgeTerms,
  encodeCbor,
  FinalIac,
  fromJson,
  hex,
  IacPayload,
  MAX_MINOR,
  openObject,
  parseJson,
  publicKeyOf,
  softSigningKey,
  termsOf,
  toJson,
  toJsonObject,
  utf8,
  verifyJson,
  writeJson,
  writeTerms,
} from '../../../protocol/index.ts';
import { DELEGATED } from '../../protocol/act/samples.ts';
import { DEVICE, directory, id, MERCHANT, NAMELESS_MERCHANT, SIGNER_SEED, seconds, TENANT } from '../builders.ts';
import { SignerRig } from '../signer-rig.ts';
import {
  alteredIac,
  ask,
  authorizationBytes,
  delegation,
  delegationChallengeBytes,
  iac,
  iacBytes,
  settings,
  verdict,
  viewOf,
} from './documents.ts';

const draft = iacBytes();

function challenged(over: Parameters<typeof delegationChallengeBytes>[1], by?: string) {
  return [delegationChallengeBytes(draft, over, by), draft];
}

function request(over: Partial<IacPayload> = {}) {
  const [challenge, bytes] = delegation(over) as [Uint8Array, Uint8Array];
  return { kind: 'delegation', challenge, iac: bytes, locale: 'en-US' } as const;
}

describe('a delegation, as the signer reads it (ACT 2.1 ADD-IAC-ISS)', () => {
  it('T6: signs the bounds it showed, for the agent key the PSP named', () => {
    const rig = new SignerRig();
    const asked = request();
    const answer = ask(rig, asked);
    if (answer?.kind !== 'signed') throw new Error(JSON.stringify(answer));
    const { value, signer } = openObject('authorization', answer.signed, { trust: directory.trust, tenant: TENANT });
    const view = viewOf(readDelegation, [asked.challenge, asked.iac]);
    expect(signer.party).toBe(DEVICE);
    expect(value).toEqual({
      iac: iac(),
      agentKey: digestOf(utf8('agent key')),
      challengeDigest: digestOf(asked.challenge),
      viewDigest: view.digest,
      method: 'hold-simulated',
      counter: 1,
      confirmedAt: value.confirmedAt,
    } satisfies Authorization);
    expect(encodeCbor(IacPayload.encode(value.iac, 'iac'))).toEqual(asked.iac);
    expect(rig.display.shown).toEqual(view.pages);
  });

  it('gives a signature that a party with JSON only can verify, and that holds for nothing else', () => {
    const answer = ask(new SignerRig(), request());
    if (answer?.kind !== 'signed' || !answer.jsonSignature) throw new Error(JSON.stringify(answer));
    const final: FinalIac = {
      protectedHeader: { alg: 'Ed25519', typ: 'act-iac+json', kid: 'signer' },
      credentialMetadata: {
        credentialId: iac().delegationId,
        issuer: iac().delegatorIdentity,
        trustee: iac().agentId,
        issuedAt: seconds(3),
        effectiveAt: iac().validityStartTime,
        expiresAt: iac().validityEndTime,
      },
      credentialSubject: iac(),
      proof: { signatureValue: answer.jsonSignature },
    };
    const { credentialSubject, proof } = fromJson(FinalIac, parseJson(writeJson(toJson(FinalIac, final, 'f'))), 'f');
    const subject = toJsonObject(IacPayload, credentialSubject, 'iac');
    const key = publicKeyOf(SIGNER_SEED);
    expect(verifyJson(subject, proof.signatureValue, key)).toBe(true);
    expect(verifyJson({ ...subject, max_total_amount: 201 }, proof.signatureValue, key)).toBe(false);
    expect(verifyJson({ ...subject, delegation_id: hex(id('x') as never) }, proof.signatureValue, key)).toBe(false);
  });

  it('T2: answers a challenge once', () => {
    const rig = new SignerRig();
    expect(ask(rig, request())?.kind).toBe('signed');
    expect(ask(rig, request())).toEqual({ kind: 'failed', code: 'nonce-used' });
  });

  it.each<[string, readonly Uint8Array[], string]>([
    ['no documents', [], 'challenge-signature'],
    ['a challenge of another PSP', challenged({}, 'other-psp'), 'challenge-signature'],
    ['T25: an authorization in place of the challenge', [authorizationBytes(), draft], 'challenge-signature'],
    ['no draft', [delegationChallengeBytes(draft)], 'draft-malformed'],
    ['a draft that is no CBOR', delegationOf(utf8('no')), 'draft-malformed'],
    ['T7: a draft without a currency', delegationOf(alteredIac(9, 'ZZZ')), 'draft-malformed'],
    ['T7: a total that is no amount', delegationOf(alteredIac(8, MAX_MINOR + 1)), 'draft-malformed'],
    ['a field nobody declared', delegationOf(alteredIac(16, 1)), 'draft-malformed'],
    ['a window that ends before it starts', delegationOf(alteredIac(7, seconds(-90))), 'draft-malformed'],
    [
      'T12: another draft than the PSP checked',
      [delegationChallengeBytes(draft), iacBytes({ maxTotalMinor: 20_001 })],
      'terms-differ',
    ],
    ['T5: a challenge to another device', challenged({ payer: 'glasses-02' }), 'terms-differ'],
    ['T16: a validity that is over', delegation({ validityEndTime: seconds(0) }), 'terms-differ'],
    ['T8: a merchant nobody registered', delegation(merchants([MERCHANT, NAMELESS_MERCHANT])), 'payee-unknown'],
    [
      'T8: a forbidden merchant nobody registered',
      delegation({ ext: { commerce: { forbiddenMerchants: ['no-one'] } } }),
      'payee-unknown',
    ],
    ['a total of nothing', delegation({ maxTotalMinor: 0, ext: {} }), 'amount-invalid'],
    ['T9: what only its vendor understands', delegation({ ext: { vendorPrivate: '{"max":1}' } }), 'cannot-show'],
    ['T9: terms beside something else', termed('{"act_edge":{},"max":1}'), 'cannot-show'],
    ['T7: terms in another currency', termed(writeTerms({ ...TERMS, currency: 'HKD' })), 'cannot-show'],
    ['items where the agent is to choose', termed(writeTerms(TERMS), { delegationMode: 'BOUNDED' }), 'cannot-show'],
    ['T28: words that were not shown', delegation(words('Buy anything')), 'cannot-show'],
    ['T7: an empty list of merchants', delegation(merchants([])), 'cannot-show'],
    ['T7: an empty list of categories', delegation({ ext: { commerce: { allowedCategories: [] } } }), 'cannot-show'],
    [
      'T8: a bidi control in the address',
      delegation({ ext: { fulfillment: { deliveryAddress: 'home\u202E' } } }),
      'text:bidi-control',
    ],
    [
      'T8: a Cyrillic letter in the delivery time',
      delegation({ ext: { fulfillment: { deliveryTimeRequirement: 'tomоrrow' } } }),
      'text:script',
    ],
  ])('refuses %s', (_what, documents, reason) => {
    expect(verdict(readDelegation, documents)).toBe(reason);
  });

  it('T6: signs the terms it showed, whole', () => {
    const rig = new SignerRig();
    const documents = termed(writeTerms(TERMS));
    const [challenge, bytes] = documents as [Uint8Array, Uint8Array];
    const answer = ask(rig, { kind: 'delegation', challenge, iac: bytes, locale: 'en-US' });
    if (answer?.kind !== 'signed') throw new Error(JSON.stringify(answer));
    const { value } = openObject('authorization', answer.signed, { trust: directory.trust, tenant: TENANT });
    expect(termsOf(value.iac)).toEqual(TERMS);
    const rows = rig.display.shown.flatMap(({ lines }) => lines);
    for (const row of ['> 1x latte', 'Each day max   CNY 30.00']) expect(rows).toContain(row);
  });

  it('takes a validity of one more second', () => {
    expect(verdict(readDelegation, delegation({ validityEndTime: seconds(1) }))).toBe('read');
    expect(verdict(readDelegation, delegation(merchants([MERCHANT])))).toBe('read');
  });

  it('T16: is void when the delegation itself is over, before the challenge is', () => {
    const reading = readDelegation(delegation({ validityEndTime: seconds(40) }), settings);
    expect(reading.ok && reading.expiresAt).toBe(seconds(40));
    const long = readDelegation(delegation(), settings);
    expect(long.ok && [long.expiresAt, long.issuedAt, long.nonce]).toEqual([
      seconds(120),
      seconds(0),
      id('delegation nonce'),
    ]);
  });

  it('T9: signs the longest credential that a payment request can carry, and refuses a longer one', () => {
    const list = (letter: string, count: number) =>
      Array.from({ length: count }, (_, i) => `${letter.repeat(30)}${String(i).padStart(2, '0')}`);
    const drafts = Array.from({ length: 64 }, (_, i) => {
      const commerce = { allowedCategories: list('a', 16), forbiddenCategories: list('b', 16) };
      return iacBytes({ agentId: `did:act:a/${'a'.repeat(i + 1)}`, ext: { commerce } });
    });
    const longest = drafts.findLast(({ length }) => length <= MAX_IAC_BYTES) ?? draft;
    expect(longest.length).toBe(MAX_IAC_BYTES);
    const next = drafts.find(({ length }) => length === MAX_IAC_BYTES + 1) ?? draft;
    expect(verdict(readDelegation, delegationOf(next), { profile: PROFILES['oled-3'] })).toBe('too-long');

    const reading = readDelegation(delegationOf(longest), { ...settings, profile: PROFILES['oled-3'] });
    if (!reading.ok) throw new Error(reading.reason);
    const gesture = { digests: [], viewDigest: reading.view.digest, method: 'hold-hardware-line' } as const;
    const latest = { counter: Number.MAX_SAFE_INTEGER, confirmedAt: seconds(0) };
    const { signed } = reading.sign({ ...gesture, ...latest }, softSigningKey(SIGNER_SEED));
    expect(() => DelegatedPayRequest.encode({ ...DELEGATED, iac: signed }, 'pay')).not.toThrow();
  });
});

function delegationOf(bytes: Uint8Array): readonly Uint8Array[] {
  return [delegationChallengeBytes(bytes), bytes];
}

const TERMS: EdgeTerms = {
  ...{ currency: 'CNY', items: [{ itemId: 'latte', quantity: 1 }], maxDailyMinor: 3_000, utcOffsetMin: 480 },
};

/** Of a credential that names what is bought, with this private part. */
function termed(vendorPrivate: string, over: Partial<IacPayload> = {}): readonly Uint8Array[] {
  return delegation({ delegationMode: 'SPECIFIED', ...over, ext: { vendorPrivate } });
}

function merchants(allowedMerchants: readonly string[]): Partial<IacPayload> {
  return { ext: { commerce: { allowedMerchants } } };
}

function words(userIntentRaw: string): Partial<IacPayload> {
  const { intentId: _, ...rest } = iac();
  return { ...rest, intentId: undefined as never, conversationHistory: { userIntentRaw } };
}
