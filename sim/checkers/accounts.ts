/** The sub-accounts of agents hold what their wearers have let them hold, and pay only while they may (PSD-AGT-SUB; T2, T14, T17, T18). */

import { isHeld } from '../../device/delegation/state.ts';
import { PROFILES } from '../../device/index.ts';
import type { IacPayload } from '../../protocol/index.ts';
import type { Presented } from '../world-record.ts';
import {
  type Account,
  Accounts,
  firstFundOf,
  hasHeld,
  isTold,
  type Passed,
  type SignedOrder,
  signedOrders,
  type Told,
  takenOrders,
} from './account-facts.ts';
import { lastStates } from './delegated-endings.ts';
import { grouped } from './delegated-facts.ts';
import type { Findings } from './facts.ts';
import { ofParty } from './of-party.ts';
import type { AccountAnswer, Reading, Watching } from './reading.ts';

/** Whoever held to fill an account or to unfreeze it was told of how much. */
export const accountOrdersAreShown: Watching = (reading) => {
  let judged = 0;
  return () => {
    const fresh = signedOrders(reading).slice(judged);
    judged += fresh.length;
    return fresh
      .filter((made) => !isAmountShown(reading, made))
      .map(({ counter }) => `counter ${counter} was signed at a prompt that did not say how much`);
  };
};

/** A prompt that is only spoken takes no longer, in milliseconds. */
const PROMPT_MS = 120_000;

/** What is put in, or where nothing is the total of what it lets the agent pay. */
function isAmountShown(reading: Reading, made: SignedOrder): boolean {
  const { amountMinor, delegationId } = made.value.change;
  const minor = amountMinor ?? credentialOf(reading, delegationId)?.maxTotalMinor;
  const { record, about } = reading;
  const before = ofParty(record.presented, made.party).filter(({ life, seq }) => life === made.life && seq < made.seq);
  const said = before.filter(({ at }) => made.at - at <= PROMPT_MS).map((one) => ('page' in one ? '' : one.sentence));
  const text = (PROFILES[about.profile].columns > 0 ? lastPages(before) : said).join('\n');
  return minor !== undefined && amountPattern(minor).test(text.replaceAll(',', ''));
}

/** The amount as a whole number of its own, not the end of a longer one. */
function amountPattern(minor: number): RegExp {
  return new RegExp(`(?<![\\d.])${(minor / 100).toFixed(2).replace('.', '\\.')}(?!\\d)`, 'u');
}

function lastPages(shown: readonly Presented[]): readonly string[] {
  const start = shown.findLastIndex((one) => 'page' in one && one.page.index === 0 && one.page.title !== '');
  return shown.slice(start).flatMap((one) => ('page' in one ? one.page.lines : []));
}

/** The bounds that a wearer has held for. */
function credentialOf({ signed }: Reading, delegationId: string): IacPayload | undefined {
  for (const made of signed)
    if (made.type === 'authorization' && made.value.iac.delegationId === delegationId) return made.value.iac;
  return undefined;
}

/**
 * Money goes into an account at its opening, as much as was signed for, and then once for each order that was signed for this
 * account and this amount; in all never more than the total. What is left goes back once, and all of it.
 */
