/**
 * The one prompt of a device, for the payment or for one delegation. A payment's prompt takes the place of a delegation's,
 * never the other way round: that is for its callers to keep to. An answer that comes after its prompt was taken away is
 * nobody's.
 */
import type { Signer, SignerAnswer, SignRequest } from './signer/port.ts';

export class OnePrompt {
  readonly #signer: Signer;
  /** Whose prompt is open, with what its end is told to. */
  #open: { readonly owner: string; readonly answer: (answer: SignerAnswer) => void } | undefined;

  constructor(signer: Signer) {
    this.#signer = signer;
  }

  get owner(): string | undefined {
    return this.#open?.owner;
  }

  /** Answers exactly once, unless it is withdrawn. A prompt that is open already ends as void. */
  confirm(owner: string, request: SignRequest, answer: (answer: SignerAnswer) => void): void {
    const before = this.#open;
    const mine = { owner, answer };
    this.#open = mine;
    before?.answer({ kind: 'void', reason: 'new-cart' });
    this.#signer.confirm(request, (given) => {
      if (this.#open !== mine) return;
      this.#open = undefined;
      answer(given);
    });
  }

  /** Takes away the prompt of this owner, or one that an earlier process may have left; another one's stays. */
  withdraw(owner: string): void {
    if (this.#open !== undefined && this.#open.owner !== owner) return;
    this.#open = undefined;
    this.#signer.withdraw();
  }

  /** {@link withdraw}, told to whoever opened it as a cancel: for where the step that takes it away could not be stored. */
  cancel(owner: string): void {
    const ended = this.#open?.owner === owner ? this.#open : undefined;
    this.withdraw(owner);
    ended?.answer({ kind: 'cancelled' });
  }
}
