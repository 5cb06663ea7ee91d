/** The PSP's desks for delegated payments, with a device, its signer, an agent and merchants moved by hand. */
import {
  authoriseSubAccount,
  type Cart,
  type DelegationStatus,
  digestOf,
  type EdgeTerms,
  type EpochSeconds,
  encodeCbor,
  type FrameBody,
  IacPayload,
  type LifecycleChange,
  type Message,
  type ObjectValue,
  openObject,
  signJson,
  signObject,
  thumbprintOf,
  toJsonObject,
  utf8,
  writeTerms,
} from '../../../protocol/index.ts';
import { AGENT_ID, PAYMENT_METHOD, type PspService, principalOf, startPsp } from '../../../sim/cloud/index.ts';
import { memoryLedger } from '../../../sim/ledger/memory-ledger.ts';
import { type Books, type LedgerStore, LedgerUnavailable } from '../../../sim/ledger/store.ts';
import { type Hand, keyOf } from './hands.ts';
import {
  AGENT,
  by,
  DEVICE,
  id,
  MERCHANT,
  PSP,
  type ServiceName,
  SHOP,
  Stage,
  secretsOf,
  serviceHand,
  tenant,
} from './stage.ts';
import { HandJournal, type HandPorts, portsOf } from './world.ts';

export const DAY_S = 86_400;
export const PRICE_MINOR = 2_480;
export const AGENT_KEY = keyOf(tenant.agent.objectSeed);
const SIGNER = keyOf(secretsOf(DEVICE).confirmationSeed);
const SHOP_SECRETS = tenant.merchants.find(({ party }) => party === SHOP) ?? tenant.psp;

/** A ledger that does not answer when it is told not to, before its work was done or after. */
export class FlakyLedger implements LedgerStore {
  readonly #inner: LedgerStore = memoryLedger();
  isDown: false | 'before' | 'after' = false;

  transact<T>(work: (books: Books) => T): T {
    if (this.isDown === 'before') throw new LedgerUnavailable();
    const result = this.#inner.transact(work);
    if (this.isDown === 'after') throw new LedgerUnavailable();
    return result;
  }

  close(): void {}
}

export interface DraftChange {
  readonly iac?: Partial<IacPayload>;
  readonly terms?: Partial<EdgeTerms>;
  readonly commerce?: NonNullable<NonNullable<IacPayload['ext']>['commerce']>;
}

export type DelegatedRequest = ObjectValue<'delegated-pay-request'>;

export class DelegationTill extends Stage {
  readonly agent: Hand = serviceHand(this, AGENT);
  readonly merchant: Hand = serviceHand(this, MERCHANT);
  readonly store = new FlakyLedger();
  #life = 0;
  #counter = 0;
  #ports: HandPorts;
  psp: PspService;

