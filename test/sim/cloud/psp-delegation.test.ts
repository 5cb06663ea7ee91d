import { describe, expect, it } from 'vitest';
import {
  type Digest,
  digestOf,
  type EpochSeconds,
  encodeCbor,
  type IacPayload,
  openObject,
  signObject,
  thumbprintOf,
  utf8,
} from '../../../protocol/index.ts';
import { principalOf } from '../../../sim/cloud/index.ts';
import { MAX_DELEGATION_REQUESTS } from '../../../sim/cloud/psp-delegation.ts';
import { draftFault } from '../../../sim/cloud/psp-delegation-checks.ts';
import { STATUS_FRESH_S } from '../../../sim/cloud/psp-delegation-parts.ts';
import { AGENT_KEY, DAY_S, DelegationTill, told } from './delegation-till.ts';
import { keyOf } from './hands.ts';
import { by, DEVICE, deviceHand, id, OTHER_DEVICE, secretsOf, tenant } from './stage.ts';

const seconds = (value: number) => value as EpochSeconds;

describe('a drafted credential', () => {
  it('is answered with a challenge for exactly this draft, this agent key and this device (ADD-IAC-ISS)', () => {
    const till = new DelegationTill();
    const iac = till.draft('coffee');
    expect(till.propose('coffee', iac)).toBe('delegation-challenge');
    const { value, signer } = openObject('delegation-challenge', till.challenge, by);
    expect(signer.party).toBe('psp');
    expect(value).toMatchObject({ payer: DEVICE, agentKey: thumbprintOf(AGENT_KEY.publicKey), issuedAt: till.now });
  });

  it('T3: gets the stored challenge again when it is asked again', () => {
    const till = new DelegationTill();
    const iac = till.draft('coffee');
    till.propose('coffee', iac);
    const first = till.challenge;
    till.pass(5_000);
    till.propose('coffee', iac);
    expect(till.challenge).toEqual(first);
  });

  it('T2: ends with a refusal for whatever else comes under its request id', () => {
    const till = new DelegationTill();
    const iac = till.draft('coffee');
    till.propose('coffee', iac);
    const body = till.signed('coffee', iac);
    expect(till.propose('coffee', { ...iac, maxTotalMinor: 9_999 })).toBe('repeated-request');
    expect(till.confirm(body)).toBe('repeated-request');
  });

  it.each<[string, (till: DelegationTill) => Partial<IacPayload>, string]>([
    ['of another wearer', () => ({ delegatorIdentity: principalOf(OTHER_DEVICE) }), 'wearer-mismatch'],
    ['for an agent that nobody registered', () => ({ agentId: 'did:act:example.com/nobody' }), 'agent-unknown'],
    [
      'that is over',
      (till) => ({ validityStartTime: seconds(till.now - 9), validityEndTime: till.now }),
      'window-invalid',
    ],
    ['for more than a year', (till) => ({ validityEndTime: seconds(till.now + 367 * DAY_S) }), 'window-invalid'],
    [
      'that began more than a year before it ends',
      (till) => ({ validityStartTime: seconds(till.now - 366 * DAY_S) }),
      'window-invalid',
    ],
    ['in a currency the account does not have', (till) => usd(till), 'currency-unsupported'],
    ['over nothing', (till) => ({ maxTotalMinor: 0, ext: noSingle(till) }), 'nothing-to-pay'],
    [
      'with a method nobody offers',
      () => ({ allowedPaymentMethods: ['urn:act:payment:shells'] }),
      'method-unsupported',
    ],
    ['without a target', () => ({ ext: {} }), 'terms-unreadable'],
    ['with terms nobody can read', () => ({ ext: { vendorPrivate: '{"act_edge":{"more":1}}' } }), 'terms-unreadable'],
    ['whose orders could not be found', () => ({ intentId: undefined as never }), 'draft-malformed'],
  ])('is refused where it is one %s', (_what, change, code) => {
    const till = new DelegationTill();
    const { intentId, ...iac } = { ...till.draft('coffee'), ...change(till) };
    expect(till.propose('coffee', { ...iac, ...(intentId && { intentId }) })).toBe(code);
  });

  it('is refused for a merchant that nobody registered, allowed or forbidden', () => {
    for (const commerce of [{ allowedMerchants: ['paper-crane-2'] }, { forbiddenMerchants: ['paper-crane-2'] }]) {
      const till = new DelegationTill();
      expect(till.propose('coffee', till.draft('coffee', { commerce }))).toBe('payee-unknown');
    }
  });

  it('T23: is refused for a key that is not an object key of that agent', () => {
    const till = new DelegationTill();
    const others = [tenant.psp.objectSeed, tenant.agent.frameSeed].map((seed) => thumbprintOf(keyOf(seed).publicKey));
    // The first 8 bytes are the kid, and no more than a hint.
    const alike = `${thumbprintOf(AGENT_KEY.publicKey).slice(0, 16)}${'0'.repeat(48)}` as Digest;
    for (const [i, agentKey] of [...others, alike].entries())
      expect(till.propose(`coffee ${i}`, till.draft('coffee'), till.device, agentKey)).toBe('agent-key-unknown');
  });

  it('T18: is refused from a device that was reported lost', () => {
    const till = new DelegationTill();
    till.command(`lock ${DEVICE}`);
    expect(till.propose('coffee', till.draft('coffee'))).toBe('device-locked');
  });

  it('T21: is refused where it is no credential at all', () => {
    const till = new DelegationTill();
    const agentKey = thumbprintOf(AGENT_KEY.publicKey);
    for (const iac of [new Uint8Array([0xff]), encodeCbor('draft'), encodeCbor(new Map([[1, 2]]))]) {
      const body = { requestId: id(`junk ${digestOf(iac)}`), iac, agentKey };
      expect(told(till.hear({ type: 'delegation-request', body }, till.device))).toBe('draft-malformed');
    }
  });

  it('T30: is not looked at beyond so many of one device that came to nothing of late', () => {
    const till = new DelegationTill();
    for (let i = 0; i < MAX_DELEGATION_REQUESTS; i += 1) {
      till.propose(`draft ${i}`, till.draft('coffee'));
      till.pass(100);
    }
    expect(till.propose('one more', till.draft('coffee'))).toBe('too-many-requests');
    till.pass(700_000);
    expect(till.propose('one more', till.draft('coffee'))).toBe('delegation-challenge');
  });
});

