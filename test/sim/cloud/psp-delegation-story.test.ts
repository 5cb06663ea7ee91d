/** The PSP's desks with the agent and the merchant of the simulator instead of hands. */
import { expect, it } from 'vitest';
import { digestOf, openObject } from '../../../protocol/index.ts';
import { DelegationTill } from './delegation-till.ts';
import { AGENT, by, HERE, id } from './stage.ts';

it('lets the agent buy what was delegated, and tells the device with all that shows it', () => {
  const till = new DelegationTill('agent', 'merchant');
  const authorization = till.issue('coffee', { terms: { maxOrders: 1 } });
  const task = { requestId: id('task'), authorization, locale: 'en-US', place: HERE } as const;
  till.device.say(AGENT, { type: 'delegation-task', body: task });
  till.pass(120_000);
  const { request, receipt, cart = new Uint8Array() } = till.device.latest('spend-notice').body;
  const { value } = openObject('delegated-pay-request', request, by);
  expect(value.iac).toEqual(authorization);
  expect(openObject('cart', cart, by).value.intentId).toBe(id('coffee intent'));
  expect(openObject('receipt', receipt, by).value.confirmationDigest).toBe(digestOf(request));
  expect(till.standing('coffee')).toMatchObject({ spends: 1, spentMinor: value.amountMinor, reservedMinor: 0 });
  expect(till.merchant.all('paid-notice')).toHaveLength(1);
});
