/** The PSP's word of payments and refunds under delegations: checked, kept, told, and acknowledged (ACT 2.1 PSD-PAY-DEL, T14, T29). */
import type { OpenFrame } from '../../protocol/index.ts';
import { spokenAmount } from '../purchase/phrases.ts';
import type { KeptRefund, KeptSpend } from './book.ts';
import { checkedRefund, refundsBefore } from './check-refund.ts';
import { checkedSpend, openNotice } from './check-spend.ts';
import { delegationPhrases } from './phrases.ts';
import type { Round } from './round.ts';
import { payeeName, say, send } from './speech.ts';
import type { Surroundings } from './transition.ts';

/** Acknowledged once it is kept, and again whenever it comes again: the acknowledgement leaves after the entry is durable. */
export function receiveSpend(
  round: Round,
  { body }: Extract<OpenFrame, { type: 'spend-notice' }>,
  around: Surroundings,
): void {
  const { settings, book } = around;
  const notice = openNotice(body, settings);
  if (!notice) return;
  if (!book.holds(notice.digest)) {
    const held = round.held.find(({ id }) => id === notice.claimed);
    const spend = checkedSpend(notice, held, settings, book);
    if (held) round.bring(held.id, { kind: 'spend', spend });
    else tellStray(round, spend, around);
    for (const refund of refundsBefore(spend, book)) takeRefund(round, refund, around);
  }
  round.effects.push(send(settings.psp, { type: 'notice-ack', body: { digest: notice.digest } }));
}

function tellStray(round: Round, spend: KeptSpend, { settings }: Surroundings): void {
  const { locale } = settings;
  const amount = spokenAmount(spend.amountMinor, spend.currency, locale);
  const text = delegationPhrases(locale).alarmOnly(amount, payeeName(spend.payee, settings, locale));
  round.effects.push({ do: 'keep', kept: spend }, say('delegation-alarm', text, locale));
}

/** As {@link receiveSpend}. One that comes before the receipt of an instant purchase stays told as of no payment that is known. */
export function receiveRefund(round: Round, bytes: Uint8Array, around: Surroundings): void {
  const { settings, book } = around;
  const refund = checkedRefund(bytes, settings, book);
  if (!refund) return;
  if (!book.holds(refund.digest)) takeRefund(round, refund, around);
  round.effects.push(send(settings.psp, { type: 'notice-ack', body: { digest: refund.digest } }));
}

function takeRefund(round: Round, refund: KeptRefund, { settings }: Surroundings): void {
  const { delegationId, faults } = refund;
  if (delegationId !== undefined && round.items.has(delegationId)) {
    round.bring(delegationId, { kind: 'refund', refund });
    return;
  }
  const { locale } = settings;
  const phrases = delegationPhrases(locale);
  const amount = spokenAmount(refund.amountMinor, refund.currency, locale);
  const payee = payeeName(refund.payee, settings, locale);
  const isUnknown = faults.join() === 'unknown-trade';
  const doubtful = isUnknown ? phrases.refundUnknown : phrases.refundDoubtful;
  const tell = faults.length === 0 ? phrases.refunded : doubtful;
  round.effects.push({ do: 'keep', kept: refund }, say('delegation-refunded', tell(amount, payee), locale));
}
