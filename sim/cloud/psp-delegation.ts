/**
 * Issuing a delegation (ACT 2.1 ADD-IAC-ISS): the PSP checks the draft, challenges, and once the wearer has signed exactly
 * that, the credential is Active and its agent gets what pays under it. A request is answered the same however often it is
 * asked (T2, T3).
 */
import {
  type Digest,
  digestOf,
  type EpochMs,
  type EpochSeconds,
  type Id16,
  type Party,
  secondsOf,
  signObject,
} from '../../protocol/index.ts';
import { type Opened, openDelegation } from '../ledger/delegations.ts';
import type { Books } from '../ledger/store.ts';
import { derivedId } from './derive.ts';
import { genuine } from './genuine.ts';
import type { FrameOf, Outgoing, Reaction } from './handler.ts';
import { REQUEST_WINDOW_S } from './psp-checks.ts';
import type { Delegation } from './psp-delegation-book.ts';
import { draftFacts, draftFault, iacDigestOf, signedFault } from './psp-delegation-checks.ts';
import { type Challenge, draftedOnce, endedIn, endIn } from './psp-delegation-drafts.ts';
import { isOn, lockOf } from './psp-delegation-halts.ts';
import { type DelegationParts, instrumentFor, say, statusFor } from './psp-delegation-parts.ts';
import type { LedgerWork } from './psp-delegation-retries.ts';
import { instrumentOf, ledgerTermsOf, readIac } from './psp-delegation-terms.ts';
import { type RefusalCode, refusal } from './refusals.ts';
import { contentOf, requestKey } from './requests.ts';
import type { CounterVerdict } from './signer-counters.ts';

/** How long the wearer has to read the bounds and to sign. */
export const DELEGATION_CHALLENGE_S = 120;
/** Requests of one device that are open or came to nothing of late: beyond them nobody is asked (T30). */
export const MAX_DELEGATION_REQUESTS = 64;

type Standing =
  | (Challenge & { readonly at: 'challenged'; readonly digest: Digest })
  /** Signed by the wearer; the ledger has not answered yet. */
  | { readonly at: 'opening'; readonly delegation: Delegation; readonly challengeDigest: Digest }
  /** Nothing is to come of the challenge; the ledger has not answered yet. */
  | { readonly at: 'ending'; readonly code: RefusalCode; readonly delegationId: Id16 }
  | { readonly at: 'issued'; readonly delegation: Delegation }
  /** Final. */
  | { readonly at: 'refused'; readonly code: RefusalCode };
type Challenged = Extract<Standing, { at: 'challenged' }>;

interface Kept {
  /** Of the request; absent where a confirmation came without one. */
  readonly content: Digest | undefined;
  readonly device: string;
  readonly key: string;
  /** When the request was seen first. */
  readonly since: EpochSeconds;
  standing: Standing;
}

/** A confirmation, and what its counter was found to be when it was looked at first. */
interface Confirming {
  readonly frame: FrameOf<'delegation-confirm'>;
  readonly at: EpochSeconds;
  counter?: CounterVerdict;
  isWitnessed?: boolean;
}

type IssueFrame = FrameOf<'delegation-request'> | FrameOf<'delegation-confirm'>;

export class DelegationDesk {
  readonly #parts: DelegationParts;
  readonly #requests = new Map<string, Kept>();

  constructor(parts: DelegationParts) {
    this.#parts = parts;
  }

