import { describe, expect, it } from 'vitest';
import { type HeldDelegation, hasPrompt } from '../../../device/delegation/state.ts';
import { step } from '../../../device/delegation/step.ts';
import type { SignerAnswer } from '../../../device/signer/port.ts';
import { msOf, openObject, type SubAccountChange } from '../../../protocol/index.ts';
import { AGENT, at, DEVICE, seconds, TENANT } from '../builders.ts';
import { accountAnswer, DAY_MS, directory, SUB_ACCOUNT, signed, spend, statusOf } from './builders.ts';
import { reporting, type Stage } from './stage.ts';

const FILL = 'put 20 yuan into the account';
const asked = (stage: Stage) => stage.last('sub-account-request').body;
const stands = (stage: Stage, over: Parameters<typeof accountAnswer>[1] = {}) =>
  stage.frame(accountAnswer(asked(stage).requestId, over));

/** The press is asked for: of an account with 10 in it, or of a frozen one. */
function atPrompt(words = FILL): Stage {
  const stage = reporting();
  stage.say(words);
  stands(stage, words === FILL ? { balanceMinor: 1_000, version: 3 } : { state: 'FROZEN', version: 3 });
  return stage;
}

function ordered(words = FILL): Stage {
  const stage = atPrompt(words);
  stage.press();
  return stage;
}

function changeOf(stage: Stage): SubAccountChange {
  const by = { trust: directory.trust, tenant: TENANT };
  const { value, signer } = openObject('sub-account-order', stage.last('sub-account-order').body.order, by);
  expect(signer.party).toBe(DEVICE);
  return value.change;
}

const answered = (stage: Stage, over: Parameters<typeof accountAnswer>[1]) =>
  stage.frame(accountAnswer(stage.last('sub-account-order').body.requestId, over));

