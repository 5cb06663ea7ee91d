/** One merchant's service: its order desk, its watches and its refunds around whoever sells. */
import type { EpochMs, SigningKey } from '../../protocol/index.ts';
import { type FrameOf, type Handler, type Outgoing, react } from './handler.ts';
import { OrderDesk } from './merchant-orders.ts';
import { RefundDesk, type RefundOptions } from './merchant-refunds.ts';
import type { Seller } from './merchant-seller.ts';
import { WatchDesk } from './merchant-watches.ts';

export interface MerchantOptions<Goods> extends RefundOptions {
  readonly seller: Seller<Goods>;
  readonly objectKey: SigningKey;
  /** How long a minute of cooking and riding takes: 60,000 in the real world. */
  readonly minuteMs: number;
}

export function createMerchant<Goods>(options: MerchantOptions<Goods>): Handler {
  const { seller } = options;
  const refunds = new RefundDesk(options);
  const watches = new WatchDesk(seller);
  const orders = new OrderDesk({ ...options, refunds, stockChanged: (now) => watches.changed(now) });
  const reactions = {
    'cart-request': (frame: FrameOf<'cart-request'>, now: EpochMs) => orders.cartRequest(frame, now),
    'paid-notice': (frame: FrameOf<'paid-notice'>, now: EpochMs) => orders.paidNotice(frame, now),
    'order-query': (frame: FrameOf<'order-query'>) => orders.orderQuery(frame),
    'order-cancel': (frame: FrameOf<'order-cancel'>, now: EpochMs) => orders.cancel(frame, now),
    'refund-answer': (frame: FrameOf<'refund-answer'>, now: EpochMs) => refunds.answer(frame, now),
    watch: (frame: FrameOf<'watch'>, now: EpochMs) => watches.watch(frame, now),
  };
  const desks = [orders, refunds, watches];
  return {
    handle: (frame, now) => react(reactions, frame, now),
    wakeAt: () => earliestOf(desks.map((desk) => desk.wakeAt())),
    tick: (now): readonly Outgoing[] => desks.flatMap((desk) => desk.tick(now)),
    ...(seller.command !== undefined && { command: (words: string) => commanded(seller.command?.(words)) }),
  };
}

function commanded(said: string | undefined) {
  return said === 'done' ? [] : { drop: said ?? 'command-unknown' };
}

function earliestOf(times: readonly (EpochMs | undefined)[]): EpochMs | undefined {
  const there = times.filter((time) => time !== undefined);
  return there.length === 0 ? undefined : (Math.min(...there) as EpochMs);
}
