/** A running agent between parties that are moved by hand, with credentials as a wearer's signer makes them. */
import {
  digestOf,
  type EdgeTerms,
  type EpochSeconds,
  type FrameBody,
  type IacPayload,
  type ObjectValue,
  type OpenFrame,
  openObject,
  type Party,
  type PaymentError,
  secondsOf,
  signObject,
  thumbprintOf,
  utf8,
  writeTerms,
} from '../../../protocol/index.ts';
import type { AgentOutside } from '../../../sim/cloud/cloud.ts';
import { AGENT_ID, PAYMENT_METHOD, startAgent } from '../../../sim/cloud/index.ts';
import { type Hand, keyOf } from '../cloud/hands.ts';
import { AGENT, DEVICE, deviceHand, HERE, id, PSP, secretsOf, serviceHand, tenant } from '../cloud/stage.ts';
import { HandBroker, HandClock, HandJournal, portsOf } from '../cloud/world.ts';

export { AGENT, DEVICE, id, PSP, tenant };

export type IacChange = Omit<Partial<IacPayload>, 'ext'> & {
  readonly ext?: Partial<NonNullable<IacPayload['ext']>>;
  readonly terms?: Partial<EdgeTerms>;
};
type Ext = NonNullable<IacPayload['ext']>;
export type Behaviour = NonNullable<Ext['agentBehavior']>;

export const SHOP = 'luna-coffee';
export const OTHER_SHOP = 'paper-crane';
export const DESK = 'data-desk';
export const merchant = (party: string): Party => ({ party, role: 'merchant' });
export const by = { trust: tenant.directory.trust, tenant: tenant.tenant };
const AGENT_KEY = thumbprintOf(keyOf(tenant.agent.objectSeed).publicKey);

export class AgentStage {
  readonly clock = new HandClock();
  readonly broker = new HandBroker();
  readonly device = deviceHand(this, DEVICE);
  readonly psp = serviceHand(this, PSP);
  readonly journal = new HandJournal();
  readonly #merchants = new Map<string, Hand>();
  readonly #world: AgentOutside;
  #service: ReturnType<typeof startAgent>;
  #life = 0;

  constructor(world: (clock: HandClock) => AgentOutside = () => ({})) {
    this.#world = world(this.clock);
    this.#service = this.#start();
  }

