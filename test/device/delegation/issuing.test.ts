import { describe, expect, it } from 'vitest';
import { type Delegation, hasPrompt } from '../../../device/delegation/state.ts';
import type { SignerAnswer } from '../../../device/signer/port.ts';
import { ActIsr, decodeCbor, digestOf, hex, IacPayload, jsonDigest, termsOf } from '../../../protocol/index.ts';
import { AGENT, DEVICE, id, MERCHANT, PSP, seconds } from '../builders.ts';
import { AGENT_ID, AGENT_KEY, challengeFor, coffee, draft, settings, signed, statusOf, voice } from './builders.ts';
import { active, atPrompt, issuing, requested, Stage } from './stage.ts';

/** What came with words that were said of something else. */
const heard = { digest: digestOf(new Uint8Array(1)), contextRef: 'words:1', mode: 'VOICE', locale: 'en-US' } as never;

const refusal = (requestId: ReturnType<typeof id>, code: string, category = 'STATE_CONFLICT') =>
  ({ type: 'refusal', body: { requestId, category, code } }) as never;

describe('from words to a delegation in force', () => {
  it('asks for what is missing, sums up, asks the PSP, shows the bounds, signs, and gives the task to the agent', () => {
    const stage = new Stage();
    expect(stage.say('some concert tickets')).toEqual(['say delegation-question', 'listen order']);
    expect(stage.say('1280 each')).toEqual(['say delegation-summary', 'listen reply']);
    expect(stage.say('yes')).toEqual(['say delegation-checking', 'send delegation-request to psp']);
    const { requestId, iac } = stage.last('delegation-request').body;
    expect(stage.frame(challengeFor(requestId, iac))).toEqual(['prompt delegation', 'listen reply']);
    expect(stage.press()).toEqual(['send delegation-confirm to psp', 'say delegation-signed']);
    const first = stage.frame(statusOf(stage.only.id, 'Active'));
    expect(first).toEqual(['say delegation-active', 'send delegation-task to agent']);
    expect(stage.only.at).toBe('active');
    expect(stage.last('delegation-task').body.authorization).toEqual(
      stage.last('delegation-confirm').body.authorization,
    );
  });

  it('drafts exactly the bounds that were confirmed, for this principal, this agent and its one key', () => {
    const { iac, agentKey } = requested().last('delegation-request').body;
    const payload = IacPayload.decode(decodeCbor(iac), 'iac');
    expect(agentKey).toBe(AGENT_KEY);
    expect(payload).toMatchObject({
      ...{ delegatorIdentity: 'did:act:example.com/person-1', agentId: AGENT_ID, delegationMode: 'SPECIFIED' },
      ...{ maxTotalMinor: 256_000, currency: 'CNY', allowedPaymentMethods: ['urn:act:payment:alipay'] },
      ...{ validityStartTime: seconds(0), validityEndTime: seconds(7 * 86_400) },
    });
    expect(payload.ext?.commerce).toEqual({ maxSingleMinor: 256_000, allowedMerchants: [MERCHANT] });
    expect(termsOf(payload)).toEqual({
      ...{ currency: 'CNY', items: [{ itemId: 'concert-ticket', quantity: 2 }], maxOrders: 1, utcOffsetMin: 480 },
    });
  });

  it('ADD-IAC-ISS: names the intent by the digest of its RFC 8785 form, for whoever has JSON only', () => {
    const stage = new Stage();
    stage.say('two concert tickets when they go on sale');
    const { heard } = stage.only as Extract<Delegation, { at: 'summarising' }>;
    stage.say('yes');
    const { iac } = stage.last('delegation-request').body;
    const { delegationId, delegatorIdentity, sourceIsrDigest, ...shared } = IacPayload.decode(decodeCbor(iac), 'iac');
    const { digest: userIntentRawDigest, contextRef, mode } = heard;
    const isr = { ...shared, conversationHistory: { userIntentRawDigest, contextRef, inputMode: [mode] } };
    expect(sourceIsrDigest).toBe(hex(jsonDigest(ActIsr, isr as never, 'isr')));
  });

  it('keeps days, hours and the limit per day of what comes again, and does not make it one order', () => {
    const stage = requested(new Stage(), 'an iced latte every weekday');
    const payload = IacPayload.decode(decodeCbor(stage.last('delegation-request').body.iac), 'iac');
    expect(termsOf(payload)).toMatchObject({
      maxDailyMinor: 3_000,
      weekdays: [1, 2, 3, 4, 5],
      fromMin: 0,
      untilMin: 540,
    });
    expect(termsOf(payload)).not.toHaveProperty('maxOrders');
  });

  it.each([
    ['no principal is known', { delegation: undefined as never }, 0],
    ['the agent is not registered', { agent: 'nobody' }, 0],
  ])('sends nothing where %s', (_why, over, count) => {
    const stage = new Stage(over);
    stage.say('two concert tickets when they go on sale');
    if (stage.all.length > 0) stage.say('yes');
    expect([stage.count('delegation-request'), stage.all]).toEqual([count, []]);
  });

  it('says so when it is more than one credential has room for', () => {
    const lines = Array.from({ length: 9 }, (_, i) => ({ itemId: `item-${i}`, quantity: 1, options: [] }));
    const crowded = { ...voice, parse: () => ({ kind: 'draft', draft: draft({ lines }) }) as const };
    const stage = requested(new Stage({ delegation: { principal: 'did:act:example.com/person-1', voice: crowded } }));
    expect(stage.said.at(-1)).toBe('Nothing was set up. That is too much for one. Please split it up.');
  });
});

