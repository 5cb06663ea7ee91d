/**
 * One delegation on one page (ACT 2.1 ADD, PSD-PAY-DEL). A pure function: what it does next depends on where it stands, what
 * happened and what time it is. An event that has no entry here changes nothing (T4).
 */
import type { EpochMs } from '../../protocol/index.ts';
import * as accounting from './accounting.ts';
import * as capturing from './capturing.ts';
import * as changing from './changing.ts';
import type { DelegationEvent, DelegationStep } from './events.ts';
import * as funding from './funding.ts';
import * as issuing from './issuing.ts';
import * as pricing from './pricing.ts';
import { takeRefund, takeSpend } from './spending.ts';
import { catchUp, passTime, refuse, takeStatus } from './standing.ts';
import type { Delegation, HeldDelegation } from './state.ts';
import { handOverAgain, handOverNow, news } from './tasking.ts';
import {
  chain,
  type EventKey,
  type HeldAt,
  type Moment,
  type OfHeld,
  type Situation,
  type Surroundings,
  stay,
  type Transition,
} from './transition.ts';

type Flow = {
  readonly [At in Exclude<Delegation['at'], HeldAt>]: { readonly [K in EventKey]?: Transition<At, K> };
} & { readonly held: { readonly [K in EventKey]?: OfHeld<K> } };

/** What one event leads to in several respects, one after the other. */
type Part = (state: HeldDelegation, moment: Situation) => DelegationStep | undefined;

function all(state: HeldDelegation, moment: Situation, parts: readonly Part[]): DelegationStep | undefined {
  const step = parts.reduce<DelegationStep>(
    (before, part) => chain(before, (next) => part(next as HeldDelegation, moment)),
    stay(state),
  );
  return step.state === state && step.effects.length === 0 ? undefined : step;
}

const onTick: OfHeld<'tick'> = (state, moment) =>
  all(state, moment, [
    (one) => passTime(one, moment),
    (one) => (one.at === 'issuing' && moment.now >= one.nextAt ? issuing.confirmAgain(one, moment) : undefined),
    handOverAgain,
    changing.tellAgain,
    changing.waitOn,
    accounting.tellAgain,
    funding.letGo,
    (one) => pricing.letGo(one, moment),
  ]);

const onRestart: OfHeld<'restarted'> = (state, moment) =>
  all(state, moment, [
    (one) => (one.at === 'issuing' ? issuing.confirmAgain(one, moment) : undefined),
    (one) => catchUp(one, moment),
    handOverNow,
    changing.promptAgain,
    changing.tellNow,
    funding.lost,
    accounting.tellNow,
    pricing.askAnew,
  ]);

const onLink: OfHeld<'link'> = (state, moment) =>
  moment.event.online
    ? all(state, moment, [
        (one) => (one.at === 'issuing' ? issuing.confirmAgain(one, moment) : undefined),
        (one) => catchUp(one, moment),
        handOverNow,
        changing.tellNow,
        accounting.tellNow,
      ])
    : undefined;

const onRefusal: OfHeld<'refusal'> = (state, moment) => {
  const { event, settings } = moment;
  if (event.from.party !== settings.psp) return undefined;
  if (state.at === 'issuing' && issuing.isOfIssuing(state, event.body)) return refuse(state, event.body.code, moment);
  return changing.changeRefused(state, moment) ?? accounting.refused(state, moment);
};

const FLOW: Flow = {
  drafting: {
    wish: capturing.understand,
    answer: capturing.answerQuestion,
    unheard: capturing.unheardQuestion,
    dropped: capturing.dropped,
    tick: capturing.unanswered,
    restarted: capturing.lostWords,
    'lock-order': capturing.lockedOut,
  },
  summarising: {
    wish: capturing.understand,
    answer: capturing.confirmSummary,
    unheard: capturing.repeatSummary,
    dropped: capturing.dropped,
    tick: capturing.unanswered,
    restarted: capturing.repeatSummary,
    'lock-order': capturing.lockedOut,
  },
  requesting: {
    'delegation-challenge': issuing.takeChallenge,
    refusal: issuing.requestRefused,
    answer: issuing.leave,
    tick: issuing.requestAgain,
    restarted: issuing.requestAgain,
    'lock-order': issuing.lockedOut,
  },
  confirming: {
    turn: issuing.openPrompt,
    signer: issuing.answerOfSigner,
    refusal: issuing.requestRefused,
    answer: issuing.leave,
    link: issuing.linkLost,
    tick: issuing.promptOver,
    restarted: issuing.voidOnRestart,
    'lock-order': issuing.lockedOut,
  },
  held: {
    status: takeStatus,
    spend: takeSpend,
    refund: takeRefund,
    'delegation-news': news,
    'price-question': pricing.takeQuestion,
    command: changing.wish,
    account: accounting.wish,
    'sub-account-result': accounting.takeResult,
    turn: (state, moment) =>
      changing.openPrompt(state, moment) ?? funding.openPrompt(state, moment) ?? pricing.askWearer(state, moment),
    signer: (state, moment) => changing.answerOfSigner(state, moment) ?? funding.answerOfSigner(state, moment),
    answer: (state, moment) =>
      changing.leavePrompt(state, moment) ?? funding.leavePrompt(state, moment) ?? pricing.hearAnswer(state, moment),
    unheard: pricing.hearNothing,
    dropped: (state, moment) => pricing.letGo(state, moment, true),
    refusal: onRefusal,
    tick: onTick,
    restarted: onRestart,
    link: onLink,
  },
  ended: {},
};

/** The next state and what to do, in order. The caller makes the step durable before it carries out any effect. */
export function step(
  surroundings: Surroundings,
  state: Delegation,
  event: DelegationEvent,
  now: EpochMs,
): DelegationStep {
  const key: EventKey = event.kind === 'frame' ? event.frame.type : event.kind;
  const flow = FLOW['authorization' in state ? 'held' : state.at];
  const transition = flow[key] as Transition<Delegation['at'], EventKey> | undefined;
  const { settings, book } = surroundings;
  const moment = { settings, book, now, event: event.kind === 'frame' ? event.frame : event } as Moment<EventKey>;
  return transition?.(state as never, moment) ?? { state, effects: [] };
}
