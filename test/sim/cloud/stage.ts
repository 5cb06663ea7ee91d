/** The services on the hand-moved world, with a device, its wearer and the words they use. */
import {
  type ConfirmationMethod,
  digestOf,
  type EpochSeconds,
  type FrameBody,
  type Id16,
  openObject,
  type Party,
  secondsOf,
  signObject,
  utf8,
} from '../../../protocol/index.ts';
import {
  createTenant,
  type DeviceSecrets,
  type MerchantService,
  PAYMENT_METHOD,
  type PspService,
  type Service,
  startAgent,
  startMerchant,
  startPsp,
  type Tenant,
  wearerAccount,
} from '../../../sim/cloud/index.ts';
import { demoPlace, demoTimeMs } from '../../../sim/shops/index.ts';
import { Hand, keyOf } from './hands.ts';
import { HandBroker, HandClock, HandJournal, type HandPorts, portsOf } from './world.ts';

export const DEVICE = 'glasses-01';
export const OTHER_DEVICE = 'glasses-02';
export const SHOP = 'luna-coffee';
export const MINUTE_MS = 60_000;

export const AGENT: Party = { party: 'agent', role: 'agent' };
export const PSP: Party = { party: 'psp', role: 'psp' };
export const MERCHANT: Party = { party: SHOP, role: 'merchant' };

/** Where the wearer stands, as coarsely as the wire says it. */
export const HERE = {
  latitudeE3: Math.round(demoPlace.latE6 / 1000),
  longitudeE3: Math.round(demoPlace.lonE6 / 1000),
};

/** From when on the tenant's recipient keys hold. */
export const SINCE = (secondsOf(demoTimeMs) - 3_600) as EpochSeconds;

export const tenant: Tenant<DeviceSecrets> = createTenant(utf8('the tenant of the cloud tests'), {
  tenant: 'demo',
  devices: [DEVICE, OTHER_DEVICE],
  since: SINCE,
});

export function id(name: string): Id16 {
  return digestOf(utf8(name)).slice(0, 32) as Id16;
}

export function secretsOf(device: string): DeviceSecrets {
  const found = tenant.devices.find((candidate) => candidate.device === device);
  if (found === undefined) throw new Error(`no device ${device}`);
  return found;
}

export function deviceHand(stage: { clock: HandClock; broker: HandBroker }, device: string): Hand {
  const { frameSeed, session } = secretsOf(device);
  return new Hand({ ...stage, tenant }, { party: device, role: 'device' }, { frameSeed, session });
}

export function serviceHand(stage: { clock: HandClock; broker: HandBroker }, self: Party): Hand {
  const secrets = [tenant.agent, tenant.psp, ...tenant.merchants].find(({ party }) => party === self.party);
  if (secrets === undefined) throw new Error(`no service ${self.party}`);
  return new Hand({ ...stage, tenant }, self, secrets);
}

const STARTERS = {
  agent: (ports: HandPorts) => startAgent(tenant, ports),
  psp: (ports: HandPorts) => startPsp(tenant, ports),
  merchant: (ports: HandPorts) => startMerchant(tenant, SHOP, ports, { minuteMs: MINUTE_MS }),
} as const;
export type ServiceName = keyof typeof STARTERS;
const PARTY_OF = { agent: AGENT, psp: PSP, merchant: MERCHANT } as const;

interface Running {
  service: Service;
  ports: HandPorts;
  life: number;
}

/** Some services running, at the demonstration's time. */
export class Stage {
  readonly clock = new HandClock();
  readonly broker = new HandBroker();
  readonly device: Hand = deviceHand(this, DEVICE);
  readonly #running = new Map<ServiceName, Running>();

  constructor(...services: readonly ServiceName[]) {
    for (const name of services) this.#start(name, new HandJournal(), 0);
  }

