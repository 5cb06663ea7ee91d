/** Binding the wearer's account to a device's agent (PSD-PMT-BND), and locking a device that was reported lost. */

import { id16 } from '../ids.ts';
import { bytes, uint, type WireValue, wireMap } from '../wire.ts';
import { lockState } from './signer.ts';

/** Room for four methods and the longest agent id beside the signature. */
const OFFER_BYTES = 768;
const OBJECT_BYTES = 512;

/** psp → device: after its own checks, which agent is to be bound and how far, signed, for the wearer to see. */
export const BindOfferMessage = wireMap('bind-offer', { requestId: [1, id16], offer: [2, bytes(OFFER_BYTES)] });
export type BindOfferMessage = WireValue<typeof BindOfferMessage>;

/** device → psp: what the wearer has signed. */
export const BindConsentMessage = wireMap('bind-consent', { requestId: [1, id16], consent: [2, bytes(OBJECT_BYTES)] });
export type BindConsentMessage = WireValue<typeof BindConsentMessage>;

/** psp → device, on the device's `ctl` topic: a lock order, sent again until it is acknowledged (T18, T30). */
export const DeviceLockMessage = wireMap('device-lock', { order: [1, bytes(OBJECT_BYTES)] });
export type DeviceLockMessage = WireValue<typeof DeviceLockMessage>;

/** device → psp: the order of this version was obeyed, or a later one was. */
export const LockAck = wireMap('lock-ack', { version: [1, uint(0xffff_ffff, 1)], state: [2, lockState] });
export type LockAck = WireValue<typeof LockAck>;
