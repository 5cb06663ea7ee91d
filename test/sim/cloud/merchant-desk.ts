/** A merchant's handler that is given opened frames, with a PSP and an agent made of their keys. */
import {
  digestOf,
  type EpochMs,
  type EpochSeconds,
  type FrameBody,
  type FrameType,
  type ObjectValue,
  type OpenFrame,
  openObject,
  type Party,
  type RefundRequest,
  secondsOf,
  signObject,
  softSigningKey,
  type TradeState,
  utf8,
} from '../../../protocol/index.ts';
import { createMerchant, type Drop, type Outgoing, type Reaction, type Seller } from '../../../sim/cloud/index.ts';
import { demoTimeMs } from '../../../sim/shops/index.ts';
import { AGENT, by, DEVICE, HERE, id, MINUTE_MS, PSP, tenant } from './stage.ts';

export const DEVICE_PARTY: Party = { party: DEVICE, role: 'device' };

type CartRequest = FrameBody<'cart-request'>;

/** What came out, in one word each: refusals by code, updates by state, everything else by type. */
function wordOf({ message }: Outgoing): string {
  if (message.type === 'refusal') return message.body.code;
  if (message.type !== 'fulfilment') return message.type;
  return openObject('fulfilment', message.body.update, by).value.state;
}

export class Desk {
  now: EpochMs = demoTimeMs;
  readonly sent: Outgoing[] = [];
  readonly drops: string[] = [];
  readonly #handler;

  constructor(seller: Seller<readonly unknown[]>) {
    const secrets = tenant.merchants.find(({ party }) => party === seller.party);
    if (secrets === undefined) throw new Error(`no merchant ${seller.party}`);
    this.#handler = createMerchant({
      seller,
      secret: secrets.secret,
      objectKey: softSigningKey(secrets.objectSeed),
      tenant: tenant.tenant,
      trust: tenant.directory.trust,
      psp: tenant.psp.party,
      minuteMs: MINUTE_MS,
    });
  }

  /** Hands a frame over at the present time, after what was due. @returns the words for what came out, with its receiver. */
  hear<T extends FrameType>(from: Party, type: T, body: FrameBody<T>): readonly string[] {
    this.#tick();
    return this.#out(this.#handler.handle({ type, body, from, iss: from.party } as unknown as OpenFrame, this.now));
  }

  order(words: string): string {
    const reaction = this.#handler.command?.(words, this.now) ?? { drop: 'no-commands' };
    return 'drop' in reaction ? reaction.drop : 'done';
  }

  /** Goes on to a time, waking whenever the handler wants to. */
  passTo(at: number): void {
    for (let due = this.#handler.wakeAt?.(); due !== undefined && due <= at; due = this.#handler.wakeAt?.()) {
      this.now = due;
      this.#tick();
    }
    this.now = at as EpochMs;
  }

  pass(ms: number): void {
    this.passTo(this.now + ms);
  }

  #tick(): void {
    const due = this.#handler.wakeAt?.();
    if (due !== undefined && due <= this.now) this.#out(this.#handler.tick?.(this.now) ?? []);
  }

  #out(reaction: Reaction): readonly string[] {
    if (isDrop(reaction)) {
      this.drops.push(reaction.drop);
      return [`drop ${reaction.drop}`];
    }
    this.sent.push(...reaction);
    return reaction.map((outgoing) => `${wordOf(outgoing)} > ${outgoing.to.party}`);
  }

  /** The words for everything sent to somebody so far. */
  told(party: string): readonly string[] {
    return this.sent.filter(({ to }) => to.party === party).map(wordOf);
  }

  bodies<T extends FrameType>(type: T): readonly FrameBody<T>[] {
    return this.sent.filter(({ message }) => message.type === type).map(({ message }) => message.body as FrameBody<T>);
  }

  /** Asks for a cart. @returns the refusal's code, or `cart-reply`. */
  ask(name: string, lines: CartRequest['lines'], other: Partial<CartRequest> = {}): string {
    const body = {
      requestId: id(name),
      intentId: id(`${name} i`),
      device: DEVICE,
      locale: 'zh-CN',
      lines,
      place: HERE,
    };
    const words = this.hear(AGENT, 'cart-request', { ...body, ...other } as CartRequest);
    return words.at(-1)?.split(' > ')[0] ?? 'nothing';
  }

  get cart(): ObjectValue<'cart'> {
    const bytes = this.bodies('cart-reply').at(-1)?.cart;
    if (bytes === undefined) throw new Error('there is no cart yet');
    return openObject('cart', bytes, by).value;
  }

  receipt(cart = this.cart, tradeNo = `trade-${cart.orderNo}`): Uint8Array {
    const { orderNo, totalMinor: amountMinor, currency, merchant: payee } = cart;
    const confirmationDigest = digestOf(utf8(tradeNo));
    const value = { tradeNo, confirmationDigest, orderNo, amountMinor, currency, payee, paidAt: secondsOf(this.now) };
    return signObject('receipt', value, softSigningKey(tenant.psp.objectSeed));
  }

  pay(cart = this.cart, tradeNo?: string): readonly string[] {
    return this.hear(PSP, 'paid-notice', { orderNo: cart.orderNo, receipt: this.receipt(cart, tradeNo) });
  }

  cancel(name: string, by = DEVICE_PARTY, { orderNo } = this.cart): readonly string[] {
    return this.hear(by, 'order-cancel', { requestId: id(name), orderNo });
  }

  /** The newest thing the PSP was asked to give back. */
  get refundRequest(): RefundRequest {
    const request = this.bodies('refund-request').at(-1);
    if (request === undefined) throw new Error('no refund was asked for');
    return request;
  }

  /** The PSP's signed refund for a request. */
  refund(change: Partial<ObjectValue<'refund'>> = {}, seed = tenant.psp.objectSeed): Uint8Array {
    const { requestId, tradeNo, orderNo, amountMinor, currency } = this.refundRequest;
    const refunded = { requestId, tradeNo, orderNo, payee: this.cart.merchant, amountMinor, currency };
    const refundedAt = secondsOf(this.now) as EpochSeconds;
    const value = { ...refunded, refundedTotalMinor: amountMinor, refundedAt, ...change };
    return signObject('refund', value, softSigningKey(seed));
  }

  answer(state: 'SUCCEEDED' | 'FAILED' | 'UNKNOWN', refund = this.refund(), by = PSP): readonly string[] {
    const { requestId } = this.refundRequest;
    return this.hear(by, 'refund-answer', { requestId, state, ...(state === 'SUCCEEDED' && { refund }) });
  }

  /** The trade state that the device was told last. */
  get state(): TradeState | undefined {
    return this.told(DEVICE).findLast((word) => /^[A-Z]/.test(word)) as TradeState | undefined;
  }
}

function isDrop(reaction: Reaction): reaction is Drop {
  return 'drop' in reaction;
}
