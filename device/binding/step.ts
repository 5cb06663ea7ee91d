/**
 * Binding an account on one page (ACT 2.1 PSD-PMT-BND). A pure function: what is next depends on where the binding stands,
 * what happened and what time it is. What has no entry here changes nothing: a result without a consent, an offer that
 * nobody asked for, an answer under another id (T2, T4, T5).
 */
import { type BindingResult, type EpochMs, msOf, secondsOf } from '../../protocol/index.ts';
import type { SignerAnswer } from '../signer/port.ts';
import { type BindingSettings, checkedOffer, grantsTheSame, isConsentTo } from './checks.ts';
import type { BindingEffect, BindingEvent, BindingStep } from './events.ts';
import type { Binding, BindingIn } from './state.ts';
import { isOver } from './state.ts';

/** How long the PSP may leave a request without an offer. */
export const REQUEST_MS = 30_000;
const AGAIN_MS = 4_000;
const AGAIN_MOST_MS = 60_000;

type Asking = BindingIn<'requesting' | 'confirming' | 'consenting'>;
type FrameEvent = Extract<BindingEvent, { kind: 'frame' }>['frame'];

/** The next state and what to do. The caller keeps a token first, then makes the state durable, then does the rest. */
export function step(settings: BindingSettings, state: Binding, event: BindingEvent, now: EpochMs): BindingStep {
  if (event.kind === 'wish')
    return isOver(state) ? requesting({ request: event.request, locale: event.locale }, now) : { state, effects: [] };
  const next = isOver(state) ? undefined : onEvent(settings, state as Asking, event, now);
  return next ?? { state, effects: [] };
}

function onEvent(
  settings: BindingSettings,
  state: Asking,
  event: Exclude<BindingEvent, { kind: 'wish' }>,
  now: EpochMs,
): BindingStep | undefined {
  switch (event.kind) {
    case 'frame':
      return onFrame(settings, state, event.frame, now);
    case 'signer':
      return state.at === 'confirming' ? answered(settings, state, event.answer, now) : undefined;
    case 'tick':
      return ticked(state, now);
    case 'restarted':
      // A prompt does not outlive its process. The PSP still has the offer, and says so when it is asked (T3).
      return state.at === 'consenting' ? asked(state, now) : requesting(state, now, withdrawal(state));
    case 'link':
      return state.at === 'confirming' && !event.online ? refused(state, 'link-lost') : undefined;
    case 'lock-order':
      // What the wearer signed before has left: what became of it is asked for to the end.
      return event.taken.isLocked && state.at !== 'consenting' ? refused(state, 'locked') : undefined;
  }
}

function onFrame(settings: BindingSettings, state: Asking, frame: FrameEvent, now: EpochMs): BindingStep | undefined {
  const { requestId } = state.request;
  if (frame.from.party !== settings.psp || !('requestId' in frame.body) || frame.body.requestId !== requestId)
    return undefined;
  switch (frame.type) {
    case 'bind-offer':
      return offered(settings, state, frame.body.offer, now);
    case 'bind-result':
      return decided(state, frame.body);
    case 'refusal':
      return refused(state, frame.body.code);
    default:
      return undefined;
  }
}

function offered(settings: BindingSettings, state: Asking, bytes: Uint8Array, now: EpochMs): BindingStep | undefined {
  if (state.at === 'confirming') return undefined;
  const offer = checkedOffer(bytes, state.request, settings);
  if (state.at === 'consenting') {
    // Offered still: the PSP has not seen the consent. It is the same signed object, so it can only be used once.
    return typeof offer === 'object' && offer.digest === state.digest
      ? { state, effects: [consent(state)] }
      : undefined;
  }
  if (typeof offer === 'string') return refused(state, offer);
  const { request, locale } = state;
  const { expiresAt } = offer.value;
  if (expiresAt <= secondsOf(now)) return { state: { at: 'expired', requestId: request.requestId }, effects: [] };
  return {
    state: { at: 'confirming', request, locale, offer: bytes, digest: offer.digest, until: msOf(expiresAt) },
    effects: [{ do: 'confirm', offer: bytes, locale }],
  };
}

