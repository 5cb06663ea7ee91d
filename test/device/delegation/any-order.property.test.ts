/** Whatever comes, in whatever order: T3, T4, T13, T14, T17, T29. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DelegationDesk } from '../../../device/delegation/desk.ts';
import { isHeld } from '../../../device/delegation/state.ts';
import { decodeRecord } from '../../../device/journal-record.ts';
import type { IacState, Message } from '../../../protocol/index.ts';
import { AGENT, id, MERCHANT, OTHER_MERCHANT, PSP, seconds } from '../builders.ts';
import { challengeFor, DAY_MS, otherAgentKey, refund, spend, statusOf } from './builders.ts';
import { atPrompt, issuing, requested, Stage } from './stage.ts';

/** One thing that happens; does nothing where it cannot. */
type Move = (stage: Stage) => void;

function authorizationOf(stage: Stage): Uint8Array | undefined {
  const one = stage.all.find(isHeld);
  return one?.authorization;
}

const withHeld =
  (then: (stage: Stage, authorization: Uint8Array) => Message, from: string = PSP): Move =>
  (stage) => {
    const authorization = authorizationOf(stage);
    if (authorization) stage.frame(then(stage, authorization), from);
  };

const status = (state: IacState, version: number, asOf: number, by?: string): Move =>
  withHeld((stage) => {
    const one = stage.all.find(isHeld);
    return statusOf(one?.id ?? id('none'), state, { version, asOf: seconds(asOf), spends: version % 4 }, by);
  });

const move: fc.Arbitrary<Move> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 300_000 }), fc.integer({ min: 0, max: 3 }))
      .map(([n, minor, kind]) =>
        withHeld((_stage, authorization) =>
          spend(
            authorization,
            n,
            minor,
            [
              {},
              { noCart: true },
              { requestKey: otherAgentKey },
              { receipt: { payee: OTHER_MERCHANT }, receiptBy: MERCHANT },
            ][kind],
          ),
        ),
      ),
  },
  fc
    .tuple(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 200_000 }))
    .map(([n, minor]) => withHeld(() => refund(n, minor))),
  fc
    .tuple(
      fc.constantFrom<IacState>('Active', 'Active', 'Suspended', 'Revoked', 'Expired'),
      fc.integer({ min: 0, max: 4 }),
      fc.integer({ min: 1, max: 40 }),
      fc.constantFrom(PSP, PSP, PSP, 'other-psp'),
    )
    .map(([state, version, at, by]) => status(state, version, at, by)),
  fc.tuple(fc.integer({ min: 1, max: 4 }), fc.constantFrom('watching', 'done', 'refused', 'ended' as const)).map(
    ([version, state]): Move =>
      (stage) => {
        const one = stage.all.find(isHeld);
        if (one)
          stage.frame({ type: 'delegation-news', body: { delegationId: one.id, version, state } } as Message, AGENT);
      },
  ),
  fc.integer({ min: 1, max: 3 }).map(
    (n): Move =>
      (stage) => {
        const one = stage.all.find(isHeld);
        const body = {
          ...{ requestId: id(`price ${n}`), delegationId: one?.id, merchant: MERCHANT, itemId: 'concert-ticket' },
          ...{ amountMinor: 1_000 * n, referenceMinor: 900, currency: 'CNY', until: seconds(3_600) },
        };
        if (one) stage.frame({ type: 'price-question', body } as Message, AGENT);
      },
  ),
  fc
    .constantFrom(
      'yes',
      'no',
      'cancel',
      'pause everything',
      'resume everything',
      'cancel the concert tickets',
      'two concert tickets when they go on sale',
      'some concert tickets',
      'how much is left',
      'what have you bought today',
      'hmm',
    )
    .map(
      (words): Move =>
        (stage) =>
          stage.say(words),
    ),
  fc.constantFrom<Move>(
    (stage) => stage.silence(),
    (stage) => stage.crash(),
    (stage) => stage.prompt && stage.press(),
    (stage) => stage.prompt && stage.answer({ kind: 'declined' }),
    (stage) => stage.prompt && stage.answer({ kind: 'timed-out' }),
    (stage) => stage.prompt && stage.answer({ kind: 'void', reason: 'new-cart' }),
    (stage) => stage.event({ kind: 'link', online: false }),
    (stage) => stage.event({ kind: 'link', online: true }),
    (stage) => {
      const asked = stage.sent.filter((one) => one.type === 'delegation-request').at(-1);
      if (asked?.type === 'delegation-request') stage.frame(challengeFor(asked.body.requestId, asked.body.iac));
    },
  ),
  fc.integer({ min: 1, max: 90_000 }).map(
    (ms): Move =>
      (stage) =>
        stage.pass(ms),
  ),
);

const start = fc.constantFrom(
  () => new Stage(),
  () => requested(),
  () => atPrompt(),
  () => issuing(),
);

/** What the receipts that are kept say, by their own amounts. */
function receiptsOf(stage: Stage, delegationId: string): { readonly count: number; readonly minor: number } {
  const trades = new Map<string, number>();
  for (const one of stage.desk.book.all)
    if (one.kind === 'spend' && one.delegationId === delegationId && !trades.has(one.tradeNo))
      trades.set(one.tradeNo, one.amountMinor);
  return { count: trades.size, minor: [...trades.values()].reduce((sum, minor) => sum + minor, 0) };
}

function check(stage: Stage): void {
  for (const one of stage.all) {
    if (!isHeld(one)) continue;
    const { count, minor } = receiptsOf(stage, one.id);
    expect([one.sums.count, one.sums.spentMinor]).toEqual([count, minor]);
    expect(one.sums.refundedMinor).toBeLessThanOrEqual(minor);
  }
  // "Stopped" is the PSP's word, never this device's wish.
  for (const one of stage.all)
    if (one.at === 'revoked' || one.at === 'suspended') expect(isHeld(one) && one.status?.state).toBeTruthy();
}

describe('any events in any order', () => {
  it('spent is what the receipts say, the journal says the same, and every state has an exit', () => {
    fc.assert(
      fc.property(start, fc.array(move, { minLength: 1, maxLength: 40 }), (begin, moves) => {
        const stage = begin();
        for (const happen of moves) {
          happen(stage);
          check(stage);
        }
        const read = new DelegationDesk(stage.settings);
        for (const bytes of stage.records) read.take(decodeRecord(bytes));
        const plain = (desk: DelegationDesk) => JSON.stringify([...desk.delegations.values()].filter(isHeld));
        expect(plain(read)).toBe(plain(stage.desk));
        expect(read.book.all).toEqual(stage.desk.book.all);
        stage.prompt = undefined;
        stage.crash();
        for (let i = 0; i < 8; i += 1) {
          if (stage.prompt) stage.answer({ kind: 'timed-out' });
          stage.pass(2 * DAY_MS);
        }
        for (const one of stage.all) {
          expect(['expired', 'revoked', 'refused']).toContain(one.at);
          // Only an order that the PSP has not acknowledged is still on its way.
          const isTelling = isHeld(one) && one.change?.step === 'telling';
          if (!isTelling)
            expect(isHeld(one) && [one.change, one.asked, one.doubtAt]).toEqual([undefined, undefined, undefined]);
        }
      }),
      { seed: 20_261_123, numRuns: 100 },
    );
  });
});
