/** The view of a delegation: everything that bounds what an agent may pay, and that it is an agent that pays (design 5). */
import type { IacPayload } from '../../protocol/act/iac.ts';
import type { Locale } from '../voice/vocabulary.ts';
import { type FieldTable, quoted, quotedNames, sentence, tellerOf, toldBy, valued } from './field-table.ts';
import type { DisplayProfile } from './profiles.ts';
import { composeStatements, phraseOf, type Statement } from './statement-view.ts';
import { type ReadIac, readIac, TERM_FIELDS } from './terms-view.ts';
import type { ComposedView } from './view.ts';

export interface BoundsFacts {
  readonly iac: IacPayload;
  readonly locale: Locale;
  /** From the registry; every merchant of the credential has a name there. */
  nameOf(merchant: string): string;
}

/** Hundredths of a percent as a plain decimal, `2.5`. */
function percent(e2: number): string {
  const decimals = String(e2 % 100).padStart(2, '0');
  return `${Math.floor(e2 / 100)}.${decimals}`.replace(/\.?0+$/, '');
}

const REFERENCE = 'a reference or a digest: it leads to other records and bounds nothing';

/** Every field of an IAC payload (ACT 2.1 ADD-IAC-ISS) and of the terms in it, in the order in which they are shown. */
export const IAC_FIELDS: FieldTable<ReadIac> = {
  maxTotalMinor: { isFirst: true },
  currency: { isFirst: true },
  validityEndTime: { isFirst: true },
  delegationMode: {
    tell: (mode, { words }) => sentence(words.mode[mode]),
    absent: ({ words }) => sentence(words.mode.SPECIFIED),
  },
  agentId: { tell: (agentId, { words }) => quoted(words.agent, [agentId]) },
  ext: {
    within: {
      vendorPrivate: { within: TERM_FIELDS },
      commerce: {
        within: {
          maxSingleMinor: {
            tell: (minor, { words, money }) => valued(words.eachMax, money(minor)),
            absent: ({ words }) => sentence(words.eachAny),
          },
          minSingleMinor: { tell: (minor, { words, money }) => valued(words.eachMin, money(minor)) },
          allowedMerchants: {
            tell: (merchants, teller) => quotedNames(teller.words.merchants, merchants, teller),
            absent: ({ words }) => sentence(words.anyMerchant),
          },
          forbiddenMerchants: {
            tell: (merchants, teller) => quotedNames(teller.words.neverMerchants, merchants, teller),
          },
          allowedCategories: {
            tell: (categories, { words }) => quoted(words.categories, categories),
            absent: ({ words }) => sentence(words.anyCategory),
          },
          forbiddenCategories: { tell: (categories, { words }) => quoted(words.neverCategories, categories) },
        },
      },
      agentBehavior: {
        within: {
          priceDeviationToleranceE2: { tell: (e2, { words }) => valued(words.priceTolerance, `${percent(e2)}%`) },
          priceDeviationAction: {
            tell: (action, { words }) => sentence(words.priceAction[action]),
            // CID-CART-CFM: to pause and notify is what happens where nothing is said.
            absent: ({ words }) => sentence(words.priceAction.PAUSE_AND_NOTIFY),
          },
          onPaymentFailure: { tell: (action, { words }) => sentence(words.onFailure[action]) },
          maxRetryCount: { tell: (count, { words }) => valued(words.retries, String(count)) },
        },
      },
      fulfillment: {
        within: {
          deliveryTimeRequirement: { tell: (text, { words }) => quoted(words.deliveryTime, [text]) },
          deliveryAddress: { tell: (text, { words }) => quoted(words.deliveryAddress, [text]) },
        },
      },
    },
  },
  allowedPaymentMethods: {
    tell: (methods, { words }) => quoted(words.methods, methods),
    absent: ({ words }) => sentence(words.anyMethod),
  },
  validityStartTime: { tell: (at, { words }) => [{ kind: 'time', label: words.from, at }] },
  delegatorIdentity: { tell: (identity, { words }) => quoted(words.principal, [identity]) },
  userConfirmationMethod: { tell: (method, { words }) => sentence(words.askedBy[method]) },
  userConfirmationTimestamp: { tell: (at, { words }) => [{ kind: 'time', label: words.askedAt, at }] },
  delegationId: { unseen: REFERENCE },
  intentId: { unseen: REFERENCE },
  sourceIsrDigest: { unseen: REFERENCE },
  conversationHistory: {
    within: {
      userIntentRawDigest: { unseen: REFERENCE },
      contextRef: { unseen: REFERENCE },
      inputMode: { unseen: 'how the words were taken bounds nothing' },
      userIntentRaw: { refused: 'the words stay on the device (T28), and nobody signs words that were not shown' },
    },
  },
};

/**
 * The view of the bounds on one kind of surface. Total and end stand whole on the first page, or are the first sentence, or
 * there is no view (T9). What is not bounded is said as well: the widest delegation must not have the shortest page.
 */
export function composeBounds({ iac, locale, nameOf }: BoundsFacts, profile: DisplayProfile): ComposedView {
  // Nobody delegates nothing: such a credential is somebody's mistake.
  if (iac.maxTotalMinor === 0) return { ok: false, reason: 'amount-invalid' };
  const teller = tellerOf(iac.currency, locale, nameOf);
  const { words } = teller;
  const read = readIac(iac);
  // Nobody can show what only its vendor understands.
  const body = read ? toldBy(IAC_FIELDS, read, teller) : 'cannot-show';
  if (typeof body === 'string') return { ok: false, reason: body };
  const total: Statement = { kind: 'value', label: words.totalMax, value: teller.money(iac.maxTotalMinor) };
  const end: Statement = { kind: 'time', label: words.until, at: iac.validityEndTime };
  const sayTotal = phraseOf(total, locale);
  return composeStatements(
    {
      ...{ locale, ...words.bounds, first: [total, end], reminder: total },
      body,
      sayOpening: words.sayBounds(sayTotal, phraseOf(end, locale)),
      sayClosing: words.sayClosing(words.bounds.hold, sayTotal),
    },
    profile,
  );
}
