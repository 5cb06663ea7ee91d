/** What the catalogue of the demonstration never brings about: free goods, endless names, carts too big for a message. */

import { describe, expect, it } from 'vitest';
import { noteSigner } from '../../../device/audit/journal-keys.ts';
import {
  digestOf,
  type FrameBody,
  type OpenFrame,
  sealFrame,
  secondsOf,
  signObject,
  softSigningKey,
} from '../../../protocol/index.ts';
import { delegationsOf } from '../../../sim/cloud/cloud.ts';
import {
  createAgent,
  createMerchant,
  createPsp,
  PAYMENT_METHOD,
  type Reaction,
  ShopSeller,
} from '../../../sim/cloud/index.ts';
import { lineTitle } from '../../../sim/cloud/titles.ts';
import { memoryLedger } from '../../../sim/ledger/memory-ledger.ts';
import { demoTimeMs, type Shop, shops } from '../../../sim/shops/index.ts';
import { keyOf } from './hands.ts';
import {
  AGENT,
  DEVICE,
  fullStage,
  HERE,
  id,
  intentBody,
  MERCHANT,
  MINUTE_MS,
  OTHER_DEVICE,
  PSP,
  SHOP,
  secretsOf,
  tenant,
} from './stage.ts';

const luna = shops.find((shop) => shop.id === SHOP) as Shop;

/** Everything at no price, delivered for nothing. */
const generous: Shop = {
  ...luna,
  coupons: [
    {
      id: 'all-free',
      kind: 'percent',
      title: { 'zh-CN': '全免', 'en-US': 'all free' },
      group: 'free',
      minSubtotalMinor: 0,
      percentOff: 100,
      capMinor: 1_000_000,
      validFromMs: demoTimeMs,
      validUntilMs: (demoTimeMs + 1e9) as typeof demoTimeMs,
    },
  ],
  delivery: { ...luna.delivery, freeOverMinor: 0 },
};

function merchantOf(shop: Shop, psp = tenant.psp.party) {
  const { directory } = tenant;
  const seller = new ShopSeller(shop);
  const objectKey = softSigningKey(new Uint8Array(32).fill(5));
  const secret = new Uint8Array(32);
  const handler = createMerchant({
    seller,
    secret,
    objectKey,
    tenant: 'demo',
    trust: directory.trust,
    psp,
    minuteMs: MINUTE_MS,
  });
  return { ...handler, stock: seller.stock };
}

/** An opened frame as the runtime hands it over. */
function frame(from: typeof AGENT, message: { type: string; body: unknown }): OpenFrame {
  return { ...message, from, iss: from.party } as unknown as OpenFrame;
}

function cartRequest(lines: FrameBody<'cart-request'>['lines']): OpenFrame {
  const body = { requestId: id('r'), intentId: id('i'), device: DEVICE, locale: 'zh-CN', lines, place: HERE };
  return frame(AGENT, { type: 'cart-request', body });
}

function said(reaction: Reaction): string[] {
  if ('drop' in reaction) return [`drop ${reaction.drop}`];
  return reaction.map(({ message }) => (message.type === 'refusal' ? message.body.code : message.type));
}

const AGENT_ID = 'did:act:example.com/shared';
const latte = { itemId: 'iced-latte', quantity: 1, options: [] };

describe('an order that costs nothing', () => {
  it('is not made into a cart: nobody could confirm a payment of nothing', () => {
    const merchant = merchantOf(generous);
    expect(said(merchant.handle(cartRequest([latte]), demoTimeMs))).toEqual(['nothing-to-pay']);
    expect(merchant.stock.available('lo-01')).toBe(60);
  });

  it('is not offered', () => {
    const agent = createAgent({ secret: new Uint8Array(32), shops: [generous], delegations: delegationsOf(tenant) });
    const body = intentBody(fullStage(), 'free', { lines: [latte] });
    const reaction = agent.handle(frame({ party: DEVICE, role: 'device' }, { type: 'intent', body }), demoTimeMs);
    expect(said(reaction)).toEqual(['offers']);
    const [answer] = 'drop' in reaction ? [] : reaction;
    expect(answer?.message.body).toMatchObject({ offers: [], none: 'nobody-sells' });
  });
});

/** Names as long as the wire allows. */
const endless: Shop = {
  ...luna,
  products: luna.products.map((product) => ({
    ...product,
    title: { 'zh-CN': '拿'.repeat(96), 'en-US': 'x'.repeat(96) },
  })),
};

it('offers only as many shops as one frame can carry, the best ones', () => {
  const rivals = ['a', 'b', 'c', 'd', 'e'].map((name) => ({ ...endless, id: name }));
  const agent = createAgent({ secret: new Uint8Array(32), shops: rivals, delegations: delegationsOf(tenant) });
  const change = { merchantId: 'any', locale: 'zh-CN', isr: { maxTotalMinor: 90_000 } } as const;
  const device = { party: DEVICE, role: 'device' } as const;
  for (const [lines, expected] of [
    [1, 5],
    [8, 1],
  ] as const) {
    const body = intentBody(fullStage(), 'long', { ...change, lines: Array(lines).fill(latte) });
    const reaction = agent.handle(
      frame(device, { type: 'intent', body: { ...body, requestId: id(`${lines}`) } }),
      demoTimeMs,
    );
    const message = 'drop' in reaction ? undefined : reaction[0]?.message;
    if (message?.type !== 'offers') throw new Error('no offers');
    expect(message.body.offers.map(({ merchant }) => merchant)).toEqual(['a', 'b', 'c', 'd', 'e'].slice(0, expected));
    const address = { tenant: 'demo', from: AGENT, to: device, session: secretsOf(DEVICE).session };
    const life = { iat: secondsOf(demoTimeMs), lifetimeS: 120, cti: id('cti') };
    expect(sealFrame(message, address, life, keyOf(tenant.agent.frameSeed)).length).toBeLessThanOrEqual(4096);
  }
});

