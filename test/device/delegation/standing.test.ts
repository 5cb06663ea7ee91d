import { describe, expect, it } from 'vitest';
import type { EpochSeconds } from '../../../protocol/index.ts';
import { AGENT, id, MERCHANT, NAMELESS_MERCHANT, OTHER_MERCHANT, seconds } from '../builders.ts';
import { DAY_MS, draft, spend, statusOf, voice } from './builders.ts';
import { active, atPrompt, issuing, requested, Stage } from './stage.ts';

/** What the PSP says now. */
function told(stage: Stage, spends: number, spentMinor: number, over: object = {}): readonly string[] {
  const asOf = seconds(Math.floor(stage.nowMs / 1_000) + 11) as EpochSeconds;
  return stage.frame(statusOf(stage.held.id, 'Active', { spends, spentMinor, asOf, ...over }));
}

describe('what this device does not know it does not claim', () => {
  it('says that payments may be missing when the PSP counts more than there are receipts, once for each count', () => {
    const stage = active();
    told(stage, 2, 3_000);
    expect(stage.said.at(-1)).not.toMatch(/not seen/);
    stage.pass(5_000);
    expect(stage.said.at(-1)).toBe('concert ticket: there may be payments I have not seen yet.');
    const before = stage.said.length;
    told(stage, 2, 3_000);
    stage.pass(60_000);
    expect(stage.said.length).toBe(before);
  });

  it('says nothing when the receipts come within the moment', () => {
    const stage = active();
    told(stage, 1, 1_000);
    stage.frame(spend(stage.held.authorization, 1, 1_000));
    stage.pass(60_000);
    expect(stage.said.join()).not.toMatch(/not seen/);
  });

  it('answers "how much is left" out of receipts, with the time of the PSP’s last word where that is not new', () => {
    const stage = active();
    stage.frame(spend(stage.held.authorization, 1, 100_000));
    stage.say('how much is left');
    expect(stage.said.at(-1)).toBe('concert ticket: 1560.00 yuan left.');
    stage.nowMs += 7_200_000;
    stage.say('how much is left');
    expect(stage.said.at(-1)).toBe('concert ticket: 1560.00 yuan left. As far as I know, as of 10:10.');
    told(stage, 2, 150_000);
    stage.say('how much is left');
    expect(stage.said.at(-1)).toContain('there may be payments I have not seen yet');
    expect(new Stage().say('how much is left')).toEqual(['say delegation-none']);
  });

  it('answers "what have you bought today" by local day, single payments by name, many as a sum', () => {
    const stage = active();
    stage.say('what have you bought today');
    expect(stage.said.at(-1)).toBe('I have no receipt of today.');
    stage.frame(spend(stage.held.authorization, 1, 100_000));
    stage.say('what have you bought today');
    expect(stage.said.at(-1)).toMatch(/^Today: 1000\.00 yuan to .*, concert ticket\.$/i);
    for (let n = 2; n < 6; n += 1) stage.frame(spend(stage.held.authorization, n, 100));
    stage.say('what have you bought today');
    expect(stage.said.at(-1)).toMatch(/^Today: 5 payments, 1004\.00 yuan\./);
    stage.nowMs += DAY_MS;
    stage.say('what have you bought today');
    expect(stage.said.at(-1)).toMatch(/^I have no receipt of today\./);
  });

  it('asks the PSP after a restart, when the link is back, and when its word has become an hour old', () => {
    const stage = active();
    stage.crash();
    stage.event({ kind: 'link', online: true });
    expect(stage.count('delegation-query')).toBe(2);
    stage.pass(3_700_000);
    expect(stage.count('delegation-query')).toBe(3);
    stage.event({ kind: 'link', online: false });
    expect(stage.count('delegation-query')).toBe(3);
  });
});

describe('T16: the end', () => {
  it('is warned of a day before, once, and comes by the clock', () => {
    const stage = active();
    const warned = () => stage.said.filter((text) => text.startsWith('Note that')).length;
    stage.pass(7 * DAY_MS - Math.floor((7 * DAY_MS) / 10) - 1);
    expect(warned()).toBe(0);
    stage.pass(1);
    expect(stage.said.at(-1)).toBe('Note that concert ticket ends at 30 November, 10:10.');
    stage.pass(3_600_000);
    stage.crash();
    stage.pass(3_600_000);
    expect(warned()).toBe(1);
    stage.pass(DAY_MS);
    expect([stage.only.at, stage.said.at(-1)]).toEqual(['expired', 'concert ticket: over.']);
  });

  it('stays the end: neither a status with an older clock nor a clock that goes back makes it pay again', () => {
    const stage = active();
    stage.pass(7 * DAY_MS);
    expect(stage.only.at).toBe('expired');
    told(stage, 0, 0);
    expect(stage.only.at).toBe('expired');
    stage.nowMs -= DAY_MS;
    stage.event({ kind: 'tick' });
    expect(stage.only.at).toBe('expired');
  });

  it('is taken back where the clock had run ahead, and only by a newer word of the PSP', () => {
    const stage = active();
    stage.pass(7 * DAY_MS);
    stage.nowMs = 60_000;
    stage.frame(statusOf(stage.held.id, 'Active', { asOf: seconds(9) }));
    expect(stage.only.at).toBe('expired');
    told(stage, 0, 0);
    expect(stage.only.at).toBe('active');
    stage.frame(statusOf(stage.held.id, 'Expired', { asOf: seconds(100) }));
    stage.frame(statusOf(stage.held.id, 'Active', { asOf: seconds(101), version: 1 }));
    expect(stage.only.at).toBe('expired');
  });

  it('comes for what was never answered, too: no state is without an exit', () => {
    const stage = issuing();
    stage.pass(8 * DAY_MS);
    expect([stage.only.at, stage.desk.nextWake]).toEqual(['expired', undefined]);
  });

  it('what was paid before it is still received and counted', () => {
    const stage = active();
    stage.pass(8 * DAY_MS);
    stage.frame(spend(stage.held.authorization, 1, 1_000));
    expect(stage.held.sums).toMatchObject({ count: 1, strays: 0 });
  });
});

