/**
 * Binding a wearer's account to the agent of a device (PSD-PMT-BND): the PSP checks, offers what it would bind, and issues
 * a token once the wearer has consented on the signer. A request is answered the same however often it is asked (T2, T3).
 */
import {
  type BindingFailure,
  type BindingRequest,
  type BindingResult,
  type Digest,
  digestOf,
  type EpochMs,
  type EpochSeconds,
  type OpenedObject,
  type SigningKey,
  secondsOf,
  signObject,
  type TrustSet,
} from '../../protocol/index.ts';
import { derivedHex, derivedId } from './derive.ts';
import { genuine } from './genuine.ts';
import type { FrameOf, Outgoing, Reaction } from './handler.ts';
import { type BindingFacts, bindingFault, consentFault, type WearerAccount } from './psp-binding-checks.ts';
import type { PaymentTokens } from './psp-binding-tokens.ts';
import { REQUEST_WINDOW_S } from './psp-checks.ts';
import { refusal } from './refusals.ts';
import { contentOf, requestKey } from './requests.ts';
import type { SignerCounters } from './signer-counters.ts';

/** How long the wearer has to consent. */
export const OFFER_S = 60;
/** Requests of one device that are open or came to nothing of late: beyond them the answer is SYSTEM_ERROR (T30). */
export const MAX_BINDING_REQUESTS = 64;

export interface BindingDeskParts {
  readonly tenant: string;
  readonly trust: TrustSet;
  readonly objectKey: SigningKey;
  readonly secret: Uint8Array;
  readonly tokens: PaymentTokens;
  accountOf(device: string): WearerAccount | undefined;
  agentIdsOf(device: string): readonly string[];
  isLocked(device: string): boolean;
  /** Shared with everything else that signers sign. */
  readonly counters: SignerCounters;
  /** Told of each token that is no longer good, so that what is open under it ends. */
  readonly onRevoked: (token: string) => void;
}

type Standing =
  | {
      readonly at: 'offered';
      readonly request: BindingRequest;
      readonly offer: Uint8Array;
      readonly digest: Digest;
      readonly expiresAt: EpochSeconds;
    }
  | Decided
  /** A consent came under an id that nothing was offered for; nothing ever will be. */
  | { readonly at: 'void' };
type Offered = Extract<Standing, { at: 'offered' }>;

/** Final. */
interface Decided {
  readonly at: 'decided';
  readonly result: BindingResult;
}

interface Kept {
  /** Of the request; absent where a consent came without one. */
  readonly content?: Digest;
  readonly device: string;
  /** When the request was seen first. */
  readonly since: EpochSeconds;
  standing: Standing;
}

type BindingFrame = FrameOf<'bind-request'> | FrameOf<'bind-consent'>;

export class BindingDesk {
  readonly #parts: BindingDeskParts;
  readonly #requests = new Map<string, Kept>();

  constructor(parts: BindingDeskParts) {
    this.#parts = parts;
  }

