/**
 * The gate between showing and signing (design 5). It is pure: the runtime feeds it raw button edges and events with their
 * times, shows the pages it asks for and says when it has, and sets one timer to {@link wakeAt}. A step of the clock inside a
 * hold shortens, lengthens or ends that hold, so the times should come from a clock that is slewed, not stepped.
 *
 * Edges have no times of their own: one that waited while the process stood still comes as if it had just happened. Between two
 * ticks a runtime reads all input that was there at the first one, so the gate believes that it knows the line up to the tick
 * before the last, and judges by that.
 *
 * Only a hold confirms, and it does so while the button is still down, at the moment it has lasted {@link HOLD_MS}: the
 * wearer then sees the answer to the gesture and knows when to let go. Waiting for the release would add nothing, since a
 * line that is stuck was down before the hold was armed, and a press from before then never counts.
 */
import type { Digest } from '../../protocol/ids.ts';
import type { ConfirmationMethod } from '../../protocol/messages/payment.ts';
import type { EpochMs } from '../../protocol/time.ts';
import type { ButtonEdge } from '../ports.ts';
import { type Click, debounce, isStuck, type Line, settle, settlesAt } from './button.ts';
import type { Prompt } from './prompt.ts';
import type { View } from './sealed-view.ts';
import { displayWidth } from './width.ts';

/** Each page but the last is shown this long. */
export const PAGE_MS = 2_500;
/** Without a display a sentence takes its time to be said: about four Chinese syllables a second. */
export const SPEECH_MS_PER_COLUMN = 120;
/** From the first sight of the last page until a press can begin to count. The first page of one is the last. */
export const DEAD_MS = 1_000;
export const HOLD_MS = 800;
/** From the arming of the hold; reading many pages takes nothing away from it. */
export const TIMEOUT_MS = 30_000;
/** While the button is held the gate is to be woken this often. */
export const BEAT_MS = 100;
/** A longer pause within a hold was no timer's jitter: the process stalled or the clock was stepped. */
export const LATE_MS = 500;

/** Why a prompt ended without anybody answering it. `clock`: time went backwards, or past a hold unseen (T16). */
export type VoidReason =
  | 'wear-off'
  | 'button-lost'
  | 'link-lost'
  | 'new-cart'
  | 'restart'
  | 'expired'
  | 'locked'
  | 'clock';

export type GateEvent =
  | { readonly kind: 'edge'; readonly edge: ButtonEdge }
  | { readonly kind: 'tick' }
  /** By voice or from a paired device. */
  | { readonly kind: 'cancel' }
  | { readonly kind: 'void'; readonly reason: Exclude<VoidReason, 'clock'> };

/** Five different answers; none of them may be reported as another (design 5, rule 6). */
export type GateOutcome =
  | { readonly kind: 'confirmed'; readonly confirmed: Confirmed }
  /** One short click of the button, at any time since the prompt opened. */
  | { readonly kind: 'declined' }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'timed-out' }
  | { readonly kind: 'void'; readonly reason: VoidReason };

export interface GateStep {
  readonly state: GateState;
  /** Exactly once; afterwards the gate is closed and events change nothing. */
  readonly outcome?: GateOutcome;
  /** The page, or without a display the sentence, to present now. */
  readonly show?: number;
}

const BY_GATE = Symbol('gate');
const spentPrompts = new WeakSet<Prompt>();

/** The only proof that a wearer held the button for exactly this. Its constructor needs a token that never leaves this file. */
class HeldConfirmation {
  /** Of the documents that were shown, in their order. */
  readonly digests: readonly Digest[];
  readonly viewDigest: Digest;
  readonly method: ConfirmationMethod;
  readonly confirmedAt: EpochMs;
  readonly #prompt: Prompt;

  constructor(by: symbol, prompt: Prompt, confirmedAt: EpochMs) {
    if (by !== BY_GATE) throw new Error('only the gate confirms');
    this.#prompt = prompt;
    this.digests = prompt.digests;
    this.viewDigest = prompt.view.digest;
    this.method = prompt.method;
    this.confirmedAt = confirmedAt;
    Object.freeze(this);
  }

