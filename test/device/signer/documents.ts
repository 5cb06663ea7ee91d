/** The documents of a delegation, a change of it and a binding; what is special about a case is said in `over`. */

import type { Documents } from '../../../device/confirm/prompt.ts';
import { PROFILES, type View } from '../../../device/confirm/view.ts';
import type { SignRequest } from '../../../device/signer/port.ts';
import type { Reader, ReadSettings } from '../../../device/signer/reading.ts';
import {
  type Authorization,
  type BindingOffer,
  type CborValue,
  type DelegationChallenge,
  digestOf,
  encodeCbor,
  IacPayload,
  LifecycleChange,
  SubAccountChange,
  signObject,
  utf8,
} from '../../../protocol/index.ts';
import { DEVICE, directory, id, MERCHANT, OTHER_MERCHANT, objectKey, PSP, seconds } from '../builders.ts';
import type { SignerRig } from '../signer-rig.ts';

export const settings: ReadSettings = {
  directory,
  psp: PSP,
  device: DEVICE,
  profile: PROFILES['hud-480x640'],
  locale: 'en-US',
};

/** Coffee for a day, at most CNY 200. */
export function iac(over: Partial<IacPayload> = {}): IacPayload {
  return {
    delegationId: id('delegation'),
    intentId: id('intent'),
    delegatorIdentity: 'did:act:example.com/person-1',
    agentId: 'did:act:example.com/agent-7',
    delegationMode: 'BOUNDED',
    validityStartTime: seconds(-60),
    validityEndTime: seconds(86_400),
    maxTotalMinor: 20_000,
    currency: 'CNY',
    allowedPaymentMethods: ['urn:act:payment:alipay'],
    ext: { commerce: { maxSingleMinor: 3_000, allowedMerchants: [MERCHANT, OTHER_MERCHANT] } },
    ...over,
  };
}

export function iacBytes(over: Partial<IacPayload> = {}): Uint8Array {
  return encodeCbor(IacPayload.encode(iac(over), 'iac'));
}

/** The same with something else under one key: what no declaration allows. */
export function alteredIac(key: number, value: CborValue): Uint8Array {
  return encodeCbor(new Map([...(IacPayload.encode(iac(), 'iac') as Map<number, CborValue>), [key, value]]));
}

export function delegationChallengeBytes(
  about: Uint8Array,
  over: Partial<DelegationChallenge> = {},
  by = PSP,
): Uint8Array {
  const value: DelegationChallenge = {
    nonce: id('delegation nonce'),
    iacDigest: digestOf(about),
    payer: DEVICE,
    agentKey: digestOf(utf8('agent key')),
    issuedAt: seconds(0),
    expiresAt: seconds(120),
    ...over,
  };
  return signObject('delegation-challenge', value, objectKey(by));
}

/** What readDelegation reads: the challenge and the draft. */
export function delegation(over: Partial<IacPayload> = {}): Documents {
  const bytes = iacBytes(over);
  return [delegationChallengeBytes(bytes), bytes];
}

export function authorizationBytes(over: Partial<IacPayload> = {}, by = DEVICE): Uint8Array {
  const value: Authorization = {
    iac: iac(over),
    agentKey: digestOf(utf8('agent key')),
    challengeDigest: digestOf(utf8('challenge')),
    viewDigest: digestOf(utf8('view')),
    method: 'hold-simulated',
    counter: 1,
    confirmedAt: seconds(3),
  };
  return signObject('authorization', value, objectKey(by));
}

export function change(over: Partial<LifecycleChange> = {}): LifecycleChange {
  return {
    changeId: id('change'),
    delegationId: id('delegation'),
    from: 'Active',
    to: 'Revoked',
    by: 'PRINCIPAL',
    changedAt: seconds(30),
    version: 1,
    ...over,
  };
}

export function changeBytes(over: Partial<LifecycleChange> = {}): Uint8Array {
  return encodeCbor(LifecycleChange.encode(change(over), 'change'));
}

/** 20 yuan for the agent. */
export function accountChange(over: Partial<SubAccountChange> = {}): SubAccountChange {
  return {
    ...{ changeId: id('account change'), delegationId: id('delegation'), subAccountId: 'sub-7d1e' },
    ...{ operation: 'TOP_UP', amountMinor: 2_000, currency: 'CNY', changedAt: seconds(30), version: 3 },
    ...over,
  };
}

export function accountChangeBytes(over: Partial<SubAccountChange> = {}): Uint8Array {
  return encodeCbor(SubAccountChange.encode(accountChange(over), 'change'));
}

export function offerBytes(over: Partial<BindingOffer> = {}, by = PSP): Uint8Array {
  const value: BindingOffer = {
    nonce: id('offer nonce'),
    requestId: id('binding'),
    payer: DEVICE,
    agentId: 'did:act:example.com/agent-7',
    methods: ['urn:act:payment:alipay'],
    limits: { currency: 'CNY', maxSingleMinor: 5_000, maxTotalMinor: 50_000, validUntil: seconds(86_400) },
    issuedAt: seconds(0),
    expiresAt: seconds(120),
    ...over,
  };
  return signObject('binding-offer', value, objectKey(by));
}

/** Why the reader refuses, or `read`. */
export function verdict(reader: Reader, documents: Documents, over: Partial<ReadSettings> = {}): string {
  const reading = reader(documents, { ...settings, ...over });
  return reading.ok ? 'read' : reading.reason;
}

/** The view of what is known to be sound. */
export function viewOf(reader: Reader, documents: Documents, over: Partial<ReadSettings> = {}): View {
  const reading = reader(documents, { ...settings, ...over });
  if (!reading.ok) throw new Error(`refused: ${reading.reason}`);
  return reading.view;
}

export function textOf({ pages, spoken }: View): string {
  return [...pages.flatMap((page) => page.lines), ...spoken].join('\n');
}

/** Asks, reads all pages, holds, and gives the one answer. */
export function ask(rig: SignerRig, request: SignRequest) {
  const before = rig.answers.length;
  rig.signer.confirm(request, (answer) => rig.answers.push(answer));
  for (let i = 0; i < 40 && rig.answers.length === before; i++) {
    const { current } = rig.display;
    if (current && current.index < current.count - 1) rig.clock.advance(2_500);
    else rig.hold();
  }
  return rig.answers[before];
}