it('refuses a cart that no message could carry, and sets nothing aside for it', () => {
  const merchant = merchantOf(endless);
  expect(said(merchant.handle(cartRequest(Array(7).fill(latte)), demoTimeMs))).toEqual(['cart-too-large']);
  expect(merchant.stock.available('lo-01')).toBe(60);
  expect(said(merchant.handle(cartRequest([latte]), demoTimeMs))).toEqual(['repeated-request']);
});

it('T29: takes a receipt from its own PSP only, not from any that the directory knows', () => {
  for (const [psp, verdict] of [
    ['psp', ['fulfilment']],
    ['other-psp', ['drop receipt-mismatch']],
  ] as const) {
    const merchant = merchantOf(luna, psp);
    const asked = merchant.handle(cartRequest([latte]), demoTimeMs);
    const notice = 'drop' in asked ? undefined : asked[0]?.message;
    if (notice?.type !== 'order-notice') throw new Error('no order notice');
    const { orderNo, amountMinor, currency, cartDigest } = notice.body;
    const paidAt = secondsOf(demoTimeMs);
    const terms = {
      tradeNo: 'trade-1',
      confirmationDigest: cartDigest,
      orderNo,
      amountMinor,
      currency,
      payee: SHOP,
      paidAt,
    };
    const receipt = signObject('receipt', terms, softSigningKey(tenant.psp.objectSeed));
    const paid = frame(PSP, { type: 'paid-notice', body: { orderNo, receipt } });
    expect(said(merchant.handle(paid, demoTimeMs))).toEqual(verdict);
  }
});

it('T5: takes a token from the device it was issued to, even where two devices run one agent', () => {
  const psp = createPsp({
    witness: {
      signer: noteSigner('demo', 'psp', softSigningKey(new Uint8Array(32).fill(3))),
      deviceKey: () => undefined,
      alarm: () => {},
    },
    tenant: 'demo',
    trust: tenant.directory.trust,
    objectKey: softSigningKey(tenant.psp.objectSeed),
    secret: new Uint8Array(32),
    bindings: [
      { device: DEVICE, agentId: AGENT_ID, token: 'token-1' },
      { device: OTHER_DEVICE, agentId: AGENT_ID, token: 'token-2' },
    ],
    methods: [PAYMENT_METHOD],
    currency: 'CNY',
    funds: [{ account: DEVICE, currency: 'CNY', amountMinor: 1_000 }],
    delegatedFunds: [],
    store: memoryLedger(),
    accounts: new Map(),
    keyLineOf: () => [],
    alarm: () => {},
    agentOf: () => undefined,
    roleOf: () => undefined,
    soldWithoutOrder: () => undefined,
  });
  const ask = (paymentToken: string) => {
    const body = {
      requestId: id(paymentToken),
      orderNo: 'o1',
      paymentToken,
      amountMinor: 100,
      currency: 'CNY',
      createdAt: secondsOf(demoTimeMs),
      agentId: AGENT_ID,
      payee: SHOP,
      cartDigest: digestOf(new Uint8Array()),
      method: PAYMENT_METHOD,
    };
    return said(psp.handle(frame({ party: DEVICE, role: 'device' }, { type: 'pay-request', body }), demoTimeMs));
  };
  expect(ask('token-2')).toEqual(['token-agent-mismatch']);
  expect(ask('token-1')).toEqual(['order-unknown']);
});

it('drops a frame type that is not its business', () => {
  const body = { requestId: id('s'), intentId: id('i'), offerId: 'o', locale: 'en-US' };
  expect(said(merchantOf(luna).handle(frame(MERCHANT, { type: 'select', body }), demoTimeMs))).toEqual([
    'drop unhandled',
  ]);
});

describe('the title of a line', () => {
  const options = [
    { optionId: 'size', choiceId: 'large' },
    { optionId: 'sugar', choiceId: 'less' },
  ];

  it('names the choices in the asked language', () => {
    const title = { 'zh-CN': '冰拿铁', 'en-US': 'iced latte' };
    expect(lineTitle(title, options, 'zh-CN')).toBe('冰拿铁（大杯，少糖）');
    expect(lineTitle(title, options, 'en-US')).toBe('iced latte (large, less sugar)');
    expect(lineTitle(title, [], 'en-US')).toBe('iced latte');
  });

  it('leaves out the last choices when all of them would not fit the wire, and never cuts one', () => {
    const long = (length: number) => ({ 'zh-CN': 'x'.repeat(length), 'en-US': 'x'.repeat(length) });
    expect(lineTitle(long(85), options, 'en-US')).toBe(`${'x'.repeat(85)} (large)`);
    expect(lineTitle(long(92), options, 'en-US')).toBe('x'.repeat(92));
  });
});
