/** The view of what lets an agent spend more than now: filling its sub-account up, or unfreezing it (ACT 2.1 PSD-AGT-SUB). */
import type { IacPayload } from '../../protocol/act/iac.ts';
import type { SubAccountChange } from '../../protocol/messages/signer.ts';
import type { Locale } from '../voice/vocabulary.ts';
import { type FieldTable, quoted, quotedNames, sentence, tellerOf, toldBy } from './field-table.ts';
import type { DisplayProfile } from './profiles.ts';
import { composeStatements, phraseOf, type Statement } from './statement-view.ts';
import { readIac, TERM_FIELDS } from './terms-view.ts';
import type { ComposedView } from './view.ts';

export interface AccountFacts {
  readonly change: SubAccountChange;
  /** Of the delegation that the account pays for, as the wearer once confirmed it. */
  readonly iac: IacPayload;
  readonly locale: Locale;
  nameOf(merchant: string): string;
}

const KINDS = { TOP_UP: 'fill', UNFREEZE: 'unfreeze' } as const;

/** Every field of a change of a sub-account. */
export const ACCOUNT_FIELDS: FieldTable<SubAccountChange> = {
  operation: { isFirst: true },
  amountMinor: { isFirst: true },
  currency: { isFirst: true },
  changeId: { unseen: 'a reference' },
  delegationId: { unseen: 'a reference: the delegation is shown by what it bounds' },
  subAccountId: { unseen: 'a reference: the account is shown by the delegation it pays for' },
  changedAt: { unseen: 'an old order is refused, whatever it says' },
  version: { unseen: 'it orders changes and bounds nothing' },
};

const { items: ITEMS, purpose: PURPOSE } = TERM_FIELDS;

/** What is done, and the amount that is put in or the total, stand whole on the first page; the rest says for which delegation. */
export function composeAccountChange(
  { change, iac, locale, nameOf }: AccountFacts,
  profile: DisplayProfile,
): ComposedView {
  const read = readIac(iac);
  // One amount, one meaning (T7); and what pays under bounds that nobody can show is not filled up.
  if (change.currency !== iac.currency || !read) return { ok: false, reason: 'cannot-show' };
  const teller = tellerOf(iac.currency, locale, nameOf);
  const { words } = teller;
  const { what, hold } = words.account[KINDS[change.operation]];
  const total: Statement = { kind: 'value', label: words.totalMax, value: teller.money(iac.maxTotalMinor) };
  const { amountMinor } = change;
  const amount: Statement | undefined =
    amountMinor === undefined ? undefined : { kind: 'value', label: words.putIn, value: teller.money(amountMinor) };
  const { items, purpose } = read.ext?.vendorPrivate ?? {};
  const merchants = iac.ext?.commerce?.allowedMerchants;
  const parts = [
    amount ? [total] : [],
    [{ kind: 'time', label: words.until, at: iac.validityEndTime } as const],
    toldBy({ items: ITEMS, purpose: PURPOSE }, { items, purpose }, teller),
    merchants ? quotedNames(words.merchants, merchants, teller) : sentence(words.anyMerchant),
    quoted(words.agent, [iac.agentId]),
    toldBy(ACCOUNT_FIELDS, change, teller),
  ];
  const body: Statement[] = [];
  for (const told of parts) {
    if (typeof told === 'string') return { ok: false, reason: told };
    body.push(...told);
  }
  const says: Statement = { kind: 'sentence', text: what };
  const first = amount ?? total;
  const sayFirst = phraseOf(first, locale);
  return composeStatements(
    {
      ...{ locale, heading: words.accountHeading, hold, first: [says, first], body, reminder: first },
      sayOpening: words.sayChange(what, sayFirst),
      sayClosing: words.sayClosing(hold, sayFirst),
    },
    profile,
  );
}