  request(frame: FrameOf<'delegation-request'>, now: EpochMs): Reaction {
    const { from, body } = frame;
    const [content, since] = [contentOf(frame), secondsOf(now)];
    // Not remembered, so it may be asked again later.
    if (!this.#find(frame, since) && !this.#hasRoom(from.party, since))
      return [refusal(from, body.requestId, 'too-many-requests')];
    return this.#parts.retries.attempt(`draft/${requestKey(frame)}/${content}`, now, (at) => {
      const known =
        this.#find(frame, since) ?? this.#drafted(frame, since, content, (books) => this.#judge(frame, since, books));
      if (known.content === content) return this.#answer(known, from, body.requestId, at);
      // A refusal promises that nothing comes of this id any more, so a challenge that used it first ends with it.
      if (known.standing.at !== 'challenged') return [refusal(from, body.requestId, 'repeated-request')];
      known.standing = ending(known.standing, 'repeated-request');
      return this.#answer(known, from, body.requestId, at);
    });
  }

  confirm(frame: FrameOf<'delegation-confirm'>, now: EpochMs): Reaction {
    const { from, body } = frame;
    const since = secondsOf(now);
    const before = this.#find(frame, since);
    if (!before && !this.#hasRoom(from.party, since)) return [refusal(from, body.requestId, 'too-many-requests')];
    const confirming: Confirming = { frame, at: since };
    const work: LedgerWork = (at) => {
      const kept = this.#find(frame, since) ?? this.#drafted(frame, since, undefined, () => 'unknown-request');
      if (kept.standing.at === 'challenged') kept.standing = this.#decide(confirming, kept.standing, kept.key);
      else this.#witness(confirming);
      return this.#answer(kept, from, body.requestId, at);
    };
    const isAwaited = before?.standing.at === 'challenged';
    return this.#parts.retries[isAwaited ? 'insist' : 'attempt'](
      `confirm/${requestKey(frame)}/${contentOf(frame)}`,
      now,
      work,
    );
  }

  /** What is known of a request now. A challenge that was seen to have expired stays expired, whatever the clock does (T16). */
  #find(frame: IssueFrame, now: EpochSeconds): Kept | undefined {
    const kept = this.#requests.get(requestKey(frame));
    if (kept?.standing.at === 'challenged' && now >= kept.standing.expiresAt)
      kept.standing = ending(kept.standing, 'expired-challenge');
    return kept;
  }

  /** What was found of a request by whichever gateway it came to first. @throws LedgerUnavailable. */
  #drafted(
    frame: IssueFrame,
    since: EpochSeconds,
    content: Digest | undefined,
    find: (books: Books) => Challenge | RefusalCode,
  ): Kept {
    const key = requestKey(frame);
    const drafted = this.#parts.store.transact((books) =>
      draftedOnce(books, key, () => ({ content, since, found: find(books) })),
    );
    const { found } = drafted;
    const standing: Standing =
      typeof found === 'string'
        ? { at: 'refused', code: found }
        : { at: 'challenged', ...found, digest: digestOf(found.challenge) };
    const kept: Kept = { content: drafted.content, device: frame.from.party, key, since: drafted.since, standing };
    this.#requests.set(key, kept);
    return this.#find(frame, since) ?? kept;
  }

  /** Forgets what came to nothing long ago. The ledger does not: a draft that comes again is refused as before, or as expired. */
  #hasRoom(device: string, now: EpochSeconds): boolean {
    let count = 0;
    for (const [key, { device: owner, since, standing }] of this.#requests) {
      if (owner !== device || standing.at === 'issued' || standing.at === 'opening') continue;
      if (since < now - 2 * REQUEST_WINDOW_S) this.#requests.delete(key);
      else count += 1;
    }
    return count < MAX_DELEGATION_REQUESTS;
  }

  #judge(frame: FrameOf<'delegation-request'>, now: EpochSeconds, books: Books): Challenge | RefusalCode {
    const { from, body } = frame;
    const iac = readIac(body.iac);
    if (!iac) return 'draft-malformed';
    const draft = { iac, agentKey: body.agentKey };
    const about = { books, requestKey: requestKey(frame) };
    const fault = draftFault(draftFacts(this.#parts, draft, from.party, now, about));
    if (fault) return fault;
    const { secret, objectKey } = this.#parts;
    const expiresAt = Math.min(now + DELEGATION_CHALLENGE_S, iac.validityEndTime) as EpochSeconds;
    const nonce = derivedId(secret, 'delegation-nonce', from.party, body.requestId);
    const value = { iacDigest: digestOf(body.iac), payer: from.party, agentKey: body.agentKey, issuedAt: now };
    const challenge = signObject('delegation-challenge', { nonce, ...value, expiresAt }, objectKey);
    return { draft, challenge, expiresAt };
  }

  #decide(confirming: Confirming, challenged: Challenged, requestKey: string): Standing {
    const { frame, at: now } = confirming;
    const { from, body } = frame;
    const { draft, digest: challengeDigest } = challenged;
    const authorization = genuine('authorization', body.authorization, { ...this.#parts, at: now });
    if (!authorization) return ending(challenged, 'bad-confirmation');
    // A counter that a signer has signed is used, whatever comes of it.
    confirming.counter ??= this.#parts.counters.judge(authorization);
    const { counter } = confirming;
    const about = { challengeDigest, iacDigest: iacDigestOf(draft.iac), agentKey: draft.agentKey };
    const signed = { device: from.party, authorization, jsonSignature: body.jsonSignature, counter, ...about };
    const facts = this.#parts.store.transact((books) =>
      draftFacts(this.#parts, draft, from.party, now, { books, requestKey }),
    );
    const code = signedFault(signed) ?? draftFault(facts);
    if (code) return ending(challenged, code);
    const { terms, account, agent } = facts;
    if (!terms || !account || agent === undefined) throw new Error('a checked draft has lost what was checked');
    const { iac, agentKey } = draft;
    const delegation: Delegation = {
      ...{ delegationId: iac.delegationId, device: from.party, account: account.account, agent, agentKey, iac, terms },
      authorizationDigest: authorization.digest,
      instrument: instrumentOf(this.#parts.secret, iac),
      ...{ isOver: false, isHeld: false, riskChanges: 0 },
    };
    return { at: 'opening', delegation, challengeDigest };
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
      case 'ending': {
        const end: LedgerWork = (at) => this.#end(kept, to, requestId, at);
        return retries.insist(`end-draft/${kept.key}`, now, end);
      }
      case 'opening': {
        const open: LedgerWork = (at) => this.#open(kept, to, requestId, at);
        return retries.insist(`open/${standing.challengeDigest}`, now, open);
      }
    }
  }

  /** Nothing comes of it any more, with whichever gateway, unless it was issued before. */
  #end(kept: Kept, to: Party, requestId: Id16, now: EpochMs): readonly Outgoing[] {
    const { standing, key } = kept;
    const { book, store } = this.#parts;
    if (standing.at !== 'ending') return [];
    const { code, delegationId } = standing;
    const issued = store.transact((books) => {
      if (book.issuedFor(books, delegationId) === key) return book.findIn(books, delegationId);
      endIn(books, key, code);
      return undefined;
    });
    kept.standing = issued ? { at: 'issued', delegation: issued } : { at: 'refused', code };
    return this.#answer(kept, to, requestId, now);
  }

  /** A request that was answered meanwhile, because it came again, has nothing left to open. */
  #open(kept: Kept, to: Party, requestId: Id16, now: EpochMs): readonly Outgoing[] {
    if (kept.standing.at !== 'opening') return [];
    const { store, book } = this.#parts;
    const { delegation: asked } = kept.standing;
    const opened = store.transact((books) => this.#openIn(books, asked, kept.key, now));
    if (typeof opened === 'string') {
      kept.standing = { at: 'refused', code: opened };
      return [refusal(to, requestId, opened)];
    }
    const status = statusFor(this.#parts, opened, to, now, requestId);
    const delegation = book.add(opened);
    kept.standing = { at: 'issued', delegation };
    return [status, instrumentFor(delegation)];
  }

  /** @returns the one that stands: what another gateway has issued for this request, or this one. */
  #openIn(books: Books, asked: Delegation, key: string, now: EpochMs): Delegation | RefusalCode {
    const { book } = this.#parts;
    const ended = endedIn(books, key);
    if (ended) return ended;
    const issuedFor = book.issuedFor(books, asked.delegationId);
    if (issuedFor === key) return book.findIn(books, asked.delegationId) ?? asked;
    if (issuedFor !== undefined) return 'delegation-exists';
    // T18: what was on its way when the device was lost is not issued any more.
    const isLost = this.#parts.isLocked(asked.device) || isOn(books, lockOf(asked.device));
    const code = isLost ? 'device-locked' : OPEN_REFUSALS[openDelegation(books, ledgerTermsOf(asked), now)];
    if (code) endIn(books, key, code);
    if (code) return code;
    book.keepIn(books, asked, key);
    return asked;
  }

  /** What comes too late authorises nothing; its number is used all the same. */
  #witness(confirming: Confirming): void {
    if (confirming.counter !== undefined || confirming.isWitnessed) return;
    confirming.isWitnessed = true;
    const { frame, at } = confirming;
    const late = genuine('authorization', frame.body.authorization, { ...this.#parts, at });
    if (late) this.#parts.counters.witness(late);
  }
}

function ending({ draft }: Challenged, code: RefusalCode): Standing {
  return { at: 'ending', code, delegationId: draft.iac.delegationId };
}

const OPEN_REFUSALS: { readonly [O in Opened]: RefusalCode | undefined } = {
  opened: undefined,
  repeated: undefined,
  differs: 'delegation-exists',
  'insufficient-balance': 'insufficient-balance',
};
