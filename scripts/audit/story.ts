/** What happened with one order or under one delegation, each step with its time and who signed for it; for people. */
import type { BundleVerdict } from '../../device/audit/bundle-verify.ts';
import {
  type AttestationRecord,
  type Authorization,
  type AutonomousPayRequest,
  type Currency,
  type DelegatedPayRequest,
  type DelegationChallenge,
  type DelegationStatus,
  type EpochSeconds,
  formatAmount,
  type IacState,
  type LifecycleOrder,
  type Refund,
  toIsoUtc,
} from '../../protocol/index.ts';

export interface StoryLine {
  readonly at: EpochSeconds;
  readonly en: string;
  readonly zh: string;
  /** A party, or the id under which a record is signed. */
  readonly signedBy: string;
}

export function money(minor: number, currency: Currency): string {
  return `${currency} ${formatAmount(minor, currency)}`;
}

/** The steps that the signed objects and records of a verdict tell, the earliest first. */
export function storyOf({ objects, attested }: Pick<BundleVerdict, 'objects' | 'attested'>): readonly StoryLine[] {
  const lines = [...objectLines(objects), ...linesAfter(objects), ...attested.map(recordLine)];
  return lines.sort((one, other) => one.at - other.at);
}

function objectLines(objects: BundleVerdict['objects']): readonly StoryLine[] {
  const { cart, challenge, confirmation, authorization, request, receipt, updates } = objects;
  const lines: (StoryLine | undefined)[] = [
    cart && {
      ...{ at: cart.value.issuedAt, signedBy: cart.signer.party },
      en: `offered ${cart.value.lines.map(({ quantity, title }) => `${quantity} × ${title}`).join(', ')} for ${money(cart.value.totalMinor, cart.value.currency)}`,
      zh: `报价：${cart.value.lines.map(({ quantity, title }) => `${title} × ${quantity}`).join('、')}，共 ${money(cart.value.totalMinor, cart.value.currency)}`,
    },
    challenge && {
      ...{ at: challenge.value.issuedAt, signedBy: challenge.signer.party },
      en: `asked the wearer to confirm ${money(challenge.value.amountMinor, challenge.value.currency)} to ${challenge.value.payee}`,
      zh: `请佩戴者确认向 ${challenge.value.payee} 支付 ${money(challenge.value.amountMinor, challenge.value.currency)}`,
    },
    confirmation && {
      ...{ at: confirmation.value.confirmedAt, signedBy: confirmation.signer.party },
      en: `the wearer confirmed by ${confirmation.value.method}`,
      zh: `佩戴者已确认（${confirmation.value.method}）`,
    },
    authorization && authorized(authorization.value, authorization.signer.party),
    request && paymentAsked(request.value, request.signer.party),
    receipt && {
      ...{ at: receipt.value.paidAt, signedBy: receipt.signer.party },
      en: `paid ${money(receipt.value.amountMinor, receipt.value.currency)} to ${receipt.value.payee}, trade ${receipt.value.tradeNo}`,
      zh: `已向 ${receipt.value.payee} 支付 ${money(receipt.value.amountMinor, receipt.value.currency)}，交易号 ${receipt.value.tradeNo}`,
    },
    ...updates.map(({ value, signer }) => ({
      ...{ at: value.at, signedBy: signer.party, en: `the order is at ${value.state}`, zh: `订单状态：${value.state}` },
    })),
  ];
  return lines.filter((line) => line !== undefined);
}

/** What came after the payment and beside it. */
function linesAfter(objects: BundleVerdict['objects']): readonly StoryLine[] {
  const { credentialChallenge, orders, statuses, refunds, payments } = objects;
  return [
    ...(credentialChallenge ? [askedForBounds(credentialChallenge.value, credentialChallenge.signer.party)] : []),
    ...orders.map(({ value, signer }) => changeAsked(value, signer.party)),
    ...statuses.map(({ value, signer }) => statusSaid(value, signer.party)),
    ...payments.map(({ receipt: { value, signer } }) => ({
      ...{ at: value.paidAt, signedBy: signer.party },
      en: `also paid ${money(value.amountMinor, value.currency)} to ${value.payee} under the delegation, trade ${value.tradeNo}`,
      zh: `同一委托下另向 ${value.payee} 支付 ${money(value.amountMinor, value.currency)}，交易号 ${value.tradeNo}`,
    })),
    ...refunds.map(({ value, signer }) => refundMade(value, signer.party)),
  ];
}

