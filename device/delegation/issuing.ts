/** From the drafted credential to the signed one that the PSP keeps (ACT 2.1 ADD-IAC-ISS). */
import {
  digestOf,
  encodeCbor,
  equalBytes,
  IacPayload,
  msOf,
  type OpenedObject,
  type RefusalMessage,
  secondsOf,
  toJsonObject,
  verifyJson,
} from '../../protocol/index.ts';
import { requestIdFor } from '../purchase/ending.ts';
import type { DeviceSettings } from '../settings.ts';
import { draftOf } from '../signer/draft.ts';
import type { SignerAnswer } from '../signer/port.ts';
import { opened } from '../signer/reading.ts';
import { endUnsigned } from './capturing.ts';
import type { DelegationEffect, DelegationStep } from './events.ts';
import { delegationPhrases } from './phrases.ts';
import { again, later, say, send } from './speech.ts';
import type { DelegationIn, DelegationOutcome, Plan } from './state.ts';
import type { Situation, Transition } from './transition.ts';

/** How long the PSP may leave a request without a challenge. */
export const REQUEST_MS = 30_000;
export const REQUEST_AGAIN_MS = 4_000;

/** The same request id each time, so that the PSP answers with what it had stored (T3). */
export function askPsp({ requestId, iac, agentKey }: Plan, { psp }: DeviceSettings): DelegationEffect {
  return send(psp, { type: 'delegation-request', body: { requestId, iac, agentKey } });
}

/** The challenge, if the PSP signed it for this device, this draft and this agent key (T5); else why not. */
function checkedChallenge(
  bytes: Uint8Array,
  { iac, agentKey }: Plan,
  settings: DeviceSettings,
): OpenedObject<'delegation-challenge'> | 'challenge-signature' | 'challenge-terms' {
  const challenge = opened('delegation-challenge', bytes, settings);
  if (!challenge || challenge.signer.party !== settings.psp) return 'challenge-signature';
  const { iacDigest, payer, agentKey: named } = challenge.value;
  return iacDigest === digestOf(iac) && payer === settings.device && named === agentKey ? challenge : 'challenge-terms';
}

export const takeChallenge: Transition<'requesting', 'delegation-challenge'> = (state, { settings, event, now }) => {
  const { id, plan } = state;
  if (event.body.requestId !== plan.requestId || event.from.party !== settings.psp) return undefined;
  const challenge = checkedChallenge(event.body.challenge, plan, settings);
  if (typeof challenge === 'string') return endUnsigned(id, 'refused', challenge, plan.locale);
  const { expiresAt } = challenge.value;
  if (expiresAt <= secondsOf(now)) return endUnsigned(id, 'refused', 'challenge-expired', plan.locale);
  return {
    state: {
      ...{ at: 'confirming', id, plan, challenge: event.body.challenge, challengeDigest: challenge.digest },
      ...{ prompt: 'waiting', until: msOf(expiresAt) },
    },
    effects: [],
  };
};

export const requestAgain: Transition<'requesting', 'tick' | 'restarted'> = (state, { settings, now, event }) => {
  if (now >= state.until) return endUnsigned(state.id, 'refused', 'psp-unreachable', state.plan.locale);
  if (event.kind === 'tick' && now < state.nextAt) return undefined;
  return { state: { ...state, nextAt: later(now, REQUEST_AGAIN_MS) }, effects: [askPsp(state.plan, settings)] };
};

export const requestRefused: Transition<'requesting' | 'confirming', 'refusal'> = (state, { settings, event }) => {
  const { requestId, code } = event.body;
  if (requestId !== state.plan.requestId || event.from.party !== settings.psp) return undefined;
  return endUnsigned(state.id, 'refused', code, state.plan.locale, ...withdrawal(state));
};

/** "Cancel" and "no" end it wherever it stands before the signature; other words do nothing here. */
export const leave: Transition<'requesting' | 'confirming', 'answer'> = (state, { event }) =>
  event.reply.kind === 'cancel' || event.reply.kind === 'no'
    ? endUnsigned(state.id, 'cancelled', 'said-cancel', state.plan.locale, ...withdrawal(state))
    : undefined;

export const openPrompt: Transition<'confirming', 'turn'> = (state, { event }) => {
  if (event.of !== 'prompt' || state.prompt === 'open') return undefined;
  const { locale, iac } = state.plan;
  return {
    state: { ...state, prompt: 'open' },
    effects: [
      { do: 'prompt', id: state.id, request: { kind: 'delegation', challenge: state.challenge, iac, locale } },
      ...(event.mayListen ? [{ do: 'listen-for', expect: 'reply', locale } as const] : []),
    ],
  };
};

const OUTCOMES: Readonly<Record<Exclude<SignerAnswer['kind'], 'signed' | 'void' | 'failed'>, DelegationOutcome>> = {
  declined: 'declined',
  cancelled: 'cancelled',
  'timed-out': 'timed-out',
};