  /** @param services run for real; the hands of their parties hear what they hear. */
  constructor(...services: readonly ServiceName[]) {
    super(...services);
    this.#ports = portsOf(PSP.party, this, { journal: new HandJournal(), life: 0 });
    this.psp = startPsp(tenant, this.#ports, { ledger: this.store });
  }

  /** The process is gone and starts again over its journal and the ledger, which has stayed, or over a ledger that is new. */
  again(ledger: LedgerStore = this.store): void {
    this.psp.stop(() => {});
    this.#life += 1;
    this.#ports = portsOf(PSP.party, this, { journal: this.#ports.journal, life: this.#life });
    this.psp = startPsp(tenant, this.#ports, { ledger });
    this.broker.settle();
  }

  get journal(): HandJournal {
    return this.#ports.journal;
  }

  override get ledger(): PspService['ledger'] {
    return this.psp.ledger;
  }

  command(words: string): string {
    const said = this.psp.command(words);
    this.broker.settle();
    return said;
  }

  /** A number that the signer has not used before. */
  count(): number {
    this.#counter += 1;
    return this.#counter;
  }

  /** An iced latte at the shop, three times at most, 30 each and 100 in all; with `BOUNDED` a report for as much. */
  draft(name: string, { iac, terms, commerce }: DraftChange = {}): IacPayload {
    const isBounded = iac?.delegationMode === 'BOUNDED';
    const items = [{ itemId: 'iced-latte', quantity: 1, choices: ['large'] }];
    return {
      delegationId: id(`${name} delegation`),
      intentId: id(`${name} intent`),
      delegatorIdentity: principalOf(DEVICE),
      agentId: AGENT_ID,
      delegationMode: 'SPECIFIED',
      validityStartTime: this.now,
      validityEndTime: (this.now + 7 * DAY_S) as EpochSeconds,
      maxTotalMinor: 10_000,
      currency: 'CNY',
      allowedPaymentMethods: [PAYMENT_METHOD],
      ext: {
        commerce: commerce ?? { maxSingleMinor: 3_000, allowedMerchants: [isBounded ? 'data-desk' : SHOP] },
        vendorPrivate: writeTerms({
          currency: 'CNY',
          ...(isBounded ? { purpose: 'market-report' } : { items }),
          utcOffsetMin: 480,
          ...terms,
        }),
      },
      ...iac,
    };
  }

  /** Asks to be asked. @returns `delegation-challenge`, or a refusal's code. */
  propose(name: string, iac: IacPayload, by = this.device, agentKey = thumbprintOf(AGENT_KEY.publicKey)): string {
    const body = { requestId: id(name), iac: encodeCbor(IacPayload.encode(iac, 'iac')), agentKey };
    return told(this.hear({ type: 'delegation-request', body }, by));
  }

  get challenge(): Uint8Array {
    return this.device.latest('delegation-challenge').body.challenge;
  }

  /** What the signer makes of a press on the newest challenge. */
  signed(name: string, iac: IacPayload, other: Partial<ObjectValue<'authorization'>> = {}, device = DEVICE) {
    const key = keyOf(secretsOf(device).confirmationSeed);
    const value: ObjectValue<'authorization'> = {
      iac,
      agentKey: thumbprintOf(AGENT_KEY.publicKey),
      challengeDigest: digestOf(this.challenge),
      viewDigest: digestOf(utf8('what was shown')),
      method: 'hold-simulated',
      counter: this.count(),
      confirmedAt: this.now,
      ...other,
    };
    const authorization = signObject('authorization', value, key);
    const jsonSignature = signJson(toJsonObject(IacPayload, iac, 'iac'), key);
    return { requestId: id(name), authorization, jsonSignature };
  }

  /** @returns the state that the answer says, or a refusal's code. */
  confirm(body: FrameBody<'delegation-confirm'>, by = this.device): string {
    return told(this.hear({ type: 'delegation-confirm', body }, by));
  }

  /** From the draft to the credential. @returns the signed authorization. */
  issue(name: string, change: DraftChange = {}): Uint8Array {
    const iac = this.draft(name, change);
    const asked = this.propose(name, iac);
    if (asked !== 'delegation-challenge') throw new Error(asked);
    const body = this.signed(name, iac);
    const said = this.confirm(body);
    if (said !== 'Active') throw new Error(said);
    return body.authorization;
  }

  /** The newest status the hand was given. */
  status(hand = this.device): DelegationStatus {
    return openObject('delegation-status', hand.latest('delegation-status').body.status, by).value;
  }

  query(name: string, hand: Hand = this.device): string {
    const body = { requestId: id(`${name} query`), delegationId: id(`${name} delegation`) };
    return told(this.hear({ type: 'delegation-query', body }, hand));
  }

  wish(
    name: string,
    to: LifecycleChange['to'],
    version: number,
    other: Partial<LifecycleChange> = {},
    key = SIGNER,
  ): Uint8Array {
    const from = to === 'Active' ? 'Suspended' : 'Active';
    const change: LifecycleChange = {
      changeId: id(`${name} ${to} ${version}`),
      delegationId: id(`${name} delegation`),
      ...{ from, to, version, by: 'PRINCIPAL', changedAt: this.now },
      ...other,
    };
    const gesture = { viewDigest: digestOf(utf8('what was shown')), method: 'hold-simulated' } as const;
    const value = { change, ...gesture, counter: this.count() };
    return signObject('lifecycle-order', value, key);
  }

  /** Brings an order. @returns the state that the first answer to the device says, or a refusal's code. */
  bring(order: Uint8Array, by = this.device): string {
    return told(this.hear({ type: 'lifecycle', body: { requestId: id('lifecycle'), order } }, by));
  }

  change(name: string, to: LifecycleChange['to'], version: number): string {
    return this.bring(this.wish(name, to, version));
  }

  cart(name: string, orderNo: string, other: Partial<Cart> = {}, key = keyOf(SHOP_SECRETS.objectSeed)): Uint8Array {
    const options = [{ optionId: 'size', choiceId: 'large' }];
    const line = { sku: 'lo-01', title: 'iced latte', quantity: 1, itemId: 'iced-latte', options };
    const value: Cart = {
      orderNo,
      intentId: id(`${name} intent`),
      merchant: SHOP,
      lines: [{ ...line, amountMinor: other.totalMinor ?? PRICE_MINOR }],
      discounts: [],
      deliveryMinor: 0,
      totalMinor: PRICE_MINOR,
      currency: 'CNY',
      issuedAt: this.now,
      lockedUntil: (this.now + 300) as EpochSeconds,
      etaMin: 20,
      ...other,
    };
    return signObject('cart', value, key);
  }

  /** The merchant registers what is in its cart. */
  register(cartBytes: Uint8Array, other: Partial<FrameBody<'order-notice'>> = {}): void {
    const cart = openObject('cart', cartBytes, by).value;
    const { orderNo, totalMinor: amountMinor, currency, lockedUntil } = cart;
    const about = { orderNo, device: DEVICE, amountMinor, currency, lockedUntil, cartDigest: digestOf(cartBytes) };
    this.merchant.say(PSP, { type: 'order-notice', body: { ...about, categories: ['coffee'], ...other } });
  }

  /** What an honest agent asks for a cart. */
  request(name: string, authorization: Uint8Array, cartBytes: Uint8Array, other: Partial<DelegatedRequest> = {}) {
    const cart = openObject('cart', cartBytes, by).value;
    return {
      requestId: id(`${cart.orderNo} pay`),
      orderNo: cart.orderNo,
      ...(other.subAccountId === undefined && { paymentToken: this.token }),
      amountMinor: cart.totalMinor,
      currency: cart.currency,
      createdAt: this.now,
      agentId: AGENT_ID,
      payee: cart.merchant,
      cartDigest: digestOf(cartBytes),
      method: PAYMENT_METHOD,
      delegationId: id(`${name} delegation`),
      iac: authorization,
      ...other,
    } satisfies DelegatedRequest;
  }

  /** What the agent was given last to pay with. */
  get token(): string {
    return this.agent.latest('instrument').body.paymentToken ?? '';
  }

  get subAccountId(): string {
    return this.agent.latest('instrument').body.subAccountId ?? '';
  }

  /** @returns the trade state, or ACT's error, or `silence`. */
  pay(request: DelegatedRequest, cart?: Uint8Array, key = AGENT_KEY): string {
    const signed = signObject('delegated-pay-request', request, key);
    return this.send({ requestId: request.requestId, request: signed, ...(cart && { cart }) });
  }

  send(body: FrameBody<'delegated-pay'>, hand = this.agent): string {
    return told(this.hear({ type: 'delegated-pay', body }, hand));
  }

  /** One honest order from cart to receipt. @returns as {@link pay}. */
  buy(name: string, authorization: Uint8Array, orderNo: string, other: Partial<Cart> = {}): string {
    const cart = this.cart(name, orderNo, other);
    this.register(cart);
    return this.pay(this.request(name, authorization, cart), cart);
  }

  /** A BOUNDED payment for a resource, out of the sub-account (PSD-PAY-AUP). */
  payResource(
    name: string,
    authorization: Uint8Array,
    resourceId: string,
    other: Partial<ObjectValue<'autonomous-pay-request'>> = {},
    key = AGENT_KEY,
  ): string {
    const unsigned: ObjectValue<'autonomous-pay-request'> = {
      requestId: id(`${resourceId} pay`),
      orderNo: `res-${resourceId}`,
      subAccountId: this.subAccountId,
      subAccountAuthorization: new Uint8Array(64),
      amountMinor: 500,
      currency: 'CNY',
      createdAt: this.now,
      agentId: AGENT_ID,
      payee: 'data-desk',
      method: PAYMENT_METHOD,
      delegationId: id(`${name} delegation`),
      iac: authorization,
      resourceId,
      ...other,
    };
    const value = other.subAccountAuthorization
      ? unsigned
      : authoriseSubAccount('autonomous-pay-request', unsigned, key);
    const request = signObject('autonomous-pay-request', value, key);
    return this.send({ requestId: value.requestId, request });
  }

  outcome(orderNo: string): string {
    return told(this.hear({ type: 'delegated-query', body: { requestId: id(`${orderNo} pay`) } }, this.agent));
  }

  /** Keeps the newest notices, as a device does. */
  acknowledge(bytes: Uint8Array, hand = this.device): void {
    hand.say(PSP, { type: 'notice-ack', body: { digest: digestOf(bytes) } });
  }

  /** What of the wallet is left, and what was spent under a delegation. */
  spent(name: string): number {
    return this.standing(name).spentMinor;
  }

  standing(name: string) {
    const status = this.psp.delegations.status(id(`${name} delegation`), this.clock.now());
    if (status === undefined) throw new Error('no such delegation');
    return status;
  }

  /** Says something to the PSP. @returns the frames that came back to the speaker. */
  hear(message: Message, hand: Hand) {
    const before = hand.heard.length;
    hand.say(PSP, message);
    return hand.heard.slice(before);
  }
}

/** The first answer in a word: a refusal's code, a credential's state, a payment's error or trade state, or its type. */
export function told([answer]: Hand['heard']): string {
  switch (answer?.type) {
    case undefined:
      return 'silence';
    case 'refusal':
      return answer.body.code;
    case 'delegation-status':
      return openObject('delegation-status', answer.body.status, by).value.state;
    case 'delegated-result':
      return answer.body.result.error ?? answer.body.result.tradeState;
    case 'refund-answer':
      return answer.body.reason ?? answer.body.state;
    case 'sub-account-result':
      return answer.body.failure ?? answer.body.status?.state ?? 'nothing';
    default:
      return answer?.type ?? 'silence';
  }
}

/** A till with a coffee delegated on it. */
export function coffee(change: DraftChange = {}) {
  const till = new DelegationTill();
  const authorization = till.issue('coffee', change);
  const buy = (orderNo: string, other: Partial<Cart> = {}) => till.buy('coffee', authorization, orderNo, other);
  return { till, authorization, buy };
}

/** A till with a task delegated on it, for whatever data the agent chooses. */
export function report() {
  const till = new DelegationTill();
  return { till, authorization: till.issue('report', { iac: { delegationMode: 'BOUNDED' } }) };
}
