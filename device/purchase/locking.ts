/**
 * A device that was reported lost (T18): the PSP's order goes to the signer, which judges it; what is not signed yet ends;
 * the PSP hears that the order was obeyed, and the wearer, or whoever has the device, that it is locked.
 */
import { type LockAck, type ObjectValue, openObject, ProtocolError } from '../../protocol/index.ts';
import type { DeviceSettings } from '../settings.ts';
import { endUnpaid, say, send } from './ending.ts';
import type { Effect, PurchaseEvent } from './events.ts';
import { phrases } from './phrases.ts';
import type { Transition } from './transition.ts';

type Unsigned = 'asking' | 'summarising' | 'seeking' | 'choosing' | 'carting' | 'requesting' | 'confirming';

/** Nothing of a locked device will be signed; what was signed before is followed to its end. */
export const lockedOut: Transition<Unsigned, 'lock-order'> = (state, { settings, event }) =>
  event.taken.isLocked ? endUnpaid(state, settings, 'cancelled', 'locked') : undefined;

/** What follows from an order for the device as a whole, whatever is being bought. */
export function lockEffects(settings: DeviceSettings, event: PurchaseEvent): readonly Effect[] {
  return event.kind === 'lock-order' ? orderEffects(settings, event) : [];
}

/** The acknowledgement says: obeyed, or a later one was. An order that is not the PSP's gets no answer at all. */
function orderEffects(
  { psp, locale }: DeviceSettings,
  { order, taken }: Extract<PurchaseEvent, { kind: 'lock-order' }>,
): readonly Effect[] {
  if (taken.answer === 'order-signature') return [];
  const acknowledgement = send(psp, { type: 'lock-ack', body: order });
  if (taken.answer === 'order-not-newer') return [acknowledgement];
  const key = taken.isLocked ? 'locked' : 'unlocked';
  return [acknowledgement, say(key, phrases(locale)[key](), locale)];
}

/** What an order says, for its acknowledgement; `undefined` for one that is not the PSP's or not for this device. */
export function readOrder(bytes: Uint8Array, settings: DeviceSettings): LockAck | undefined {
  const order = opened(bytes, settings);
  return order?.device === settings.device ? { version: order.version, state: order.state } : undefined;
}

function opened(bytes: Uint8Array, { directory, psp }: DeviceSettings): ObjectValue<'lock-order'> | undefined {
  try {
    const { value, signer } = openObject('lock-order', bytes, { trust: directory.trust, tenant: directory.tenant });
    return signer.party === psp ? value : undefined;
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}