describe('PSD-AGT-SUB: more money for an agent, by voice and press', () => {
  it('asks the PSP how the account stands, then the wearer for a press, and orders exactly that', () => {
    const stage = reporting();
    expect(stage.say(FILL)).toEqual(['send sub-account-request to psp']);
    expect(asked(stage).operation).toBe('QUERY');
    expect(stands(stage, { balanceMinor: 1_000, version: 3 })).toEqual(['prompt account', 'listen reply']);
    expect(stage.press()).toEqual(['send sub-account-order to psp', 'say delegation-account']);
    expect(changeOf(stage)).toMatchObject({
      ...{ operation: 'TOP_UP', amountMinor: 2_000, currency: 'CNY', version: 4 },
      ...{ subAccountId: SUB_ACCOUNT, delegationId: stage.held.id },
    });
    answered(stage, { balanceMinor: 3_000, version: 4, asOf: seconds(30) });
    expect(stage.said.at(-1)).toBe(
      '20.00 yuan were put into the account of market report. The account of market report holds 30.00 yuan.',
    );
    expect(stage.held.account?.errand).toBeUndefined();
  });

  it('unfreezes a frozen account, and says so only when the PSP has', () => {
    const stage = atPrompt('unfreeze the account');
    stage.press();
    expect(stage.said.at(-1)).toMatch(/unfreeze its account. It is not confirmed yet/);
    expect(changeOf(stage)).toMatchObject({ operation: 'UNFREEZE', version: 4 });
    expect(changeOf(stage).amountMinor).toBeUndefined();
    answered(stage, { version: 4, asOf: seconds(30) });
    expect(stage.said.at(-1)).toMatch(/^The account of market report pays again. The account of market report holds/);
  });

  it.each([
    [FILL, { state: 'FROZEN' }, /nothing was put into its account. The account of market report is frozen/],
    [FILL, { state: 'CANCELLED', balanceMinor: 0 }, /nothing was put .* is closed for good/],
    [
      FILL,
      { balanceMinor: 4_000 },
      /nothing was put into its account. What you have allowed leaves room for 10.00 yuan/,
    ],
    ['unfreeze the account', {}, /was not unfrozen. The account of market report holds 50.00 yuan/],
    ['unfreeze the account', { state: 'CANCELLED' }, /was not unfrozen. .* is closed for good/],
  ] as const)('T14: "%s" asks for no press where it cannot be done', (words, over, says) => {
    const stage = reporting();
    stage.say(words);
    stands(stage, over);
    expect(stage.prompt).toBeUndefined();
    expect(stage.said.at(-1)).toMatch(says);
  });

  it('T14: what was paid leaves no room', () => {
    const stage = reporting();
    stage.frame(spend(stage.held.authorization, 1, 2_500));
    stage.say(FILL);
    stands(stage, { balanceMinor: 1_000 });
    expect(stage.said.at(-1)).toMatch(/room for 15.00 yuan/);
  });

  it.each([
    ['INSUFFICIENT_BALANCE', /nothing was put into its account. Your own account holds too little/],
    ['LIMIT_EXCEEDED', /nothing was put into its account. That is more than you have allowed/],
    ['FROZEN', /nothing was put into its account. The account of market report is frozen/],
    ['CANCELLED', /closed for good/],
    ['BINDING_MISMATCH', /nothing was put into its account\.$/],
  ] as const)('is told when the PSP fails it with %s', (failure, says) => {
    const stage = ordered();
    stage.frame(accountAnswer(stage.last('sub-account-order').body.requestId, {}, failure));
    expect(stage.said.at(-1)).toMatch(says);
    expect(stage.held.account?.errand).toBeUndefined();
  });

  it('T17: a refusal ends the order; a PSP that cannot answer now has decided nothing', () => {
    const stage = ordered();
    const { requestId } = stage.last('sub-account-order').body;
    stage.frame({ type: 'refusal', body: { requestId, category: 'SYSTEM_UNAVAILABLE', code: 'later' } });
    expect(stage.held.account?.errand?.step).toBe('ordered');
    stage.frame({ type: 'refusal', body: { requestId, category: 'STATE_CONFLICT', code: 'stale-version' } });
    expect([stage.said.at(-1), stage.held.account?.errand]).toEqual([
      'market report: nothing was put into its account.',
      undefined,
    ]);
  });

  it('T2: an order that was signed goes out again, byte for byte, over restarts and a lost link, until it is answered', () => {
    const stage = ordered();
    stage.event({ kind: 'link', online: false });
    stage.pass(30_000);
    stage.crash();
    stage.pass(30_000);
    stage.event({ kind: 'link', online: true });
    stage.pass(600_000);
    const bodies = stage.sent.filter(({ type }) => type === 'sub-account-order').map(({ body }) => body);
    expect(bodies.length).toBeGreaterThan(5);
    for (const one of bodies) expect(one).toEqual(bodies[0]);
    answered(stage, { balanceMinor: 3_000, version: 4, asOf: seconds(900) });
    stage.pass(3_600_000);
    expect(stage.count('sub-account-order')).toBe(bodies.length);
  });

  it.each([
    [
      'is asked about',
      (): Stage => {
        const stage = reporting();
        stage.say(FILL);
        return stage;
      },
    ],
    [
      'waits for its turn',
      (): Stage => {
        const stage = reporting();
        stage.say(FILL);
        stage.purchase = { at: 'confirming' } as never;
        stands(stage, { balanceMinor: 1_000 });
        expect(stage.held.account?.errand?.step).toBe('waiting');
        stage.purchase = { at: 'idle' };
        return stage;
      },
    ],
    ['is at the signer', () => atPrompt()],
  ] as const)('T2: a wish that %s does not outlive the process: nothing is signed that nobody remembers', (_, made) => {
    const stage = made();
    stage.crash();
    expect(stage.said.at(-1)).toBe('market report: nothing was put into its account.');
    expect([stage.held.account?.errand, stage.prompt]).toEqual([undefined, undefined]);
    stage.pass(600_000);
    expect(stage.count('sub-account-order')).toBe(0);
  });

  it.each([['declined'], ['cancelled'], ['timed-out']] as const)(
    'T18: without a hold nothing is ordered: %s',
    (kind) => {
      const stage = atPrompt();
      stage.answer({ kind });
      expect([stage.count('sub-account-order'), stage.held.account?.errand]).toEqual([0, undefined]);
      expect(stage.said.at(-1)).toMatch(/nothing was put/);
    },
  );

  it.each([
    ['no', FILL],
    ['cancel', 'unfreeze the account'],
  ])(
    'T18: "%s" takes the prompt away that the wearer sees, also where something else is being talked about',
    (no, words) => {
      const stage = atPrompt(words);
      expect(stage.say('two concert tickets when they go on sale')).toContain('listen reply');
      expect(stage.say(no)).toEqual(['unprompt', 'say delegation-account']);
      expect(stage.all.map((one) => [one.at, hasPrompt(one)])).toEqual([
        ['active', false],
        ['summarising', false],
      ]);
    },
  );

  it('"no" takes the prompt away', () => {
    const stage = atPrompt();
    expect(stage.say('no')).toEqual(['unprompt', 'say delegation-account']);
    expect([stage.prompt, stage.held.account?.errand]).toEqual([undefined, undefined]);
  });

  it('a payment’s prompt goes first; the wish waits for its turn, but not for ever', () => {
    const stage = atPrompt();
    stage.purchase = { at: 'confirming' } as never;
    stage.answer({ kind: 'void', reason: 'new-cart' });
    expect(stage.held.account?.errand?.step).toBe('waiting');
    stage.pass(30_000);
    stage.purchase = { at: 'idle' };
    expect(stage.event({ kind: 'tick' })).toEqual(['prompt account', 'listen reply']);
    stage.purchase = { at: 'confirming' } as never;
    stage.answer({ kind: 'void', reason: 'new-cart' });
    stage.pass(61_000);
    expect([stage.held.account?.errand, stage.said.at(-1)]).toEqual([
      undefined,
      'market report: nothing was put into its account.',
    ]);
  });

  it('T2 T5: an order that another signer made, or about something else, is none', () => {
    const other = (stage: Stage, forge: (one: SignerAnswer) => SignerAnswer) => {
      if (!stage.prompt) throw new Error('no prompt');
      stage.answer(forge(signed(stage.prompt.request)));
      expect(stage.count('sub-account-order')).toBe(0);
      expect(stage.said.at(-1)).toMatch(/nothing was put/);
    };
    const stage = atPrompt();
    const { prompt } = stage;
    other(stage, () => signed(prompt?.request ?? (undefined as never), {}, 'glasses-02'));
    other(atPrompt(), () => signed(atPrompt('unfreeze the account').prompt?.request ?? (undefined as never)));
    other(atPrompt(), (one) => ({ ...one, signed: new Uint8Array(9) }) as SignerAnswer);
  });

  it('T17: a stop replaces it, also one that is on its way; another wish waits for that', () => {
    const stage = atPrompt();
    expect(stage.say('freeze the account')).toEqual([
      'unprompt',
      'send sub-account-request to psp',
      'say delegation-account',
    ]);
    const late = ordered();
    late.say(FILL);
    expect([late.said.at(-1), late.held.account?.errand?.step]).toEqual([
      expect.stringMatching(/fill its account. It is not confirmed yet/),
      'ordered',
    ]);
    late.say('freeze the account');
    expect(late.held.account?.errand).toMatchObject({ step: 'telling', operation: 'FREEZE' });
  });

  it('offline nothing is pressed for: how the account stands is not known', () => {
    const stage = reporting();
    stage.say(FILL);
    stage.pass(10_000);
    expect(stage.said.at(-1)).toBe(
      'The payment service does not answer. market report: nothing was put into its account.',
    );
    expect([stage.prompt, stage.held.account?.errand]).toEqual([undefined, undefined]);
  });

  it('of a delegation that is over nothing is filled up', () => {
    const stage = reporting();
    stage.say(FILL);
    stage.frame(statusOf(stage.held.id, 'Revoked', { version: 1, asOf: seconds(30) }));
    stands(stage, { balanceMinor: 1_000 });
    expect([stage.prompt, stage.count('sub-account-order')]).toEqual([undefined, 0]);
  });

  /** As if a payment's prompt were open, and then not any more. */
  function atWait(): Stage {
    const stage = atPrompt();
    stage.purchase = { at: 'confirming' } as never;
    stage.answer({ kind: 'void', reason: 'new-cart' });
    expect(stage.held.account?.errand?.step).toBe('waiting');
    return stage;
  }
  const free = (stage: Stage) => {
    stage.purchase = { at: 'idle' };
    stage.event({ kind: 'tick' });
  };

  it.each([
    ['revoked', (stage: Stage) => stage.frame(statusOf(stage.held.id, 'Revoked', { version: 1, asOf: seconds(30) }))],
    ['expired', (stage: Stage) => stage.pass(8 * DAY_MS)],
  ] as const)('T17: nothing is signed once the delegation is %s: an open prompt goes', (where, end) => {
    const open = atPrompt();
    expect(end(open)).toContain('unprompt');
    expect([open.held.at, open.prompt, open.held.account?.errand]).toEqual([where, undefined, undefined]);
    expect(open.said.at(-1)).toBe('market report: nothing was put into its account.');
  });

  it('T17: nor does a wish that waits for its turn get it once the delegation is over', () => {
    const revoked = atWait();
    revoked.frame(statusOf(revoked.held.id, 'Revoked', { version: 1, asOf: seconds(30) }));
    free(revoked);
    expect([revoked.prompt, revoked.held.account?.errand]).toEqual([undefined, undefined]);
    const expiring = reporting();
    expiring.pass(msOf(expiring.held.iac.validityEndTime) - at(0) - expiring.nowMs - 1_000);
    expiring.say(FILL);
    expiring.purchase = { at: 'confirming' } as never;
    stands(expiring, { balanceMinor: 1_000 });
    expect(expiring.held.account?.errand?.step).toBe('waiting');
    expiring.pass(1_000);
    free(expiring);
    expect([expiring.held.at, expiring.prompt, expiring.held.account?.errand]).toEqual([
      'expired',
      undefined,
      undefined,
    ]);
  });

  it('T17: a turn that comes to a delegation that is over ends the wish', () => {
    const stage = atWait();
    const { settings, book } = { settings: stage.settings, book: undefined as never };
    const over = { ...stage.held, at: 'revoked' } as never;
    const turn = { kind: 'turn', of: 'prompt', mayListen: true } as const;
    const { state, effects } = step({ settings, book }, over, turn, stage.now);
    expect(effects.map((one) => one.do)).toEqual(['say']);
    expect((state as HeldDelegation).account?.errand).toBeUndefined();
  });

  it('T17: the hold after a stop signs the stop: what was to be filled goes, and does not come back', () => {
    const stage = atPrompt();
    expect(stage.say('pause everything')).toEqual([
      'unprompt',
      'say delegation-account',
      'prompt lifecycle',
      'listen reply',
    ]);
    stage.press();
    expect([stage.count('lifecycle'), stage.count('sub-account-order')]).toEqual([1, 0]);
    expect([stage.held.account?.errand, stage.held.change]).toMatchObject([undefined, { to: 'Suspended' }]);
    const asking = reporting();
    asking.say(FILL);
    for (const one of [atWait(), asking]) {
      one.purchase = { at: 'idle' };
      one.say('pause everything');
      expect(one.held.account?.errand).toBeUndefined();
    }
  });

  it('T14, T17: the hold that an alarm asks for is no hold for money', () => {
    const stage = atPrompt();
    const lines = stage.frame(spend(stage.held.authorization, 1, 900_000, { noCart: true }));
    expect(lines).toEqual(expect.arrayContaining(['unprompt', 'say delegation-alarm', 'prompt lifecycle']));
    expect(lines.indexOf('unprompt')).toBeLessThan(lines.indexOf('prompt lifecycle'));
    stage.press();
    expect([stage.count('lifecycle'), stage.count('sub-account-order')]).toEqual([1, 0]);
  });

  it('T17: also where that stop is on its way already; a wish to go on leaves it', () => {
    const stopping = reporting();
    stopping.say('pause everything');
    stopping.press();
    stopping.say(FILL);
    stands(stopping, { balanceMinor: 1_000 });
    expect(stopping.prompt?.request.kind).toBe('account');
    expect(stopping.say('pause everything')).toEqual(['unprompt', 'say delegation-account', 'say delegation-pending']);
    expect([stopping.prompt, stopping.held.account?.errand]).toEqual([undefined, undefined]);
    const stopped = reporting();
    stopped.frame(statusOf(stopped.held.id, 'Suspended', { version: 1, asOf: seconds(15) }));
    stopped.say(FILL);
    stands(stopped, { balanceMinor: 1_000 });
    stopped.say('resume everything');
    expect([stopped.prompt?.request.kind, stopped.held.account?.errand?.step]).toEqual(['account', 'open']);
  });

  it('T13: the agent’s word that the account holds too little is told once, as its word', () => {
    const stage = reporting();
    const news = (version: number, reason?: string) =>
      stage.frame(
        {
          type: 'delegation-news',
          body: { delegationId: stage.held.id, version, state: 'watching', ...(reason && { reason }) },
        },
        AGENT,
      );
    expect(news(2, 'insufficient-balance')).toEqual(['say delegation-account']);
    expect(stage.said.at(-1)).toMatch(/the agent says that its account holds too little/);
    expect(news(3, 'insufficient-balance')).toEqual([]);
    expect([news(4), news(5, 'insufficient-balance')]).toEqual([[], ['say delegation-account']]);
  });
});
