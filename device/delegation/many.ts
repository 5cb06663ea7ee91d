/**
 * All delegations of a device: who an event is for, and whose turn it is. One prompt at a time, and never over a payment's;
 * words belong to the one the wearer is talking about. Pure.
 */
import type { EpochMs, OpenFrame } from '../../protocol/index.ts';
import { comesOnce, type PurchaseEvent } from '../purchase/events.ts';
import type { Heard, Purchase } from '../purchase/state.ts';
import { opened } from '../signer/reading.ts';
import type { AccountCommand } from '../voice/delegation/account-command.ts';
import type { Reply } from '../voice/parse-reply.ts';
import type { Locale } from '../voice/vocabulary.ts';
import { blank } from './capturing.ts';
import { wantsPrompt } from './changing.ts';
import { accountsMeant, isNamed, meant, WANTED } from './commanding.ts';
import type { DelegationEvent, DelegationSigned, DelegationUnheard, DelegationWords } from './events.ts';
import { wantsFunding } from './funding.ts';
import { receiveRefund, receiveSpend } from './money-notices.ts';
import { delegationPhrases } from './phrases.ts';
import type { Delegations } from './record.ts';
import { type DelegationsStep, Round } from './round.ts';
import { say } from './speech.ts';
import { type Delegation, type HeldDelegation, hasPrompt, isHeld, isTalking, wakeAt } from './state.ts';
import { left, report } from './telling.ts';
import type { Surroundings } from './transition.ts';

type OfDelegations = DelegationWords | DelegationUnheard | DelegationSigned;

/** Everything that can happen to a device. */
export type AgentEvent = PurchaseEvent | OfDelegations;

/** What no purchase hears of. */
export function isOfDelegations(event: AgentEvent): event is OfDelegations {
  return event.kind === 'delegation' || event.kind === 'delegation-unheard' || event.kind === 'delegation-signer';
}

/** What will not come again, and so must not be lost where it could not be stored. */
export function comesOnceAtAll(event: AgentEvent): boolean {
  return isOfDelegations(event) ? event.kind === 'delegation-signer' : comesOnce(event);
}

/** @param purchase where the purchase that the wearer talks about stands after the event. */
export function advanceDelegations(
  surroundings: Surroundings,
  before: Delegations,
  event: AgentEvent,
  purchase: Purchase,
  now: EpochMs,
): DelegationsStep {
  const round = new Round(surroundings, before, now);
  switch (event.kind) {
    case 'delegation':
      hear(round, event, surroundings, now);
      break;
    case 'delegation-unheard': {
      const focus = focusOf(round.items);
      if (focus) round.bring(focus.id, { kind: 'unheard', why: event.why });
      break;
    }
    case 'delegation-signer':
      round.bring(event.id, { kind: 'signer', answer: event.answer });
      break;
    case 'frame':
      receive(round, event.frame, surroundings);
      break;
    case 'reply':
      // Words for the purchase; but with another prompt before their eyes nobody says no and means yes (T18).
      if (isNo(event.reply)) refusePrompt(round, event);
      break;
    case 'order':
      // The wearer has turned to something to buy now.
      for (const { id } of [...round.items.values()].filter(isTalking)) round.bring(id, { kind: 'dropped' });
      break;
    case 'link':
    case 'lock-order':
    case 'tick':
    case 'restarted':
      round.all(event);
      break;
    default:
  }
  giveTurns(round, purchase, now);
  return round.result();
}

/** The one that words are meant for: whoever asked last, else what could still be called off. */
export function focusOf(delegations: Delegations): Delegation | undefined {
  const all = [...delegations.values()];
  return all.find(isTalking) ?? all.find(({ at }) => at === 'requesting' || at === 'confirming') ?? all.find(hasPrompt);
}

export function nextDelegationWake(delegations: Delegations): EpochMs | undefined {
  const times = [...delegations.values()].map(wakeAt).filter((at) => at !== undefined);
  return times.length > 0 ? (times.reduce((one, other) => (one < other ? one : other)) as EpochMs) : undefined;
}

