/**
 * The signed objects of one purchase, opened, and whether each belongs to the one before it: for an instant purchase cart →
 * challenge → confirmation → receipt, for a delegated one authorization → request → receipt, then what came after: refunds,
 * and how the delegation was changed (ACT 2.1 TSD-ATT-DSP).
 */
import {
  type Digest,
  digestOf,
  type EpochSeconds,
  equalBytes,
  kidOf,
  OBJECTS,
  type ObjectType,
  type OpenedObject,
  openObject,
  ProtocolError,
  parseSign1,
  type TrustSet,
  verifyEvidence,
} from '../../protocol/index.ts';
import type { Bundle, BundlePayment } from './bundle.ts';
import { judgeLimits, type OpenedPayment } from './bundle-limits.ts';
import { lacksRefund, linkFaults } from './bundle-links.ts';

/** What was opened, by type; of updates of an order all of them. */
export interface OpenedObjects {
  readonly cart?: OpenedObject<'cart'>;
  readonly challenge?: OpenedObject<'challenge'>;
  readonly confirmation?: OpenedObject<'confirmation'>;
  readonly request?: OpenedObject<'delegated-pay-request'> | OpenedObject<'autonomous-pay-request'>;
  readonly authorization?: OpenedObject<'authorization'>;
  readonly credentialChallenge?: OpenedObject<'delegation-challenge'>;
  readonly receipt?: OpenedObject<'receipt'>;
  readonly updates: readonly OpenedObject<'fulfilment'>[];
  readonly refunds: readonly OpenedObject<'refund'>[];
  /** The wearer's changes of the delegation, and the PSP's words on where it stands. */
  readonly orders: readonly OpenedObject<'lifecycle-order'>[];
  readonly statuses: readonly OpenedObject<'delegation-status'>[];
  /** The other payments under the delegation. */
  readonly payments: readonly OpenedPayment[];
}

export interface JudgedObjects {
  readonly objects: OpenedObjects;
  /** What contradicts the evidence: codes. */
  readonly faults: readonly string[];
  /** What could not be judged for want of an object or a key: codes. */
  readonly missing: readonly string[];
}

const NAMES = new Map(Object.entries(OBJECTS).map(([name, { typ }]) => [typ as number, name as ObjectType]));
/** Everything else in a bundle would be looked at by nobody, and looks like evidence. */
const TAKEN: readonly ObjectType[] = [
  ...(['cart', 'challenge', 'confirmation', 'receipt', 'fulfilment'] as const),
  ...(['delegated-pay-request', 'autonomous-pay-request', 'delegation-challenge'] as const),
  ...(['refund', 'lifecycle-order', 'delegation-status'] as const),
];

/** By digest: when somebody else than its signer had an object, so that a key that was replaced since is believed for it. */
export type SeenAt = ReadonlyMap<Digest, EpochSeconds>;

/** Opens all objects of a bundle and judges how they hang together. */
export function judgeObjects(bundle: Bundle, trust: TrustSet, seenAt: SeenAt): JudgedObjects {
  const opening = new Opening(bundle, trust, seenAt);
  const objects = opening.all();
  const limits = judgeLimits(bundle, objects);
  const missing = [...opening.missing, ...absent(bundle, objects, opening), ...limits.missing];
  const faults = [...opening.faults, ...linkFaults(bundle.header, objects), ...limits.faults];
  if (faults.length === 0 && contradictsProtocol(bundle, objects, trust)) faults.push('evidence-link');
  return { objects, faults, missing };
}

const REQUESTS = ['delegated-pay-request', 'autonomous-pay-request'] as const;

