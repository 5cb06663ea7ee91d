/**
 * What a PSP checks before it asks the principal, in ACT's order (ACT 2.1 PSD-PAY-INS), and before it debits. The first
 * rule that does not hold names the refusal. Replay is checked before all of this, where requests are remembered; the
 * agent signature is the frame's own, verified before the frame gets here.
 */
import {
  CLOCK_SKEW_S,
  type Digest,
  type EpochSeconds,
  type ObjectValue,
  type OpenedObject,
  type OrderNotice,
  type PayRequest,
} from '../../protocol/index.ts';
import type { RegisteredOrder } from './order-book.ts';
import type { PaymentBinding } from './psp-binding-tokens.ts';
import type { RefusalCode } from './refusals.ts';
import type { CounterVerdict } from './signer-counters.ts';

/**
 * How old a payment request may be. Devices stamp it when the intent was confirmed and repeat it unchanged, so it covers
 * choosing, cart and retries: as long as a cart is locked.
 */
export const REQUEST_WINDOW_S = 300;

export interface RequestFacts {
  readonly request: PayRequest;
  /** Who signed the frame. */
  readonly device: string;
  readonly now: EpochSeconds;
  /** The agent ids of this device. */
  readonly agentIds: readonly string[];
  /** What the token stands for, if it stands for anything. */
  readonly token: PaymentBinding | undefined;
  /** Why nothing like this may be taken out of the token now, if it stands for anything. */
  readonly tokenFault: RefusalCode | undefined;
  /** Whether the device was reported lost. */
  readonly isLocked: boolean;
  readonly methods: readonly string[];
  /** The order the payee registered under this number, if any. */
  readonly order: RegisteredOrder | undefined;
  /** Whether another payee registered this order number. */
  readonly isOthersOrder: boolean;
  readonly balanceMinor: number;
}

export interface ConfirmFacts {
  readonly device: string;
  readonly confirmation: OpenedObject<'confirmation'>;
  readonly challenge: ObjectValue<'challenge'>;
  readonly challengeDigest: Digest;
  readonly counter: CounterVerdict;
  readonly now: EpochSeconds;
  readonly order: RegisteredOrder | undefined;
  readonly balanceMinor: number;
}

type Check<Facts> = readonly [holds: (facts: Facts) => boolean, otherwise: RefusalCode];

/** Who asks, when, and with which token; what the token still allows comes next. */
const IDENTITY_CHECKS: readonly Check<RequestFacts>[] = [
  [({ isLocked }) => !isLocked, 'device-locked'],
  [({ request, now }) => request.createdAt >= now - REQUEST_WINDOW_S, 'expired-request'],
  [({ request, now }) => request.createdAt <= now + CLOCK_SKEW_S, 'expired-request'],
  [({ request, agentIds }) => agentIds.includes(request.agentId), 'agent-mismatch'],
  [({ token }) => token !== undefined, 'bad-token'],
  [
    ({ request, token, device }) => token?.agentId === request.agentId && token.device === device,
    'token-agent-mismatch',
  ],
];

const ORDER_CHECKS: readonly Check<RequestFacts>[] = [
  [({ request, methods }) => methods.includes(request.method), 'method-unsupported'],
  [({ isOthersOrder }) => !isOthersOrder, 'order-mismatch'],
  [({ order }) => order !== undefined, 'order-unknown'],
  [({ request, order, device }) => order !== undefined && meets(request, order.notice, device), 'order-mismatch'],
  [({ order, now }) => order !== undefined && isPayable(order, now), 'order-state'],
  [({ request, balanceMinor }) => request.amountMinor <= balanceMinor, 'insufficient-balance'],
];

const CONFIRM_CHECKS: readonly Check<ConfirmFacts>[] = [
  [({ confirmation, device }) => confirmation.signer.party === device, 'wrong-signer'],
  [({ counter }) => counter !== 'forked' && counter !== 'key-forked', 'counter-forked'],
  [({ counter }) => counter !== 'overtaken', 'counter-replayed'],
  [({ confirmation, challengeDigest }) => confirmation.value.challengeDigest === challengeDigest, 'challenge-mismatch'],
  [({ order, now }) => order !== undefined && isPayable(order, now), 'order-state'],
  [({ challenge, balanceMinor }) => challenge.amountMinor <= balanceMinor, 'insufficient-balance'],
];

/** Why this request gets no challenge, or nothing. */
export function requestFault(facts: RequestFacts): RefusalCode | undefined {
  return firstFault(IDENTITY_CHECKS, facts) ?? facts.tokenFault ?? firstFault(ORDER_CHECKS, facts);
}

/** Why this confirmation moves no money, or nothing. */
export function confirmationFault(facts: ConfirmFacts): RefusalCode | undefined {
  return firstFault(CONFIRM_CHECKS, facts);
}

function firstFault<Facts>(checks: readonly Check<Facts>[], facts: Facts): RefusalCode | undefined {
  return checks.find(([holds]) => !holds(facts))?.[1];
}

/** Amount, currency and cart are the registered ones, and the order was made for this device (T5). */
function meets(request: PayRequest, notice: OrderNotice, device: string): boolean {
  return (
    request.amountMinor === notice.amountMinor &&
    request.currency === notice.currency &&
    request.cartDigest === notice.cartDigest &&
    device === notice.device
  );
}

function isPayable({ receipt, notice }: RegisteredOrder, now: EpochSeconds): boolean {
  return receipt === undefined && now < notice.lockedUntil;
}
