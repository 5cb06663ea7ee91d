import type { FrameBody } from '../../protocol/index.ts';
import type { Customer } from '../shops/index.ts';

const E6_PER_E3 = 1_000;

/**
 * Who is ordering, as agent and merchant both see it. Nobody counts as new to a shop: only the shop knows who has bought
 * from it, and an agent that guessed differently would promise a price that the cart does not keep.
 */
export function customerOf(device: string, place: FrameBody<'intent'>['place']): Customer {
  return {
    id: device,
    location: { latE6: place.latitudeE3 * E6_PER_E3, lonE6: place.longitudeE3 * E6_PER_E3 },
    isNewTo: () => false,
  };
}
