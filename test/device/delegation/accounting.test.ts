import { describe, expect, it } from 'vitest';
import { seconds } from '../builders.ts';
import { accountAnswer, DAY_MS, SUB_ACCOUNT, statusOf } from './builders.ts';
import { active, atPrompt, issuing, reporting, requested, Stage } from './stage.ts';

const asked = (stage: Stage) => stage.last('sub-account-request').body;

describe('PSD-AGT-SUB: the sub-account by the wearer’s word', () => {
  it('is asked after at the PSP, bound to its agent, and its answer is spoken', () => {
    const stage = reporting();
    expect(stage.say('how much is in the account')).toEqual(['send sub-account-request to psp']);
    const { iac } = stage.held;
    expect(asked(stage)).toMatchObject({
      ...{ operation: 'QUERY', subAccountId: SUB_ACCOUNT, agentId: iac.agentId, currency: 'CNY' },
      delegatorIdentity: iac.delegatorIdentity,
    });
    expect(stage.frame(accountAnswer(asked(stage).requestId, { balanceMinor: 3_200 }))).toEqual([
      'say delegation-account',
    ]);
    expect(stage.said.at(-1)).toBe('The account of market report holds 32.00 yuan.');
    expect(stage.held.account).toEqual({
      subAccountId: SUB_ACCOUNT,
      known: { state: 'AVAILABLE', balanceMinor: 3_200, version: 0, asOf: seconds(20) },
    });
  });

  it('T17: "frozen" and "closed" are said only when the PSP has answered so', () => {
    for (const [words, pending, over, done] of [
      ['freeze the account', /freeze its account. It is not confirmed/, { state: 'FROZEN', version: 1 }, /is frozen/],
      ['close the account', /close its account. It is not confirmed/, { state: 'CANCELLED', version: 1 }, /is closed/],
    ] as const) {
      const stage = reporting();
      stage.say(words);
      expect(stage.said.at(-1)).toMatch(pending);
      expect([stage.prompt, stage.held.account?.known]).toEqual([undefined, undefined]);
      stage.frame(accountAnswer(asked(stage).requestId, over));
      expect(stage.said.at(-1)).toMatch(done);
      expect(stage.held.account).toMatchObject({ known: { state: over.state } });
      expect(stage.held.account?.errand).toBeUndefined();
    }
  });

  it.each([
    ['freeze the account', 'FROZEN', /is frozen/],
    ['freeze the account', 'CANCELLED', /is closed/],
    ['close the account', 'CANCELLED', /is closed/],
    ['freeze the account', 'BINDING_MISMATCH', /is not frozen/],
    ['close the account', 'AUTH_FAILED', /is not closed/],
    ['how much is in the account', 'NOT_OPENED', /cannot be looked at/],
  ] as const)('"%s" that fails with %s is told as what it means', (words, failure, says) => {
    const stage = reporting();
    stage.say(words);
    stage.frame(accountAnswer(asked(stage).requestId, {}, failure));
    expect(stage.said.at(-1)).toMatch(says);
    expect(stage.held.account).toEqual({ subAccountId: SUB_ACCOUNT });
  });

  it('T2: a stop is told again, over restarts and a lost link, until it is answered, under one number', () => {
    const stage = reporting();
    stage.say('freeze the account');
    stage.event({ kind: 'link', online: false });
    stage.pass(30_000);
    stage.crash();
    stage.pass(30_000);
    stage.event({ kind: 'link', online: true });
    stage.pass(3_600_000);
    const bodies = stage.sent.filter(({ type }) => type === 'sub-account-request').map(({ body }) => body);
    expect(bodies.length).toBeGreaterThan(10);
    expect(bodies.length).toBeLessThan(40);
    for (const one of bodies) expect(one).toEqual(bodies[0]);
    stage.frame(accountAnswer(asked(stage).requestId, { state: 'FROZEN', version: 1 }));
    stage.crash();
    stage.pass(3_600_000);
    expect(stage.count('sub-account-request')).toBe(bodies.length);
    expect(stage.held.account?.known?.state).toBe('FROZEN');
  });

  it('offline, what is known is told with its time, and what is not known is not', () => {
    const stage = reporting();
    stage.say('how much is in the account');
    stage.pass(10_000);
    expect(stage.said.at(-1)).toBe(
      'The payment service does not answer. I do not know what the account of market report holds.',
    );
    expect(stage.held.account?.errand).toBeUndefined();
    stage.say('how much is in the account');
    stage.frame(accountAnswer(asked(stage).requestId, { balanceMinor: 3_200 }));
    stage.pass(600_000);
    stage.say('how much is in the account');
    stage.pass(10_000);
    expect(stage.said.at(-1)).toMatch(
      /^The payment service does not answer. The account of market report holds 32.00 yuan. As far as I know, as of \d\d:\d\d.$/,
    );
  });

  it('an answer that comes too late to be spoken is still known', () => {
    const stage = reporting();
    stage.say('how much is in the account');
    stage.pass(10_000);
    expect(stage.frame(accountAnswer(asked(stage).requestId, { balanceMinor: 1 }))).toEqual([]);
    expect(stage.held.account?.known?.balanceMinor).toBe(1);
  });

  it('T5: another’s answer, and one about another account, agent or currency, mean nothing', () => {
    const stage = reporting();
    stage.say('freeze the account');
    const { requestId } = asked(stage);
    const frozen = { state: 'FROZEN', version: 1 } as const;
    expect(stage.frame(accountAnswer(requestId, frozen), 'other-psp')).toEqual([]);
    for (const wrong of [
      { subAccountId: 'sub-other' },
      { agentId: 'did:act:example.com/other' },
      { currency: 'USD' } as const,
    ])
      stage.frame(accountAnswer(requestId, { ...frozen, ...wrong }));
    expect(stage.held.account).toMatchObject({ subAccountId: SUB_ACCOUNT, errand: { operation: 'FREEZE' } });
    expect(stage.held.account?.known).toBeUndefined();
    expect(stage.said.filter((text) => /is frozen/.test(text))).toEqual([]);
  });

  it('T4: an older answer changes nothing, and nothing leads out of a closed account', () => {
    const stage = reporting();
    const known = () => stage.held.account?.known;
    const hear = (over: Parameters<typeof accountAnswer>[1]) =>
      stage.frame(accountAnswer('0'.repeat(32) as never, over));
    hear({ state: 'FROZEN', version: 3, asOf: seconds(40) });
    hear({ version: 2, asOf: seconds(50) });
    hear({ version: 3, asOf: seconds(30) });
    expect(known()?.state).toBe('FROZEN');
    hear({ state: 'CANCELLED', balanceMinor: 0, version: 4, asOf: seconds(50) });
    hear({ version: 5, asOf: seconds(60) });
    expect(known()?.state).toBe('CANCELLED');
  });

  it('T17: a later operation is known whichever gateway tells of it: their clocks differ, its number does not', () => {
    const stage = reporting();
    const hear = (over: Parameters<typeof accountAnswer>[1]) =>
      stage.frame(accountAnswer('0'.repeat(32) as never, over));
    hear({ version: 4, asOf: seconds(40) });
    hear({ state: 'FROZEN', version: 5, asOf: seconds(39) });
    expect(stage.held.account?.known).toMatchObject({ state: 'FROZEN', version: 5 });
  });

  it('a refusal ends it; a PSP that cannot answer now has decided nothing', () => {
    const stage = reporting();
    stage.say('freeze the account');
    const { requestId } = asked(stage);
    const refusal = (category: 'SYSTEM_UNAVAILABLE' | 'STATE_CONFLICT') =>
      stage.frame({ type: 'refusal', body: { requestId, category, code: 'repeated-request' } });
    refusal('SYSTEM_UNAVAILABLE');
    expect(stage.held.account?.errand).toMatchObject({ operation: 'FREEZE' });
    refusal('STATE_CONFLICT');
    expect(stage.said.at(-1)).toMatch(/is not frozen/);
    expect(stage.held.account?.errand).toBeUndefined();
  });

  it('closing replaces freezing and both replace a question; what is on its way is told, not asked again', () => {
    const stage = reporting();
    for (const [words, operation, count] of [
      ['how much is in the account', 'QUERY', 1],
      ['freeze the account', 'FREEZE', 2],
      ['how much is in the account', 'FREEZE', 2],
      ['freeze the account', 'FREEZE', 2],
      ['close the account', 'CANCEL', 3],
      ['freeze the account', 'CANCEL', 3],
    ] as const) {
      stage.say(words);
      expect(stage.held.account?.errand).toMatchObject({ operation });
      expect(stage.count('sub-account-request')).toBe(count);
    }
    expect(stage.said.at(-1)).toMatch(/not confirmed yet/);
  });

  it('the account of what is paid out of the wallet is none, and one that the PSP has not named is not guessed', () => {
    const stage = active();
    stage.say('close the account of the tickets');
    expect(stage.said.at(-1)).toMatch(/no account of its own/);
    const other = issuing(atPrompt(requested(new Stage(), 'a market report')));
    other.say('close the account');
    expect(other.said.at(-1)).toBe('There is nothing like that set up.');
    expect([stage.count('sub-account-request'), other.count('sub-account-request')]).toEqual([0, 0]);
  });

  it('asked after when nothing is set up, it is said that there is none', () => {
    const stage = new Stage();
    expect(stage.say('how much is in the account')).toEqual(['say delegation-account']);
    expect(stage.said.at(-1)).toBe('There is nothing like that set up.');
  });

  it('T17: where there is no account to freeze, what pays is paused', () => {
    const stage = active();
    expect(stage.say('freeze all accounts')).toEqual(['prompt lifecycle', 'listen reply']);
  });

  it('what cannot be undone is about one account: with two, the wearer is asked which', () => {
    const stage = reporting();
    stage.nowMs += 1_000;
    const two = active(issuing(atPrompt(requested(stage, 'a market report'))));
    const [, second] = two.all;
    two.frame(statusOf(second?.id ?? stage.held.id, 'Active', { asOf: seconds(12), subAccountId: 'sub-2' }));
    two.say('close the account');
    expect(two.said.at(-1)).toMatch(/Which account/);
    two.say('freeze all accounts');
    expect(two.count('sub-account-request')).toBe(2);
  });

  it('is known beyond the end of the delegation, which closes it', () => {
    const stage = reporting();
    stage.say('freeze the account');
    const { requestId } = asked(stage);
    stage.frame(statusOf(stage.held.id, 'Revoked', { version: 1, asOf: seconds(30) }));
    stage.frame(accountAnswer(requestId, { state: 'CANCELLED', balanceMinor: 0, version: 1, asOf: seconds(31) }));
    expect([stage.held.at, stage.held.account?.known?.state]).toEqual(['revoked', 'CANCELLED']);
    expect(stage.said.at(-1)).toMatch(/closed for good/);
  });

  it('is known beyond the last day by this device’s clock', () => {
    const stage = reporting();
    stage.say('how much is in the account');
    stage.frame(accountAnswer(asked(stage).requestId));
    stage.pass(8 * DAY_MS);
    expect([stage.held.at, stage.held.account?.known?.balanceMinor]).toEqual(['expired', 5_000]);
  });
});