describe('a price that has left the tolerance', () => {
  const question = (stage: Stage, over: object = {}) =>
    ({
      type: 'price-question',
      body: {
        ...{ requestId: id('price'), delegationId: stage.held.id, merchant: MERCHANT, itemId: 'concert-ticket' },
        ...{ amountMinor: 250_000, referenceMinor: 200_000, currency: 'CNY', until: seconds(120) },
        ...over,
      },
    }) as never;
  const answers = (stage: Stage) => stage.sent.flatMap((one) => (one.type === 'price-answer' ? [one.body.accept] : []));

  it('is asked about, and a yes is passed on', () => {
    const stage = active();
    expect(stage.frame(question(stage), AGENT)).toEqual(['say delegation-price', 'listen reply']);
    expect(stage.said.at(-1)).toMatch(/now asks 2500\.00 yuan, about 2000\.00 yuan was expected/);
    expect(stage.say('yes')).toEqual(['send price-answer to agent', 'say delegation-price']);
    expect(answers(stage)).toEqual([true]);
  });

  it('nothing said is no; no is no; and the same question gets the same answer, also after a restart', () => {
    for (const end of [
      (stage: Stage) => void stage.pass(20_000),
      (stage: Stage) => void stage.say('no'),
      (stage: Stage) => [stage.silence(), stage.silence()],
      (stage: Stage) =>
        void stage.event({
          kind: 'order',
          parse: { kind: 'not-understood' } as never,
          heard: {} as never,
          fresh: id('o'),
        }),
    ]) {
      const stage = active();
      stage.frame(question(stage), AGENT);
      end(stage);
      expect(answers(stage)).toEqual([false]);
      stage.crash();
      stage.frame(question(stage), AGENT);
      expect(answers(stage)).toEqual([false, false]);
      expect(stage.held.asked).toBeUndefined();
    }
  });

  it('a restart asks once more', () => {
    const stage = active();
    stage.frame(question(stage), AGENT);
    expect(stage.crash()).toContain('say delegation-price');
    stage.say('yes');
    expect(answers(stage)).toEqual([true]);
  });

  it.each([
    ['above the limit of one payment', { amountMinor: 256_001 }],
    ['from another shop', { merchant: OTHER_MERCHANT }],
    ['from nobody', { merchant: NAMELESS_MERCHANT }],
    ['for another thing', { itemId: 'iced-latte' }],
    ['in another currency', { currency: 'HKD' }],
    ['too late', { until: seconds(-1) }],
  ])('T13: what the credential would not allow anyway is answered no without asking: %s', (_what, over) => {
    const stage = active();
    expect(stage.frame(question(stage, over), AGENT)).toEqual(['send price-answer to agent']);
    expect(answers(stage)).toEqual([false]);
  });

  it('T13: nor a shop that is forbidden where any other is allowed', () => {
    const one = draft({ allowedMerchants: [], forbiddenMerchants: [MERCHANT] });
    const saying = { ...voice, parse: () => ({ kind: 'draft', draft: one }) as const };
    const stage = new Stage({ delegation: { principal: 'did:act:example.com/person-1', voice: saying } });
    active(issuing(atPrompt(requested(stage))));
    stage.frame(question(stage), AGENT);
    expect(answers(stage)).toEqual([false]);
    stage.frame(question(stage, { requestId: id('other shop'), merchant: OTHER_MERCHANT }), AGENT);
    expect(stage.held.asked?.step).toBe('open');
  });

  it('T14: nor what is above what is left, nor for one that is paused', () => {
    const stage = active();
    stage.frame(spend(stage.held.authorization, 1, 10_000));
    stage.frame(question(stage), AGENT);
    const paused = active();
    told(paused, 0, 0, { state: 'Suspended', version: 1 });
    paused.frame(question(paused), AGENT);
    expect([answers(stage), answers(paused)]).toEqual([[false], [false]]);
  });

  it('is answered no at once when the delegation is stopped meanwhile', () => {
    const stage = active();
    stage.frame(question(stage), AGENT);
    told(stage, 0, 0, { state: 'Revoked', version: 1 });
    stage.event({ kind: 'tick' });
    expect(answers(stage)).toEqual([false]);
  });

  it('a second one meanwhile is answered no, and one from another party is not heard', () => {
    const stage = active();
    stage.frame(question(stage), AGENT);
    stage.frame(question(stage, { requestId: id('second') }), AGENT);
    expect(answers(stage)).toEqual([false]);
    expect(stage.frame(question(stage, { requestId: id('third') }), MERCHANT)).toEqual([]);
  });
});
