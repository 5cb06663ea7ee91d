/** What happened with one order, in order of time, with who signed for each step; for people. */
import type { BundleVerdict } from '../../device/audit/bundle-verify.ts';
import {
  type AttestationRecord,
  type Currency,
  type EpochSeconds,
  formatAmount,
  toIsoUtc,
} from '../../protocol/index.ts';

export interface StoryLine {
  readonly at: EpochSeconds;
  readonly en: string;
  readonly zh: string;
  /** A party, or the id under which a record is signed. */
  readonly signedBy: string;
}

function money(minor: number, currency: Currency): string {
  return `${currency} ${formatAmount(minor, currency)}`;
}

/** The steps that the signed objects and records of a verdict tell, the earliest first. */
export function storyOf({ objects, attested }: Pick<BundleVerdict, 'objects' | 'attested'>): readonly StoryLine[] {
  const lines = [...objectLines(objects), ...attested.map(recordLine)];
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
    authorization && {
      ...{ at: authorization.value.confirmedAt, signedBy: authorization.signer.party },
      en: `the wearer authorized ${authorization.value.iac.agentId} up to ${money(authorization.value.iac.maxTotalMinor, authorization.value.iac.currency)}`,
      zh: `佩戴者授权 ${authorization.value.iac.agentId}，上限 ${money(authorization.value.iac.maxTotalMinor, authorization.value.iac.currency)}`,
    },
    request && {
      ...{ at: request.value.createdAt, signedBy: request.signer.party },
      en: `the agent asked for payment of ${money(request.value.amountMinor, request.value.currency)} to ${request.value.payee}`,
      zh: `代理请求向 ${request.value.payee} 支付 ${money(request.value.amountMinor, request.value.currency)}`,
    },
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

function recordLine({ eventType, eventTime, signatures }: AttestationRecord): StoryLine {
  const [en, zh] = RECORDED[eventType];
  return { at: eventTime, en, zh, signedBy: signatures.map(({ signerId }) => signerId).join(', ') };
}

/** One line for a terminal. */
export function storyText({ at, en, signedBy }: StoryLine): string {
  return `  ${toIsoUtc(at)}  ${en}  (signed: ${signedBy})`;
}