function hear(round: Round, { read, heard, fresh }: DelegationWords, around: Surroundings, now: EpochMs): void {
  const { settings, book } = around;
  const { locale } = heard;
  const focus = focusOf(round.items);
  if (read.kind === 'wish') {
    const capturing = focus?.at === 'drafting' || focus?.at === 'summarising' ? focus : undefined;
    const isBusy = focus !== undefined && !isHeld(focus) && !capturing;
    if (isBusy) round.effects.push(say('delegation-busy', delegationPhrases(locale).busy(), locale));
    else {
      if (focus && !capturing) round.bring(focus.id, { kind: 'dropped' });
      const id = capturing?.id ?? fresh;
      if (!capturing) round.begin(blank(id, locale, now));
      round.bring(id, { kind: 'wish', parse: read.parse, heard });
    }
  } else if (read.kind === 'command') {
    const { command } = read;
    const asked = { held: round.held, settings, book, now, locale };
    if (command.kind === 'report') round.effects.push(report(command.day, asked));
    else if (command.kind === 'account') hearOfAccount(round, command, locale);
    else if (command.kind === 'left')
      round.effects.push(left({ ...asked, held: asked.held.filter((one) => isNamed(one, command.what)) }));
    else {
      const ids = meant(command, round.held);
      for (const id of ids) round.bring(id, { kind: 'command', to: WANTED[command.kind], locale });
      if (ids.length === 0) round.effects.push(say('delegation-none', delegationPhrases(locale).none(), locale));
    }
  } else {
    // What is at the signer is what the wearer sees: a no is for that, whatever else is being talked about.
    const isRefused = read.kind === 'answer' && isNo(read.reply) && refusePrompt(round, { ...read, heard });
    if (focus && !isRefused) round.bring(focus.id, read.kind === 'answer' ? { ...read, heard } : read);
  }
}

function isNo({ kind }: Reply): boolean {
  return kind === 'no' || kind === 'cancel';
}

/** A no in passing takes away no stop: that allows nothing, and still takes a hold (T17). @returns whether it met a prompt. */
function refusePrompt(round: Round, { reply, heard }: { readonly reply: Reply; readonly heard: Heard }): boolean {
  const shown = [...round.items.values()].find((one) => hasPrompt(one) && !isStopping(one));
  if (shown) round.bring(shown.id, { kind: 'answer', reply, heard });
  return shown !== undefined;
}

function isStopping(one: Delegation): boolean {
  return isHeld(one) && one.change?.step === 'open' && one.change.to !== 'Active';
}

function hearOfAccount(round: Round, command: AccountCommand, locale: Locale): void {
  const meantBy = accountsMeant(command, round.held);
  const event: DelegationEvent =
    meantBy.kind === 'pause' ? { kind: 'command', to: 'Suspended', locale } : { kind: 'account', command, locale };
  for (const id of meantBy.ids) round.bring(id, event);
  if (meantBy.ids.length > 0) return;
  const phrases = delegationPhrases(locale);
  const text = meantBy.kind === 'several' ? phrases.accountWhich() : phrases.none();
  round.effects.push(say('delegation-account', text, locale));
}

/** Signed objects are opened here, once, and only what the PSP signed goes on. */
function receive(round: Round, frame: OpenFrame, around: Surroundings): void {
  const { settings } = around;
  const isPsp = frame.from.party === settings.psp;
  if (frame.type === 'delegation-status' && isPsp) {
    const status = opened('delegation-status', frame.body.status, settings);
    if (status?.signer.party === settings.psp)
      round.bring(status.value.delegationId, { kind: 'status', status: status.value });
  } else if (frame.type === 'spend-notice' && isPsp) receiveSpend(round, frame, around);
  else if (frame.type === 'refund-notice' && isPsp) receiveRefund(round, frame.body.refund, around);
  else if (frame.type === 'delegation-news' || frame.type === 'price-question')
    round.bring(frame.body.delegationId, { kind: 'frame', frame });
  else if (frame.type === 'sub-account-result' && isPsp) round.all({ kind: 'frame', frame });
  else if (frame.type === 'delegation-challenge' || frame.type === 'refusal') round.all({ kind: 'frame', frame });
}

/** Whether the wearer is in the middle of a purchase. */
function isInDialogue({ at }: Purchase): boolean {
  return !['idle', 'ended', 'following', 'unknown', 'settling'].includes(at);
}

/** Stops come first; what is to be allowed waits until the wearer talks of nothing else. */
function giveTurns(round: Round, purchase: Purchase, now: EpochMs): void {
  const all = [...round.items.values()];
  if (purchase.at === 'confirming' || all.some(hasPrompt)) return;
  const isFree = !isInDialogue(purchase) && !all.some(isTalking);
  const changing = all.filter((one) => isHeld(one) && wantsPrompt(one, now)) as readonly HeldDelegation[];
  const allowing = [
    ...all.filter((one) => one.at === 'confirming'),
    ...changing.filter(({ change }) => change?.to === 'Active'),
    ...all.filter((one) => isHeld(one) && wantsFunding(one)),
  ];
  const next = changing.find(({ change }) => change?.to !== 'Active') ?? (isFree ? allowing[0] : undefined);
  if (next) round.bring(next.id, { kind: 'turn', of: 'prompt', mayListen: isFree });
  else if (isFree) {
    const asking = all.find((one) => isHeld(one) && one.asked?.step === 'waiting' && now < one.asked.until);
    if (asking) round.bring(asking.id, { kind: 'turn', of: 'talk', mayListen: true });
  }
}