describe('a signed credential', () => {
  it('is Active, and its agent gets what pays under it', () => {
    const till = new DelegationTill();
    till.issue('coffee');
    expect(till.status()).toMatchObject({ state: 'Active', version: 0, spentMinor: 0, currency: 'CNY' });
    expect(till.status().freshUntil - till.status().asOf).toBe(STATUS_FRESH_S);
    expect(till.agent.latest('instrument').body).toMatchObject({ delegationId: id('coffee delegation') });
    expect(till.token).toMatch(/^delegated-[0-9a-f]{32}$/);
  });

  it('pays out of a sub-account that is filled from the wallet where the agent chooses (PSD-AGT-SUB)', () => {
    const till = new DelegationTill();
    till.issue('report', { iac: { delegationMode: 'BOUNDED' } });
    expect(till.subAccountId).toMatch(/^sub-[0-9a-f]{32}$/);
    expect(till.psp.delegations.wallet(DEVICE, 'CNY')).toBe(1_000_000 - 10_000);
  });

  it('T3: is answered with its status again, and issued once', () => {
    const till = new DelegationTill();
    const iac = till.draft('report', { iac: { delegationMode: 'BOUNDED' } });
    till.propose('report', iac);
    const body = till.signed('report', iac);
    expect([till.confirm(body), till.confirm(body), till.confirm(body)]).toEqual(['Active', 'Active', 'Active']);
    expect(till.agent.all('instrument')).toHaveLength(1);
    expect(till.psp.delegations.wallet(DEVICE, 'CNY')).toBe(1_000_000 - 10_000);
  });

  it('is refused where the wallet does not hold what the sub-account is to be filled with', () => {
    const till = new DelegationTill();
    const iac = till.draft('report', { iac: { delegationMode: 'BOUNDED', maxTotalMinor: 1_000_001 } });
    till.propose('report', iac);
    expect(till.confirm(till.signed('report', iac))).toBe('insufficient-balance');
    expect(till.query('report')).toBe('delegation-unknown');
  });

  it('T6: is refused where it is not the draft that was challenged', () => {
    const till = new DelegationTill();
    const iac = till.draft('coffee');
    till.propose('coffee', iac);
    expect(till.confirm(till.signed('coffee', { ...iac, maxTotalMinor: 99_999 }))).toBe('challenge-mismatch');
  });

  it.each([
    ['another challenge', { challengeDigest: digestOf(utf8('another')) }, 'challenge-mismatch'],
    ['another agent key', { agentKey: digestOf(utf8('another')) }, 'challenge-mismatch'],
  ])('T6: is refused for %s', (_what, other, code) => {
    const till = new DelegationTill();
    const iac = till.draft('coffee');
    till.propose('coffee', iac);
    expect(till.confirm(till.signed('coffee', iac, other))).toBe(code);
  });

  it('is refused without the same signature over its JSON', () => {
    const till = new DelegationTill();
    const iac = till.draft('coffee');
    till.propose('coffee', iac);
    expect(till.confirm({ ...till.signed('coffee', iac), jsonSignature: new Uint8Array(64) })).toBe('bad-confirmation');
  });

  it('T5: is refused from the signer of another device', () => {
    const till = new DelegationTill();
    const iac = till.draft('coffee');
    till.propose('coffee', iac);
    expect(till.confirm(till.signed('coffee', iac, {}, OTHER_DEVICE))).toBe('wrong-signer');
  });

  it('T25: is refused where it is some other signed thing', () => {
    const till = new DelegationTill();
    const iac = till.draft('coffee');
    till.propose('coffee', iac);
    const { jsonSignature, requestId } = till.signed('coffee', iac);
    const authorization = till.wish('coffee', 'Revoked', 1);
    expect(till.confirm({ requestId, authorization, jsonSignature })).toBe('bad-confirmation');
  });

  it('T16: is refused when the challenge has expired, and stays refused whatever the clock says', () => {
    const till = new DelegationTill();
    const iac = till.draft('coffee');
    till.propose('coffee', iac);
    const body = till.signed('coffee', iac);
    till.pass(120_000);
    expect(till.confirm(body)).toBe('expired-challenge');
    till.clock.advance(-60_000);
    expect(till.confirm(body)).toBe('expired-challenge');
  });

  it('T18: is refused from a device that was lost after the challenge', () => {
    const till = new DelegationTill();
    const iac = till.draft('coffee');
    till.propose('coffee', iac);
    till.command(`lock ${DEVICE}`);
    expect(till.confirm(till.signed('coffee', iac))).toBe('device-locked');
  });

  it('T4: is refused for good where its request was never seen', () => {
    const till = new DelegationTill();
    const iac = till.draft('coffee');
    till.propose('coffee', iac);
    const body = { ...till.signed('coffee', iac), requestId: id('another') };
    expect(till.confirm(body)).toBe('unknown-request');
    expect(till.propose('another', iac)).toBe('repeated-request');
  });

  it('T19: locks the device where its number was used for another object', () => {
    const till = new DelegationTill();
    till.issue('coffee');
    const iac = till.draft('tea');
    till.propose('tea', iac);
    expect(till.confirm(till.signed('tea', iac, { counter: 1 }))).toBe('counter-forked');
    expect(till.status()).toMatchObject({ delegationId: id('coffee delegation'), state: 'Suspended' });
  });

  it('T4: is refused where its number was overtaken by a later one', () => {
    const till = new DelegationTill();
    const iac = till.draft('coffee');
    till.propose('coffee', iac);
    const early = till.signed('coffee', iac);
    till.issue('tea');
    expect(till.confirm(early)).toBe('counter-replayed');
  });

  it('is refused under an id that stands for another one', () => {
    const till = new DelegationTill();
    till.issue('coffee');
    const iac = { ...till.draft('tea'), delegationId: id('coffee delegation') };
    expect(till.propose('tea', iac)).toBe('delegation-exists');
  });

  it('is issued once where two drafts of one id were challenged', () => {
    const till = new DelegationTill();
    const iac = till.draft('coffee');
    till.propose('one', iac);
    const one = till.signed('one', iac);
    till.propose('two', { ...iac, maxTotalMinor: 5_000 });
    const two = till.signed('two', { ...iac, maxTotalMinor: 5_000 });
    expect([till.confirm(one), till.confirm(two)]).toEqual(['Active', 'delegation-exists']);
  });
});

