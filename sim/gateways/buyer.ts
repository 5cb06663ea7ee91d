/** The agent that pays under what it was handed, and the merchants it orders from; now and then it asks for more than it may. */
import {
  authoriseSubAccount,
  digestOf,
  type EpochSeconds,
  type Id16,
  type Message,
  type ObjectValue,
  type OpenFrame,
  openObject,
  type SigningKey,
  secondsOf,
  signObject,
  softSigningKey,
} from '../../protocol/index.ts';
import { AGENT_ID, PAYMENT_METHOD } from '../cloud/index.ts';
import { Hand, type HandWorld } from './hand.ts';
import { ALLOWED_SHOP, OTHER_SHOP, type PlannedOrder, type PlannedRequest } from './plan.ts';
import type { Signed, Told } from './told.ts';
import { AGAIN_MS, type Issued, idOf, receiptOf } from './wearer.ts';

export interface BuyerWorld extends HandWorld {
  readonly device: string;
  readonly told: Told[];
  readonly signed: Signed[];
}

interface Cart {
  readonly bytes: Uint8Array;
  readonly orderNo: string;
  readonly payee: string;
  readonly amountMinor: number;
}

export class Buyer {
  readonly #world: BuyerWorld;
  readonly #hand: Hand;
  readonly #key: SigningKey;
  readonly #merchants: ReadonlyMap<string, { readonly hand: Hand; readonly key: SigningKey }>;
  readonly #credentials = new Map<string, Issued>();
  readonly #instruments = new Map<string, { readonly paymentToken?: string; readonly subAccountId?: string }>();
  readonly #carts = new Map<string, Cart>();
  /** The orders whose merchant has heard that they are paid. */
  readonly #paid = new Set<string>();
  /** What merchants give back once they are paid. */
  readonly #refunds = new Map<string, readonly number[]>();
  /** What has not been answered, by its request. */
  readonly #open = new Map<Id16, Message>();

