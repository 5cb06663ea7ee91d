/**
 * Issuing a delegation (ACT 2.1 ADD-IAC-ISS): the PSP checks the draft, challenges, and once the wearer has signed exactly
 * that, the credential is Active and its agent gets what pays under it. A request is answered the same however often it is
 * asked (T2, T3).
 */
import {
  type Digest,
  decodeCbor,
  digestOf,
  type EpochMs,
  type EpochSeconds,
  IacPayload,
  type Id16,
  msOf,
  type Party,
  ProtocolError,
  secondsOf,
  signObject,
} from '../../protocol/index.ts';
import { type Opened, openDelegation } from '../ledger/delegations.ts';
import type { DelegationTerms } from '../ledger/orders.ts';
import { derivedHex, derivedId } from './derive.ts';
import { genuine } from './genuine.ts';
import type { FrameOf, Outgoing, Reaction } from './handler.ts';
import { REQUEST_WINDOW_S } from './psp-checks.ts';
import type { Delegation, DelegationInstrument } from './psp-delegation-book.ts';
import { type Draft, draftFacts, draftFault, iacDigestOf, signedFault } from './psp-delegation-checks.ts';
import { type DelegationParts, instrumentFor, say, statusFor } from './psp-delegation-parts.ts';
import type { LedgerWork } from './psp-delegation-retries.ts';
import { type RefusalCode, refusal } from './refusals.ts';
import { contentOf, requestKey } from './requests.ts';

/** How long the wearer has to read the bounds and to sign. */
export const DELEGATION_CHALLENGE_S = 120;
/** Requests of one device that are open or came to nothing of late: beyond them nobody is asked (T30). */
export const MAX_DELEGATION_REQUESTS = 64;

type Standing =
  | {
      readonly at: 'challenged';
      readonly draft: Draft;
      readonly challenge: Uint8Array;
      readonly digest: Digest;
      readonly expiresAt: EpochSeconds;
    }
  /** Signed by the wearer; the ledger has not answered yet. */
  | { readonly at: 'opening'; readonly delegation: Delegation; readonly challengeDigest: Digest }
  | { readonly at: 'issued'; readonly delegation: Delegation }
  /** Final. */
  | { readonly at: 'refused'; readonly code: RefusalCode };
type Challenged = Extract<Standing, { at: 'challenged' }>;

interface Kept {
  /** Of the request; absent where a confirmation came without one. */
  readonly content?: Digest;
  readonly device: string;
  /** When the request was seen first. */
  readonly since: EpochSeconds;
  standing: Standing;
}

type IssueFrame = FrameOf<'delegation-request'> | FrameOf<'delegation-confirm'>;

export class DelegationDesk {
  readonly #parts: DelegationParts;
  readonly #onIssued: (delegation: Delegation, now: EpochMs) => readonly Outgoing[];
  readonly #requests = new Map<string, Kept>();

  /** @param onIssued may have something to say of a delegation as soon as it is one. */
  constructor(parts: DelegationParts, onIssued: (delegation: Delegation, now: EpochMs) => readonly Outgoing[]) {
    this.#parts = parts;
    this.#onIssued = onIssued;
  }

