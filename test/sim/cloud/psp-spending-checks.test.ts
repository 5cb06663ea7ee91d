/** What cannot come about while a tenant has one agent: another agent's signature, delegation or key. */
import { expect, it } from 'vitest';
import {
  digestOf,
  fromHex,
  hex,
  kidOf,
  openObject,
  type PaymentError,
  thumbprintOf,
  utf8,
} from '../../../protocol/index.ts';
import type { Delegation } from '../../../sim/cloud/psp-delegation-book.ts';
import { type SpendingFacts, spendingFault } from '../../../sim/cloud/psp-spending-checks.ts';
import { AGENT_KEY, coffee } from './delegation-till.ts';
import { keyOf } from './hands.ts';
import { by, DEVICE, id, SHOP, tenant } from './stage.ts';

const { till, authorization } = coffee();
const cartBytes = till.cart('coffee', 'o1');
const cart = openObject('cart', cartBytes, by);
const value = till.request('coffee', authorization, cartBytes);
const { publicKey } = AGENT_KEY;
const signer = {
  kid: kidOf(publicKey),
  publicKey,
  party: 'agent',
  role: 'agent',
  tenant: 'demo',
  use: 'object',
} as const;
const delegation: Delegation = {
  delegationId: value.delegationId,
  device: DEVICE,
  account: DEVICE,
  agent: 'agent',
  agentKey: thumbprintOf(publicKey),
  iac: till.draft('coffee'),
  terms: { currency: 'CNY', items: [{ itemId: 'iced-latte', quantity: 1 }], utcOffsetMin: 480 },
  authorizationDigest: digestOf(authorization),
  instrument: { paymentToken: till.token },
  isOver: false,
  isHeld: false,
  riskChanges: 0,
};
const notice = {
  orderNo: 'o1',
  device: DEVICE,
  amountMinor: value.amountMinor,
  currency: value.currency,
  cartDigest: digestOf(cartBytes),
  lockedUntil: cart.value.lockedUntil,
};
const about = { iacDigest: digestOf(authorization), digest: digestOf(utf8('signed')), isSubAccountSigned: false };
const RIGHT: SpendingFacts = {
  opened: { type: 'delegated-pay-request', value, signer, ...about },
  ...{ from: 'agent', requestId: value.requestId, now: till.now, delegation, isHalted: false, isStatusDown: false },
  ...{ ledgerFault: undefined, methods: [value.method], isMerchant: true, order: { merchant: SHOP, notice } },
  ...{ isOrderTaken: false, cart, soldWithoutOrder: undefined, paidBy: delegation },
};
const other = keyOf(tenant.psp.objectSeed).publicKey;

it.each<[string, Partial<SpendingFacts>, PaymentError | undefined]>([
  ['pays what is right', {}, undefined],
  ['T5: takes no other agent’s signature', { from: 'agent-2' }, 'AGENT_SIGNATURE_INVALID'],
  ['T5: takes no other number than that of the frame', { requestId: id('another') }, 'AGENT_SIGNATURE_INVALID'],
  ['T5: pays no other agent', { delegation: { ...delegation, agent: 'agent-2' } }, 'AGENT_MISMATCH'],
  ['T23: pays no other key', { delegation: { ...delegation, agentKey: thumbprintOf(other) } }, 'AGENT_MISMATCH'],
])('%s', (_what, wrong, error) => {
  expect(spendingFault({ ...RIGHT, ...wrong })).toBe(error);
});

it.each<[string, Partial<typeof cart.value>]>([
  ['merchant', { merchant: 'bamboo-tea' }],
  ['order', { orderNo: 'o2' }],
  ['lock', { lockedUntil: till.now }],
  ['currency', { currency: 'USD' }],
  ['total', { totalMinor: 1 }],
])('T29: pays nothing on a cart with another %s than asked for', (_what, wrong) => {
  const facts = { ...RIGHT, cart: { ...cart, value: { ...cart.value, ...wrong } } };
  expect(spendingFault(facts)).toBe('ORDER_MISMATCH');
});

it('T12: pays nothing on other bytes than those that were asked for', () => {
  const altered = { ...cart, digest: digestOf(fromHex(hex(utf8('another')))) };
  expect(spendingFault({ ...RIGHT, cart: altered })).toBe('ORDER_MISMATCH');
});
