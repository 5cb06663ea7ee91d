/** The story of one delegation out of a device's journal and records: bounds, changes, payments, refunds, and who signed for each. */
import type { BundleSources } from '../../device/audit/bundle-collect.ts';
import { type DelegatedFound, readEntries } from '../../device/audit/bundle-sources.ts';
import { keptObject } from '../../device/audit/kept-object.ts';
import type { BookView, KeptRefund, KeptSpend } from '../../device/delegation/book.ts';
import type { HeldDelegation } from '../../device/delegation/state.ts';
import type { Directory } from '../../device/index.ts';
import {
  digestOf,
  type EpochSeconds,
  hex,
  OBJECTS,
  type ObjectType,
  openObject,
  ProtocolError,
  parseSign1,
} from '../../protocol/index.ts';
import {
  askedForBounds,
  authorized,
  changeAsked,
  money,
  paymentAsked,
  recordLine,
  refundMade,
  type StoryLine,
  statusSaid,
} from './story.ts';

/** Who signed is known from the object itself, and that has gone with the archive that it stands in. */
const NOT_HERE = 'not shown: it is in an archive that is not here';

/** Earliest first. @throws StoreError as `readEntries`. */
export function delegationStory(
  { device: { directory }, entries, attested }: BundleSources,
  held: HeldDelegation,
  book: BookView,
): readonly StoryLine[] {
  const { kept, spends } = readEntries(entries);
  const value = keptObject('authorization', held.authorization).value;
  const asked = kept.challengeFor(held.id, value);
  const shown = new Map(spends.map((one) => [digestOf(one.payment.receipt), one]));
  const own = book.all.filter(({ delegationId }) => delegationId === held.id);
  const lines = [
    ...(asked ? [askedForBounds(asked.value, signerOf(directory, asked))] : []),
    authorized(value, signerOf(directory, { type: 'authorization', bytes: held.authorization })),
    ...kept.ordersOf(held.id).map((one) => changeAsked(one.value, signerOf(directory, one))),
    ...kept.statusesOf(held.id).map((one) => statusSaid(one.value, signerOf(directory, one))),
    ...own.flatMap((one) => (one.kind === 'spend' ? paymentLines(one, shown.get(one.digest), directory) : [])),
    ...own.flatMap((one) => {
      if (one.kind !== 'refund') return [];
      const signed = kept.refundsOf(one.tradeNo).find(({ digest }) => digest === one.digest);
      return [withFaults(refundMade(one, signed ? signerOf(directory, signed) : NOT_HERE), one)];
    }),
    ...attested.flatMap(({ record }) => (record.delegationId === held.id ? [recordLine(record)] : [])),
  ];
  return lines.sort((one, other) => one.at - other.at);
}

/** @param found what came along with it, where that is here. */
function paymentLines(spend: KeptSpend, found: DelegatedFound | undefined, directory: Directory): readonly StoryLine[] {
  const { amountMinor, currency, payee, tradeNo, orderNo, paidAt } = spend;
  const amount = money(amountMinor, currency);
  const paid = {
    ...{
      at: paidAt,
      signedBy: found ? signerOf(directory, { type: 'receipt', bytes: found.payment.receipt }) : NOT_HERE,
    },
    en: `paid ${amount} to ${payee}, order ${orderNo}, trade ${tradeNo}`,
    zh: `已向 ${payee} 支付 ${amount}，订单 ${orderNo}，交易号 ${tradeNo}`,
  };
  return [...(found ? [requestLine(found, directory)] : []), withFaults(paid, spend)];
}

function requestLine({ payment: { request: bytes }, receipt }: DelegatedFound, directory: Directory): StoryLine {
  const isDelegated = parseSign1(bytes).header.typ === OBJECTS['delegated-pay-request'].typ;
  const type = isDelegated ? 'delegated-pay-request' : 'autonomous-pay-request';
  return paymentAsked(keptObject(type, bytes).value, signerOf(directory, { type, bytes }, receipt.paidAt));
}

/** What this device had found wrong with it when it came. */
function withFaults(line: StoryLine, { faults }: KeptSpend | KeptRefund): StoryLine {
  if (faults.length === 0) return line;
  return { ...line, en: `${line.en}, OUTSIDE: ${faults.join(', ')}`, zh: `${line.zh}，超出授权：${faults.join('、')}` };
}

/** @param at as of when a key that was replaced since is believed. */
function signerOf(
  { keys, trust, tenant }: Directory,
  { type, bytes }: { readonly type: ObjectType; readonly bytes: Uint8Array },
  at?: EpochSeconds,
): string {
  try {
    return openObject(type, bytes, { trust, tenant, ...(at !== undefined && { at }) }).signer.party;
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    const kid = hex(parseSign1(bytes).header.kid);
    const party = keys.find((key) => hex(key.kid) === kid)?.party;
    return party === undefined ? 'by a key that is not in the directory' : `${party}, by a key that was replaced`;
  }
}
