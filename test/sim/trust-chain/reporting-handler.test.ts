import { describe, expect, it } from 'vitest';
import { readAttestations } from '../../../device/audit/attestations.ts';
import { REPORT_AFTER_MS, REPORT_AGAIN_MS } from '../../../device/audit/device-reports.ts';
import { Reporter } from '../../../device/audit/reporter.ts';
import { trustChain } from '../../../device/audit/trust-chain.ts';
import { type EpochMs, type OpenFrame, softSigningKey, type TradeState, utf8 } from '../../../protocol/index.ts';
import type { Handler, Reaction } from '../../../sim/cloud/index.ts';
import { type MemoryDisk, memoryDisk } from '../../../sim/memory-journal.ts';
import { SeededRandom } from '../../../sim/seeded-random.ts';
import { MerchantReports } from '../../../sim/trust-chain/merchant-records.ts';
import { ServiceReporting } from '../../../sim/trust-chain/reporting-handler.ts';
import { simulatedWire } from '../../../sim/trust-chain/simulated-wire.ts';
import { VirtualClock } from '../../../sim/virtual-clock.ts';
import { CHANNEL, nodeSigner, storedRecords, testNode } from '../../device/audit/reporting-rig.ts';
import { AGENT, cart, cartBytes, id, MERCHANT, PSP, receiptBytes, START, updateBytes } from '../../device/builders.ts';

const orderNo = cart().orderNo;
const from = { party: AGENT, role: 'agent' } as const;
const device = { party: 'glasses-01', role: 'device' } as const;
const update = (version: number, state: TradeState) =>
  ({ to: device, message: { type: 'fulfilment', body: { update: updateBytes(version, state) } } }) as const;

/** A shop that answers in the one way there is. */
const shop: Handler = {
  handle: (frame) => {
    if (frame.type === 'cart-request')
      return [{ to: from, message: { type: 'cart-reply', body: { requestId: id('r'), cart: cartBytes() } } }];
    return frame.type === 'paid-notice' ? [update(1, 'WAIT_SELLER_FULFILLMENT')] : { drop: 'unhandled' };
  },
  wakeAt: () => START,
  tick: () => [update(2, 'TRADE_FINISHED')],
  command: () => ({ drop: 'command-unknown' }),
};

const cartRequest = { type: 'cart-request', body: { requestId: id('r') }, from } as unknown as OpenFrame;
const paidNotice = {
  ...{ type: 'paid-notice', body: { orderNo, receipt: receiptBytes() }, from: { party: PSP, role: 'psp' } },
} as unknown as OpenFrame;

function reporting(disk: MemoryDisk, clock: VirtualClock) {
  const reporter = new Reporter({
    ...{ store: disk.open(), privacyChannel: CHANNEL, clock, random: new SeededRandom('shop') },
    chain: trustChain({ wire: simulatedWire(testNode(), clock), node: nodeSigner, clock }),
    self: { id: MERCHANT, key: softSigningKey(utf8('a shop of tests with its own key')) },
    log: { write: () => {} },
  });
  const reports = new MerchantReports({ party: MERCHANT, agentIdOf: () => undefined });
  const watched = new ServiceReporting({ party: MERCHANT, reports, reporter, clock });
  return { watched, handler: watched.around(shop) };
}

const sentBy = (reaction: Reaction) => ('drop' in reaction ? [] : reaction);

function live({ handle, tick }: Handler, at: EpochMs): void {
  handle(cartRequest, at);
  handle(paidNotice, at);
  tick?.(at);
}

const recordsOn = (disk: MemoryDisk) =>
  [...readAttestations({ read: () => storedRecords(disk) }).values()].map(({ record }) => record);