export const accountsAreFilledByOrder: Watching = (reading) => {
  const accounts = new Accounts(reading);
  const filled = new Map<string, number>();
  const carriedOut = new Set<SignedOrder>();
  const givenBack = new Set<string>();
  const judgeFill = ({ movement, account, isOpening }: Passed): Findings => {
    const { amountMinor, seq } = movement;
    const iac = credentialOf(reading, account.delegationId);
    const sumMinor = (filled.get(account.subAccountId) ?? 0) + amountMinor;
    filled.set(account.subAccountId, sumMinor);
    const order = signedOrders(reading).find(
      (one) =>
        one.seq < seq &&
        !carriedOut.has(one) &&
        one.value.change.operation === 'TOP_UP' &&
        one.value.change.subAccountId === account.subAccountId &&
        one.value.change.amountMinor === amountMinor,
    );
    if (order && !isOpening) carriedOut.add(order);
    return broken([
      ['was opened under no credential of a wearer', iac !== undefined],
      ['was opened with another amount than was signed', !isOpening || (iac && firstFundOf(iac)) === amountMinor],
      ['was filled without an order of its wearer', isOpening || order !== undefined],
      ['was filled with more than its credential lets it pay', iac === undefined || sumMinor <= iac.maxTotalMinor],
      ['was filled after it had been given back', !givenBack.has(account.subAccountId)],
    ]);
  };
  const judgeReturn = ({ account: { subAccountId }, balanceMinor }: Passed): Findings => {
    const isAgain = givenBack.has(subAccountId);
    givenBack.add(subAccountId);
    return broken([
      ['was given back twice', !isAgain],
      ['was not given back as a whole', balanceMinor === 0],
    ]);
  };
  return () =>
    accounts
      .take()
      .flatMap((passed) => [
        ...(passed.from.kind === 'wallet' ? judgeFill(passed) : []),
        ...(passed.to.kind === 'wallet' && passed.from.kind === 'sub' ? judgeReturn(passed) : []),
        ...broken([['holds less than nothing', passed.balanceMinor >= 0]]),
      ]);
};

function broken(rules: readonly (readonly [what: string, holds: boolean])[]): Findings {
  return rules.filter(([, holds]) => !holds).map(([what]) => `a sub-account ${what}`);
}

/** From then on an account is stopped, until the PSP has an order of which `isNewer` is true. */
interface Stop {
  readonly subAccountId: string;
  readonly seq: number;
  readonly state: 'FROZEN' | 'CANCELLED';
  isNewer(order: SignedOrder): boolean;
}

/**
 * From the PSP's answer on that it is frozen or closed, nothing is promised or paid out of an account; what was ordered before the
 * wearer's last word does nothing any more; and a closed account is empty.
 */
export const stoppedAccountsPayNothing: Watching = (reading) => {
  const accounts = new Accounts(reading);
  const stops: Stop[] = [];
  let answers = 0;
  return () => {
    const passed = accounts.take();
    const fresh = reading.accountAnswers.slice(answers).flatMap((answer) => stopsOf(reading, answer));
    answers = reading.accountAnswers.length;
    stops.push(...fresh);
    if (stops.length === 0 || passed.length + fresh.length === 0) return [];
    const taken = takenOrders(reading);
    const ordered = signedOrders(reading);
    const moved = passed.flatMap((one) => {
      const stop = stops.find((each) => isStopped(one, each, ordered, taken));
      return stop ? [`something moved past an account after the PSP had said that it is ${stop.state}`] : [];
    });
    const closed = new Set(stops.flatMap(({ state, subAccountId }) => (state === 'CANCELLED' ? [subAccountId] : [])));
    const full = [...closed].filter((id) => (accounts.byId.get(id)?.balanceMinor ?? 0) > 0);
    return [...moved, ...full.map(() => 'an account is closed and holds money still')];
  };
};

/** An answer tells of a state, which has a version; and to a freeze it is the end of all that was ordered before. */
function stopsOf({ accountsAsked }: Reading, { requestId, status, failure, seq }: AccountAnswer): readonly Stop[] {
  const asked = accountsAsked.get(requestId);
  const { state = failure === 'FROZEN' ? failure : undefined } = status ?? {};
  const subAccountId = status?.subAccountId ?? asked?.subAccountId;
  if (subAccountId === undefined || (state !== 'FROZEN' && state !== 'CANCELLED')) return [];
  const stop = { subAccountId, seq, state };
  return [
    ...(status ? [{ ...stop, isNewer: ({ value }: SignedOrder) => value.change.version > status.version }] : []),
    ...(asked?.operation === 'FREEZE' ? [{ ...stop, isNewer: (order: SignedOrder) => order.seq > asked.seq }] : []),
  ];
}

/**
 * What is put in has to be ordered after the stop. An order to go on lets pay what is promised from the moment on in which the PSP
 * has it: what was promised before the stop is void.
 */