describe('whoever asks where a delegation stands', () => {
  it('T5: hears of it as its device and as its agent, and nobody else does', () => {
    const till = new DelegationTill();
    till.issue('coffee');
    expect(till.query('coffee')).toBe('Active');
    expect(till.query('coffee', till.agent)).toBe('Active');
    expect(till.query('coffee', deviceHand(till, OTHER_DEVICE))).toBe('delegation-unknown');
    expect(till.query('tea')).toBe('delegation-unknown');
  });

  it('gets what pays again as its agent, as long as it is not over', () => {
    const till = new DelegationTill();
    till.issue('coffee');
    till.query('coffee', till.agent);
    expect(till.agent.all('instrument')).toHaveLength(2);
    till.change('coffee', 'Revoked', 1);
    till.query('coffee', till.agent);
    expect(till.agent.all('instrument')).toHaveLength(2);
  });
});

it('T17: claims nothing while the ledger does not answer, and issues once it does', () => {
  for (const isDown of ['before', 'after'] as const) {
    const till = new DelegationTill();
    const iac = till.draft('report', { iac: { delegationMode: 'BOUNDED' } });
    till.propose('report', iac);
    till.store.isDown = isDown;
    expect(till.confirm(till.signed('report', iac))).toBe('silence');
    till.store.isDown = false;
    till.pass(1_000);
    expect(till.status()).toMatchObject({ state: 'Active', delegationId: iac.delegationId });
    expect(till.psp.delegations.wallet(DEVICE, 'CNY')).toBe(1_000_000 - 10_000);
  }
});

