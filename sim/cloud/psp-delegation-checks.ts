/**
 * What a PSP checks of a drafted credential before the wearer is asked, and of the signed one before it is good (ACT 2.1
 * ADD-IAC-ISS). The first rule that does not hold names the refusal.
 */
import {
  type Digest,
  digestOf,
  type EdgeTerms,
  type EpochSeconds,
  encodeCbor,
  fromHex,
  IacPayload,
  type JsonObject,
  type OpenedObject,
  ProtocolError,
  termsOf,
  thumbprintOf,
  toJsonObject,
  verifyJson,
} from '../../protocol/index.ts';
import { KID_BYTES } from '../../protocol/sign1.ts';
import type { Books } from '../ledger/store.ts';
import type { WearerAccount } from './psp-binding-checks.ts';
import { isOn, lockOf } from './psp-delegation-halts.ts';
import type { DelegationParts } from './psp-delegation-parts.ts';
import type { RefusalCode } from './refusals.ts';
import type { CounterVerdict } from './signer-counters.ts';

/** The longest a credential may hold, and the latest it may begin. */
export const DELEGATION_MAX_S = 366 * 86_400;

/** A draft that can be read. */
export interface Draft {
  readonly iac: IacPayload;
  readonly agentKey: Digest;
}

export interface DraftFacts extends Draft {
  readonly now: EpochSeconds;
  /** `undefined` where a credential has none, or some that cannot be read. */
  readonly terms: EdgeTerms | undefined;
  readonly hasJsonForm: boolean;
  readonly account: WearerAccount | undefined;
  readonly isLocked: boolean;
  /** The party that acts as the agent the draft names. */
  readonly agent: string | undefined;
  readonly isAgentKeyKnown: boolean;
  readonly methods: readonly string[];
  /** Whether something was issued under this id for another request. */
  readonly isIssued: boolean;
  readonly isMerchant: (party: string) => boolean;
}

export interface SignedFacts {
  readonly device: string;
  readonly authorization: OpenedObject<'authorization'>;
  readonly jsonSignature: Uint8Array;
  readonly counter: CounterVerdict;
  readonly challengeDigest: Digest;
  readonly iacDigest: Digest;
  readonly agentKey: Digest;
}

type Check<Facts> = readonly [holds: (facts: Facts) => boolean, otherwise: RefusalCode];

const DRAFT_CHECKS: readonly Check<DraftFacts>[] = [
  [({ isLocked }) => !isLocked, 'device-locked'],
  [({ iac, account }) => account?.principal === iac.delegatorIdentity, 'wearer-mismatch'],
  [({ account }) => account?.isClosed !== true, 'account-closed'],
  [({ agent }) => agent !== undefined, 'agent-unknown'],
  [({ isAgentKeyKnown }) => isAgentKeyKnown, 'agent-key-unknown'],
  [({ isIssued }) => !isIssued, 'delegation-exists'],
  [({ iac, now }) => isWindowSane(iac, now), 'window-invalid'],
  [({ iac, account }) => iac.currency === account?.currency, 'currency-unsupported'],
  [({ iac }) => iac.maxTotalMinor > 0 && (iac.ext?.commerce?.maxSingleMinor ?? 1) > 0, 'nothing-to-pay'],
  [({ iac, account, methods }) => areMethodsOffered(iac, account, methods), 'method-unsupported'],
  // What nobody can read nobody can enforce, and a credential without a target is none.
  [({ terms }) => terms !== undefined, 'terms-unreadable'],
  // The orders that are made under it are found by its intent, and others check it as JSON.
  [({ iac, hasJsonForm }) => iac.intentId !== undefined && hasJsonForm, 'draft-malformed'],
  [({ iac, isMerchant }) => merchantsOf(iac).every(isMerchant), 'payee-unknown'],
];