describe('a service that reports', () => {
  it('answers as it did, and its records come later', () => {
    const [disk, clock] = [memoryDisk(), new VirtualClock(START)];
    const { handler } = reporting(disk, clock);
    expect(handler.handle(cartRequest, START)).toEqual(shop.handle(cartRequest, START));
    expect(handler.handle({ ...paidNotice, type: 'watch' } as OpenFrame, START)).toEqual({ drop: 'unhandled' });
    expect(handler.command?.('x', START)).toEqual({ drop: 'command-unknown' });
    expect(handler.wakeAt?.()).toBe(START);
    clock.advance(REPORT_AFTER_MS - 1);
    expect(recordsOn(disk)).toEqual([]);
    clock.advance(1);
    expect(recordsOn(disk)).toHaveLength(1);
    expect(reporting(memoryDisk(), clock).watched.around({ handle: shop.handle })).not.toHaveProperty('tick');
  });

  it('reports nothing twice when it is given its past again after a restart', () => {
    const [disk, clock] = [memoryDisk(), new VirtualClock(START)];
    for (let life = 0; life < 3; life++) {
      const { watched, handler } = reporting(disk, clock);
      watched.start();
      live(handler, START);
      clock.advance(60_000);
      watched.stop();
      disk.crash();
    }
    expect(recordsOn(disk).map(({ eventType }) => eventType)).toEqual([
      'act:commerce:cart-confirmed',
      'act:commerce:fulfillment-completed',
    ]);
  });

  it('T27: reports nothing twice of what it comes to know of at another time than in the life before', () => {
    const [disk, clock] = [memoryDisk(), new VirtualClock(START)];
    for (let life = 0; life < 3; life++) {
      const { watched, handler } = reporting(disk, clock);
      handler.handle(cartRequest, (START + 5_000 * life) as EpochMs);
      clock.advance(60_000);
      watched.stop();
      disk.crash();
    }
    expect(recordsOn(disk)).toHaveLength(1);
  });

  it('reports an order once however often its last update goes out, and none that was closed without being paid', () => {
    const fulfilled = (frames: readonly OpenFrame[], last: 'TRADE_FINISHED' | 'TRADE_CLOSED') => {
      const reports = new MerchantReports({ party: MERCHANT, agentIdOf: () => 'did:act:example.com/agent-1' });
      const steps = frames.map((frame) => ({ at: START, frame, sent: sentBy(shop.handle(frame, START)) }));
      const updates = [1, 2, 3].map(() => ({ at: START, sent: [update(2, last)] }));
      return [...steps, ...updates].flatMap((step) => reports.take(step)).map(({ eventType }) => eventType);
    };
    const [cartConfirmed, completed] = ['act:commerce:cart-confirmed', 'act:commerce:fulfillment-completed'];
    expect(fulfilled([cartRequest, cartRequest, paidNotice], 'TRADE_FINISHED')).toEqual([cartConfirmed, completed]);
    expect(fulfilled([cartRequest], 'TRADE_CLOSED')).toEqual([cartConfirmed]);
    expect(fulfilled([paidNotice], 'TRADE_FINISHED')).toEqual([]);
  });

  it('T29: takes no dropped frame in, but what is said all the same', () => {
    const [disk, clock] = [memoryDisk(), new VirtualClock(START)];
    const { watched, handler } = reporting(disk, clock);
    const dropping = watched.around({ handle: () => ({ drop: 'late', also: [update(2, 'TRADE_FINISHED')] }) });
    const names = () => {
      clock.advance(60_000);
      return recordsOn(disk).map(({ eventType }) => eventType.split(':').at(-1));
    };
    handler.handle(cartRequest, START);
    // Its receipt is not believed, so what is finished was not paid.
    dropping.handle(paidNotice, START);
    expect(names()).toEqual(['cart-confirmed']);
    handler.handle(paidNotice, START);
    dropping.handle(cartRequest, START);
    expect(names()).toEqual(['cart-confirmed', 'fulfillment-completed']);
  });

  it('keeps what its store refuses until there is room', () => {
    const [disk, clock] = [memoryDisk(), new VirtualClock(START)];
    const { handler } = reporting(disk, clock);
    disk.setFull(true);
    live(handler, START);
    clock.advance(10 * REPORT_AGAIN_MS);
    expect(recordsOn(disk)).toEqual([]);
    disk.setFull(false);
    clock.advance(REPORT_AGAIN_MS);
    expect(recordsOn(disk)).toHaveLength(2);
  });
});
