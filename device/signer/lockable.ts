/** A signer in this process as the purchase sees it, lock orders included. */
import { StoreError } from '../errors.ts';
import type { Log } from '../ports.ts';
import type { SignerCore } from './core.ts';
import type { Signer } from './port.ts';

export function lockable(core: SignerCore, log: Log): Required<Signer> {
  return {
    confirm: (request, answer) => core.confirm(request, answer),
    withdraw: () => core.withdraw(),
    takeOrder(order, answer) {
      try {
        answer({ answer: core.obey(order), isLocked: core.lock !== undefined });
      } catch (error) {
        if (!(error instanceof StoreError)) throw error;
        // Not answered, so that it comes again.
        log.write('error', error.code);
      }
    },
  };
}