  request(frame: FrameOf<'bind-request'>, now: EpochMs): Reaction {
    const { from, body } = frame;
    const [content, since] = [contentOf(frame), secondsOf(now)];
    const known = this.#find(frame, since);
    if (known && known.content !== content) {
      // A refusal promises that nothing comes of this id any more, so what used it first ends with it.
      if (known.standing.at === 'offered') known.standing = failure(known.standing.request, 'AUTH_FAILED', since);
      return [refusal(from, body.requestId, 'repeated-request')];
    }
    if (known) return [answerOf(known.standing, frame)];
    // Not remembered, so it may be asked again later.
    if (!this.#hasRoom(from.party, since)) return [answerOf(failure(body, 'SYSTEM_ERROR', since), frame)];
    const fault = bindingFault(this.#facts(body, from.party, since));
    const standing = fault ? failure(body, fault, since) : this.#offer(body, from.party, since);
    this.#requests.set(requestKey(frame), { content, device: from.party, since, standing });
    return [answerOf(standing, frame)];
  }

  consent(frame: FrameOf<'bind-consent'>, now: EpochMs): Reaction {
    const device = frame.from.party;
    const since = secondsOf(now);
    const before = this.#find(frame, since);
    if (!before && !this.#hasRoom(device, since)) return [answerOf({ at: 'void' }, frame)];
    const known: Kept = before ?? { device, since, standing: { at: 'void' } };
    this.#requests.set(requestKey(frame), known);
    const consent = genuine('binding-consent', frame.body.consent, { ...this.#parts, at: since });
    if (known.standing.at === 'offered') known.standing = this.#decide(frame, known.standing, consent, since);
    else if (consent) this.#parts.counters.witness(consent);
    return [answerOf(known.standing, frame)];
  }

  /** What is known of a request now. An offer that was seen to have expired stays expired, whatever the clock does (T16). */
  #find(frame: BindingFrame, now: EpochSeconds): Kept | undefined {
    const kept = this.#requests.get(requestKey(frame));
    if (kept?.standing.at === 'offered' && now >= kept.standing.expiresAt)
      kept.standing = failure(kept.standing.request, 'AUTH_FAILED', now);
    return kept;
  }

  /** Forgets what came to nothing so long ago that it is refused by its age, should it come again. */
  #hasRoom(device: string, now: EpochSeconds): boolean {
    let count = 0;
    for (const [key, { device: owner, since, standing }] of this.#requests) {
      if (owner !== device || isBound(standing)) continue;
      if (since < now - 2 * REQUEST_WINDOW_S) this.#requests.delete(key);
      else count += 1;
    }
    return count < MAX_BINDING_REQUESTS;
  }

  #facts(request: BindingRequest, device: string, now: EpochSeconds): BindingFacts {
    const { accountOf, agentIdsOf, isLocked } = this.#parts;
    const [account, agentIds] = [accountOf(device), agentIdsOf(device)];
    return { request, now, account, agentIds, isLocked: isLocked(device) };
  }

  #offer(request: BindingRequest, device: string, now: EpochSeconds): Offered {
    const { secret, objectKey } = this.#parts;
    const { requestId, agentId, methods, limits } = request;
    const expiresAt = (now + OFFER_S) as EpochSeconds;
    const nonce = derivedId(secret, 'binding-nonce', device, requestId);
    const value = { nonce, requestId, payer: device, agentId, methods, limits, issuedAt: now, expiresAt };
    const offer = signObject('binding-offer', value, objectKey);
    return { at: 'offered', request, offer, digest: digestOf(offer), expiresAt };
  }

  #decide(
    frame: FrameOf<'bind-consent'>,
    offered: Offered,
    consent: OpenedObject<'binding-consent'> | undefined,
    now: EpochSeconds,
  ): Decided {
    const { counters } = this.#parts;
    const { request, digest: offerDigest, expiresAt } = offered;
    const device = frame.from.party;
    // A counter that a signer has signed is used, whatever comes of it.
    const counter = consent && counters.judge(consent);
    const facts = { ...this.#facts(request, device, now), device, consent, offerDigest, expiresAt, counter };
    const fault = consentFault(facts);
    return fault ? failure(request, fault, now) : this.#bind(request, device, offerDigest, now);
  }

  /** The token says nothing of the account and nobody can guess it; the ones before it are dead. */
  #bind(request: BindingRequest, device: string, offerDigest: Digest, decidedAt: EpochSeconds): Decided {
    const { tokens, secret, onRevoked } = this.#parts;
    const { requestId, agentId, methods, limits } = request;
    for (const old of tokens.of(device, agentId)) {
      tokens.revoke(old);
      onRevoked(old);
    }
    const token = `token-${derivedHex(secret, 'binding-token', device, requestId, offerDigest).slice(0, 32)}`;
    tokens.issue({ device, agentId, token, limits, methods });
    return { at: 'decided', result: { requestId, agentId, paymentToken: token, limits, decidedAt } };
  }
}

function failure({ requestId, agentId }: BindingRequest, why: BindingFailure, decidedAt: EpochSeconds): Decided {
  return { at: 'decided', result: { requestId, agentId, failure: why, decidedAt } };
}

function isBound(standing: Standing): boolean {
  return standing.at === 'decided' && standing.result.failure === undefined;
}

function answerOf(standing: Standing, { from, body: { requestId } }: BindingFrame): Outgoing {
  switch (standing.at) {
    case 'offered':
      return { to: from, message: { type: 'bind-offer', body: { requestId, offer: standing.offer } } };
    case 'decided':
      return { to: from, message: { type: 'bind-result', body: standing.result } };
    case 'void':
      return refusal(from, requestId, 'unknown-request');
  }
}