const SIGNED_CHECKS: readonly Check<SignedFacts>[] = [
  [({ authorization, device }) => authorization.signer.party === device, 'wrong-signer'],
  [({ counter }) => counter !== 'forked' && counter !== 'key-forked', 'counter-forked'],
  [({ counter }) => counter !== 'overtaken', 'counter-replayed'],
  [(facts) => isAsChallenged(facts), 'challenge-mismatch'],
  [({ authorization, jsonSignature }) => isJsonSigned(authorization, jsonSignature), 'bad-confirmation'],
];

/** Why the wearer is not asked about this draft, or nothing. */
export function draftFault(facts: DraftFacts): RefusalCode | undefined {
  return DRAFT_CHECKS.find(([holds]) => !holds(facts))?.[1];
}

/** Why this is not what the wearer was asked to sign, or nothing. */
export function signedFault(facts: SignedFacts): RefusalCode | undefined {
  return SIGNED_CHECKS.find(([holds]) => !holds(facts))?.[1];
}

/** What there is to know of a draft of this device now. */
export function draftFacts(
  parts: DelegationParts,
  { iac, agentKey }: Draft,
  device: string,
  now: EpochSeconds,
  { books, requestKey }: { readonly books: Books; readonly requestKey: string },
): DraftFacts {
  const issuedFor = parts.book.issuedFor(books, iac.delegationId);
  const agent = parts.agentOf(iac.agentId);
  return {
    ...{ iac, agentKey, now, agent },
    terms: readable(() => termsOf(iac)),
    hasJsonForm: jsonOf(iac) !== undefined,
    account: parts.accountOf(device),
    isLocked: parts.isLocked(device) || isOn(books, lockOf(device)),
    isAgentKeyKnown: agent !== undefined && isKeyOf(parts, agent, agentKey),
    methods: parts.methods,
    isIssued: issuedFor !== undefined && issuedFor !== requestKey,
    isMerchant: (party) => parts.roleOf(party) === 'merchant',
  };
}

/** The one digest of a payload: over its deterministic CBOR. */
export function iacDigestOf(iac: IacPayload): Digest {
  return digestOf(encodeCbor(IacPayload.encode(iac, 'iac')));
}

/** Whether a thumbprint is that of an object key this agent signs with today. */
function isKeyOf({ trust, tenant }: DelegationParts, agent: string, agentKey: Digest): boolean {
  const wanted = { tenant, use: 'object', roles: ['agent'] } as const;
  const key = readable(() => trust.find(fromHex(agentKey).slice(0, KID_BYTES), wanted));
  return key?.party === agent && thumbprintOf(key.publicKey) === agentKey;
}

function isWindowSane({ validityStartTime: start, validityEndTime: end }: IacPayload, now: EpochSeconds): boolean {
  return end > now && end <= now + DELEGATION_MAX_S && end <= start + DELEGATION_MAX_S;
}

/** A credential that names no method leaves the choice among all of the account's. */
function areMethodsOffered(iac: IacPayload, account: WearerAccount | undefined, offered: readonly string[]): boolean {
  const wanted = iac.allowedPaymentMethods ?? [];
  return wanted.every((method) => offered.includes(method) && account?.methods.includes(method));
}

function merchantsOf({ ext }: IacPayload): readonly string[] {
  const { allowedMerchants = [], forbiddenMerchants = [] } = ext?.commerce ?? {};
  return [...allowedMerchants, ...forbiddenMerchants];
}

function isAsChallenged({ authorization: { value }, challengeDigest, iacDigest, agentKey }: SignedFacts): boolean {
  return (
    value.challengeDigest === challengeDigest && iacDigestOf(value.iac) === iacDigest && value.agentKey === agentKey
  );
}

/** A party that has JSON only must be able to check the same credential. */
function isJsonSigned({ value, signer }: OpenedObject<'authorization'>, signature: Uint8Array): boolean {
  const json = jsonOf(value.iac);
  return json !== undefined && verifyJson(json, signature, signer.publicKey);
}

/** A credential as JSON, or `undefined` for one that has no such form. */
function jsonOf(iac: IacPayload): JsonObject | undefined {
  return readable(() => toJsonObject(IacPayload, iac, 'iac'));
}

/** What a peer wrote, or `undefined` for whatever is wrong with it. */
function readable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}