describe('before the signature', () => {
  it.each(['no', 'cancel'])('"%s" ends it wherever it stands', (word) => {
    for (const at of [0, 1, 2]) {
      const stage = [() => said(), () => requested(), () => atPrompt()][at]?.() ?? new Stage();
      stage.say(word);
      expect([stage.all, stage.prompt]).toEqual([[], undefined]);
      expect(stage.said.at(-1)).toContain('Nothing was set up.');
    }
  });

  const said = () => {
    const stage = new Stage();
    stage.say('two concert tickets when they go on sale');
    return stage;
  };

  it('nothing said is no, after being asked three times at most', () => {
    const stage = said();
    stage.silence();
    stage.silence();
    expect(stage.all).toHaveLength(1);
    stage.silence();
    expect(stage.all).toEqual([]);
    const other = said();
    other.pass(20_000);
    expect(other.all).toEqual([]);
  });

  it.each([
    ['another draft', { iacDigest: digestOf(new Uint8Array(1)) }, PSP],
    ['another device', { payer: 'glasses-02' }, PSP],
    ['another agent key', { agentKey: digestOf(new Uint8Array(2)) }, PSP],
    ['another PSP', {}, 'other-psp'],
    ['the past', { expiresAt: seconds(0) }, PSP],
  ])('T5: shows no challenge for %s', (_what, over, by) => {
    const stage = requested();
    const { requestId, iac } = stage.last('delegation-request').body;
    stage.frame(challengeFor(requestId, iac, over, by));
    expect([stage.prompt, stage.all]).toEqual([undefined, []]);
  });

  it('asks the PSP again under the same id, and gives up when it does not answer', () => {
    const stage = requested();
    stage.pass(29_000);
    expect(stage.count('delegation-request')).toBeGreaterThan(5);
    expect(new Set(stage.sent.map((one) => 'requestId' in one.body && one.body.requestId)).size).toBe(1);
    stage.pass(2_000);
    expect([stage.all, stage.said.at(-1)]).toEqual([[], 'Nothing was set up. The payment service does not answer.']);
  });

  it('takes a refusal of the PSP for its own request only', () => {
    const stage = requested();
    const { requestId } = stage.last('delegation-request').body;
    stage.frame(refusal(id('another'), 'device-locked'));
    stage.frame(refusal(requestId, 'device-locked'), 'other-psp');
    expect(stage.all).toHaveLength(1);
    stage.frame(refusal(requestId, 'device-locked'));
    expect(stage.all).toEqual([]);
  });

  it.each<readonly [string, SignerAnswer]>([
    ['declined', { kind: 'declined' }],
    ['cancelled', { kind: 'cancelled' }],
    ['timed out', { kind: 'timed-out' }],
    ['T18: taken off', { kind: 'void', reason: 'wear-off' }],
    ['failed', { kind: 'failed', code: 'signer-locked' }],
  ])('signs nothing when it was %s', (_how, answer) => {
    const stage = atPrompt();
    stage.answer(answer);
    expect([stage.all, stage.count('delegation-confirm')]).toEqual([[], 0]);
  });

  it.each([
    ['for another challenge', () => ({ challengeDigest: digestOf(new Uint8Array(3)) }), DEVICE],
    ['for another key', () => ({ agentKey: digestOf(new Uint8Array(4)) }), DEVICE],
    [
      'for wider bounds',
      (stage: Stage) => {
        const { iac } = stage.last('delegation-request').body;
        return { iac: { ...IacPayload.decode(decodeCbor(iac), 'iac'), maxTotalMinor: 999_999 } };
      },
      DEVICE,
    ],
    ['of another device', () => ({}), 'glasses-02'],
  ])('T2: sends no authorization %s', (_what, over, by) => {
    const stage = atPrompt();
    const { request } = stage.prompt ?? expect.fail();
    stage.answer(signed(request, over(stage), by));
    expect([stage.all, stage.count('delegation-confirm')]).toEqual([[], 0]);
  });

  it('T2: sends no authorization whose COSE form is wider than its JSON form', () => {
    const stage = atPrompt();
    const { request } = stage.prompt ?? expect.fail();
    const { iac } = stage.last('delegation-request').body;
    const wider = { ...IacPayload.decode(decodeCbor(iac), 'iac'), maxTotalMinor: 999_999 };
    const [sound, wide] = [signed(request), signed(request, { iac: wider })];
    if (sound.kind !== 'signed' || wide.kind !== 'signed') throw new Error('unreachable');
    stage.answer({ ...sound, signed: wide.signed });
    expect([stage.all, stage.count('delegation-confirm')]).toEqual([[], 0]);
  });

  it.each(['no', 'cancel'] as const)('T18: "%s" voids the prompt, also where it is said of a purchase', (kind) => {
    const stage = atPrompt();
    stage.purchase = { at: 'settling' } as never;
    expect(stage.event({ kind: 'reply', reply: { kind }, heard })).toContain('unprompt');
    expect(stage.all).toEqual([]);
  });

  it('a no to a purchase takes away no prompt that only comes after it, and a yes none at all', () => {
    const stage = atPrompt();
    stage.event({ kind: 'reply', reply: { kind: 'yes' }, heard });
    expect(stage.all.map(hasPrompt)).toEqual([true]);
    stage.purchase = { at: 'confirming' } as never;
    stage.answer({ kind: 'void', reason: 'new-cart' });
    stage.purchase = { at: 'ended' } as never;
    expect(stage.event({ kind: 'reply', reply: { kind: 'no' }, heard })).toContain('prompt delegation');
  });

  it('T18: a lost link, a lock and a restart void the prompt', () => {
    for (const event of [
      { kind: 'link', online: false },
      { kind: 'lock-order', order: { version: 1, state: 'locked' }, taken: { answer: 'obeyed', isLocked: true } },
    ] as const) {
      const stage = atPrompt();
      expect(stage.event(event)).toContain('unprompt');
      expect(stage.all).toEqual([]);
    }
    const stage = atPrompt();
    expect(stage.crash()).toContain('unprompt');
    expect(stage.all).toEqual([]);
  });

  it('T28: what the wearer said is in no entry of the journal', () => {
    const stage = new Stage();
    stage.say('some concert tickets');
    expect(stage.records.map((bytes) => new TextDecoder().decode(bytes)).join()).not.toContain('some concert');
    expect(stage.crash()).toEqual(['say delegation-unheard']);
    expect(stage.all).toEqual([]);
  });

  it('takes one at a time', () => {
    const stage = requested();
    expect(stage.say('an iced latte every weekday')).toEqual(['say delegation-busy']);
  });
});

