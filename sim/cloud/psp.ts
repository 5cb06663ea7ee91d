/** The payment service provider: its desks, and what an operator and the clock make them do. */
import type { Currency, EpochMs, Role, SigningKey, TrustSet } from '../../protocol/index.ts';
import { DelegationLedger } from '../ledger/delegation-ledger.ts';
import type { LedgerStore } from '../ledger/store.ts';
import { wearerAccount } from './accounts.ts';
import { type FrameOf, type Handler, type Outgoing, type Reaction, react } from './handler.ts';
import { Ledger, OUTSIDE } from './ledger.ts';
import { OrderBook } from './order-book.ts';
import { BindingDesk } from './psp-binding.ts';
import type { WearerAccount } from './psp-binding-checks.ts';
import { type PaymentBinding, PaymentTokens } from './psp-binding-tokens.ts';
import { Cashier } from './psp-cashier.ts';
import { DelegationService } from './psp-delegation-service.ts';
import { type ForkOptions, ForkWatch } from './psp-forks.ts';
import { DeviceLocks } from './psp-locks.ts';
import { Trades } from './psp-refunds.ts';
import { Witness, type WitnessParts } from './witness.ts';

export interface Funds {
  readonly account: string;
  readonly currency: Currency;
  /** What is there at the start. */
  readonly amountMinor: number;
}

export interface PspOptions extends ForkOptions {
  readonly tenant: string;
  readonly trust: TrustSet;
  readonly objectKey: SigningKey;
  /** Nonces and trade numbers are derived from it; 32 bytes. */
  readonly secret: Uint8Array;
  readonly bindings: readonly PaymentBinding[];
  /** Payment methods that are accepted, as URNs. */
  readonly methods: readonly string[];
  /** In which the books are kept. */
  readonly currency: Currency;
  /** What the wearers' accounts hold. */
  readonly funds: readonly Funds[];
  /** What they hold apart from that, for what is paid under delegations. */
  readonly delegatedFunds: readonly Funds[];
  /** The account that each enrolled device pays from; several devices of one wearer may have the same. */
  readonly accounts: ReadonlyMap<string, WearerAccount>;
  /** With which it cosigns the journals of devices, and how each of them signs its own. */
  readonly witness: WitnessParts;
  /**
   * Where delegated payments are kept, and all that gateways must know of each other's: any number of these services may share
   * it. It may outlive them and their journals. Instant payments are each service's own.
   */
  readonly store: LedgerStore;
  /** The party that acts under an agent identity, if one is registered. */
  agentOf(agentId: string): string | undefined;
  roleOf(party: string): Role | undefined;
  /** The categories of what a payee sells that registers no orders; `undefined` for one that does. */
  soldWithoutOrder(payee: string): readonly string[] | undefined;
}

export interface Psp extends Handler {
  /** Of instant payments. */
  readonly ledger: Ledger;
  readonly delegations: DelegationLedger;
}

export function createPsp(options: PspOptions): Psp {
  const psp = new PaymentService(options);
  const { cashier, desk, delegated, locks, witness } = psp;
  const reactions = {
    'order-notice': (frame: FrameOf<'order-notice'>, now: EpochMs) => psp.orderNotice(frame, now),
    'pay-request': (frame: FrameOf<'pay-request'>, now: EpochMs) => cashier.payRequest(frame, now),
    confirm: (frame: FrameOf<'confirm'>, now: EpochMs) => cashier.confirm(frame, now),
    'pay-cancel': (frame: FrameOf<'pay-cancel'>, now: EpochMs) => cashier.payCancel(frame, now),
    'pay-query': (frame: FrameOf<'pay-query'>, now: EpochMs) => cashier.payQuery(frame, now),
    'bind-request': (frame: FrameOf<'bind-request'>, now: EpochMs) => desk.request(frame, now),
    'bind-consent': (frame: FrameOf<'bind-consent'>, now: EpochMs) => desk.consent(frame, now),
    'lock-ack': (frame: FrameOf<'lock-ack'>) => locks.acknowledged(frame),
    'journal-checkpoint': (frame: FrameOf<'journal-checkpoint'>, now: EpochMs) => witness.checkpoint(frame, now),
    ...delegated.reactions,
  };
  return {
    ledger: psp.ledger,
    delegations: new DelegationLedger(options.store),
    handle: (frame, now) => {
      const reaction = react(reactions, frame, now);
      if ('drop' in reaction) return reaction;
      const { party } = frame.from;
      return [...reaction, ...psp.lockForked(now), ...locks.heard(party, now), ...delegated.heard(party, now)];
    },
    wakeAt: () => earliest(locks.wakeAt(), delegated.wakeAt()),
    tick: (now) => [...locks.tick(now), ...delegated.tick(now)],
    command: (words, now) => delegated.command(words, now) ?? psp.command(words, now),
  };
}

