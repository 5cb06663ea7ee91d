/** Sub-accounts as they are told of and as money moves past them: the PSP's words, the wearer's orders, the pots of the books. */
import { delegationModeOf, type IacPayload, type SubAccountStatus, termsOf } from '../../protocol/index.ts';
import type { Movement } from '../world-record.ts';
import { bodyOf, frameHead, genuine, type Signed } from './facts.ts';
import type { AccountAnswer, Reading } from './reading.ts';

export type SignedOrder = Extract<Signed, { type: 'sub-account-order' }>;

/** An answer that says how an account stands. */
export type Told = AccountAnswer & { readonly status: SubAccountStatus };

export function isTold(answer: AccountAnswer): answer is Told {
  return answer.status !== undefined;
}

/** What the wearers have signed for accounts so far. */
export function signedOrders({ signed }: Reading): readonly SignedOrder[] {
  return signed.filter((made): made is SignedOrder => made.type === 'sub-account-order');
}

/** When the PSP first had an order in its journal, by the number of the change. */
export function takenOrders({ received, about }: Reading): ReadonlyMap<string, number> {
  const taken = new Map<string, number>();
  for (const { party, frame, seq } of received) {
    if (party !== about.tenant.psp.party || frameHead(frame).type !== 'sub-account-order') continue;
    const { order } = bodyOf(frame).body;
    const opened = order instanceof Uint8Array ? genuine('sub-account-order', order, about.tenant) : undefined;
    const { changeId } = opened?.value.change ?? {};
    if (changeId !== undefined && !taken.has(changeId)) taken.set(changeId, seq);
  }
  return taken;
}

/** What the account of this credential begins with; nothing where a wallet pays. */
export function firstFundOf(iac: IacPayload): number | undefined {
  if (delegationModeOf(iac) !== 'BOUNDED') return undefined;
  return termsOf(iac)?.firstFundMinor ?? iac.maxTotalMinor;
}

/** Whose money it is: `sub` of an account, `wallet` of a wearer, `held` for a delegation, `payee`. */
export interface Pot {
  readonly kind: string;
  readonly of: string;
}

function potOf(name: string): Pot {
  const at = name.indexOf(':');
  return { kind: name.slice(0, at), of: name.slice(at + 1) };
}

/** Of what it was made for: a promise and its payment have the same one, an opening that of its delegation. */
function numberIn({ id }: Movement): string {
  return id.slice(id.indexOf(' ') + 1);
}

/** What an account has had since it was opened. */
export interface Account {
  readonly subAccountId: string;
  /** For which it was opened. */
  readonly delegationId: string;
  balanceMinor: number;
  /** What it has held, each from this place in the order of things on. */
  readonly balances: { readonly seq: number; readonly balanceMinor: number }[];
}

/** A movement into an account, out of it, or of what it has promised. */
export interface Passed {
  readonly movement: Movement;
  readonly account: Account;
  /** What the account holds after it. */
  readonly balanceMinor: number;
  readonly from: Pot;
  readonly to: Pot;
  readonly isOpening: boolean;
  /** When what is paid here was promised; of anything else, when it moved. */
  readonly promisedAt: number;
}

/** Whether an account has held so much at any moment between two places in the order of things. */
export function hasHeld({ balances }: Account, minor: number, from: number, to: number): boolean {
  const first = Math.max(
    0,
    balances.findLastIndex(({ seq }) => seq <= from),
  );
  return balances.slice(first).some(({ seq, balanceMinor }) => seq < to && balanceMinor === minor);
}

/** The accounts of a world, followed by the money that moves. */
export class Accounts {
  readonly byId = new Map<string, Account>();
  readonly #byDelegation = new Map<string, Account>();
  readonly #promises = new Map<string, number>();
  readonly #movements: () => readonly Movement[];

  constructor(reading: Reading) {
    this.#movements = reading.since((record) => record.movements);
  }

  /** What has moved past accounts since the last call. */
  take(): readonly Passed[] {
    return this.#movements().flatMap((movement) => this.#follow(movement) ?? []);
  }

  #follow(movement: Movement): Passed | undefined {
    const [from, to] = [potOf(movement.from), potOf(movement.to)];
    const isOpening = to.kind === 'sub' && !this.byId.has(to.of);
    if (isOpening) this.#open(to.of, numberIn(movement));
    const subAccountId = [from, to].find(({ kind }) => kind === 'sub')?.of;
    const account =
      subAccountId === undefined ? this.#byDelegation.get(from.of) : (this.byId.get(subAccountId) as Account);
    if (!account) return undefined;
    if (from.kind === 'sub') account.balanceMinor -= movement.amountMinor;
    if (to.kind === 'sub') account.balanceMinor += movement.amountMinor;
    const { balanceMinor } = account;
    account.balances.push({ seq: movement.seq, balanceMinor });
    const request = numberIn(movement);
    if (to.kind === 'held') this.#promises.set(request, movement.seq);
    const promisedAt = (from.kind === 'held' ? this.#promises.get(request) : undefined) ?? movement.seq;
    return { movement, account, balanceMinor, from, to, isOpening, promisedAt };
  }

  #open(subAccountId: string, delegationId: string): void {
    const account: Account = { subAccountId, delegationId, balanceMinor: 0, balances: [] };
    this.byId.set(subAccountId, account);
    this.#byDelegation.set(delegationId, account);
  }
}
