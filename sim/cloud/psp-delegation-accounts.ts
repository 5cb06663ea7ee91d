/**
 * Sub-accounts from the device (ACT 2.1 PSD-AGT-SUB). Looking, freezing and cancelling need no more than the device's word:
 * they take nothing from the wearer. Opening, topping up and unfreezing need the wearer's press, and come with a signed
 * delegation only.
 */
import {
  type EpochMs,
  type SubAccountFailure,
  type SubAccountOperation,
  type SubAccountRequest,
  type SubAccountResult,
  secondsOf,
} from '../../protocol/index.ts';
import { operate } from '../ledger/sub-accounts.ts';
import { derivedHex } from './derive.ts';
import type { FrameOf, Reaction } from './handler.ts';
import { type DelegationParts, say } from './psp-delegation-parts.ts';
import { contentOf, requestKey } from './requests.ts';

const BY_WORD = ['QUERY', 'FREEZE', 'CANCEL'] as const satisfies readonly SubAccountOperation[];

export class SubAccountDesk {
  readonly #parts: DelegationParts;

  constructor(parts: DelegationParts) {
    this.#parts = parts;
  }

  request(frame: FrameOf<'sub-account-request'>, now: EpochMs): Reaction {
    const { from, body } = frame;
    const key = `sub-account/${requestKey(frame)}/${contentOf(frame)}`;
    return this.#parts.retries.attempt(key, now, (at) => {
      const result = this.#carryOut(body, from.party, derivedHex(new Uint8Array(), key).slice(0, 32), at);
      return [say(from, { type: 'sub-account-result', body: { requestId: body.requestId, ...result } })];
    });
  }

  #carryOut(
    body: SubAccountRequest,
    device: string,
    requestId: string,
    now: EpochMs,
  ): Omit<SubAccountResult, 'requestId'> {
    const { book, store, accountOf } = this.#parts;
    const account = accountOf(device);
    const operation = BY_WORD.find((one) => one === body.operation);
    if (account?.principal !== body.delegatorIdentity || !operation) return { failure: 'AUTH_FAILED' };
    const { subAccountId = '' } = body;
    const delegation = book.paidBy({ subAccountId });
    const failure = bindingFailure(body, delegation?.account === account.account ? delegation.iac : undefined);
    if (failure) return { failure };
    const order = { requestId, account: account.account, subAccountId, operation };
    const answer = store.transact((books) => operate(books, order));
    if (answer.kind === 'refused') return { failure: answer.failure };
    const { agentId, state, keyState, currency, balanceMinor } = answer.status;
    const status = { subAccountId, agentId, state, keyState, currency, balanceMinor, asOf: secondsOf(now) };
    return { status };
  }
}

/** Another wearer's sub-account does not exist (T5). */
function bindingFailure(
  { agentId, currency }: SubAccountRequest,
  iac: { readonly agentId: string; readonly currency: string } | undefined,
): SubAccountFailure | undefined {
  if (!iac) return 'NOT_OPENED';
  return iac.agentId === agentId && iac.currency === currency ? undefined : 'BINDING_MISMATCH';
}