class PaymentService {
  readonly ledger = new Ledger();
  readonly locks: DeviceLocks;
  readonly cashier: Cashier;
  readonly desk: BindingDesk;
  readonly delegated: DelegationService;
  readonly witness: Witness;
  readonly #options: PspOptions;
  readonly #orders = new OrderBook();
  readonly #forks: ForkWatch;

  constructor(options: PspOptions) {
    const { bindings, accounts, objectKey, funds } = options;
    this.#options = options;
    this.#forks = new ForkWatch(options);
    this.witness = new Witness(options.witness);
    this.locks = new DeviceLocks(objectKey);
    const tokens = new PaymentTokens(bindings);
    const shared = {
      ...options,
      tokens,
      trades: new Trades(),
      orders: this.#orders,
      ledger: this.ledger,
      counters: this.#forks.counters,
      isLocked: (device: string) => this.locks.isLocked(device),
      accountOf: (device: string) => accounts.get(device),
      ledgerAccountOf: (device: string) => wearerAccount(accounts.get(device)?.account ?? device),
      agentIdsOf: (device: string) =>
        bindings.filter((binding) => binding.device === device).map(({ agentId }) => agentId),
    };
    this.cashier = new Cashier(shared);
    this.delegated = new DelegationService(shared);
    this.desk = new BindingDesk({
      ...shared,
      onRevoked: (token) => this.cashier.end(({ request }) => request.paymentToken === token, 'token-revoked'),
    });
    for (const { account, currency, amountMinor } of funds) {
      this.ledger.post(`opening-${account}-${currency}`, [
        { account: OUTSIDE, currency, amountMinor: -amountMinor },
        { account: wearerAccount(account), currency, amountMinor },
      ]);
    }
  }

  /** Payments under delegations that came before their order go on with it. */
  orderNotice(frame: FrameOf<'order-notice'>, now: EpochMs): Reaction {
    const reaction = this.cashier.orderNotice(frame);
    if ('drop' in reaction) return reaction;
    return [...reaction, ...this.delegated.orderCame(frame.from.party, frame.body, now)];
  }

  /**
   * `lock`, `unlock`, `retire` or `accept-journal` and a device. From when this returns, nothing of a locked device is paid here;
   * where it says `done`, nothing under its delegations by any gateway on the same ledger either. Instant payments are each
   * gateway's own: each has to be told (T17, T18).
   */
  command(words: string, now: EpochMs): Reaction {
    const [, order, device = ''] = /^(lock|unlock|retire|accept-journal) ([a-z0-9-]+)$/.exec(words) ?? [];
    if (order === undefined) return { drop: 'command-unknown' };
    if (!this.#options.accounts.has(device)) return { drop: 'device-unknown' };
    if (order === 'accept-journal') return this.witness.accept(device);
    if (order === 'unlock' && this.#forks.isForked(device)) return { drop: 'key-forked' };
    const said = order === 'unlock' ? this.#unlock(device, now) : this.#lock(device, now, order === 'retire');
    if ('drop' in said) return said;
    return this.delegated.isWaiting(device) ? { drop: 'ledger-waits', also: said } : said;
  }

  lockForked(now: EpochMs): readonly Outgoing[] {
    return this.#forks.news().flatMap((device) => this.#lock(device, now));
  }

  #unlock(device: string, now: EpochMs): Reaction {
    if (this.locks.isRetired(device)) return { drop: 'device-retired' };
    // The device is told that it may pay only where the ledger has not refused it.
    return this.delegated.unlocked(device, now) ?? this.locks.unlock(device, now);
  }

  /** What was locked for good stays so, also where the ledger has not heard of that yet. */
  #lock(device: string, now: EpochMs, isRetiring = false): readonly Outgoing[] {
    const isForGood = isRetiring || this.locks.isRetired(device);
    this.cashier.end(({ challenge }) => challenge.payer === device, 'device-locked');
    return [...this.locks.lock(device, now, isForGood), ...this.delegated.lockdown(device, now, isForGood)];
  }
}

function earliest(one: EpochMs | undefined, other: EpochMs | undefined): EpochMs | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return one < other ? one : other;
}
