/** One sound thing of each kind, for the tests of the device; what is special about a case is said in `over`. Keys come from labels. */
import { openDirectory } from '../../device/directory.ts';
import { requestIdFor } from '../../device/purchase/ending.ts';
import type { Heard, Intent } from '../../device/purchase/state.ts';
import type { DeviceSettings } from '../../device/settings.ts';
import type { IntentDraft } from '../../device/voice/vocabulary.ts';
import {
  type Cart,
  type Challenge,
  type Confirmation,
  digestOf,
  type EpochMs,
  type EpochSeconds,
  type Fulfilment,
  hex,
  type Id16,
  type KeyUse,
  type Message,
  type Offer,
  type OpenFrame,
  type Party,
  parseSessionId,
  publicKeyOf,
  type Receipt,
  type Role,
  type SigningKey,
  sealFrame,
  secondsOf,
  sha256,
  signObject,
  softSigningKey,
  type TradeState,
  utf8,
} from '../../protocol/index.ts';
import { shopVocabulary } from '../../sim/shops/index.ts';

/** 2026-11-23T02:10:00Z, when every story here begins. */
export const START = 1_795_399_800_000 as EpochMs;

export function at(ms: number): EpochMs {
  return (START + ms) as EpochMs;
}

export function seconds(fromStart: number): EpochSeconds {
  return (secondsOf(START) + fromStart) as EpochSeconds;
}

export function id(label: string): Id16 {
  return hex(sha256(utf8(label))).slice(0, 32) as Id16;
}

export const TENANT = 'test';
export const DEVICE = 'glasses-01';
export const AGENT = 'agent';
export const PSP = 'psp';
export const MERCHANT = 'luna-coffee';
export const OTHER_MERCHANT = 'paper-crane';
/** Signs genuinely, but nobody registered a name for it. */
export const NAMELESS_MERCHANT = 'pop-up';
export const SESSION = parseSessionId('00112233445566ff');

const PARTIES: readonly (readonly [party: string, role: Role, use: KeyUse])[] = [
  [DEVICE, 'device', 'frame'],
  [DEVICE, 'signer', 'object'],
  ['glasses-02', 'signer', 'object'],
  [AGENT, 'agent', 'frame'],
  [PSP, 'psp', 'frame'],
  [PSP, 'psp', 'object'],
  ['other-psp', 'psp', 'frame'],
  ['other-psp', 'psp', 'object'],
  ...[MERCHANT, OTHER_MERCHANT, NAMELESS_MERCHANT].flatMap(
    (party) =>
      [
        [party, 'merchant', 'frame'],
        [party, 'merchant', 'object'],
      ] as const,
  ),
];

function seedOf(party: string, use: KeyUse, role: string): Uint8Array {
  return sha256(utf8(`test key of ${party} for ${use} as ${role}`));
}

const keys = new Map<string, SigningKey>(
  PARTIES.map(([party, role, use]) => [`${party} ${role} ${use}`, softSigningKey(seedOf(party, use, role))]),
);

function keyOf(party: string, role: Role, use: KeyUse): SigningKey {
  const key = keys.get(`${party} ${role} ${use}`);
  if (!key) throw new Error(`no key for ${party} ${role} ${use}`);
  return key;
}

/** Signs evidence: carts, challenges, receipts, updates, or for a device the confirmations of its wearer. */
export function objectKey(party: string): SigningKey {
  const role = party.endsWith('psp') ? 'psp' : party.startsWith('glasses') ? 'signer' : 'merchant';
  return keyOf(party, role, 'object');
}

export const SIGNER_SEED = seedOf(DEVICE, 'object', 'signer');
export const deviceKey: SigningKey = keyOf(DEVICE, 'device', 'frame');

export const directory = openDirectory({
  tenant: TENANT,
  keys: PARTIES.map(([party, role, use]) => ({
    party,
    role,
    use,
    publicKeyHex: hex(publicKeyOf(seedOf(party, use, role))),
  })),
  merchants: shopVocabulary.merchants
    .filter(({ id: party }) => party === MERCHANT || party === OTHER_MERCHANT)
    .map(({ id: party, names }) => ({
      party,
      names: { 'zh-CN': [...names['zh-CN']], 'en-US': [...names['en-US']] },
    })),
});