/** Which object some bytes say they are; nothing is believed of them. */
function typOf(bytes: Uint8Array): number | undefined {
  try {
    return parseSign1(bytes).header.typ;
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}

class Opening {
  readonly faults: string[] = [];
  readonly missing: string[] = [];
  readonly #bundle: Bundle;
  readonly #trust: TrustSet;
  readonly #seenAt: SeenAt;

  constructor(bundle: Bundle, trust: TrustSet, seenAt: SeenAt) {
    this.#bundle = bundle;
    this.#trust = trust;
    this.#seenAt = seenAt;
    for (const { typ } of bundle.objects)
      if (!TAKEN.includes(NAMES.get(typ) as ObjectType)) this.faults.push('object-unexpected');
    const isDelegated = REQUESTS.some((type) => this.bytesOf(type).length > 0);
    if (bundle.payments.length > 0 && !isDelegated) this.faults.push('object-unexpected');
  }

  all(): OpenedObjects {
    const receipt = this.#one('receipt', undefined);
    // The PSP signed when it was paid: a key that was replaced later was good then.
    const then = receipt?.value.paidAt;
    const request = this.#one('delegated-pay-request', then) ?? this.#one('autonomous-pay-request', then);
    const found = {
      ...{ cart: this.#one('cart', then), challenge: this.#one('challenge', then), receipt, request },
      confirmation: this.#one('confirmation', then),
      authorization: request && this.#open('authorization', request.value.iac, then),
      credentialChallenge: this.#one('delegation-challenge', then),
    };
    const many = {
      ...{ updates: this.#all('fulfilment'), refunds: this.#all('refund') },
      ...{ orders: this.#all('lifecycle-order'), statuses: this.#all('delegation-status') },
      payments: this.#bundle.payments.flatMap((payment) => this.#payment(payment) ?? []),
    };
    const there = Object.fromEntries(Object.entries(found).filter(([, object]) => object !== undefined));
    return { ...there, ...many };
  }

  bytesOf(type: ObjectType): readonly Uint8Array[] {
    return this.#bundle.objects.filter(({ typ }) => NAMES.get(typ) === type).map(({ bytes }) => bytes);
  }

  #one<T extends ObjectType>(type: T, at: EpochSeconds | undefined): OpenedObject<T> | undefined {
    const [bytes, other] = this.bytesOf(type);
    if (other) this.faults.push('object-repeated');
    return bytes && this.#open(type, bytes, at);
  }

  #all<T extends ObjectType>(type: T): readonly OpenedObject<T>[] {
    return this.bytesOf(type).flatMap((bytes) => this.#open(type, bytes, undefined) ?? []);
  }

  #payment({ receipt: signed, request: asked }: BundlePayment): OpenedPayment | undefined {
    const receipt = this.#open('receipt', signed, undefined, 'payment');
    const type = REQUESTS.find((one) => typOf(asked) === OBJECTS[one].typ) ?? 'delegated-pay-request';
    const request = this.#open(type, asked, receipt?.value.paidAt, 'payment');
    return receipt && request && { receipt, request };
  }

  /** @param name what it is called where something is wrong with it. */
  #open<T extends ObjectType>(
    type: T,
    bytes: Uint8Array,
    at: EpochSeconds | undefined,
    name: string = type,
  ): OpenedObject<T> | undefined {
    try {
      const known = at ?? this.#seenAt.get(digestOf(bytes));
      return openObject(type, bytes, {
        trust: this.#trust,
        tenant: this.#bundle.header.tenant,
        ...(known && { at: known }),
      });
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      const isUnknown = error.code === 'cose-kid' && !this.#isOfAnotherRole(type, bytes);
      if (isUnknown) this.missing.push(`${name}-key`);
      else this.faults.push(`${name}-invalid`);
      return undefined;
    }
  }

  /** A key that is there and may not sign this is no missing key: a merchant's receipt, for example (T23, T29). */
  #isOfAnotherRole(type: ObjectType, bytes: Uint8Array): boolean {
    const { kid } = parseSign1(bytes).header;
    return this.#bundle.keys.some(
      ({ purpose, publicKey, role }) =>
        purpose === 'object' && role !== OBJECTS[type].signer && equalBytes(kidOf(publicKey), kid),
    );
  }
}

/** What a payment of this kind has and this bundle has not, unless it says that it is kept back. */
function absent({ header, objects }: Bundle, opened: OpenedObjects, opening: Opening): readonly string[] {
  const withheld = header.withheld ?? [];
  const has = (type: ObjectType) => opening.bytesOf(type).length > 0;
  const isAutonomous = has('autonomous-pay-request');
  const isDelegated = isAutonomous || has('delegated-pay-request') || withheld.includes('request');
  const isForResource = isAutonomous && opened.request !== undefined && opened.request.value.cartDigest === undefined;
  const instant = ['challenge', 'confirmation'] as const;
  return [
    ...(has('cart') || withheld.includes('cart') || isForResource ? [] : ['cart']),
    ...(isDelegated ? [] : instant.filter((type) => !has(type))),
    ...(objects.length > 0 && has('receipt') ? [] : ['receipt']),
    ...(lacksRefund(opened) ? ['refund'] : []),
  ];
}

/** The rules for instant purchases stand in the protocol, too; whoever reads both may rely on their agreeing. */
function contradictsProtocol(bundle: Bundle, objects: OpenedObjects, trust: TrustSet): boolean {
  const { cart, challenge, confirmation, receipt } = objects;
  if (!cart || !challenge || !confirmation || !receipt) return false;
  const bytesOf = (type: ObjectType) =>
    bundle.objects.find(({ typ }) => NAMES.get(typ) === type)?.bytes ?? new Uint8Array();
  const evidence = {
    ...{ cart: bytesOf('cart'), challenge: bytesOf('challenge') },
    ...{ confirmation: bytesOf('confirmation'), receipt: bytesOf('receipt') },
  };
  try {
    const by = { trust, tenant: bundle.header.tenant, at: receipt.value.paidAt };
    verifyEvidence(evidence, by);
    return false;
  } catch (error) {
    if (error instanceof ProtocolError) return true;
    throw error;
  }
}
