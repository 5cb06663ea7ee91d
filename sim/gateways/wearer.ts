/** The wearer's device and its signer, as far as a PSP meets them: delegates, stops, lets go on, keeps what it is told. */
import {
  type DelegationStatus,
  type Digest,
  digestOf,
  type EpochSeconds,
  encodeCbor,
  hex,
  IacPayload,
  type Id16,
  type Message,
  type OpenFrame,
  openObject,
  type SigningKey,
  secondsOf,
  signJson,
  signObject,
  softSigningKey,
  thumbprintOf,
  toJsonObject,
  utf8,
  writeTerms,
} from '../../protocol/index.ts';
import { AGENT_ID, type DeviceSecrets, PAYMENT_METHOD, principalOf } from '../cloud/index.ts';
import { Hand, type HandWorld } from './hand.ts';
import { ALLOWED_SHOP, DATA_DESK, type PlannedDelegation, type PlannedStop } from './plan.ts';
import type { OrderedChange, Told, ToldReceipt } from './told.ts';

/** How soon somebody who has heard nothing asks again. */
export const AGAIN_MS = 7_000;

export function idOf(name: string): Id16 {
  return digestOf(utf8(name)).slice(0, 32) as Id16;
}

/** An issued credential, as its agent is handed it. */
export interface Issued {
  readonly planned: PlannedDelegation;
  readonly delegationId: Id16;
  readonly intentId: Id16;
  readonly authorization: Uint8Array;
}

export interface WearerWorld extends HandWorld {
  readonly told: Told[];
  readonly changes: OrderedChange[];
  /** The device has seen that a credential is good. */
  issued(credential: Issued): void;
}

interface Delegating {
  readonly planned: PlannedDelegation;
  readonly iac: IacPayload;
  /** What the wearer has signed, once. */
  authorization?: Uint8Array;
  isIssued: boolean;
  version: number;
}

export class Wearer {
  readonly #world: WearerWorld;
  readonly #hand: Hand;
  readonly #key: SigningKey;
  readonly #agentKey: Digest;
  readonly #device: string;
  readonly #delegations = new Map<string, Delegating>();
  /** What has not been answered, by its request. */
  readonly #open = new Map<Id16, Message>();
  #counter = 0;

  constructor(world: WearerWorld, { device, frameSeed, confirmationSeed, session }: DeviceSecrets) {
    this.#world = world;
    this.#device = device;
    this.#key = softSigningKey(confirmationSeed);
    this.#agentKey = thumbprintOf(softSigningKey(world.tenant.agent.objectSeed).publicKey);
    const self = { party: device, role: 'device' } as const;
    this.#hand = new Hand(world, self, frameSeed, (frame, after) => this.#hear(frame, after), session);
  }