/** Declined, cancelled, timed out, void and failed stay apart (design 5.6). */
function answered(
  settings: BindingSettings,
  state: BindingIn<'confirming'>,
  answer: SignerAnswer,
  now: EpochMs,
): BindingStep {
  const { request, locale, digest } = state;
  switch (answer.kind) {
    case 'signed': {
      if (!isConsentTo(digest, answer.signed, settings)) return refused(state, 'signer-mismatch');
      const nextAt = later(now, AGAIN_MS);
      const next = { at: 'consenting', request, locale, digest, consent: answer.signed, attempts: 0, nextAt } as const;
      return { state: next, effects: [consent(next)] };
    }
    case 'timed-out':
      return { state: { at: 'expired', requestId: request.requestId }, effects: [] };
    case 'void':
      return refused(state, answer.reason);
    case 'failed':
      return refused(state, answer.code);
    default:
      return refused(state, answer.kind);
  }
}

function decided(state: Asking, result: BindingResult): BindingStep | undefined {
  if (result.failure !== undefined) {
    // The one failure that the PSP does not remember: it came before the offer, and is only late (T4).
    return result.failure === 'SYSTEM_ERROR' && state.at !== 'requesting' ? undefined : refused(state, result.failure);
  }
  const { paymentToken: token, limits, decidedAt } = result;
  if (state.at !== 'consenting' || token === undefined || limits === undefined) return undefined;
  if (!grantsTheSame(result, state.request)) return refused(state, 'result-terms');
  const { requestId } = state.request;
  return { state: { at: 'bound', requestId, limits, decidedAt }, effects: [{ do: 'keep', token }] };
}

function ticked(state: Asking, now: EpochMs): BindingStep | undefined {
  if (state.at === 'confirming') {
    if (now < state.until) return undefined;
    return { state: { at: 'expired', requestId: state.request.requestId }, effects: withdrawal(state) };
  }
  if (state.at === 'requesting' && now >= state.until) return refused(state, 'psp-unreachable');
  if (now < state.nextAt) return undefined;
  return state.at === 'consenting'
    ? asked(state, now)
    : { state: { ...state, nextAt: later(now, AGAIN_MS) }, effects: [ask(state)] };
}

/** Asks what became of it, ever more slowly: the same request under the same id, which the PSP answers with its standing. */
function asked(state: BindingIn<'consenting'>, now: EpochMs): BindingStep {
  const attempts = state.attempts + 1;
  const nextAt = later(now, Math.min(AGAIN_MS * 2 ** Math.min(attempts, 8), AGAIN_MOST_MS));
  return { state: { ...state, attempts, nextAt }, effects: [ask(state)] };
}

function requesting(
  { request, locale }: Pick<Asking, 'request' | 'locale'>,
  now: EpochMs,
  effects: readonly BindingEffect[] = [],
): BindingStep {
  const [until, nextAt] = [later(now, REQUEST_MS), later(now, AGAIN_MS)];
  return { state: { at: 'requesting', request, locale, until, nextAt }, effects: [...effects, ask({ request })] };
}

function refused(state: Asking, code: string): BindingStep {
  return { state: { at: 'refused', requestId: state.request.requestId, code }, effects: withdrawal(state) };
}

function withdrawal({ at }: Asking): readonly BindingEffect[] {
  return at === 'confirming' ? [{ do: 'withdraw' }] : [];
}

function ask({ request }: Pick<Asking, 'request'>): BindingEffect {
  return { do: 'send', message: { type: 'bind-request', body: request } };
}

function consent({ request, consent: signed }: BindingIn<'consenting'>): BindingEffect {
  const { requestId } = request;
  return { do: 'send', message: { type: 'bind-consent', body: { requestId, consent: signed } } };
}

function later(now: EpochMs, ms: number): EpochMs {
  return (now + ms) as EpochMs;
}
