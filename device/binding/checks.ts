/** What the device makes of the PSP's offer and result and of its own signer's consent before it goes on. */
import {
  type BindingOffer,
  type BindingRequest,
  BindingRequest as BindingRequestType,
  type BindingResult,
  encodeCbor,
  hex,
  type OpenedObject,
} from '../../protocol/index.ts';
import type { DeviceSettings } from '../settings.ts';
import { opened } from '../signer/reading.ts';

export type BindingSettings = Pick<DeviceSettings, 'device' | 'agentId' | 'psp' | 'directory'>;

/** The offer, if the PSP signed it for this device and it offers exactly what was asked for (T5); else why not. */
export function checkedOffer(
  bytes: Uint8Array,
  request: BindingRequest,
  settings: BindingSettings,
): OpenedObject<'binding-offer'> | 'offer-signature' | 'offer-terms' {
  const offer = opened('binding-offer', bytes, settings);
  if (!offer || offer.signer.party !== settings.psp) return 'offer-signature';
  return offer.value.payer === settings.device && offersTheSame(offer.value, request) ? offer : 'offer-terms';
}

/** A signer outside this process is believed no more than a peer: it may answer late, or for another prompt (T2). */
export function isConsentTo(offerDigest: string, consent: Uint8Array, settings: BindingSettings): boolean {
  const signed = opened('binding-consent', consent, settings);
  return signed?.signer.party === settings.device && signed.value.offerDigest === offerDigest;
}

/** Whether a token is for what was asked, and reaches no further and no less far. */
export function grantsTheSame(result: BindingResult, request: BindingRequest): boolean {
  const { agentId, limits } = result;
  return limits !== undefined && spelled({ ...request, agentId, limits }) === spelled(request);
}

function offersTheSame({ requestId, agentId, methods, limits }: BindingOffer, request: BindingRequest): boolean {
  return spelled({ ...request, requestId, agentId, methods, limits }) === spelled(request);
}

/** One value has one spelling, so that two are the same exactly if their bytes are. */
function spelled(request: BindingRequest): string {
  return hex(encodeCbor(BindingRequestType.encode(request, 'request')));
}