function isStopped(
  { movement, account, from, to, isOpening, promisedAt }: Passed,
  stop: Stop,
  ordered: readonly SignedOrder[],
  taken: ReadonlyMap<string, number>,
): boolean {
  const isOut = (from.kind === 'sub' && to.kind === 'held') || (from.kind === 'held' && to.kind === 'payee');
  const isIn = from.kind === 'wallet' && !isOpening;
  if (!(isOut || isIn) || stop.subAccountId !== account.subAccountId || stop.seq > movement.seq) return false;
  return !ordered.some((order) => {
    const { subAccountId, operation, changeId, amountMinor } = order.value.change;
    const isIt = isOut ? operation === 'UNFREEZE' : amountMinor === movement.amountMinor;
    const at = taken.get(changeId) ?? Number.POSITIVE_INFINITY;
    return subAccountId === account.subAccountId && isIt && stop.isNewer(order) && at < promisedAt;
  });
}

/** What the PSP tells of an account is what it held since it was asked; its states follow each other as the wearer has let them. */
export const accountsAreToldTruly: Watching = (reading) => {
  const accounts = new Accounts(reading);
  let told = 0;
  return () => {
    accounts.take();
    const fresh = reading.accountAnswers.slice(told).filter(isTold);
    told = reading.accountAnswers.length;
    if (fresh.length === 0) return [];
    const byAccount = grouped(reading.accountAnswers.filter(isTold), ({ status }) => status.subAccountId);
    const concerned = new Set(fresh.map(({ status }) => status.subAccountId));
    return [...concerned].flatMap((id) => [
      ...untrue(reading, accounts.byId.get(id), fresh),
      ...outOfTurn(byAccount.get(id) ?? [], signedOrders(reading)),
    ]);
  };
};

function untrue(
  { accountsAsked, ordersAsked }: Reading,
  account: Account | undefined,
  fresh: readonly Told[],
): Findings {
  if (!account) return ['the PSP tells of an account that nobody has opened'];
  const isTrue = ({ requestId, status, seq }: Told): boolean => {
    const asked = accountsAsked.get(requestId)?.seq ?? ordersAsked.get(requestId);
    return asked !== undefined && hasHeld(account, status.balanceMinor, asked, seq);
  };
  return fresh
    .filter((told) => told.status.subAccountId === account.subAccountId && !isTrue(told))
    .map(
      ({ status: { balanceMinor } }) =>
        `the PSP tells that an account holds ${balanceMinor}, which it did not between the question and the answer`,
    );
}

function outOfTurn(told: readonly Told[], orders: readonly SignedOrder[]): Findings {
  const findings: string[] = [];
  const inTurn = told.map(({ status }) => status).sort((one, other) => one.version - other.version);
  for (const [i, status] of inTurn.entries()) {
    const before = inTurn[i - 1];
    if (!before || before.state === status.state) continue;
    if (before.version === status.version) findings.push('one version of an account has two states');
    if (before.state === 'CANCELLED') findings.push('an account that was closed has changed');
    const isLet = orders.some(
      ({ value: { change } }) =>
        change.operation === 'UNFREEZE' &&
        change.subAccountId === status.subAccountId &&
        change.version > before.version &&
        change.version <= status.version,
    );
    if (before.state === 'FROZEN' && status.state === 'AVAILABLE' && !isLet)
      findings.push('an account was unfrozen without an order of its wearer');
  }
  return findings;
}

/** In the end nothing is asked of an account that is not answered, and a device knows of it only what the PSP has told. */
export function accountsSettle(reading: Reading): Findings {
  const told = reading.accountAnswers.filter(isTold);
  return [...lastStates(reading).values()].flatMap((state) => {
    const { account } = isHeld(state) ? state : {};
    if (!account) return [];
    const { known, errand, subAccountId } = account;
    const isTold = told.some(
      ({ status }) =>
        status.subAccountId === subAccountId &&
        status.state === known?.state &&
        status.balanceMinor === known.balanceMinor &&
        status.version === known.version &&
        status.asOf === known.asOf,
    );
    return [
      ...(errand ? ['what was asked of an account is not answered'] : []),
      ...(known && !isTold ? ['the device knows of an account what nobody has told'] : []),
    ];
  });
}