  request(frame: FrameOf<'delegation-request'>, now: EpochMs): Reaction {
    const { from, body } = frame;
    const [content, since] = [contentOf(frame), secondsOf(now)];
    const known = this.#find(frame, since);
    if (known && known.content !== content) {
      // A refusal promises that nothing comes of this id any more, so a challenge that used it first ends with it.
      if (known.standing.at === 'challenged') known.standing = { at: 'refused', code: 'repeated-request' };
      return [refusal(from, body.requestId, 'repeated-request')];
    }
    if (known) return this.#answer(known, from, body.requestId, now);
    // Not remembered, so it may be asked again later.
    if (!this.#hasRoom(from.party, since)) return [refusal(from, body.requestId, 'too-many-requests')];
    const kept: Kept = { content, device: from.party, since, standing: this.#judge(frame, since) };
    this.#requests.set(requestKey(frame), kept);
    return this.#answer(kept, from, body.requestId, now);
  }

  confirm(frame: FrameOf<'delegation-confirm'>, now: EpochMs): Reaction {
    const { from, body } = frame;
    const since = secondsOf(now);
    const before = this.#find(frame, since);
    if (!before && !this.#hasRoom(from.party, since)) return [refusal(from, body.requestId, 'too-many-requests')];
    const kept: Kept = before ?? { device: from.party, since, standing: { at: 'refused', code: 'unknown-request' } };
    this.#requests.set(requestKey(frame), kept);
    if (kept.standing.at === 'challenged') kept.standing = this.#decide(frame, kept.standing, since);
    else this.#witness(body.authorization, since);
    return this.#answer(kept, from, body.requestId, now);
  }

  /** What is known of a request now. A challenge that was seen to have expired stays expired, whatever the clock does (T16). */
  #find(frame: IssueFrame, now: EpochSeconds): Kept | undefined {
    const kept = this.#requests.get(requestKey(frame));
    if (kept?.standing.at === 'challenged' && now >= kept.standing.expiresAt)
      kept.standing = { at: 'refused', code: 'expired-challenge' };
    return kept;
  }

  /** Forgets what came to nothing long ago; a draft that comes again after that is a new one, and the wearer is asked again. */
  #hasRoom(device: string, now: EpochSeconds): boolean {
    let count = 0;
    for (const [key, { device: owner, since, standing }] of this.#requests) {
      if (owner !== device || standing.at === 'issued' || standing.at === 'opening') continue;
      if (since < now - 2 * REQUEST_WINDOW_S) this.#requests.delete(key);
      else count += 1;
    }
    return count < MAX_DELEGATION_REQUESTS;
  }

  #judge({ from, body }: FrameOf<'delegation-request'>, now: EpochSeconds): Standing {
    const iac = readIac(body.iac);
    if (!iac) return { at: 'refused', code: 'draft-malformed' };
    const draft = { iac, agentKey: body.agentKey };
    const fault = draftFault(draftFacts(this.#parts, draft, from.party, now));
    if (fault) return { at: 'refused', code: fault };
    const { secret, objectKey } = this.#parts;
    const expiresAt = Math.min(now + DELEGATION_CHALLENGE_S, iac.validityEndTime) as EpochSeconds;
    const nonce = derivedId(secret, 'delegation-nonce', from.party, body.requestId);
    const about = { iacDigest: digestOf(body.iac), payer: from.party, agentKey: body.agentKey };
    const challenge = signObject('delegation-challenge', { nonce, ...about, issuedAt: now, expiresAt }, objectKey);
    return { at: 'challenged', draft, challenge, digest: digestOf(challenge), expiresAt };
  }

  #decide({ from, body }: FrameOf<'delegation-confirm'>, challenged: Challenged, now: EpochSeconds): Standing {
    const { draft, digest: challengeDigest } = challenged;
    const authorization = genuine('authorization', body.authorization, { ...this.#parts, at: now });
    if (!authorization) return { at: 'refused', code: 'bad-confirmation' };
    // A counter that a signer has signed is used, whatever comes of it.
    const counter = this.#parts.counters.judge(authorization);
    const about = { challengeDigest, iacDigest: iacDigestOf(draft.iac), agentKey: draft.agentKey };
    const signed = { device: from.party, authorization, jsonSignature: body.jsonSignature, counter, ...about };
    const facts = draftFacts(this.#parts, draft, from.party, now);
    const code = signedFault(signed) ?? draftFault(facts);
    if (code) return { at: 'refused', code };
    const { terms, account, agent } = facts;
    if (!terms || !account || agent === undefined) throw new Error('a checked draft has lost what was checked');
    const { iac, agentKey } = draft;
    const delegation: Delegation = {
      ...{ delegationId: iac.delegationId, device: from.party, account: account.account, agent, agentKey, iac, terms },
      authorizationDigest: authorization.digest,
      instrument: this.#instrument(iac),
      ...{ isOver: false, isHeld: false, riskChanges: 0 },
    };
    return { at: 'opening', delegation, challengeDigest };
  }

  /** Names that say nothing and that nobody can guess. An agent that chooses gets an account of its own (PSD-PAY-AUP). */
  #instrument({ delegationId, delegationMode }: IacPayload): DelegationInstrument {
    const name = derivedHex(this.#parts.secret, 'instrument', delegationId).slice(0, 32);
    return delegationMode === 'BOUNDED' ? { subAccountId: `sub-${name}` } : { paymentToken: `delegated-${name}` };
  }

  #answer(kept: Kept, to: Party, requestId: Id16, now: EpochMs): readonly Outgoing[] {
    const { standing } = kept;
    const { retries } = this.#parts;
    switch (standing.at) {
      case 'challenged':
        return [say(to, { type: 'delegation-challenge', body: { requestId, challenge: standing.challenge } })];
      case 'refused':
        return [refusal(to, requestId, standing.code)];
      case 'issued': {
        const { delegation } = standing;
        const tell: LedgerWork = (at) => [statusFor(this.#parts, delegation, to, at, requestId)];
        return retries.attempt(`issued/${to.party}/${requestId}`, now, tell);
      }
      case 'opening': {
        const open: LedgerWork = (at) => this.#open(kept, to, requestId, at);
        return retries.insist(`open/${standing.challengeDigest}`, now, open);
      }
    }
  }

  /** A request that was answered meanwhile, because it came again, has nothing left to open. */
  #open(kept: Kept, to: Party, requestId: Id16, now: EpochMs): readonly Outgoing[] {
    if (kept.standing.at !== 'opening') return [];
    const { delegation } = kept.standing;
    const terms = this.#ledgerTerms(delegation);
    const code = OPEN_REFUSALS[this.#parts.store.transact((books) => openDelegation(books, terms, now))];
    if (code) {
      kept.standing = { at: 'refused', code };
      return [refusal(to, requestId, code)];
    }
    const status = statusFor(this.#parts, delegation, to, now, requestId);
    this.#parts.book.add(delegation);
    kept.standing = { at: 'issued', delegation };
    return [status, instrumentFor(delegation), ...this.#onIssued(delegation, now)];
  }

  #ledgerTerms({ delegationId, account, device, iac, terms, agentKey, instrument }: Delegation): DelegationTerms {
    const { currency, maxTotalMinor, validityStartTime, validityEndTime, agentId, ext } = iac;
    return {
      ...{ delegationId, account, device, currency, maxTotalMinor },
      maxSingleMinor: ext?.commerce?.maxSingleMinor,
      maxDailyMinor: terms.maxDailyMinor,
      maxOrders: terms.maxOrders,
      utcOffsetMin: terms.utcOffsetMin,
      validFrom: msOf(validityStartTime),
      validUntil: msOf(validityEndTime),
      instrument:
        'paymentToken' in instrument ? 'wallet' : { subAccountId: instrument.subAccountId, agentId, keyKid: agentKey },
    };
  }

  /** What comes too late authorises nothing; its number is used all the same. */
  #witness(authorization: Uint8Array, now: EpochSeconds): void {
    const late = genuine('authorization', authorization, { ...this.#parts, at: now });
    if (late) this.#parts.counters.witness(late);
  }
}

const OPEN_REFUSALS: { readonly [O in Opened]: RefusalCode | undefined } = {
  opened: undefined,
  repeated: undefined,
  differs: 'delegation-exists',
  'insufficient-balance': 'insufficient-balance',
};

/** A drafted credential in deterministic CBOR under its declaration and rules, or `undefined` for whatever is wrong with it. */
function readIac(bytes: Uint8Array): IacPayload | undefined {
  try {
    return IacPayload.decode(decodeCbor(bytes), 'iac');
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}