export const settings: DeviceSettings = {
  device: DEVICE,
  agentId: 'did:act:example.com/device-glasses-01',
  session: SESSION,
  locale: 'en-US',
  directory,
  agent: AGENT,
  psp: PSP,
  currency: 'CNY',
  orderCapMinor: 20_000,
  paymentToken: 'token-0001',
  paymentMethod: 'urn:act:payment:alipay',
  place: { latitudeE3: 30_274, longitudeE3: 120_155 },
  vocabulary: shopVocabulary,
};

export function heard(over: Partial<Heard> = {}): Heard {
  return { digest: digestOf(utf8('heard')), contextRef: 'words:1', mode: 'VOICE', locale: 'en-US', ...over };
}

/** A large iced latte with less sugar for at most 25 yuan. */
export function draft(over: Partial<IntentDraft> = {}): IntentDraft {
  const options = [
    { optionId: 'size', choiceId: 'large' },
    { optionId: 'sugar', choiceId: 'less' },
  ];
  return { lines: [{ itemId: 'iced-latte', quantity: 1, options }], maxTotalMinor: 2_500, ...over };
}

export const INTENT_ID = id('intent');

export function intent(over: Partial<Intent> = {}): Intent {
  return { intentId: INTENT_ID, draft: draft(), heard: heard(), maxTotalMinor: 2_500, confirmedAt: START, ...over };
}

export function offer(over: Partial<Offer> = {}): Offer {
  return {
    offerId: 'luna-1',
    merchant: MERCHANT,
    lines: [{ itemId: 'iced-latte', title: 'Iced latte', quantity: 1, amountMinor: 2_680 }],
    discounts: [{ couponId: 'autumn', amountMinor: 500 }],
    deliveryMinor: 300,
    totalMinor: 2_480,
    currency: 'CNY',
    distanceM: 420,
    etaMin: 25,
    reasons: ['cheapest'],
    ...over,
  };
}

/** Dearer, faster, from the other shop. */
export function secondOffer(over: Partial<Offer> = {}): Offer {
  return offer({
    offerId: 'crane-1',
    merchant: OTHER_MERCHANT,
    discounts: [{ couponId: 'autumn', amountMinor: 490 }],
    totalMinor: 2_490,
    etaMin: 15,
    reasons: ['fastest'],
    ...over,
  });
}

export function cart(over: Partial<Cart> = {}): Cart {
  return {
    orderNo: 'LC-0042',
    intentId: INTENT_ID,
    merchant: MERCHANT,
    lines: [
      {
        sku: 'lo-latte',
        title: 'Iced latte',
        quantity: 1,
        amountMinor: 2_680,
        itemId: 'iced-latte',
        options: draft().lines[0]?.options ?? [],
      },
    ],
    discounts: [{ couponId: 'autumn', amountMinor: 500 }],
    deliveryMinor: 300,
    totalMinor: 2_480,
    currency: 'CNY',
    issuedAt: seconds(0),
    lockedUntil: seconds(300),
    etaMin: 25,
    ...over,
  };
}

export function cartBytes(over: Partial<Cart> = {}, by: string = over.merchant ?? MERCHANT): Uint8Array {
  return signObject('cart', cart(over), objectKey(by));
}

export function checkedCart(over: Partial<Cart> = {}) {
  const bytes = cartBytes(over);
  return { cart: cart(over), bytes, digest: digestOf(bytes) };
}

/** The challenge for a cart, issued at the start and good for a minute. */
export function challenge(over: Partial<Challenge> = {}, about = checkedCart()): Challenge {
  const { totalMinor, currency, merchant, orderNo } = about.cart;
  return {
    nonce: id('nonce'),
    amountMinor: totalMinor,
    currency,
    payee: merchant,
    orderNo,
    cartDigest: about.digest,
    payer: DEVICE,
    issuedAt: seconds(0),
    expiresAt: seconds(60),
    ...over,
  };
}

export function challengeBytes(over: Partial<Challenge> = {}, by = PSP, about = checkedCart()): Uint8Array {
  return signObject('challenge', challenge(over, about), objectKey(by));
}

export function checkedChallenge(over: Partial<Challenge> = {}) {
  const bytes = challengeBytes(over);
  return { challenge: challenge(over), bytes, digest: digestOf(bytes) };
}

