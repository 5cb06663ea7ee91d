/** The view of a change of a delegation's state: what happens, and to which delegation (ACT 2.1 ADD-IAC-LCM). */
import type { IacPayload } from '../../protocol/act/iac.ts';
import type { IacState, LifecycleChange } from '../../protocol/act/lifecycle.ts';
import type { Locale } from '../voice/vocabulary.ts';
import { type FieldTable, quoted, quotedNames, sentence, tellerOf, toldBy } from './field-table.ts';
import type { ChangeKind } from './phrases-delegation.ts';
import type { DisplayProfile } from './profiles.ts';
import { composeStatements, phraseOf, type Statement } from './statement-view.ts';
import { readIac, TERM_FIELDS } from './terms-view.ts';
import type { ComposedView } from './view.ts';

export interface ChangeFacts {
  readonly change: LifecycleChange;
  /** Of the delegation that is changed, as the wearer once confirmed it. */
  readonly iac: IacPayload;
  readonly locale: Locale;
  nameOf(merchant: string): string;
}

/** What the wearer asks for by the state that follows; a credential expires by itself. */
const KINDS: Readonly<Record<Exclude<IacState, 'Expired'>, ChangeKind>> = {
  Suspended: 'suspend',
  Active: 'resume',
  Revoked: 'revoke',
};

/** Every field of a lifecycle change, in the order in which they are shown. */
export const CHANGE_FIELDS: FieldTable<LifecycleChange> = {
  to: { isFirst: true },
  reason: { tell: (reason, { words }) => quoted(words.reason, [reason]) },
  changeId: { unseen: 'a reference' },
  delegationId: { unseen: 'a reference: the delegation is shown by what it bounds' },
  from: { unseen: 'the rules leave only states from which this can be done' },
  by: { unseen: 'the reader takes changes by the principal only' },
  changedAt: { unseen: 'the version orders changes, not this time' },
  version: { unseen: 'it orders changes and bounds nothing' },
};

/** What a delegation buys says best which one it is. */
const { items: ITEMS, purpose: PURPOSE } = TERM_FIELDS;

/** What happens and the total stand whole on the first page; end, goods, payees and agent say which delegation it is. */
export function composeChange({ change, iac, locale, nameOf }: ChangeFacts, profile: DisplayProfile): ComposedView {
  if (change.to === 'Expired') return { ok: false, reason: 'cannot-show' };
  const teller = tellerOf(iac.currency, locale, nameOf);
  const { words } = teller;
  const { what, hold } = words.change[KINDS[change.to]];
  const merchants = iac.ext?.commerce?.allowedMerchants;
  // Terms that cannot be read were never signed here; whatever they are, stopping must work.
  const { items, purpose } = readIac(iac)?.ext?.vendorPrivate ?? {};
  const parts = [
    toldBy({ items: ITEMS, purpose: PURPOSE }, { items, purpose }, teller),
    merchants ? quotedNames(words.merchants, merchants, teller) : sentence(words.anyMerchant),
    quoted(words.agent, [iac.agentId]),
    toldBy(CHANGE_FIELDS, change, teller),
  ];
  const body: Statement[] = [{ kind: 'time', label: words.until, at: iac.validityEndTime }];
  for (const told of parts) {
    if (typeof told === 'string') return { ok: false, reason: told };
    body.push(...told);
  }
  const total: Statement = { kind: 'value', label: words.totalMax, value: teller.money(iac.maxTotalMinor) };
  const says: Statement = { kind: 'sentence', text: what };
  const sayTotal = phraseOf(total, locale);
  return composeStatements(
    {
      ...{ locale, heading: words.changeHeading, hold, first: [says, total], body, reminder: says },
      sayOpening: words.sayChange(what, sayTotal),
      sayClosing: words.sayClosing(hold, sayTotal),
    },
    profile,
  );
}