describe('after the signature', () => {
  it('sends the same authorization, ever more slowly, until the PSP has answered, over restarts and a lost link', () => {
    const stage = issuing();
    const first = stage.last('delegation-confirm').body;
    stage.pass(100_000);
    const resent = stage.count('delegation-confirm');
    expect(resent).toBeGreaterThan(3);
    expect(resent).toBeLessThan(8);
    stage.event({ kind: 'link', online: false });
    stage.event({ kind: 'link', online: true });
    stage.crash();
    expect(stage.count('delegation-confirm')).toBe(resent + 2);
    expect(stage.sent.filter(({ type }) => type === 'delegation-confirm').map(({ body }) => body)).toEqual(
      Array.from({ length: resent + 2 }, () => first),
    );
  });

  it('claims nothing before the PSP has said it', () => {
    expect(issuing().said.at(-1)).toBe('Signed. I am telling the payment service.');
    const stage = issuing();
    stage.say('how much is left');
    expect(stage.said.at(-1)).toContain('The payment service has not confirmed it yet.');
  });

  it('T4: a refusal ends it, unless the PSP says afterwards that it is in force', () => {
    const stage = issuing();
    const { requestId } = stage.last('delegation-confirm').body;
    stage.frame(refusal(requestId, 'busy', 'SYSTEM_UNAVAILABLE'));
    expect(stage.only.at).toBe('issuing');
    stage.frame(refusal(requestId, 'challenge-expired'));
    expect(stage.only.at).toBe('refused');
    expect(stage.count('delegation-task')).toBe(0);
    stage.frame(statusOf(stage.only.id, 'Active'));
    expect(stage.only.at).toBe('active');
  });

  it('gives the task again until the agent has spoken of it, and never while it is not in force', () => {
    const stage = issuing();
    stage.frame(statusOf(stage.only.id, 'Active'));
    stage.pass(60_000);
    const given = stage.count('delegation-task');
    expect(given).toBeGreaterThan(3);
    const news = { delegationId: stage.only.id, version: 1, state: 'accepted' } as const;
    stage.frame({ type: 'delegation-news', body: news }, AGENT);
    stage.pass(600_000);
    expect(stage.count('delegation-task')).toBe(given);
  });

  it('T4: late news change nothing, and an agent that says it is done is only quoted', () => {
    const stage = active();
    const news = (version: number, state: 'done' | 'watching', from = AGENT) =>
      stage.frame({ type: 'delegation-news', body: { delegationId: stage.only.id, version, state } }, from);
    expect(news(1, 'done')).toEqual([]);
    expect(news(2, 'done', MERCHANT)).toEqual([]);
    expect(news(2, 'done')).toEqual(['say delegation-task']);
    expect(stage.said.at(-1)).toContain('the agent says');
    expect(news(3, 'done')).toEqual([]);
    expect(stage.only.at).toBe('active');
  });

  it('is held in the language of its words', () => {
    const chinese = { ...voice, parse: () => ({ kind: 'draft', draft: coffee() }) as const };
    const { delegation } = settings;
    const stage = new Stage({ delegation: { principal: delegation?.principal ?? '', voice: chinese } });
    stage.say('每个工作日帮我点一杯冰拿铁');
    stage.say('好的');
    atPrompt(stage);
    issuing(stage);
    active(stage);
    expect(stage.said.at(-1)).toMatch(/^冰拿铁.*的委托已生效。$/);
  });
});