  #start(name: ServiceName, journal: HandJournal, life: number): void {
    const ports = portsOf(PARTY_OF[name].party, this, { journal, life });
    this.#running.set(name, { service: STARTERS[name](ports), ports, life });
  }

  #get(name: ServiceName): Running {
    const running = this.#running.get(name);
    if (running === undefined) throw new Error(`${name} is not on the stage`);
    return running;
  }

  ports(name: ServiceName): HandPorts {
    return this.#get(name).ports;
  }

  /** The process is gone; what its transport had not handed over is gone with it. */
  stop(name: ServiceName): void {
    this.#get(name).service.stop(() => {});
  }

  startAgain(name: ServiceName): void {
    const { ports, life } = this.#get(name);
    this.#start(name, ports.journal, life + 1);
    this.broker.settle();
  }

  restart(name: ServiceName): void {
    this.stop(name);
    this.startAgain(name);
  }

  counts(name: ServiceName): ReadonlyMap<string, number> {
    return this.#get(name).service.counts;
  }

  /** What the PSP's operator orders. */
  order(words: string): string {
    const said = this.#get('psp').service.command(words);
    this.broker.settle();
    return said;
  }

  get ledger(): PspService['ledger'] {
    return (this.#get('psp').service as PspService).ledger;
  }

  get stock(): MerchantService['stock'] {
    return (this.#get('merchant').service as MerchantService).stock;
  }

  charges(device = DEVICE) {
    return this.ledger.debits(wearerAccount(device));
  }

  pass(ms: number): void {
    this.clock.advance(ms, () => this.broker.settle());
    this.broker.settle();
  }

  get now(): EpochSeconds {
    return secondsOf(this.clock.now());
  }
}

export function fullStage(): Stage {
  return new Stage('agent', 'merchant', 'psp');
}

export type IntentChange = Omit<Partial<FrameBody<'intent'>>, 'isr' | 'merchantId'> & {
  readonly isr?: Partial<FrameBody<'intent'>['isr']>;
  /** `any` leaves the choice to the agent. */
  readonly merchantId?: string;
};

/** One large iced latte with less sugar, at most 25 CNY, from the one shop on the stage. */
export function intentBody(
  stage: Stage,
  name: string,
  { isr, merchantId = SHOP, ...other }: IntentChange = {},
): FrameBody<'intent'> {
  return {
    requestId: id(`${name} intent request`),
    locale: 'en-US',
    lines: [
      {
        itemId: 'iced-latte',
        quantity: 1,
        options: [
          { optionId: 'size', choiceId: 'large' },
          { optionId: 'sugar', choiceId: 'less' },
        ],
      },
    ],
    ...(merchantId !== 'any' && { merchantId }),
    place: HERE,
    ...other,
    isr: {
      conversationHistory: {
        userIntentRawDigest: digestOf(utf8('the words')),
        contextRef: 'device:1',
        inputMode: ['VOICE'],
      },
      intentId: id(`${name} intent`),
      delegationMode: 'SPECIFIED',
      validityStartTime: stage.now,
      validityEndTime: (stage.now + 900) as EpochSeconds,
      maxTotalMinor: 2500,
      currency: 'CNY',
      allowedPaymentMethods: [PAYMENT_METHOD],
      agentId: secretsOf(DEVICE).agentId,
      userConfirmationMethod: 'VOICE',
      userConfirmationTimestamp: stage.now,
      ...isr,
    },
  };
}

/** Whose signatures count in this tenant. */
export const by = { trust: tenant.directory.trust, tenant: tenant.tenant };

export function selectBody(stage: Stage, name: string, offer = 0): FrameBody<'select'> {
  const offerId = stage.device.all('offers').at(-1)?.body.offers[offer]?.offerId ?? 'none';
  return { requestId: id(`${name} select`), intentId: id(`${name} intent`), offerId, locale: 'en-US' };
}

/** PSD-PAY-INS step 1 for a cart, as an honest device says it. */
export function payBody(
  stage: Stage,
  name: string,
  cartBytes: Uint8Array,
  other: Partial<FrameBody<'pay-request'>> = {},
): FrameBody<'pay-request'> {
  const cart = openObject('cart', cartBytes, by).value;
  const { paymentToken, agentId } = secretsOf(DEVICE);
  return {
    requestId: id(`${name} pay`),
    orderNo: cart.orderNo,
    paymentToken,
    amountMinor: cart.totalMinor,
    currency: cart.currency,
    createdAt: stage.now,
    agentId,
    payee: cart.merchant,
    cartDigest: digestOf(cartBytes),
    method: PAYMENT_METHOD,
    ...other,
  };
}

export interface Press {
  readonly counter?: number;
  readonly seed?: Uint8Array;
  readonly method?: ConfirmationMethod;
}

/** What the signer makes of a press on a challenge. */
export function confirmation(stage: Stage, challenge: Uint8Array, press: Press = {}): Uint8Array {
  const value = {
    challengeDigest: digestOf(challenge),
    viewDigest: digestOf(utf8('what was shown')),
    method: press.method ?? 'hold-simulated',
    counter: press.counter ?? 1,
    confirmedAt: stage.now,
  } as const;
  return signObject('confirmation', value, keyOf(press.seed ?? secretsOf(DEVICE).confirmationSeed));
}

/** From the words to the cart. @returns the signed cart. */
export function fetchCart(stage: Stage, name: string): Uint8Array {
  stage.device.say(AGENT, { type: 'intent', body: intentBody(stage, name) });
  stage.device.say(AGENT, { type: 'select', body: selectBody(stage, name) });
  return stage.device.latest('cart').body.cart;
}

/** Asks the PSP to be asked. @returns the signed challenge. */
export function fetchChallenge(stage: Stage, name: string, cart: Uint8Array): Uint8Array {
  stage.device.say(PSP, { type: 'pay-request', body: payBody(stage, name, cart) });
  return stage.device.latest('challenge').body.challenge;
}

/** From the cart to the receipt. */
export function pay(stage: Stage, name: string, cart: Uint8Array, press: Press = {}) {
  const challenge = fetchChallenge(stage, name, cart);
  const signed = confirmation(stage, challenge, press);
  stage.device.say(PSP, { type: 'confirm', body: { requestId: id(`${name} pay`), confirmation: signed } });
  const receipt = stage.device.latest('receipt').body.receipt;
  return { cart, challenge, confirmation: signed, receipt };
}

/** A whole purchase up to the receipt. */
export function buy(stage: Stage, name: string, press: Press = {}) {
  return pay(stage, name, fetchCart(stage, name), press);
}