export function confirmationBytes(over: Partial<Confirmation> = {}, by = DEVICE): Uint8Array {
  const value: Confirmation = {
    challengeDigest: checkedChallenge().digest,
    viewDigest: digestOf(utf8('view')),
    method: 'hold-simulated',
    counter: 1,
    confirmedAt: seconds(3),
    ...over,
  };
  return signObject('confirmation', value, objectKey(by));
}

export function receiptBytes(over: Partial<Receipt> = {}, by = PSP): Uint8Array {
  const { orderNo, totalMinor, currency, merchant } = cart();
  const value: Receipt = {
    tradeNo: 'T-1',
    confirmationDigest: digestOf(confirmationBytes()),
    orderNo,
    amountMinor: totalMinor,
    currency,
    payee: merchant,
    paidAt: seconds(4),
    ...over,
  };
  return signObject('receipt', value, keyOf(by, by.endsWith('psp') ? 'psp' : 'merchant', 'object'));
}

export function updateBytes(
  version: number,
  state: TradeState,
  over: Partial<Fulfilment> = {},
  by = MERCHANT,
): Uint8Array {
  return signObject('fulfilment', { orderNo: cart().orderNo, version, state, at: seconds(5), ...over }, objectKey(by));
}

export const SEEK_ID = requestIdFor(INTENT_ID, 'seek');
export const CART_ID = requestIdFor(INTENT_ID, 'cart:luna-1');
export const PAY_ID = requestIdFor(INTENT_ID, `pay:${checkedCart().digest}`);

const ROLES: Readonly<Record<string, Role>> = { [AGENT]: 'agent', [PSP]: 'psp', 'other-psp': 'psp' };

export function partyOf(party: string): Party {
  return { party, role: ROLES[party] ?? 'merchant' };
}

/** A frame as the inbox hands it on, for the pure step. */
export function opened(message: Message, from: string, iat: EpochSeconds = seconds(0)): OpenFrame {
  const exp = (iat + 120) as EpochSeconds;
  const cti = id(`${from} ${JSON.stringify(message)} ${iat}`);
  return { ...message, version: 1, iss: from, aud: DEVICE, iat, exp, cti, from: partyOf(from) } as OpenFrame;
}

/** The same as bytes on the wire to the device. */
export function sealed(message: Message, from: string, cti: Id16, now: EpochMs = START): Uint8Array {
  const address = {
    tenant: TENANT,
    from: partyOf(from),
    to: { party: DEVICE, role: 'device' },
    session: SESSION,
  } as const;
  return sealFrame(
    message,
    address,
    { iat: secondsOf(now), lifetimeS: 120, cti },
    keyOf(from, partyOf(from).role, 'frame'),
  );
}

export const messages = {
  offers: (offers: readonly Offer[] = [offer(), secondOffer()]): Message => ({
    type: 'offers',
    body: { requestId: SEEK_ID, offers, validUntil: seconds(120) },
  }),
  cart: (bytes = cartBytes(), requestId = CART_ID): Message => ({
    type: 'cart',
    body: { requestId, intentId: INTENT_ID, cart: bytes },
  }),
  challenge: (bytes = challengeBytes(), requestId = PAY_ID): Message => ({
    type: 'challenge',
    body: { requestId, challenge: bytes },
  }),
  receipt: (bytes = receiptBytes(), requestId = PAY_ID): Message => ({
    type: 'receipt',
    body: { requestId, receipt: bytes },
  }),
  fulfilment: (version: number, state: TradeState): Message => ({
    type: 'fulfilment',
    body: { update: updateBytes(version, state) },
  }),
  payStatus: (state: 'unknown-request' | 'awaiting-confirmation' | 'declined' | 'expired' | 'refused'): Message => ({
    type: 'pay-status',
    body: { requestId: PAY_ID, state },
  }),
  paidStatus: (receipt = receiptBytes()): Message => ({
    type: 'pay-status',
    body: { requestId: PAY_ID, state: 'paid', receipt },
  }),
  refusal: (requestId: Id16, code: string): Message => ({
    type: 'refusal',
    body: { requestId, category: 'STATE_CONFLICT', code },
  }),
};
