/** One delegation from the first word to its end (ACT 2.1 ADD). Each state holds exactly what the later ones need. */
import type {
  Digest,
  EpochMs,
  EpochSeconds,
  IacPayload,
  IacState,
  Id16,
  PriceQuestion,
  TaskState,
} from '../../protocol/index.ts';
import { msOf } from '../../protocol/index.ts';
import type { Heard } from '../purchase/state.ts';
import type { DelegationDraft, DelegationQuestion, PendingDelegation } from '../voice/delegation/draft.ts';
import type { Locale } from '../voice/vocabulary.ts';
import { type Account, errandWakeAt } from './account.ts';
import { endWarningAt } from './bounds.ts';

/** A drafted credential on its way to the wearer's signature. */
export interface Plan {
  readonly id: Id16;
  readonly requestId: Id16;
  readonly locale: Locale;
  /** Deterministic CBOR of the payload, as the PSP checks and the signer shows it. */
  readonly iac: Uint8Array;
  /** RFC 9679 thumbprint of the one key that is to pay under it. */
  readonly agentKey: Digest;
}

/** What the PSP has said last of where it stands. */
export interface KnownStatus {
  readonly state: IacState;
  readonly version: number;
  readonly asOf: EpochSeconds;
  readonly freshUntil: EpochSeconds;
  readonly spentMinor: number;
  readonly reservedMinor: number;
  readonly spends: number;
  /** Since when it has been in this state, as far as the PSP's own words tell. */
  readonly since: EpochSeconds;
}

/** What the receipts on this device add up to. Never anything that an agent said (T13). */
export interface Sums {
  readonly count: number;
  readonly spentMinor: number;
  readonly refundedMinor: number;
  /** Payments among them that are outside the bounds. */
  readonly strays: number;
}

/** What the wearer was told, once each. */
export interface Told {
  readonly budget: boolean;
  readonly end: boolean;
  /** For how many payments of the PSP's count it was said that there may be more than were seen. */
  readonly missing: number;
}

/** The task at the agent: handed over again until the agent has said something of it. */
export interface Task {
  /** 0 before the first news. */
  readonly version: number;
  readonly state?: TaskState;
  /** The agent has said that the sub-account holds too little, and nothing else since. */
  readonly isShort?: boolean;
  readonly attempts: number;
  /** Absent: nothing is to be sent. */
  readonly nextAt?: EpochMs;
}

/** A change of state by the wearer: asked for, pressed for, told to the PSP until it has acknowledged it (T17). */
export type Change =
  | {
      readonly step: 'waiting' | 'open';
      readonly to: Wanted;
      readonly tries: number;
      /** While it waits for its turn: not before this. */
      readonly notBefore?: EpochMs;
      /** Deterministic CBOR of what is being signed, while the prompt is open. */
      readonly bytes?: Uint8Array;
      /** Asked for by the device itself, because of a payment outside the bounds. */
      readonly isAlarm: boolean;
    }
  | {
      readonly step: 'telling';
      readonly to: Wanted;
      readonly tries: number;
      readonly version: number;
      readonly requestId: Id16;
      readonly order: Uint8Array;
      readonly attempts: number;
      readonly nextAt: EpochMs;
      readonly isAlarm: boolean;
    };

/** What a wearer can ask for; a credential expires by itself. */
export type Wanted = Exclude<IacState, 'Expired'>;

/** A price that has left the tolerance, to be said yes or no to. Nothing said is no. */
export interface Asked {
  readonly step: 'waiting' | 'open';
  readonly body: PriceQuestion;
  readonly tries: number;
  readonly until: EpochMs;
}

/** A delegation that the wearer has signed. */
export interface Held {
  readonly id: Id16;
  readonly locale: Locale;
  readonly iac: IacPayload;
  /** The signed object, byte for byte. */
  readonly authorization: Uint8Array;
  readonly agentKey: Digest;
  readonly status?: KnownStatus;
  readonly sums: Sums;
  readonly told: Told;
  readonly task: Task;
  readonly change?: Change;
  readonly asked?: Asked;
  /** The last answer to a price, which is given again to whoever asks the same again. */
  readonly answered?: { readonly requestId: Id16; readonly accept: boolean };
  /** When it is looked at whether receipts are missing. */
  readonly doubtAt?: EpochMs;
  /** What pays, where that is a sub-account of the agent, once the PSP has named it. */
  readonly account?: Account;
}

interface Waiting {
  readonly until: EpochMs;
}