it('T18: is not issued where its device was lost while it was on its way', () => {
  const till = new DelegationTill();
  const iac = till.draft('coffee');
  till.propose('coffee', iac);
  till.store.isDown = 'before';
  till.confirm(till.signed('coffee', iac));
  till.command(`lock ${DEVICE}`);
  till.store.isDown = false;
  till.pass(1_000);
  expect([till.device.latest('refusal').body.code, till.query('coffee')]).toEqual([
    'device-locked',
    'delegation-unknown',
  ]);
});

it('is not drafted on an account that was closed', () => {
  const till = new DelegationTill();
  const iac = till.draft('coffee');
  const account = {
    account: DEVICE,
    principal: iac.delegatorIdentity,
    currency: 'CNY',
    bindingCapMinor: 1,
    methods: [],
  };
  const about = {
    iac,
    agentKey: thumbprintOf(AGENT_KEY.publicKey),
    now: till.now,
    isMerchant: () => true,
    agent: 'agent',
  };
  const known = {
    isLocked: false,
    isAgentKeyKnown: true,
    isIssued: false,
    hasJsonForm: true,
    methods: [],
    terms: undefined,
  };
  expect(draftFault({ ...about, ...known, account: { ...account, isClosed: true } })).toBe('account-closed');
});

function usd(till: DelegationTill): Partial<IacPayload> {
  const { ext, ...iac } = till.draft('coffee', { terms: { currency: 'USD' } });
  return { ...iac, currency: 'USD', ...(ext && { ext }) };
}

function noSingle(till: DelegationTill): NonNullable<IacPayload['ext']> {
  return till.draft('coffee', { commerce: {} }).ext ?? {};
}

it('T25: takes no other object of the same signer for an authorization', () => {
  const till = new DelegationTill();
  const iac = till.draft('coffee');
  till.propose('coffee', iac);
  const key = keyOf(secretsOf(DEVICE).confirmationSeed);
  const authorization = signObject(
    'binding-consent',
    {
      offerDigest: digestOf(till.challenge),
      viewDigest: digestOf(utf8('what was shown')),
      method: 'hold-simulated',
      counter: till.count(),
      confirmedAt: till.now,
    },
    key,
  );
  expect(till.confirm({ ...till.signed('coffee', iac), authorization })).toBe('bad-confirmation');
});
