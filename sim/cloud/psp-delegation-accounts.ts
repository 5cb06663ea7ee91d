/**
 * Sub-accounts by the device's word (ACT 2.1 PSD-AGT-SUB): looking, freezing and cancelling take nothing from the wearer. One is
 * opened with a signed delegation; filling it up and unfreezing it need the wearer's press (psp-account-orders.ts).
 */
import type {
  EpochMs,
  SubAccountFailure,
  SubAccountOperation,
  SubAccountRequest,
  SubAccountResult,
  SubAccountStatus,
} from '../../protocol/index.ts';
import { operate } from '../ledger/sub-accounts.ts';
import { derivedHex } from './derive.ts';
import type { FrameOf, Outgoing, Reaction } from './handler.ts';
import { resultOf } from './psp-account-orders.ts';
import { type DelegationParts, say, statusFor, toAgent } from './psp-delegation-parts.ts';
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
      const told = say(from, { type: 'sub-account-result', body: { requestId: body.requestId, ...result } });
      const isClosing = body.operation === 'CANCEL' && result.status;
      return isClosing ? [told, ...this.#tellAgent(isClosing, at)] : [told];
    });
  }

  /** What has lost its account for good is not tried again. */
  #tellAgent({ subAccountId }: SubAccountStatus, now: EpochMs): readonly Outgoing[] {
    const delegation = this.#parts.book.paidBy({ subAccountId });
    return delegation ? [statusFor(this.#parts, delegation, toAgent(delegation), now)] : [];
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
    return resultOf(
      store.transact((books) => operate(books, order)),
      now,
    );
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