  static promptOf(value: unknown): Prompt | undefined {
    return typeof value === 'object' && value !== null && #prompt in value ? value.#prompt : undefined;
  }
}

/** A type only: there is no way to build one but to hold the button. */
export type Confirmed = HeldConfirmation;

/** Whether a value came out of this gate. Copies, clones, proxies and heirs of a `Confirmed` did not. */
export function isConfirmed(value: unknown): value is Confirmed {
  return HeldConfirmation.promptOf(value) !== undefined;
}

/**
 * To be called before the signature is made. The prompt is what is spent: stepping an old state twice gives two values,
 * of which still only one can be used.
 * @throws Error at the second use, and for anything the gate did not make; both are defects of the caller.
 */
export function consume(confirmed: Confirmed): void {
  const prompt = HeldConfirmation.promptOf(confirmed);
  if (prompt === undefined) throw new Error('not a confirmation of this gate');
  if (spentPrompts.has(prompt)) throw new Error('each confirmation authorises one thing once');
  spentPrompts.add(prompt);
}

interface Core {
  readonly prompt: Prompt;
  readonly openedAt: EpochMs;
  /** The time of the latest step. */
  readonly last: EpochMs;
  /** The time of the latest tick, and of the one before it: up to then each edge is known. */
  readonly tickedAt: EpochMs;
  readonly readTo: EpochMs;
  readonly page: number;
  readonly shownAt: EpochMs;
  readonly line: Line;
  /** Whether the press in progress surely began after the arming. */
  readonly fresh: boolean;
  /** Once a line was stuck it is not trusted with this prompt any more: a loose contact could imitate a new press. */
  readonly stuck: boolean;
  readonly ended: boolean;
}

/** Opaque and immutable. It can be kept, compared by identity and stepped, but not put together by hand. */
class OpaqueState {
  readonly #core: Core;

  constructor(by: symbol, core: Core) {
    if (by !== BY_GATE) throw new Error('a gate is opened by openGate only');
    this.#core = core;
    Object.freeze(this);
  }

  static coreOf(state: OpaqueState): Core {
    return state.#core;
  }
}

export type GateState = OpaqueState;

/**
 * Opens the gate at the moment the first page is shown; the runtime shows it. `line` is the button as debounced up to
 * now, also from before this prompt: a button that is down must be released before it can be pressed.
 */
export function openGate(prompt: Prompt, now: EpochMs, line: Line): GateState {
  const known = settle(line, now).line;
  const stuck = isStuck(known, now);
  const times = { openedAt: now, last: now, tickedAt: now, readTo: now, shownAt: now };
  return stateOf({ prompt, ...times, page: 0, line: known, fresh: false, stuck, ended: false });
}

/** The page that was asked for is to be seen from `now` on: drawing it took its time. */
export function pageShown(state: GateState, now: EpochMs): GateState {
  const core = OpaqueState.coreOf(state);
  return stateOf({ ...core, shownAt: Math.max(core.shownAt, now) as EpochMs });
}

/** One event at `now`. Where several things would end the prompt at once, those that pay nothing come first. */
export function gateStep(state: GateState, event: GateEvent, now: EpochMs): GateStep {
  const before = OpaqueState.coreOf(state);
  if (before.ended) return { state };
  // Also true for a time that is not a number at all.
  if (!(now >= before.last)) return end(before, { kind: 'void', reason: 'clock' });
  const { line, released } = settle(before.line, now);
  const read = event.kind === 'tick' ? { tickedAt: now, readTo: before.tickedAt } : {};
  const core = { ...before, ...read, last: now, line, stuck: before.stuck || isStuck(line, now) };
  const isUnwatched = isHeld(core) && now - before.last > LATE_MS;
  const outcome = deadlinePassed(core, now) ?? requested(event) ?? gestured(core, released, isUnwatched);
  if (outcome) return end(core, outcome);
  const next = event.kind === 'edge' ? moved(core, event.edge, now) : core;
  if (now < pageTurnsAt(next)) return { state: stateOf(next) };
  const page = next.page + 1;
  return { state: stateOf({ ...next, page, shownAt: now }), show: page };
}