/** `until`: when the state gives up. `nextAt`: when it asks once more. */
export type Delegation =
  | (Waiting & {
      readonly at: 'drafting';
      readonly id: Id16;
      readonly locale: Locale;
      readonly question?: DelegationQuestion;
      readonly pending?: PendingDelegation;
      readonly tries: number;
    })
  | (Waiting & {
      readonly at: 'summarising';
      readonly id: Id16;
      readonly draft: DelegationDraft;
      readonly heard: Heard;
      readonly tries: number;
    })
  | (Waiting & { readonly at: 'requesting'; readonly id: Id16; readonly plan: Plan; readonly nextAt: EpochMs })
  | (Waiting & {
      readonly at: 'confirming';
      readonly id: Id16;
      readonly plan: Plan;
      readonly challenge: Uint8Array;
      readonly challengeDigest: Digest;
      readonly prompt: 'waiting' | 'open';
    })
  /** Signed, and told to the PSP until it has said what became of it. */
  | (Held & {
      readonly at: 'issuing';
      readonly jsonSignature: Uint8Array;
      readonly attempts: number;
      readonly nextAt: EpochMs;
    })
  /** As the PSP said last, or as the clock says. */
  | (Held & { readonly at: Standing; readonly nextAt: EpochMs })
  /** Signed, but the PSP did not take it. Kept, because only a status of the PSP proves that nothing pays under it. */
  | (Held & { readonly at: 'refused'; readonly reason: string })
  /** Never signed. */
  | { readonly at: 'ended'; readonly id: Id16; readonly outcome: DelegationOutcome; readonly reason: string };

export type Standing = 'active' | 'suspended' | 'revoked' | 'expired';
export type DelegationOutcome = 'declined' | 'cancelled' | 'timed-out' | 'refused';
type ByState = { readonly [At in Delegation['at']]: Extract<Delegation, { at: At }> };
export type DelegationIn<At extends Delegation['at']> = ByState[At];
export type HeldDelegation = Extract<Delegation, Held>;

/** Whether the wearer has signed it: from then on receipts count against it. */
export function isHeld(state: Delegation): state is HeldDelegation {
  return 'authorization' in state;
}

/** Whether it can pay, as far as is known here; what is on its way to the PSP may pay already. */
export function isRunning({ at }: Delegation): boolean {
  return at === 'issuing' || at === 'active' || at === 'suspended';
}

/** Whether the wearer is being asked for words or a yes, so that the next words are meant for it. */
export function isTalking(state: Delegation): boolean {
  return state.at === 'drafting' || state.at === 'summarising' || (isHeld(state) && state.asked?.step === 'open');
}

/** Whether its prompt is at the signer now. */
export function hasPrompt(state: Delegation): boolean {
  if (!isHeld(state)) return state.at === 'confirming' && state.prompt === 'open';
  return state.change?.step === 'open' || state.account?.errand?.step === 'open';
}

/** The language it is held in. */
export function localeOfDelegation(state: Delegation, fallback: Locale): Locale {
  if ('plan' in state) return state.plan.locale;
  if ('heard' in state) return state.heard.locale;
  return 'locale' in state ? state.locale : fallback;
}

/** When a tick matters next; `undefined` when only an event from outside does. */
export function wakeAt(state: Delegation): EpochMs | undefined {
  if (!isHeld(state)) return soonest('until' in state ? state.until : undefined, nextOf(state));
  const { task, change, asked, doubtAt, account } = state;
  const changeAt =
    change?.step === 'telling' ? change.nextAt : change?.step === 'waiting' ? change.notBefore : undefined;
  const endsAt = isRunning(state) ? msOf(state.iac.validityEndTime) : undefined;
  const warnsAt = state.at === 'active' && !state.told.end ? endWarningAt(state.iac) : undefined;
  return soonest(
    nextOf(state),
    task.nextAt,
    changeAt,
    asked?.until,
    doubtAt,
    account && errandWakeAt(account),
    endsAt,
    warnsAt,
  );
}

function nextOf(state: Delegation): EpochMs | undefined {
  return 'nextAt' in state && state.at !== 'revoked' && state.at !== 'expired' ? state.nextAt : undefined;
}

function soonest(...times: readonly (EpochMs | undefined)[]): EpochMs | undefined {
  const known = times.filter((at) => at !== undefined);
  return known.length > 0 ? (Math.min(...known) as EpochMs) : undefined;
}