export function askedForBounds({ issuedAt }: DelegationChallenge, signedBy: string): StoryLine {
  const en = 'asked the wearer to confirm the bounds of the delegation';
  return { at: issuedAt, en, zh: '请佩戴者确认委托范围', signedBy };
}

export function authorized({ iac, confirmedAt }: Authorization, signedBy: string): StoryLine {
  const total = money(iac.maxTotalMinor, iac.currency);
  return {
    ...{ at: confirmedAt, signedBy },
    en: `the wearer authorized ${iac.agentId} up to ${total}`,
    zh: `佩戴者授权 ${iac.agentId}，上限 ${total}`,
  };
}

export function paymentAsked(request: DelegatedPayRequest | AutonomousPayRequest, signedBy: string): StoryLine {
  const amount = money(request.amountMinor, request.currency);
  return {
    ...{ at: request.createdAt, signedBy },
    en: `the agent asked for payment of ${amount} to ${request.payee}`,
    zh: `代理请求向 ${request.payee} 支付 ${amount}`,
  };
}

/** What a change leads to. */
const WISHES: Readonly<Record<IacState, readonly [en: string, zh: string]>> = {
  Active: ['resume', '恢复'],
  Suspended: ['suspend', '暂停'],
  Revoked: ['revoke', '撤销'],
  Expired: ['end', '结束'],
};
const STATES: Readonly<Record<IacState, readonly [en: string, zh: string]>> = {
  Active: ['active', '有效'],
  Suspended: ['suspended', '已暂停'],
  Revoked: ['revoked', '已撤销'],
  Expired: ['expired', '已到期'],
};

export function changeAsked({ change }: LifecycleOrder, signedBy: string): StoryLine {
  const [en, zh] = WISHES[change.to];
  const told = { en: `the wearer asked to ${en} the delegation`, zh: `佩戴者要求${zh}委托` };
  return { at: change.changedAt, ...told, signedBy };
}

export function statusSaid(
  { state, asOf, spentMinor, currency, spends }: DelegationStatus,
  signedBy: string,
): StoryLine {
  const [en, zh] = STATES[state];
  const spent = money(spentMinor, currency);
  return {
    ...{ at: asOf, signedBy },
    en: `the delegation is ${en}, ${spent} spent in ${spends}`,
    zh: `委托${zh}，已支付 ${spent}，共 ${spends} 笔`,
  };
}

type Refunded = Pick<Refund, 'amountMinor' | 'currency' | 'tradeNo' | 'refundedAt'>;

export function refundMade({ amountMinor, currency, tradeNo, refundedAt }: Refunded, signedBy: string): StoryLine {
  const amount = money(amountMinor, currency);
  return {
    ...{ at: refundedAt, signedBy },
    en: `gave back ${amount} of trade ${tradeNo}`,
    zh: `已退款 ${amount}，交易号 ${tradeNo}`,
  };
}

/** In the order of ACT's table of events. */
const RECORDED: Readonly<Record<AttestationRecord['eventType'], readonly [en: string, zh: string]>> = {
  'act:delegation:intent-created': ['recorded what the wearer wanted', '已存证：意图'],
  'act:delegation:delegation-issued': ['recorded the delegation', '已存证：委托签发'],
  'act:delegation:delegation-suspended': ['recorded that the delegation was suspended', '已存证：委托暂停'],
  'act:delegation:delegation-resumed': ['recorded that the delegation was resumed', '已存证：委托恢复'],
  'act:delegation:delegation-revoked': ['recorded that the delegation was revoked', '已存证：委托撤销'],
  'act:delegation:delegation-expired': ['recorded that the delegation expired', '已存证：委托到期'],
  'act:commerce:decision-logged': ['recorded the decision', '已存证：决策'],
  'act:commerce:cart-confirmed': ['recorded the cart', '已存证：购物车'],
  'act:payment:transaction-completed': ['recorded the payment', '已存证：支付'],
  'act:commerce:fulfillment-completed': ['recorded the delivery', '已存证：履约'],
};

export function recordLine({ eventType, eventTime, signatures }: AttestationRecord): StoryLine {
  const [en, zh] = RECORDED[eventType];
  return { at: eventTime, en, zh, signedBy: signatures.map(({ signerId }) => signerId).join(', ') };
}

/** One line for a terminal. */
export function storyText({ at, en, signedBy }: StoryLine): string {
  return `  ${toIsoUtc(at)}  ${en}  (signed: ${signedBy})`;
}
