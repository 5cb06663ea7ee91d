/** Several purchases at once: one the wearer talks about, the earlier ones still being settled or followed. Pure. */
import type { EpochMs } from '../protocol/index.ts';
import { takesOrders } from './interpret.ts';
import type { Purchases } from './journal-record.ts';
import type { Effect, PurchaseEvent } from './purchase/events.ts';
import { lockEffects } from './purchase/locking.ts';
import { type Purchase, wakeAt } from './purchase/state.ts';
import { step } from './purchase/step.ts';
import type { DeviceSettings } from './settings.ts';

export const IDLE: Purchases = { current: { at: 'idle' }, background: [] };

export interface PurchasesStep {
  readonly purchases: Purchases;
  readonly effects: readonly Effect[];
  /** Whether anything is to be made durable. */
  readonly changed: boolean;
}

/** Words and the signer's answer belong to the current purchase; frames, time and the link concern all. */
const FOR_CURRENT: readonly PurchaseEvent['kind'][] = ['order', 'reply', 'unheard', 'signer'];

/** A new order does not end an old one, nor do words that were not heard: what is still open goes on in the background. */
function makeRoom(purchases: Purchases, event: PurchaseEvent): Purchases {
  const { current, background } = purchases;
  const isNew = event.kind === 'order' || event.kind === 'unheard';
  if (!isNew || !takesOrders(current) || current.at === 'idle') return purchases;
  return { current: { at: 'idle' }, background: current.at === 'ended' ? background : [...background, current] };
}

export function advance(
  settings: DeviceSettings,
  before: Purchases,
  event: PurchaseEvent,
  now: EpochMs,
): PurchasesStep {
  const room = makeRoom(before, event);
  const first = step(settings, room.current, event, now);
  const others = FOR_CURRENT.includes(event.kind)
    ? room.background.map((state) => ({ state, effects: [] as readonly Effect[] }))
    : room.background.map((state) => step(settings, state, event, now));
  const effects = [...[first, ...others].flatMap((one) => one.effects), ...lockEffects(settings, event)];
  const background = others.map(({ state }) => state).filter((state) => state.at !== 'ended');
  const changed =
    first.state !== before.current ||
    effects.length > 0 ||
    background.length !== before.background.length ||
    background.some((state, i) => state !== before.background[i]);
  return { purchases: { current: first.state, background }, effects, changed };
}

export function nextWake({ current, background }: Purchases): EpochMs | undefined {
  const times = [current, ...background].map((state: Purchase) => wakeAt(state)).filter((at) => at !== undefined);
  return times.length > 0 ? (Math.min(...times) as EpochMs) : undefined;
}
