/** Which intent a PSP lays an instant payment to: the one the payee named for that very order, or none. */
import { describe, expect, it } from 'vitest';
import { type FrameBody, type Message, type OpenFrame, type Party, secondsOf } from '../../../protocol/index.ts';
import { PspReports } from '../../../sim/trust-chain/psp-records.ts';
import { DEVICE, id, MERCHANT, PSP, SHOP } from '../cloud/stage.ts';
import { PRICE_MINOR, Till } from '../cloud/till.ts';

const OTHER_SHOP: Party = { party: 'paper-crane', role: 'merchant' };
const OTHER_DEVICE = 'glasses-02';

/** A till whose PSP reports; merchants may register what they like. */
class ReportedTill extends Till {
  readonly reports = new PspReports({ party: PSP.party });

  notice(from: Party, body: Pick<FrameBody<'order-notice'>, 'orderNo' | 'intentId'>, device = DEVICE): void {
    const frame = { type: 'order-notice', body: { ...body, device }, from } as unknown as OpenFrame;
    expect(this.reports.take({ at: this.clock.now(), frame, sent: [] })).toEqual([]);
  }

  /** The intents of the payments that are reported when this device has paid. */
  paid(orderNo: string): readonly string[] {
    this.register(orderNo);
    this.ask(orderNo, orderNo);
    const asked = { type: 'pay-request', body: this.request(orderNo, orderNo), from: this.device.self };
    this.reports.take({ at: this.clock.now(), frame: asked as unknown as OpenFrame, sent: [] });
    this.pass(1_000);
    this.press(orderNo);
    const message = { type: 'receipt', body: this.device.latest('receipt').body } as Message;
    const step = { at: this.clock.now(), sent: [{ to: this.device.self, message }] };
    const reported = this.reports.take(step);
    expect(this.reports.take(step)).toEqual([]);
    for (const one of reported)
      expect(one).toMatchObject({
        ...{ eventType: 'act:payment:transaction-completed', orderNo, eventTime: secondsOf(this.clock.now()) },
        eventBody: { payeeId: SHOP, amountMinor: PRICE_MINOR },
      });
    return reported.map(({ intentId }) => intentId);
  }
}

describe('a PSP lays a payment', () => {
  it('T27: to the intent that the payee named first', () => {
    const till = new ReportedTill();
    till.notice(MERCHANT, { orderNo: 'LC-1', intentId: id('one') });
    till.notice(MERCHANT, { orderNo: 'LC-1', intentId: id('two') });
    expect(till.paid('LC-1')).toEqual([id('one')]);
  });

  it('T27: to none, and reports nothing, where the payee named none', () => {
    const till = new ReportedTill();
    till.notice(MERCHANT, { orderNo: 'LC-1' });
    expect(till.paid('LC-1')).toEqual([]);
  });

  it('T5: to none that another merchant named under the same number', () => {
    const till = new ReportedTill();
    till.notice(OTHER_SHOP, { orderNo: 'LC-1', intentId: id('one') });
    expect(till.paid('LC-1')).toEqual([]);
  });

  it('T5: to none that was first named for another device', () => {
    const till = new ReportedTill();
    till.notice(OTHER_SHOP, { orderNo: 'PC-1', intentId: id('one') }, OTHER_DEVICE);
    till.notice(MERCHANT, { orderNo: 'LC-1', intentId: id('one') });
    expect(till.paid('LC-1')).toEqual([]);
  });
});
