/**
 * Payment tokens: what each stands for, how far it reaches, and what was spent under it (PSD-PMT-BND). A payment reserves
 * its amount when it is challenged and commits or releases it when it ends, so that payments that race cannot overspend
 * together what each of them alone would not (T14).
 */
import type { BindingRequest, EpochSeconds } from '../../protocol/index.ts';
import type { RefusalCode } from './refusals.ts';

/** One payment token, bound to one agent of one device. Whoever enrolled without limits has none. */
export interface PaymentBinding {
  readonly device: string;
  readonly agentId: string;
  readonly token: string;
  readonly limits?: BindingRequest['limits'];
  /** Payment methods it is good for; absent: all that the PSP accepts. */
  readonly methods?: readonly string[];
}

interface Kept {
  readonly binding: PaymentBinding;
  isRevoked: boolean;
  spentMinor: number;
  /** What is promised to open payments, by their request. */
  readonly reserved: Map<string, number>;
}

/** What a payment would take out of a token. */
export interface Taking {
  readonly token: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly method: string;
  readonly now: EpochSeconds;
}

type Check = readonly [holds: (kept: Kept, taking: Taking) => boolean, otherwise: RefusalCode];

const CHECKS: readonly Check[] = [
  [({ isRevoked }) => !isRevoked, 'token-revoked'],
  [({ binding }, { now }) => now < (binding.limits?.validUntil ?? Number.POSITIVE_INFINITY), 'token-expired'],
  [({ binding }, { method }) => binding.methods?.includes(method) ?? true, 'method-unsupported'],
  [({ binding }, { currency }) => (binding.limits?.currency ?? currency) === currency, 'token-currency'],
  [({ binding }, { amountMinor }) => amountMinor <= most(binding.limits?.maxSingleMinor), 'token-single-limit'],
  [
    (kept, { amountMinor }) => promised(kept) + amountMinor <= most(kept.binding.limits?.maxTotalMinor),
    'token-total-limit',
  ],
];

export class PaymentTokens {
  readonly #tokens = new Map<string, Kept>();

  constructor(bindings: readonly PaymentBinding[]) {
    for (const binding of bindings) this.issue(binding);
  }

  /** @throws Error for a token that stands for something already: a defect of who made it. */
  issue(binding: PaymentBinding): void {
    if (this.#tokens.has(binding.token)) throw new Error('a payment token is issued once');
    this.#tokens.set(binding.token, { binding, isRevoked: false, spentMinor: 0, reserved: new Map() });
  }

  /** What a token stands for, also when it is no longer good. */
  find(token: string): PaymentBinding | undefined {
    return this.#tokens.get(token)?.binding;
  }

  /** The good tokens of one agent of a device. */
  of(device: string, agentId: string): readonly string[] {
    return [...this.#tokens.values()]
      .filter(({ binding, isRevoked }) => !isRevoked && binding.device === device && binding.agentId === agentId)
      .map(({ binding }) => binding.token);
  }

  /** For good. */
  revoke(token: string): void {
    const kept = this.#tokens.get(token);
    if (kept) kept.isRevoked = true;
  }

  /** Why nothing of this kind may be taken out of a known token now, or nothing. */
  fault(taking: Taking): RefusalCode | undefined {
    const kept = this.#tokens.get(taking.token);
    return kept && CHECKS.find(([holds]) => !holds(kept, taking))?.[1];
  }

  /** Promises an amount to an open payment; {@link fault} has found nothing against it. */
  reserve(token: string, request: string, amountMinor: number): void {
    this.#tokens.get(token)?.reserved.set(request, amountMinor);
  }

  /** The payment is made, or will never be: its promise ends, and with `paid` it counts as spent for good. */
  close(request: string, isPaid: boolean): void {
    for (const kept of this.#tokens.values()) {
      if (isPaid) kept.spentMinor += kept.reserved.get(request) ?? 0;
      kept.reserved.delete(request);
    }
  }
}

function most(limitMinor: number | undefined): number {
  return limitMinor ?? Number.POSITIVE_INFINITY;
}

function promised({ spentMinor, reserved }: Kept): number {
  return [...reserved.values()].reduce((sum, amountMinor) => sum + amountMinor, spentMinor);
}
