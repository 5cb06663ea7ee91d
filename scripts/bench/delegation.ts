/**
 * What a delegated purchase leaves behind, for the cart of a played purchase: the wearer allowed an agent to buy just this at
 * this shop on weekdays before nine, and the agent bought (ACT 2.1 ADD-IAC-ISS, PSD-PAY-DEL). Realistic content, not a flow.
 */
import { IacPayload } from '../../protocol/act/iac.ts';
import {
  decodeCbor,
  digestOf,
  type EpochSeconds,
  encodeCbor,
  newId,
  OBJECTS,
  type ObjectType,
  type ObjectValue,
  parseSign1,
  sha256,
  signObject,
  softSigningKey,
  thumbprintOf,
  utf8,
  writeTerms,
} from '../../protocol/index.ts';
import type { WireType } from '../../protocol/wire.ts';
import type { PlayedPurchase } from './purchase.ts';

/** Stands for the key with which an agent signs payment requests. */
const AGENT_KEY = softSigningKey(new Uint8Array(32).fill(8));
const DAY_S = 86_400;
const METHOD = 'urn:act:payment:alipay';
const GESTURE = { method: 'hold-hardware-line', viewDigest: digestOf(utf8('what was on the display')) } as const;

const idOf = (label: string) => newId(sha256(utf8(label)).slice(0, 16));

/** The objects by name; the request carries the authorization whole. */
export interface Delegation {
  readonly 'delegation-challenge': Uint8Array;
  readonly authorization: Uint8Array;
  readonly cart: Uint8Array;
  readonly 'delegated-pay-request': Uint8Array;
  readonly receipt: Uint8Array;
}

/** The same bytes for the same purchase. */
export function delegationOf(purchase: PlayedPurchase): Delegation {
  const { tenant, evidence } = purchase;
  const [device] = tenant.devices;
  if (!device) throw new Error('the tenant is without a device');
  const cart = valueIn('cart', evidence.cart);
  const { issuedAt } = cart;
  const at = (afterS: number) => (issuedAt + afterS) as EpochSeconds;
  const pspKey = softSigningKey(tenant.psp.objectSeed);
  const iac = credentialFor(cart, device.agentId, at);
  const challenge: ObjectValue<'delegation-challenge'> = {
    nonce: idOf('nonce'),
    iacDigest: digestOf(encodeCbor(IacPayload.encode(iac, 'iac'))),
    payer: device.device,
    agentKey: thumbprintOf(AGENT_KEY.publicKey),
    issuedAt: at(-60),
    expiresAt: at(30),
  };
  const signedChallenge = signObject('delegation-challenge', challenge, pspKey);
  const authorization = signObject(
    'authorization',
    {
      ...{ iac, agentKey: challenge.agentKey, challengeDigest: digestOf(signedChallenge), ...GESTURE },
      ...{ counter: 417, confirmedAt: at(-50) },
    },
    softSigningKey(device.confirmationSeed),
  );
  const request = signObject(
    'delegated-pay-request',
    {
      ...{ requestId: idOf('request'), orderNo: cart.orderNo, paymentToken: device.paymentToken, createdAt: at(5) },
      ...{ amountMinor: cart.totalMinor, currency: cart.currency, agentId: iac.agentId, payee: cart.merchant },
      ...{ cartDigest: digestOf(evidence.cart), method: METHOD, delegationId: iac.delegationId, iac: authorization },
    },
    AGENT_KEY,
  );
  const paid = { ...valueIn('receipt', evidence.receipt), confirmationDigest: digestOf(request), paidAt: at(6) };
  const receipt = signObject('receipt', paid, pspKey);
  return {
    ...{ 'delegation-challenge': signedChallenge, authorization, cart: evidence.cart },
    ...{ 'delegated-pay-request': request, receipt },
  };
}

/** Bounds as a wearer speaks them: this agent, this shop, these goods, so much at once, a day and in all, when and until when. */
function credentialFor(
  { intentId, merchant, totalMinor, currency, lines }: ObjectValue<'cart'>,
  agentId: string,
  at: (afterS: number) => EpochSeconds,
): IacPayload {
  return {
    ...{ delegationId: idOf('delegation'), intentId, delegatorIdentity: 'did:act:example.com/person-1', agentId },
    ...{ delegationMode: 'SPECIFIED', validityStartTime: at(-60), validityEndTime: at(28 * DAY_S), currency },
    ...{ maxTotalMinor: 20 * totalMinor, allowedPaymentMethods: [METHOD] },
    ...{ userConfirmationMethod: 'BUTTON', userConfirmationTimestamp: at(-60) },
    sourceIsrDigest: digestOf(utf8('the intent')),
    ext: {
      commerce: { maxSingleMinor: totalMinor, allowedCategories: ['coffee'], allowedMerchants: [merchant] },
      agentBehavior: { priceDeviationToleranceE2: 250, priceDeviationAction: 'PAUSE_AND_NOTIFY' },
      vendorPrivate: writeTerms({
        currency,
        items: lines.map(({ itemId, quantity, options }) => {
          const choices = options.map(({ choiceId }) => choiceId);
          return choices.length === 0 ? { itemId, quantity } : { itemId, quantity, choices };
        }),
        ...{ maxDailyMinor: totalMinor, weekdays: [1, 2, 3, 4, 5], fromMin: 420, untilMin: 540, utcOffsetMin: 480 },
      }),
    },
  };
}

/** The value in a signed object of our own making. */
function valueIn<T extends ObjectType>(type: T, signed: Uint8Array): ObjectValue<T> {
  const body = OBJECTS[type].body as WireType<unknown>;
  return body.decode(decodeCbor(parseSign1(signed).payload), type) as ObjectValue<T>;
}
