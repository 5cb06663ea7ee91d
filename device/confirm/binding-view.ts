/** The view of a binding: which agent is to be bound to the wearer's account, and how far (ACT 2.1 PSD-PMT-BND). */
import type { BindingOffer } from '../../protocol/messages/signer.ts';
import type { Locale } from '../voice/vocabulary.ts';
import { type FieldTable, quoted, sentence, tellerOf, toldBy, valued } from './field-table.ts';
import type { DisplayProfile } from './profiles.ts';
import { composeStatements, phraseOf, type Statement } from './statement-view.ts';
import type { ComposedView } from './view.ts';

/** Every field of a binding offer, in the order in which they are shown. */
export const OFFER_FIELDS: FieldTable<BindingOffer> = {
  agentId: { tell: (agentId, { words }) => quoted(words.agent, [agentId]) },
  limits: {
    within: {
      maxTotalMinor: { isFirst: true },
      currency: { isFirst: true },
      validUntil: { isFirst: true },
      maxSingleMinor: {
        tell: (minor, { words, money }) => valued(words.eachMax, money(minor)),
        absent: ({ words }) => sentence(words.eachAny),
      },
    },
  },
  methods: { tell: (methods, { words }) => quoted(words.methods, methods) },
  nonce: { unseen: 'random' },
  requestId: { unseen: 'a reference' },
  payer: { unseen: 'the reader takes offers to this device only' },
  issuedAt: { unseen: 'freshness, which the signer judges' },
  expiresAt: { unseen: 'freshness, which the signer judges' },
};

/** Total and end, or that there are none, stand whole on the first page or in the first sentence (T9). */
export function composeBinding(offer: BindingOffer, locale: Locale, profile: DisplayProfile): ComposedView {
  const { currency, maxTotalMinor, validUntil } = offer.limits;
  // Nobody binds an agent that may pay nothing: such an offer is somebody's mistake.
  if (maxTotalMinor === 0) return { ok: false, reason: 'amount-invalid' };
  const teller = tellerOf(currency, locale, noMerchants);
  const { words } = teller;
  const body = toldBy(OFFER_FIELDS, offer, teller);
  if (typeof body === 'string') return { ok: false, reason: body };
  const total: Statement =
    maxTotalMinor === undefined
      ? { kind: 'sentence', text: words.noTotal }
      : { kind: 'value', label: words.totalMax, value: teller.money(maxTotalMinor) };
  const end: Statement =
    validUntil === undefined
      ? { kind: 'sentence', text: words.noEnd }
      : { kind: 'time', label: words.until, at: validUntil };
  const sayTotal = phraseOf(total, locale);
  return composeStatements(
    {
      ...{ locale, ...words.binding, first: [total, end], body, reminder: total },
      sayOpening: words.sayBinding(sayTotal, phraseOf(end, locale)),
      sayClosing: words.sayClosing(words.binding.hold, sayTotal),
    },
    profile,
  );
}

function noMerchants(): never {
  throw new Error('a binding names no merchants');
}
