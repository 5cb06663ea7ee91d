/** One resource over HTTP 402 on the agent's side: the bill, and with the receipt what was paid for (ACT 2.1 PSD-PAY-A402). */
import type { EpochMs, Id16, Receipt } from '../../protocol/index.ts';
import type { Bill } from '../a402/bill.ts';
import { type BillFault, judgeBill, judgeDelivery, proofOf, type Wanted } from '../a402/buyer.ts';
import type { HttpRequest } from '../a402/http.ts';
import type { Alarms } from './agent-alarms.ts';
import type { Offered } from './agent-catalogue.ts';
import type { Errands, Returned } from './agent-errands.ts';
import type { Task } from './agent-task.ts';
import { derivedId } from './derive.ts';
import type { Outgoing } from './handler.ts';

/** Where a seller is reached, and what its bills are signed with. */
export interface Desk {
  /** Without a slash at its end. */
  readonly url: string;
  readonly publicKey: Uint8Array;
}

export interface Purchase {
  readonly task: Task;
  readonly offered: Offered;
  readonly wanted: Wanted;
}

export type Billed = { readonly bill: Bill } | { readonly fault: BillFault | 'not-billed' } | { readonly silent: true };

/** Calls with why a paid resource did not come; with `undefined` when it came. */
type Received = (reason: string | undefined, now: EpochMs) => readonly Outgoing[];

const AGAIN_MS = 5_000;
const TRIES = 8;

export interface ResourceDeskOptions {
  readonly secret: Uint8Array;
  readonly methodId: string;
  readonly desks: ReadonlyMap<string, Desk>;
}

export class ResourceDesk {
  readonly #options: ResourceDeskOptions;
  readonly #errands: Errands;
  readonly #alarms: Alarms;

  constructor(options: ResourceDeskOptions, errands: Errands, alarms: Alarms) {
    this.#options = options;
    this.#errands = errands;
    this.#alarms = alarms;
  }

  /** @param number of the bill: with another one the seller makes another bill. */
  purchase(task: Task, offered: Offered, number: number): Purchase {
    const { secret, desks, methodId } = this.#options;
    const { seller, resourceId } = offered;
    const sellerKey = desks.get(seller)?.publicKey ?? new Uint8Array();
    const idempotencyKey = derivedId(secret, 'a402', task.id, seller, resourceId, String(number));
    const path = `/resources/${resourceId}`;
    const { currency } = task.mandate.iac;
    return { task, offered, wanted: { seller, sellerKey, path, resourceId, idempotencyKey, methodId, currency } };
  }

  bill(purchase: Purchase, billed: (judged: Billed, now: EpochMs) => readonly Outgoing[]): Id16 {
    const request = this.#request(purchase);
    return this.#errands.order({ kind: 'http', request, body: 'none' }, (answer, at) =>
      billed(this.judge(purchase, answer, at), at),
    );
  }

  /** Only the header of a 402 is a bill; whatever the body says is for people. */
  judge({ wanted }: Purchase, answer: Returned, now: EpochMs): Billed {
    if (!('status' in answer) || answer.status >= 500) return { silent: true };
    if (answer.status !== 402) return { fault: 'not-billed' };
    const judged = judgeBill(answer.needed, wanted, now);
    return typeof judged === 'string' ? { fault: judged } : { bill: judged };
  }

  /** The same proof until there is an answer: the seller delivers once. */
  collect(
    purchase: Purchase,
    bill: Bill,
    paid: { readonly receipt: Receipt; readonly bytes: Uint8Array },
    received: Received,
    tries = 0,
  ): void {
    const { task, offered } = purchase;
    const proof = proofOf(bill, paid.receipt, paid.bytes);
    const request = this.#request(purchase, { 'payment-proof': proof });
    const { outTradeNo } = bill;
    const { tradeNo } = paid.receipt;
    const body = { delegationId: task.id, resourceId: offered.resourceId, outTradeNo, tradeNo };
    this.#errands.order({ kind: 'http', request, body }, (answer, at) => {
      const outcome = this.#outcome(answer, bill, paid.receipt);
      if (outcome.kind === 'delivered') {
        this.#confirm(purchase, bill, 'digest' in answer ? answer.digest : undefined);
        return received(undefined, at);
      }
      if (outcome.kind === 'proof-refused' || outcome.kind === 'trade-closed') return received(outcome.kind, at);
      if (tries + 1 >= TRIES) return received('not-delivered', at);
      const again = (at + AGAIN_MS * 2 ** tries) as EpochMs;
      this.#alarms.set(`fetch/${task.id}/${bill.outTradeNo}`, again, () => {
        this.collect(purchase, bill, paid, received, tries + 1);
        return [];
      });
      return [];
    });
  }

  #outcome(answer: Returned, bill: Bill, receipt: Receipt): ReturnType<typeof judgeDelivery> {
    if (!('status' in answer)) return { kind: 'unknown' };
    return judgeDelivery(answer.status, answer.validation, bill, receipt);
  }

  /** Fulfilment is the buyer's to confirm; if it gets lost, the seller's own word stays. */
  #confirm({ offered }: Purchase, { outTradeNo }: Bill, digest: string | undefined): void {
    const url = `${this.#options.desks.get(offered.seller)?.url}/orders/${outTradeNo}/confirmation`;
    const request = { method: 'POST', url, headers: {}, body: digest ?? '' } as const;
    this.#errands.order({ kind: 'http', request, body: 'none' }, () => []);
  }

  #request({ offered, wanted }: Purchase, headers: Readonly<Record<string, string>> = {}): HttpRequest {
    const url = `${this.#options.desks.get(offered.seller)?.url}${wanted.path}`;
    return { method: 'GET', url, headers: { 'idempotency-key': wanted.idempotencyKey, ...headers } };
  }
}