/** The signer's one answer. Declined, cancelled, timed out, void and failed stay apart (design 5.6). */
export const answerOfSigner: Transition<'confirming', 'signer'> = (state, moment) => {
  const { answer } = moment.event;
  const { id, plan } = state;
  switch (answer.kind) {
    case 'signed':
      return issue(state, answer, moment);
    case 'void':
      // A payment's prompt took its place: it waits for its turn again.
      return answer.reason === 'new-cart'
        ? { state: { ...state, prompt: 'waiting' }, effects: [] }
        : endUnsigned(id, 'cancelled', answer.reason, plan.locale);
    case 'failed':
      return endUnsigned(id, 'refused', answer.code, plan.locale);
    default:
      return endUnsigned(
        id,
        OUTCOMES[answer.kind],
        answer.kind === 'timed-out' ? 'no-press' : 'at-prompt',
        plan.locale,
      );
  }
};

function issue(
  { id, plan, challengeDigest }: DelegationIn<'confirming'>,
  { signed, jsonSignature }: Extract<SignerAnswer, { kind: 'signed' }>,
  { settings, now }: Situation,
): DelegationStep {
  const { locale, agentKey, requestId } = plan;
  const iac = draftOf(IacPayload, plan.iac);
  if (!iac || !jsonSignature || !isOf({ signed, jsonSignature }, { plan, iac, challengeDigest }, settings))
    return endUnsigned(id, 'refused', 'signer-mismatch', locale);
  const sums = { count: 0, spentMinor: 0, refundedMinor: 0, strays: 0 };
  const told = { budget: false, end: false, missing: 0 };
  return {
    state: {
      ...{ at: 'issuing', id, locale, iac, authorization: signed, agentKey, sums, told },
      task: { version: 0, attempts: 0 },
      ...{ jsonSignature, attempts: 0, nextAt: again(now, 0) },
    },
    effects: [
      send(settings.psp, { type: 'delegation-confirm', body: { requestId, authorization: signed, jsonSignature } }),
      say('delegation-signed', delegationPhrases(locale).signed(), locale),
    ],
  };
}

/** A signer outside this process is believed no more than a peer: it may answer late, or for another prompt (T2). */
function isOf(
  { signed, jsonSignature }: { readonly signed: Uint8Array; readonly jsonSignature: Uint8Array },
  about: { readonly plan: Plan; readonly iac: IacPayload; readonly challengeDigest: string },
  settings: DeviceSettings,
): boolean {
  const authorization = opened('authorization', signed, settings);
  if (!authorization || authorization.signer.party !== settings.device) return false;
  const { value, signer } = authorization;
  return (
    value.challengeDigest === about.challengeDigest &&
    value.agentKey === about.plan.agentKey &&
    equalBytes(encodeCbor(IacPayload.encode(value.iac, 'iac')), about.plan.iac) &&
    verifyJson(toJsonObject(IacPayload, about.iac, 'iac'), jsonSignature, signer.publicKey)
  );
}

/** A prompt does not outlive the link: what could not be sent at once must not be signed (design 5.3). */
export const linkLost: Transition<'confirming', 'link'> = (state, { event }) =>
  event.online ? undefined : endUnsigned(state.id, 'cancelled', 'link-lost', state.plan.locale, ...withdrawal(state));

/** Nor does it outlive its process: nothing was signed that left the device. */
export const voidOnRestart: Transition<'confirming', 'restarted'> = (state) =>
  endUnsigned(state.id, 'cancelled', 'restart', state.plan.locale, { do: 'unprompt', id: state.id });

export const promptOver: Transition<'confirming', 'tick'> = (state, { now }) =>
  now < state.until
    ? undefined
    : endUnsigned(state.id, 'timed-out', 'no-press', state.plan.locale, ...withdrawal(state));

export const lockedOut: Transition<'requesting' | 'confirming', 'lock-order'> = (state, { event }) =>
  event.taken.isLocked
    ? endUnsigned(state.id, 'cancelled', 'device-locked', state.plan.locale, ...withdrawal(state))
    : undefined;

function withdrawal(state: DelegationIn<'requesting' | 'confirming'>): readonly DelegationEffect[] {
  return state.at === 'confirming' && state.prompt === 'open' ? [{ do: 'unprompt', id: state.id }] : [];
}

/** The signed credential once more, while nobody has said what became of it: the same bytes for the same nonce (T2). */
export function confirmAgain(state: DelegationIn<'issuing'>, { settings, now }: Situation): DelegationStep {
  const { id, authorization, jsonSignature } = state;
  const attempts = state.attempts + 1;
  const body = { requestId: requestIdFor(id, 'issue'), authorization, jsonSignature };
  return {
    state: { ...state, attempts, nextAt: again(now, attempts) },
    effects: [send(settings.psp, { type: 'delegation-confirm', body })],
  };
}

/** Whether a refusal is about the credential that is on its way. */
export function isOfIssuing({ id }: DelegationIn<'issuing'>, { requestId, category }: RefusalMessage): boolean {
  // A PSP that cannot answer now has decided nothing.
  return requestId === requestIdFor(id, 'issue') && category !== 'SYSTEM_UNAVAILABLE';
}
