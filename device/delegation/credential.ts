/** From what the wearer said yes to, to the credential that the PSP checks and the signer shows (ACT 2.1 ADD-INT-ICS, ADD-IAC-ISS). */
import {
  ActIsr,
  type Digest,
  type EdgeTerms,
  type EpochMs,
  type Ext,
  encodeCbor,
  hex,
  IacPayload,
  type Id16,
  jsonDigest,
  ProtocolError,
  secondsOf,
  thumbprintOf,
  writeTerms,
} from '../../protocol/index.ts';
import { requestIdFor } from '../purchase/ending.ts';
import type { Heard } from '../purchase/state.ts';
import type { DeviceSettings } from '../settings.ts';
import { MAX_IAC_BYTES } from '../signer/read-delegation.ts';
import type { DelegationDraft } from '../voice/delegation/draft.ts';
import { LOCAL_OFFSET_MIN } from './bounds.ts';
import type { Plan } from './state.ts';

/** Why no credential can be drafted. */
export type DraftRefusal = 'not-enrolled' | 'too-much';

/** Who delegates, to whom, and which key is to pay: all of it from enrolment, none of it from a message. */
interface Parties {
  readonly principal: string;
  readonly agentId: string;
  readonly agentKey: Digest;
}

function partiesOf({ directory, agent, delegation }: DeviceSettings): Parties | undefined {
  const agentId = directory.agentIdOf(agent);
  const key = directory.keys.find(
    (one) => one.party === agent && one.role === 'agent' && one.use === 'object' && one.until === undefined,
  );
  if (!delegation || agentId === undefined || !key) return undefined;
  return { principal: delegation.principal, agentId, agentKey: thumbprintOf(key.publicKey) };
}

/** What the draft bounds beyond ACT's own fields. What is named once is bought once, unless it comes again by its days. */
function termsOfDraft(draft: DelegationDraft): EdgeTerms {
  const { lines, purpose, maxDailyMinor, firstFundMinor, schedule, wanted } = draft;
  const items = lines.map(({ itemId, quantity, options }) => ({
    ...{ itemId, quantity },
    ...(options.length > 0 && { choices: options.map(({ choiceId }) => choiceId) }),
  }));
  const isOnce = purpose === undefined && schedule === undefined;
  return {
    currency: draft.currency,
    ...(purpose === undefined ? { items } : { purpose }),
    ...(maxDailyMinor !== undefined && { maxDailyMinor }),
    ...(isOnce && { maxOrders: 1 }),
    ...(schedule && {
      weekdays: [...schedule.weekdays],
      ...{ fromMin: schedule.fromMin, untilMin: schedule.untilMin },
    }),
    utcOffsetMin: LOCAL_OFFSET_MIN,
    ...(wanted && { wantedFrom: secondsOf(wanted.from), wantedUntil: secondsOf(wanted.until) }),
    ...(firstFundMinor !== undefined && { firstFundMinor }),
  };
}

function extOf(draft: DelegationDraft): Ext {
  const { maxSingleMinor, priceToleranceE2, onPriceDeviation, onPaymentFailure, maxRetryCount } = draft;
  const { allowedCategories, forbiddenCategories, allowedMerchants, forbiddenMerchants } = draft;
  const commerce = {
    ...(maxSingleMinor !== undefined && { maxSingleMinor }),
    ...(allowedCategories.length > 0 && { allowedCategories }),
    ...(forbiddenCategories.length > 0 && { forbiddenCategories }),
    ...(allowedMerchants.length > 0 && { allowedMerchants }),
    ...(forbiddenMerchants.length > 0 && { forbiddenMerchants }),
  };
  const agentBehavior = {
    ...(priceToleranceE2 !== undefined && { priceDeviationToleranceE2: priceToleranceE2 }),
    ...(onPriceDeviation && { priceDeviationAction: onPriceDeviation }),
    ...(onPaymentFailure && { onPaymentFailure }),
    ...(maxRetryCount !== undefined && { maxRetryCount }),
  };
  return {
    ...(Object.keys(commerce).length > 0 && { commerce }),
    ...(Object.keys(agentBehavior).length > 0 && { agentBehavior }),
    vendorPrivate: writeTerms(termsOfDraft(draft)),
  };
}

/**
 * Drafts the credential. The final ISR is made first and the credential selected from it; its digest goes along, so that the
 * words, by their digest, lead to what was signed.
 */
export function planOf(
  { id, draft, heard }: { readonly id: Id16; readonly draft: DelegationDraft; readonly heard: Heard },
  settings: DeviceSettings,
  now: EpochMs,
): Plan | DraftRefusal {
  const parties = partiesOf(settings);
  if (!parties) return 'not-enrolled';
  try {
    const iac = encodeCbor(IacPayload.encode(selected(id, draft, heard, parties, settings, now), 'iac'));
    if (iac.length > MAX_IAC_BYTES) return 'too-much';
    const { agentKey } = parties;
    return { id, requestId: requestIdFor(id, 'issue'), locale: heard.locale, iac, agentKey };
  } catch (error) {
    // More items, merchants or terms than a credential has room for.
    if (error instanceof ProtocolError) return 'too-much';
    throw error;
  }
}

function selected(
  id: Id16,
  draft: DelegationDraft,
  heard: Heard,
  { principal, agentId }: Parties,
  { paymentMethod }: DeviceSettings,
  now: EpochMs,
): IacPayload {
  const shared = {
    intentId: requestIdFor(id, 'intent'),
    agentId,
    delegationMode: draft.mode,
    validityStartTime: secondsOf(draft.validFrom),
    validityEndTime: secondsOf(draft.validUntil),
    maxTotalMinor: draft.maxTotalMinor,
    currency: draft.currency,
    allowedPaymentMethods: [paymentMethod],
    userConfirmationMethod: 'VOICE',
    userConfirmationTimestamp: secondsOf(now),
    ext: extOf(draft),
  } as const;
  const conversationHistory = {
    ...{ userIntentRawDigest: heard.digest, contextRef: heard.contextRef, inputMode: [heard.mode] },
  };
  const isr = { ...shared, conversationHistory };
  // Of its RFC 8785 form: whoever is shown the intent later may have JSON only (design 4).
  const sourceIsrDigest = hex(jsonDigest(ActIsr, isr, 'isr')) as Digest;
  return { ...shared, delegationId: id, delegatorIdentity: principal, sourceIsrDigest };
}
