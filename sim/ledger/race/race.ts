/**
 * Two to five gateways over one ledger, under virtual time and from one seed: links that lose the question or the answer,
 * partitions, crashes, duplicates, outcomes that come late or never, stops and refunds in between. In the end the faults
 * stop and everything is resolved.
 */
import { SeededRandom } from '../../seeded-random.ts';
import { DelegationLedger } from '../delegation-ledger.ts';
import { memoryLedger } from '../memory-ledger.ts';
import { type LedgerStore, LedgerUnavailable } from '../store.ts';
import { Agenda } from './agenda.ts';
import { Bank } from './bank.ts';
import { type Ask, Gateway, type Rules } from './gateway.ts';
import { type Outage, planRace, RACE_START, type RacePlan } from './plan.ts';
import { Heard, type Told } from './told.ts';
import { type Happened, Witness } from './witness.ts';

/** What came of one race, for a checker. */
export interface Race {
  readonly plan: RacePlan;
  readonly happened: readonly Happened[];
  readonly told: readonly Told[];
  /** What each pot holds in the end. */
  readonly balances: ReadonlyMap<string, number>;
  /** How each request stands in the end. */
  readonly standings: ReadonlyMap<string, string | undefined>;
}

/** How often a link loses the question, and the answer. */
const LOST = { question: 0.04, answer: 0.04 } as const;

/** @param rules the ledger's; others show what they are good for. */
export function runRace(
  seed: string,
  rules: (store: LedgerStore) => Rules = (store) => new DelegationLedger(store),
): Race {
  const random = new SeededRandom(seed);
  const plan = planRace(random.fork('plan'));
  const agenda = new Agenda(RACE_START);
  const witness = new Witness(memoryLedger(), agenda);
  const heard = new Heard(witness);
  const bank = new Bank(agenda, random.fork('bank'));
  open(rules(witness), plan);

  const gateways = Array.from({ length: plan.gateways }, (_, i) => {
    const partitions = plan.partitions.filter(({ gateway }) => gateway === i);
    const link = linkTo(witness, random.fork(`link ${i}`), () => isCut(partitions, agenda.now));
    const own = rules(link);
    const ask: Ask = (asked, call) => {
      witness.asking = { ...asked, gateway: i };
      return call(own);
    };
    return new Gateway(agenda, random.fork(`gateway ${i}`), bank, heard, ask);
  });
  const at = (atMs: number, gateway: number, act: (gateway: Gateway) => void): void =>
    agenda.at(atMs, () => act(gateways[gateway] as Gateway));

  for (const { atMs, gateway, request } of plan.deliveries) at(atMs, gateway, (one) => one.receive(request));
  for (const { atMs, gateway, change } of plan.stops) at(atMs, gateway, (one) => one.change(change));
  for (const { gateway, fromMs, untilMs } of plan.crashes) at(fromMs, gateway, (one) => one.crash(untilMs));
  for (const { atMs, gateway, refundId, requestId, amountMinor } of plan.returns) {
    const order = { refundId, tradeNo: `T-${requestId}`, amountMinor, currency: plan.terms.currency, payee: 'shop' };
    at(atMs, gateway, (one) => one.refund(order));
  }
  agenda.run();

  const last = rules(witness);
  witness.asking = { gateway: -1, what: 'find', id: '' };
  const ids = new Set(plan.deliveries.map(({ request }) => request.requestId));
  const standings = new Map([...ids].map((id) => [id, last.find(id)?.standing] as const));
  return { plan, happened: witness.happened, told: heard.told, balances: witness.balances, standings };
}

function open(rules: Rules, { terms, walletMinor }: RacePlan): void {
  rules.fund(terms.account, terms.currency, walletMinor, 'opening');
  rules.open(terms, RACE_START);
}

const isCut = (partitions: readonly Outage[], nowMs: number): boolean =>
  partitions.some(({ fromMs, untilMs }) => fromMs <= nowMs && nowMs < untilMs);

/** A store behind a network: what did not come back may have happened or not. */
function linkTo(store: LedgerStore, random: SeededRandom, cut: () => boolean): LedgerStore {
  return {
    transact(work) {
      const isPartition = cut();
      // At the moment a partition begins, a question may already be on the other side.
      if (isPartition ? !random.chance(0.3) : random.chance(LOST.question)) throw new LedgerUnavailable('lost');
      const result = store.transact(work);
      if (isPartition || random.chance(LOST.answer)) throw new LedgerUnavailable('lost');
      return result;
    },
    close() {},
  };
}
