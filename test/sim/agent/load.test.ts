import { expect, it } from 'vitest';
import {
  digestOf,
  type EpochMs,
  type EpochSeconds,
  type FrameBody,
  type Message,
  type OpenFrame,
  openObject,
  type Party,
  secondsOf,
  signObject,
  softSigningKey,
} from '../../../protocol/index.ts';
import { createAgent } from '../../../sim/cloud/agent.ts';
import { AGENT_ID, PAYMENT_METHOD } from '../../../sim/cloud/index.ts';
import { demoTimeMs, shops } from '../../../sim/shops/index.ts';
import { keyOf } from '../cloud/hands.ts';
import { HERE } from '../cloud/stage.ts';
import { AgentStage, by, id, merchant, OTHER_SHOP, PSP, SHOP, tenant } from './agent-stage.ts';

const DELEGATIONS = 1_000;
const CHANGES = 100_000;
const DAY_MS = 86_400_000;
const SHOPS = [SHOP, OTHER_SHOP];

/** The handler alone: what it decides, without sealing and verifying a million frames. Merchants and PSP answer at once. */
class Bare {
  now: number = demoTimeMs;
  readonly watches: FrameBody<'watch'>[] = [];
  /** By delegation, what was paid. */
  readonly paid = new Map<string, number>();
  readonly #handler = createAgent({
    secret: tenant.agent.secret,
    shops,
    delegations: {
      ...{ tenant: tenant.tenant, trust: tenant.directory.trust, psp: PSP.party, agentId: AGENT_ID },
      ...{ objectKey: softSigningKey(tenant.agent.objectSeed), method: PAYMENT_METHOD, currency: 'CNY' },
      sellers: SHOPS.map((party) => ({ party, itemIds: new Set(['iced-latte']) })),
      desks: new Map(),
    },
  });

  hear(from: Party, message: Message): void {
    const due = this.#handler.wakeAt?.();
    if (due !== undefined && due <= this.now) this.#handler.tick?.(this.now as EpochMs);
    const reaction = this.#handler.handle({ ...message, from } as OpenFrame, this.now as EpochMs);
    if (!('drop' in reaction)) for (const { to, message: said } of reaction) this.#answer(to.party, said);
  }

  #answer(party: string, message: Message): void {
    if (message.type === 'watch') this.watches.push(message.body);
    if (message.type === 'cart-request') this.#cart(party, message.body);
    if (message.type === 'delegated-pay') this.#pay(message.body);
  }

  #cart(party: string, { requestId, intentId, lines }: FrameBody<'cart-request'>): void {
    const [line] = lines;
    const amountMinor = this.price;
    const issuedAt = secondsOf(this.now as EpochMs);
    const cart = signObject(
      'cart',
      {
        ...{ orderNo: requestId.slice(0, 20), intentId, merchant: party, discounts: [], deliveryMinor: 0 },
        lines: [
          { sku: 's', title: 'Latte', quantity: 1, itemId: 'iced-latte', options: line?.options ?? [], amountMinor },
        ],
        ...{
          totalMinor: amountMinor,
          currency: 'CNY',
          issuedAt,
          lockedUntil: (issuedAt + 300) as EpochSeconds,
          etaMin: 9,
        },
      },
      keyOf(tenant.merchants.find((one) => one.party === party)?.objectSeed ?? new Uint8Array()),
    );
    this.hear(merchant(party), { type: 'cart-reply', body: { requestId, cart } });
  }

  #pay({ requestId, request }: FrameBody<'delegated-pay'>): void {
    const { value } = openObject('delegated-pay-request', request, by);
    this.paid.set(value.delegationId, (this.paid.get(value.delegationId) ?? 0) + value.amountMinor);
    const { orderNo, payee, amountMinor, currency } = value;
    const facts = { tradeNo: orderNo, orderNo, amountMinor, currency };
    const paidAt = secondsOf(this.now as EpochMs);
    const receipt = signObject(
      'receipt',
      { ...facts, payee, paidAt, confirmationDigest: digestOf(request) },
      keyOf(tenant.psp.objectSeed),
    );
    const result = { ...facts, requestId, decidedAt: paidAt, tradeState: 'WAIT_SELLER_FULFILLMENT' } as const;
    this.hear(PSP, { type: 'delegated-result', body: { result, receipt } });
  }

  /** From 40.00 down to 20.00 over the day. */
  get price(): number {
    return 4_000 - Math.floor(((this.now - demoTimeMs) / DAY_MS) * 2_000);
  }
}

it('a day with 1,000 delegations and 100,000 price changes is worked through, each bought once at its own limit', () => {
  const stage = new AgentStage();
  const bare = new Bare();
  const device = { party: 'glasses-01', role: 'device' } as const;
  const limits = new Map<string, number>();
  for (let i = 0; i < DELEGATIONS; i += 1) {
    const iac = stage.iac(`load ${i}`, { maxTotalMinor: 2_001 + i, ext: { commerce: { allowedMerchants: SHOPS } } });
    limits.set(iac.delegationId, iac.maxTotalMinor);
    const task = { requestId: id(`load ${i}`), authorization: stage.authorization(iac), locale: 'en-US' } as const;
    bare.hear(device, { type: 'delegation-task', body: { ...task, place: HERE } });
    bare.hear(PSP, { type: 'instrument', body: { delegationId: iac.delegationId, paymentToken: 'token-1' } });
  }
  // One watch for each shop, not one for each delegation.
  expect(bare.watches).toHaveLength(SHOPS.length);
  for (let change = 1; change <= CHANGES; change += 1) {
    bare.now = demoTimeMs + Math.floor((change / CHANGES) * (DAY_MS - 1));
    const which = change % SHOPS.length;
    const prices = [
      { itemId: 'iced-latte', choices: [], amountMinor: bare.price, currency: 'CNY', available: 5 } as const,
    ];
    const body = { requestId: bare.watches[which]?.requestId ?? id('none'), version: change, prices };
    bare.hear(merchant(SHOPS[which] ?? SHOP), { type: 'price-news', body });
  }
  expect(bare.paid.size).toBe(DELEGATIONS);
  for (const [delegationId, paidMinor] of bare.paid) expect(paidMinor).toBe(limits.get(delegationId));
}, 60_000);
