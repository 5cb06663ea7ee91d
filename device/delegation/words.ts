/** What words mean while there are delegations: an answer to one, a command, a new one, or nothing of that. */
import type { EpochMs } from '../../protocol/index.ts';
import type { Purchase } from '../purchase/state.ts';
import type { DeviceSettings } from '../settings.ts';
import type { DelegationCommand } from '../voice/delegation/parse-command.ts';
import { parseOrder } from '../voice/parse-order.ts';
import { parseReply, type Reply } from '../voice/parse-reply.ts';
import type { Vocabulary } from '../voice/vocabulary.ts';
import { LOCAL_OFFSET_MIN } from './bounds.ts';
import type { DelegationRead, Wish } from './events.ts';
import { type Delegation, hasPrompt, isTalking } from './state.ts';
import type { DelegationVoice } from './voice.ts';

/** Where the device stands when something is said. */
export interface Talk {
  readonly purchase: Purchase;
  /** Whether an order could be made now. */
  readonly takesOrders: boolean;
  /** The delegation that was talked of last. */
  readonly focus: Delegation | undefined;
  /** Whether there is anything to stop. */
  readonly isAnyRunning: boolean;
  readonly now: EpochMs;
}

/** `undefined`: the words are for the purchase, as if there were no delegations. */
export function readForDelegation(words: string, talk: Talk, settings: DeviceSettings): DelegationRead | undefined {
  const { delegation, vocabulary } = settings;
  if (!delegation) return undefined;
  const { voice } = delegation;
  const { focus, takesOrders, purchase } = talk;
  const reply = parseReply(words, { vocabulary });
  if (focus && isTalking(focus)) return whileTalking(words, reply, focus, talk, vocabulary, voice);
  const isCallingOff = reply.kind === 'cancel' || reply.kind === 'no';
  if (focus && takesOrders && isCallingOff) return { kind: 'answer', reply };
  if (takesOrders) {
    const said = command(words, talk, voice, vocabulary) ?? wish(words, talk, voice, vocabulary);
    // "Okay" said to an open prompt is no order that was not understood, and no hold.
    const isAtPrompt = focus !== undefined && hasPrompt(focus);
    return said ?? (isAtPrompt && !mayBeOrder(words, vocabulary) ? { kind: 'answer', reply } : undefined);
  }
  // In the middle of a purchase only a stop is heard, and only in words that mean nothing to the purchase.
  const isPrompt = purchase.at === 'confirming';
  const stop = reply.kind === 'unclear' && !isPrompt ? command(words, talk, voice, vocabulary) : undefined;
  return stop?.kind === 'command' && isStop(stop.command) ? stop : undefined;
}

function isStop(said: DelegationCommand): boolean {
  if (said.kind === 'account') return said.operation === 'FREEZE' || said.operation === 'CANCEL';
  return said.kind === 'suspend' || said.kind === 'revoke';
}

/** Whether what was read settles something: an unclear answer does not. */
export function isClearRead(read: DelegationRead): boolean {
  return read.kind !== 'answer' || read.reply.kind !== 'unclear';
}

function whileTalking(
  words: string,
  reply: Reply,
  focus: Delegation,
  talk: Talk,
  vocabulary: Vocabulary,
  voice: DelegationVoice,
): DelegationRead | undefined {
  const isOpenQuestion = focus.at === 'drafting';
  if (reply.kind === 'cancel' || (!isOpenQuestion && reply.kind !== 'unclear')) return { kind: 'answer', reply };
  const pending = isOpenQuestion && focus.pending ? { pending: focus.pending } : {};
  const said = isOpenQuestion
    ? (wish(words, talk, voice, vocabulary, pending) ?? command(words, talk, voice, vocabulary))
    : (command(words, talk, voice, vocabulary) ?? wish(words, talk, voice, vocabulary));
  if (said) return said;
  if (reply.kind === 'unclear' && talk.takesOrders && isOrder(words, vocabulary)) return undefined;
  return { kind: 'answer', reply };
}

function isOrder(words: string, vocabulary: Vocabulary): boolean {
  return parseOrder(words, { vocabulary, currency: 'CNY' }).kind === 'draft';
}

function mayBeOrder(words: string, vocabulary: Vocabulary): boolean {
  const { kind } = parseOrder(words, { vocabulary, currency: 'CNY' });
  return kind === 'draft' || kind === 'question';
}

/** A bare "stop" is a command only where there is something to stop. */
function command(
  words: string,
  { isAnyRunning }: Talk,
  voice: DelegationVoice,
  vocabulary: Vocabulary,
): DelegationRead | undefined {
  const said = voice.command(words, { vocabulary });
  const isOfAccount = said?.kind === 'account' && said.operation === 'QUERY';
  const isQuestion = said?.kind === 'report' || said?.kind === 'left' || isOfAccount;
  const isForAll = said !== undefined && !isQuestion && said.what === 'all';
  return said && (isAnyRunning || !isForAll) ? { kind: 'command', command: said } : undefined;
}

function wish(
  words: string,
  { now }: Talk,
  voice: DelegationVoice,
  vocabulary: Vocabulary,
  pending: { readonly pending?: NonNullable<Extract<Wish, { kind: 'question' }>['pending']> } = {},
): DelegationRead | undefined {
  const parse = voice.parse(words, { vocabulary, currency: 'CNY', now, utcOffsetMin: LOCAL_OFFSET_MIN, ...pending });
  return parse.kind === 'not-a-delegation' ? undefined : { kind: 'wish', parse };
}