/** The next time, not before the latest step, at which a tick matters if no event comes; `undefined` once closed. */
export function wakeAt(state: GateState): EpochMs | undefined {
  const core = OpaqueState.coreOf(state);
  if (core.ended) return undefined;
  const times = [core.prompt.expiresAt, pageTurnsAt(core), armedAt(core) + TIMEOUT_MS, holdDueAt(core)];
  const watch = [isHeld(core) ? core.last + BEAT_MS : NEVER, core.readTo < armedAt(core) ? armedAt(core) : NEVER];
  const next = Math.min(...times, ...watch, settlesAt(core.line) ?? NEVER);
  return Math.max(core.last, next) as EpochMs;
}

const NEVER = Number.POSITIVE_INFINITY;

/** Time is up: nothing that arrives now can confirm any more, not even a hold that was complete before. */
function deadlinePassed(core: Core, now: EpochMs): GateOutcome | undefined {
  if (now >= core.prompt.expiresAt) return { kind: 'void', reason: 'expired' };
  return now >= armedAt(core) + TIMEOUT_MS ? { kind: 'timed-out' } : undefined;
}

function requested(event: GateEvent): GateOutcome | undefined {
  if (event.kind === 'cancel') return { kind: 'cancelled' };
  return event.kind === 'void' ? { kind: 'void', reason: event.reason } : undefined;
}

function gestured(core: Core, released: Click | undefined, isUnwatched: boolean): GateOutcome | undefined {
  if (released && released.pressedAt >= core.openedAt && released.heldMs < HOLD_MS) return { kind: 'declined' };
  if (isUnwatched) return { kind: 'void', reason: 'clock' };
  if (core.readTo < holdDueAt(core)) return undefined;
  return { kind: 'confirmed', confirmed: new HeldConfirmation(BY_GATE, core.prompt, core.last) };
}

function moved(core: Core, edge: ButtonEdge, now: EpochMs): Core {
  const isNewPress = core.line.level === 'up' && core.line.burstAt === undefined;
  const fresh = isNewPress ? core.readTo >= armedAt(core) : core.fresh;
  return { ...core, fresh, line: debounce(core.line, edge, now).line };
}

/** When a press may begin to count; never while pages are still to come. The gate is to be woken then. */
function armedAt({ prompt, page, shownAt }: Core): number {
  return page === stepsOf(prompt.view).length - 1 ? shownAt + DEAD_MS : NEVER;
}

/**
 * When the hold in progress is complete, if the line stays as it is. Each movement begins it anew: what looks like a bounce may
 * be a release and another press that came during a stall.
 */
function holdDueAt(core: Core): number {
  return isHeld(core) ? core.line.quietSince + HOLD_MS : NEVER;
}

/** Whether a press that can confirm is in progress. */
function isHeld({ line, stuck, fresh }: Core): boolean {
  return line.level === 'down' && !stuck && fresh;
}

function pageTurnsAt({ prompt, page, shownAt }: Core): number {
  const steps = stepsOf(prompt.view);
  if (page >= steps.length - 1) return NEVER;
  const speaking = prompt.view.pages.length === 0 ? displayWidth(steps[page] ?? '') * SPEECH_MS_PER_COLUMN : 0;
  return shownAt + Math.max(PAGE_MS, speaking);
}

/** What is presented one after another: the pages, or without a display the sentences. */
function stepsOf({ pages, spoken }: View): readonly string[] {
  return pages.length > 0 ? pages.map((page) => page.title) : spoken;
}

function stateOf(core: Core): GateState {
  return new OpaqueState(BY_GATE, core);
}

function end(core: Core, outcome: GateOutcome): GateStep {
  return { state: stateOf({ ...core, ended: true }), outcome };
}
