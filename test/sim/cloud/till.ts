/** The PSP alone, between a merchant and devices that are moved by hand. */
import { digestOf, type EpochSeconds, type FrameBody, utf8 } from '../../../protocol/index.ts';
import { PAYMENT_METHOD } from '../../../sim/cloud/index.ts';
import type { Hand } from './hands.ts';
import { confirmation, DEVICE, id, MERCHANT, type Press, PSP, SHOP, Stage, secretsOf, serviceHand } from './stage.ts';

export const PRICE_MINOR = 2480;

export class Till extends Stage {
  readonly merchant: Hand = serviceHand(this, MERCHANT);

  constructor() {
    super('psp');
  }

  /** The merchant registers an order of this device. */
  register(orderNo: string, other: Partial<FrameBody<'order-notice'>> = {}, merchant = this.merchant): Uint8Array {
    const body = {
      orderNo,
      device: DEVICE,
      amountMinor: PRICE_MINOR,
      currency: 'CNY',
      cartDigest: digestOf(utf8(`cart of ${orderNo}`)),
      lockedUntil: (this.now + 300) as EpochSeconds,
      ...other,
    } as const;
    return merchant.say(PSP, { type: 'order-notice', body });
  }

  request(name: string, orderNo: string, other: Partial<FrameBody<'pay-request'>> = {}): FrameBody<'pay-request'> {
    const { paymentToken, agentId } = secretsOf(DEVICE);
    return {
      requestId: id(name),
      orderNo,
      paymentToken,
      amountMinor: PRICE_MINOR,
      currency: 'CNY',
      createdAt: this.now,
      agentId,
      payee: SHOP,
      cartDigest: digestOf(utf8(`cart of ${orderNo}`)),
      method: PAYMENT_METHOD,
      ...other,
    };
  }

  /** Sends a pay request. @returns what came back: a type, or a refusal's code. */
  ask(name: string, orderNo: string, other: Partial<FrameBody<'pay-request'>> = {}, by = this.device): string {
    return this.answer({ type: 'pay-request', body: this.request(name, orderNo, other) }, by);
  }

  /** The challenge the device holds for its newest request. */
  get challenge(): Uint8Array {
    return this.device.latest('challenge').body.challenge;
  }

  press(name: string, press: Press = {}, challenge = this.challenge): string {
    return this.confirm(name, confirmation(this, challenge, press));
  }

  confirm(name: string, signed: Uint8Array, by = this.device): string {
    return this.answer({ type: 'confirm', body: { requestId: id(name), confirmation: signed } }, by);
  }

  cancel(name: string, reason: FrameBody<'pay-cancel'>['reason'] = 'declined'): string {
    return this.answer({ type: 'pay-cancel', body: { requestId: id(name), reason } });
  }

  query(name: string): string {
    return this.answer({ type: 'pay-query', body: { requestId: id(name) } });
  }

  /** Says something to the PSP. @returns the one answer: a refusal's code, a status, or the type of what came. */
  answer(message: Parameters<Hand['say']>[1], by = this.device): string {
    const before = by.heard.length;
    by.say(PSP, message);
    const answers = by.heard.slice(before);
    const [answer] = answers;
    if (answers.length !== 1 || answer === undefined) return `${answers.length} answers`;
    if (answer.type === 'refusal') return answer.body.code;
    return answer.type === 'pay-status' ? answer.body.state : answer.type;
  }
}