  get unanswered(): readonly string[] {
    return [...this.#open.values()].map(({ type }) => `device: ${type}`);
  }

  delegate(planned: PlannedDelegation): void {
    const iac = this.#draft(planned);
    this.#delegations.set(iac.delegationId, { planned, iac, isIssued: false, version: 0 });
    const requestId = idOf(`${planned.name} request`);
    const body = { requestId, iac: encodeCbor(IacPayload.encode(iac, 'iac')), agentKey: this.#agentKey };
    this.#ask(requestId, { type: 'delegation-request', body });
  }

  /** Nothing where there is nothing to stop yet. */
  change({ delegation, to }: PlannedStop): void {
    const delegationId = idOf(`${delegation} delegation`);
    const known = this.#delegations.get(delegationId);
    if (!known?.isIssued) return;
    const version = known.version + 1;
    const at = secondsOf(this.#world.clock.now());
    this.#counter += 1;
    const requestId = idOf(`${delegation} ${to} ${this.#counter}`);
    const from = to === 'Active' ? 'Suspended' : 'Active';
    const change = { changeId: requestId, delegationId, from, to, version, by: 'PRINCIPAL', changedAt: at } as const;
    const gesture = { viewDigest: digestOf(utf8('what was shown')), method: 'hold-simulated' } as const;
    const order = signObject('lifecycle-order', { change, ...gesture, counter: this.#counter }, this.#key);
    this.#world.changes.push({ requestId, delegationId, to, version });
    this.#ask(requestId, { type: 'lifecycle', body: { requestId, order } });
  }

  #ask(requestId: Id16, message: Message): void {
    this.#open.set(requestId, message);
    this.#hand.say(message);
    const again = (): void => {
      if (this.#open.get(requestId) !== message) return;
      this.#hand.say(message);
      this.#world.clock.after(AGAIN_MS, again);
    };
    this.#world.clock.after(AGAIN_MS, again);
  }

  #hear(frame: OpenFrame, after: number): void {
    const { told, tenant } = this.#world;
    const by = { trust: tenant.directory.trust, tenant: tenant.tenant };
    if (frame.type === 'delegation-challenge') this.#sign(frame.body.requestId, frame.body.challenge);
    if (frame.type === 'refusal') {
      const { requestId, code } = frame.body;
      told.push({ kind: 'refusal', after, requestId, code });
      this.#open.delete(requestId);
    }
    if (frame.type === 'delegation-status') {
      const status = openObject('delegation-status', frame.body.status, by).value;
      const { requestId } = frame.body;
      told.push({ kind: 'status', after, requestId, status });
      if (requestId !== undefined) this.#open.delete(requestId);
      this.#learn(status);
    }
    if (frame.type === 'spend-notice') {
      told.push({ kind: 'device-receipt', after, receipt: receiptOf(frame.body.receipt, by) });
      this.#hand.say({ type: 'notice-ack', body: { digest: digestOf(frame.body.receipt) } });
    }
    if (frame.type === 'refund-notice') {
      const { tradeNo, amountMinor } = openObject('refund', frame.body.refund, by).value;
      told.push({ kind: 'device-refund', after, tradeNo, amountMinor });
      this.#hand.say({ type: 'notice-ack', body: { digest: digestOf(frame.body.refund) } });
    }
    if (frame.type === 'device-lock') {
      const { state, version } = openObject('lock-order', frame.body.order, by).value;
      this.#hand.say({ type: 'lock-ack', body: { state, version } });
    }
  }

  /** The wearer presses once for each draft. */
  #sign(requestId: Id16, challenge: Uint8Array): void {
    const known = [...this.#delegations.values()].find(({ planned }) => idOf(`${planned.name} request`) === requestId);
    if (!known || known.authorization || known.isIssued) return;
    const { iac } = known;
    this.#counter += 1;
    const gesture = { viewDigest: digestOf(utf8('what was shown')), method: 'hold-simulated' } as const;
    const about = { iac, agentKey: this.#agentKey, challengeDigest: digestOf(challenge) };
    const confirmedAt = secondsOf(this.#world.clock.now());
    const value = { ...about, ...gesture, counter: this.#counter, confirmedAt };
    const authorization = signObject('authorization', value, this.#key);
    known.authorization = authorization;
    const jsonSignature = signJson(toJsonObject(IacPayload, iac, 'iac'), this.#key);
    this.#ask(requestId, { type: 'delegation-confirm', body: { requestId, authorization, jsonSignature } });
  }

  #learn({ delegationId, version }: DelegationStatus): void {
    const known = this.#delegations.get(delegationId);
    if (!known?.authorization) return;
    known.version = Math.max(known.version, version);
    if (known.isIssued) return;
    known.isIssued = true;
    const { planned, iac, authorization } = known;
    this.#world.issued({ planned, delegationId, intentId: iac.intentId ?? delegationId, authorization });
  }

  #draft(planned: PlannedDelegation): IacPayload {
    const { name, isBounded, maxTotalMinor, maxSingleMinor, maxDailyMinor, maxOrders } = planned;
    const start = secondsOf(this.#world.clock.now());
    const bounds = {
      ...(maxDailyMinor !== undefined && { maxDailyMinor }),
      ...(maxOrders !== undefined && { maxOrders }),
    };
    const items = [{ itemId: 'iced-latte', quantity: 1, choices: ['large'] }];
    const wanted = isBounded ? { purpose: 'market-report' } : { items };
    return {
      delegationId: idOf(`${name} delegation`),
      intentId: idOf(`${name} intent`),
      delegatorIdentity: principalOf(this.#device),
      agentId: AGENT_ID,
      delegationMode: isBounded ? 'BOUNDED' : 'SPECIFIED',
      validityStartTime: start,
      validityEndTime: (start + planned.validForS) as EpochSeconds,
      maxTotalMinor,
      currency: 'CNY',
      allowedPaymentMethods: [PAYMENT_METHOD],
      ext: {
        commerce: { maxSingleMinor, allowedMerchants: [isBounded ? DATA_DESK : ALLOWED_SHOP] },
        vendorPrivate: writeTerms({ currency: 'CNY', ...wanted, ...bounds, utcOffsetMin: planned.utcOffsetMin }),
      },
    };
  }
}

/** A receipt under the PSP's key. */
export function receiptOf(bytes: Uint8Array, by: Parameters<typeof openObject>[2]): ToldReceipt {
  return { value: openObject('receipt', bytes, by).value, bytesHex: hex(bytes) };
}
