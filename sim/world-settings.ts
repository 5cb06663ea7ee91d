/** How a simulated device is set up. */

import { delegationVoice } from '../device/delegation/voice.ts';
import type { DeviceSettings, Locale } from '../device/index.ts';
import { type DeviceSecrets, PAYMENT_METHOD, principalOf, type Tenant } from './cloud/index.ts';
import { demoPlace, shopVocabulary } from './shops/index.ts';

/** The most one order may cost in a simulated world, in minor units of CNY. */
const ORDER_CAP_MINOR = 20_000;

export function settingsOf(
  tenant: Tenant<DeviceSecrets>,
  { device, agentId, session, paymentToken, account = device }: DeviceSecrets,
  locale: Locale,
): DeviceSettings {
  return {
    device,
    agentId,
    session,
    paymentToken,
    paymentMethod: PAYMENT_METHOD,
    locale,
    directory: tenant.directory,
    agent: tenant.agent.party,
    psp: tenant.psp.party,
    currency: 'CNY',
    orderCapMinor: ORDER_CAP_MINOR,
    place: { latitudeE3: Math.round(demoPlace.latE6 / 1000), longitudeE3: Math.round(demoPlace.lonE6 / 1000) },
    vocabulary: shopVocabulary,
    delegation: { principal: principalOf(account), voice: delegationVoice },
  };
}