  constructor(world: BuyerWorld) {
    const { agent, merchants } = world.tenant;
    this.#world = world;
    this.#key = softSigningKey(agent.objectSeed);
    const hear = (frame: OpenFrame, after: number): void => this.#hear(frame, after);
    this.#hand = new Hand(world, { party: agent.party, role: 'agent' }, agent.frameSeed, hear);
    this.#merchants = new Map(
      merchants
        .filter(({ party }) => party === ALLOWED_SHOP || party === OTHER_SHOP)
        .map(({ party, frameSeed, objectSeed }) => {
          const hand = new Hand(world, { party, role: 'merchant' }, frameSeed, hear);
          return [party, { hand, key: softSigningKey(objectSeed) }] as const;
        }),
    );
  }

  get unanswered(): readonly string[] {
    return [...this.#open.values()].map(({ type }) => `agent: ${type}`);
  }

  /** Asks for what pays until it has it. */
  handed(credential: Issued): void {
    this.#credentials.set(credential.planned.name, credential);
    const { delegationId } = credential;
    const ask = (): void => {
      if (this.#instruments.has(delegationId)) return;
      this.#hand.say({
        type: 'delegation-query',
        body: { requestId: idOf(`${delegationId} instrument`), delegationId },
      });
      this.#world.clock.after(AGAIN_MS, ask);
    };
    ask();
  }

  /** The merchant tells the PSP of an order, and again until it is paid or given up. */
  register(order: PlannedOrder): void {
    const cart = this.#cartOf(order.orderNo, order.payee, order.amountMinor, order.delegation);
    this.#refunds.set(order.orderNo, order.refundsMinor);
    this.#notify(cart, 20);
  }

  /** Nothing where it has nothing to pay with yet. */
  pay(order: PlannedOrder, planned: PlannedRequest): void {
    const credential = this.#credentials.get(order.delegation);
    const instrument = credential && this.#instruments.get(credential.delegationId);
    if (!credential || !instrument) return;
    const requestId = idOf(`${planned.name} pay`);
    const message =
      instrument.subAccountId === undefined
        ? this.#specified(requestId, order, planned, credential)
        : this.#bounded(requestId, order, planned, credential, instrument.subAccountId);
    // Whoever uses a number twice hears of the one that came first only when it asks for it.
    if (planned.kind === 'altered') this.#hand.say(message);
    else this.#ask(requestId, message);
  }

  #notify(cart: Cart, times: number): void {
    const { device, clock } = this.#world;
    const { orderNo, amountMinor, payee } = cart;
    const lockedUntil = (secondsOf(clock.now()) + 300) as EpochSeconds;
    const about = {
      orderNo,
      device,
      amountMinor,
      currency: 'CNY',
      lockedUntil,
      cartDigest: digestOf(cart.bytes),
    } as const;
    const message: Message = { type: 'order-notice', body: { ...about, categories: ['coffee'] } };
    const say = (left: number): void => {
      if (this.#paid.has(orderNo)) return;
      this.#merchants.get(payee)?.hand.say(message);
      if (left > 1) clock.after(2 * AGAIN_MS, () => say(left - 1));
    };
    say(times);
  }

  #specified(
    requestId: Id16,
    order: PlannedOrder,
    { kind, name }: PlannedRequest,
    { delegationId, authorization: iac }: Issued,
  ): Message {
    const isAltered = kind === 'altered';
    const cart = isAltered
      ? this.#cartOf(`${name}-other`, OTHER_SHOP, order.amountMinor + 77, order.delegation)
      : this.#cartOf(order.orderNo, order.payee, order.amountMinor, order.delegation);
    if (isAltered) this.#notify(cart, 1);
    const { orderNo, payee, amountMinor } = cart;
    const request: ObjectValue<'delegated-pay-request'> = {
      ...this.#common(requestId, payee, amountMinor),
      ...{ orderNo, delegationId, iac, cartDigest: digestOf(cart.bytes) },
      paymentToken: this.#instruments.get(delegationId)?.paymentToken ?? '',
    };
    const signed = signObject('delegated-pay-request', request, this.#key);
    this.#noted({ requestId, delegationId, orderNo, payee, amountMinor }, signed);
    return { type: 'delegated-pay', body: { requestId, request: signed, cart: cart.bytes } };
  }

  #bounded(
    requestId: Id16,
    { orderNo, payee, amountMinor }: PlannedOrder,
    { kind }: PlannedRequest,
    { delegationId, authorization: iac }: Issued,
    subAccountId: string,
  ): Message {
    const isAltered = kind === 'altered';
    const what = isAltered
      ? { orderNo: `${orderNo}-other`, payee: OTHER_SHOP, amountMinor: amountMinor + 77 }
      : { orderNo, payee, amountMinor };
    const value: ObjectValue<'autonomous-pay-request'> = {
      ...this.#common(requestId, what.payee, what.amountMinor),
      ...{ orderNo: what.orderNo, delegationId, iac, subAccountId, resourceId: what.orderNo },
      subAccountAuthorization: new Uint8Array(64),
    };
    const authorised = authoriseSubAccount('autonomous-pay-request', value, this.#key);
    const signed = signObject('autonomous-pay-request', authorised, this.#key);
    this.#noted({ requestId, delegationId, ...what }, signed);
    return { type: 'delegated-pay', body: { requestId, request: signed } };
  }

  #common(requestId: Id16, payee: string, amountMinor: number) {
    const createdAt = secondsOf(this.#world.clock.now());
    const always = { currency: 'CNY', agentId: AGENT_ID, method: PAYMENT_METHOD } as const;
    return { requestId, payee, amountMinor, createdAt, ...always };
  }

  #noted(what: Omit<Signed, 'digest' | 'createdAtMs'>, signed: Uint8Array): void {
    const createdAtMs = secondsOf(this.#world.clock.now()) * 1_000;
    this.#world.signed.push({ ...what, createdAtMs, digest: digestOf(signed) });
  }

  #cartOf(orderNo: string, payee: string, amountMinor: number, delegation: string): Cart {
    const known = this.#carts.get(orderNo);
    if (known) return known;
    const issuedAt = secondsOf(this.#world.clock.now());
    const options = [{ optionId: 'size', choiceId: 'large' }];
    const line = { sku: 'lo-01', title: 'iced latte', quantity: 1, itemId: 'iced-latte', options, amountMinor };
    const value: ObjectValue<'cart'> = {
      ...{ orderNo, intentId: idOf(`${delegation} intent`), merchant: payee, lines: [line], discounts: [] },
      ...{ deliveryMinor: 0, totalMinor: amountMinor, currency: 'CNY', etaMin: 20 },
      ...{ issuedAt, lockedUntil: (issuedAt + 300) as EpochSeconds },
    };
    const bytes = signObject('cart', value, this.#merchants.get(payee)?.key ?? this.#key);
    const cart = { bytes, orderNo, payee, amountMinor };
    this.#carts.set(orderNo, cart);
    return cart;
  }

  #refund(orderNo: string, { tradeNo, payee }: ObjectValue<'receipt'>): void {
    if (this.#paid.has(orderNo)) return;
    this.#paid.add(orderNo);
    const { clock, random } = this.#world;
    for (const [i, amountMinor] of (this.#refunds.get(orderNo) ?? []).entries()) {
      const requestId = idOf(`${orderNo} refund ${i}`);
      const about = { requestId, tradeNo, orderNo, amountMinor, currency: 'CNY' } as const;
      const hand = this.#merchants.get(payee)?.hand;
      const ask = (): void => {
        const body = { ...about, createdAt: secondsOf(clock.now()) };
        this.#ask(requestId, { type: 'refund-request', body }, hand);
      };
      clock.after(random.below(20_000), ask);
    }
  }

  /** The request again, or the question what became of it. */
  #ask(requestId: Id16, message: Message, hand = this.#hand): void {
    this.#open.set(requestId, message);
    const { clock, random } = this.#world;
    const say = (): void => {
      if (this.#open.get(requestId) !== message) return;
      hand.say(message);
      if (message.type === 'delegated-pay' && random.chance(0.3))
        hand.say({ type: 'delegated-query', body: { requestId } });
      clock.after(AGAIN_MS, say);
    };
    say();
  }

  #hear(frame: OpenFrame, after: number): void {
    const { told, tenant } = this.#world;
    const by = { trust: tenant.directory.trust, tenant: tenant.tenant };
    if (frame.type === 'instrument') this.#instruments.set(frame.body.delegationId, frame.body);
    if (frame.type === 'delegated-result') {
      const { result, receipt } = frame.body;
      told.push({ kind: 'result', after, result, receipt: receipt && receiptOf(receipt, by) });
      if (result.error !== 'REQUEST_REPEATED') this.#open.delete(result.requestId);
    }
    if (frame.type === 'delegation-status') {
      const status = openObject('delegation-status', frame.body.status, by).value;
      told.push({ kind: 'status', after, requestId: undefined, status });
    }
    if (frame.type === 'refund-answer') {
      const { requestId, reason } = frame.body;
      told.push({ kind: 'refund-answer', after, requestId, reason });
      this.#open.delete(requestId);
    }
    if (frame.type === 'paid-notice') {
      told.push({ kind: 'merchant-receipt', after, receipt: receiptOf(frame.body.receipt, by) });
      this.#refund(frame.body.orderNo, openObject('receipt', frame.body.receipt, by).value);
    }
  }
}
