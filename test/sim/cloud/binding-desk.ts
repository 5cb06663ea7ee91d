/** The PSP's binding desk with a device and its signer moved by hand. */
import {
  type BindingRequest,
  type BindingResult,
  digestOf,
  type EpochSeconds,
  signObject,
  utf8,
} from '../../../protocol/index.ts';
import { PAYMENT_METHOD, principalOf } from '../../../sim/cloud/index.ts';
import { type Hand, keyOf } from './hands.ts';
import { DEVICE, id, type Press, secretsOf } from './stage.ts';
import { Till } from './till.ts';

export const DAY_S = 86_400;

export class BindingTill extends Till {
  wish(name: string, other: Partial<BindingRequest> = {}): BindingRequest {
    return {
      requestId: id(name),
      delegatorIdentity: principalOf(DEVICE),
      agentId: secretsOf(DEVICE).agentId,
      methods: [PAYMENT_METHOD],
      limits: {
        currency: 'CNY',
        maxSingleMinor: 5_000,
        maxTotalMinor: 10_000,
        validUntil: (this.now + 90 * DAY_S) as EpochSeconds,
      },
      createdAt: this.now,
      ...other,
    };
  }

  /** Asks to be bound. @returns `bind-offer`, or the failure, or a refusal's code. */
  bindRequest(request: BindingRequest, by = this.device): string {
    return told(this.answer({ type: 'bind-request', body: request }, by), by);
  }

  get offer(): Uint8Array {
    return this.device.latest('bind-offer').body.offer;
  }

  consentTo(offer = this.offer, { counter = 1, seed = secretsOf(DEVICE).confirmationSeed }: Press = {}): Uint8Array {
    const value = {
      offerDigest: digestOf(offer),
      viewDigest: digestOf(utf8('what was shown')),
      method: 'hold-simulated',
      counter,
      confirmedAt: this.now,
    } as const;
    return signObject('binding-consent', value, keyOf(seed));
  }

  /** Sends a consent. @returns `bound`, or the failure, or a refusal's code. */
  consent(name: string, consent = this.consentTo(), by = this.device): string {
    return told(this.answer({ type: 'bind-consent', body: { requestId: id(name), consent } }, by), by);
  }

  /** From the wish to the token. */
  bound(name: string, counter = 1, other: Partial<BindingRequest> = {}): string {
    this.bindRequest(this.wish(name, other));
    this.consent(name, this.consentTo(this.offer, { counter }));
    return this.result.paymentToken ?? `${this.result.failure}`;
  }

  get result(): BindingResult {
    return this.device.latest('bind-result').body;
  }
}

function told(answer: string, by: Hand): string {
  return answer === 'bind-result' ? (by.latest('bind-result').body.failure ?? 'bound') : answer;
}