  #start() {
    return startAgent(tenant, portsOf('agent', this, { journal: this.journal, life: this.#life++ }), this.#world);
  }

  restart(): void {
    this.#service.stop(() => {});
    this.#service = this.#start();
    this.broker.settle();
  }

  get counts(): ReadonlyMap<string, number> {
    return this.#service.counts;
  }

  get now(): EpochSeconds {
    return secondsOf(this.clock.now());
  }

  pass(ms: number): void {
    this.clock.advance(ms, () => this.broker.settle());
    this.broker.settle();
  }

  merchant(party = SHOP): Hand {
    const hand = this.#merchants.get(party) ?? serviceHand(this, merchant(party));
    this.#merchants.set(party, hand);
    return hand;
  }

  /** A credential for one iced latte at most 30 CNY from one shop, once; `change` says what is otherwise. */
  iac(name: string, { terms, ext, ...change }: IacChange = {}): IacPayload {
    const whole: EdgeTerms = {
      currency: 'CNY',
      items: [{ itemId: 'iced-latte', quantity: 1, choices: ['large'] }],
      utcOffsetMin: 480,
      ...terms,
    };
    return {
      delegationId: id(`${name} delegation`),
      intentId: id(`${name} intent`),
      delegatorIdentity: 'did:act:example.com/wearer',
      agentId: AGENT_ID,
      delegationMode: 'SPECIFIED',
      validityStartTime: this.now,
      validityEndTime: (this.now + 7 * 86_400) as EpochSeconds,
      maxTotalMinor: 3_000,
      currency: 'CNY',
      allowedPaymentMethods: [PAYMENT_METHOD],
      ...change,
      ext: { commerce: { allowedMerchants: [SHOP] }, vendorPrivate: writeTerms(withoutUndefined(whole)), ...ext },
    };
  }

  authorization(iac: IacPayload, other: Partial<ObjectValue<'authorization'>> = {}, device = DEVICE): Uint8Array {
    const value: ObjectValue<'authorization'> = {
      iac,
      agentKey: AGENT_KEY,
      challengeDigest: digestOf(utf8('challenge')),
      viewDigest: digestOf(utf8('view')),
      method: 'hold-simulated',
      counter: 1,
      confirmedAt: this.now,
      ...other,
    };
    return signObject('authorization', value, keyOf(secretsOf(device).confirmationSeed));
  }

  task(name: string, authorization: Uint8Array, by: Hand = this.device): void {
    const body = { requestId: id(`${name} task`), authorization, locale: 'en-US', place: HERE } as const;
    by.say(AGENT, { type: 'delegation-task', body });
  }

  /** The task with what pays for it. @returns the credential. */
  delegate(name: string, change: IacChange = {}): IacPayload {
    const iac = this.iac(name, change);
    this.task(name, this.authorization(iac));
    this.instrument(iac);
    return iac;
  }

  instrument({ delegationId, delegationMode }: IacPayload): void {
    const means = delegationMode === 'BOUNDED' ? { subAccountId: 'sub-1' } : { paymentToken: 'token-secret-1' };
    this.psp.say(AGENT, { type: 'instrument', body: { delegationId, ...means } });
  }

  status(
    { delegationId, delegationMode, currency }: IacPayload,
    state: ObjectValue<'delegation-status'>['state'],
    version: number,
    isClosed = false,
  ): void {
    const value = {
      delegationId,
      ...(delegationMode === 'BOUNDED' && !isClosed && { subAccountId: 'sub-1' }),
      ...{ state, version, asOf: this.now, freshUntil: (this.now + 300) as EpochSeconds, currency },
      ...{ spentMinor: 0, reservedMinor: 0, refundedMinor: 0, spends: 0 },
    };
    const status = signObject('delegation-status', value, keyOf(tenant.psp.objectSeed));
    this.psp.say(AGENT, { type: 'delegation-status', body: { status } });
  }

  /** A merchant's news on its newest watch. */
  price(amountMinor: number, { party = SHOP, version = ++this.#versions, ...other }: PriceChange = {}): void {
    const hand = this.merchant(party);
    const { requestId, itemIds } = hand.latest('watch').body;
    const price = {
      itemId: itemIds[0] ?? '',
      choices: [],
      amountMinor,
      currency: 'CNY',
      available: 9,
      ...other,
    } as const;
    hand.say(AGENT, { type: 'price-news', body: { requestId, version, prices: [price] } });
  }
  #versions = 0;

  /** The merchant's answer to its newest cart request. */
  cart(totalMinor: number, change: Partial<ObjectValue<'cart'>> = {}, party = SHOP): Uint8Array {
    const hand = this.merchant(party);
    const { requestId, intentId, lines } = hand.latest('cart-request').body;
    const [line] = lines;
    if (line === undefined) throw new Error('nothing was asked for');
    const cart: ObjectValue<'cart'> = {
      orderNo: `L-${new Set(hand.all('cart-request').map(({ body }) => body.requestId)).size}`,
      ...{ intentId, merchant: party, discounts: [], deliveryMinor: 0, totalMinor, currency: 'CNY', etaMin: 20 },
      lines: [{ sku: 'sku-1', title: 'Iced latte', ...line, amountMinor: totalMinor }],
      issuedAt: this.now,
      lockedUntil: (this.now + 300) as EpochSeconds,
      ...change,
    };
    const secrets = tenant.merchants.find((one) => one.party === party);
    const bytes = signObject('cart', cart, keyOf(secrets?.objectSeed ?? new Uint8Array(32)));
    hand.say(AGENT, { type: 'cart-reply', body: { requestId, cart: bytes } });
    return bytes;
  }

  refuseCart(code: string, party = SHOP): void {
    const hand = this.merchant(party);
    const { requestId } = hand.latest('cart-request').body;
    hand.say(AGENT, { type: 'refusal', body: { requestId, category: 'STATE_CONFLICT', code } });
  }

  /** What the agent wants to pay, as the PSP reads it. */
  get payment() {
    const { request } = this.psp.latest('delegated-pay').body;
    return readRequest(request);
  }

  get payments(): number {
    return this.psp.all('delegated-pay').length;
  }

  /** The PSP pays the newest request. */
  paid(other: Partial<ObjectValue<'receipt'>> = {}): void {
    const { requestId, request } = this.psp.latest('delegated-pay').body;
    const { payee, orderNo = '', amountMinor, currency, delegationId } = readRequest(request).value;
    const tradeNo = `T-${this.payments}`;
    const paidAt = this.now;
    const receipt = signObject(
      'receipt',
      { tradeNo, confirmationDigest: digestOf(request), orderNo, amountMinor, currency, payee, paidAt, ...other },
      keyOf(tenant.psp.objectSeed),
    );
    const result = { requestId, tradeNo, orderNo, delegationId, amountMinor, currency, decidedAt: this.now };
    const body = { result: { ...result, tradeState: 'WAIT_SELLER_FULFILLMENT' }, receipt } as const;
    this.psp.say(AGENT, { type: 'delegated-result', body });
  }

  fail(error: PaymentError): void {
    const { requestId } = this.psp.latest('delegated-pay').body;
    const result = { requestId, tradeState: 'WAIT_BUYER_PAY', currency: 'CNY', decidedAt: this.now, error } as const;
    this.psp.say(AGENT, { type: 'delegated-result', body: { result } });
  }

  /** One order from the price to the receipt. */
  buy(amountMinor: number): void {
    this.price(amountMinor);
    this.cart(amountMinor);
    this.paid();
  }

  /** What the device was told of a delegation last. */
  get news(): string {
    const { state, reason } = this.device.latest('delegation-news').body;
    return reason === undefined ? state : `${state} ${reason}`;
  }

  answer(accept: boolean, other: Partial<FrameBody<'price-answer'>> = {}, by: Hand = this.device): void {
    const { requestId, delegationId } = this.device.latest('price-question').body;
    by.say(AGENT, { type: 'price-answer', body: { requestId, delegationId, accept, ...other } });
  }
}

type PriceChange = Partial<FrameBody<'price-news'>['prices'][number]> & {
  readonly party?: string;
  readonly version?: number;
};

function withoutUndefined(terms: EdgeTerms): EdgeTerms {
  return Object.fromEntries(Object.entries(terms).filter(([, value]) => value !== undefined)) as EdgeTerms;
}

function readRequest(request: Uint8Array) {
  try {
    return { kind: 'delegated-pay-request', ...openObject('delegated-pay-request', request, by) } as const;
  } catch {
    return { kind: 'autonomous-pay-request', ...openObject('autonomous-pay-request', request, by) } as const;
  }
}

/** How many frames of each type a hand has heard. */
export function heard(hand: { readonly heard: readonly OpenFrame[] }, type: OpenFrame['type']): number {
  return hand.heard.filter((frame) => frame.type === type).length;
}
