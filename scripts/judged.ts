import { ProtocolError } from '../protocol/index.ts';
import { CommandError } from './command.ts';

/**
 * What `work` makes of a signed statement that was brought in the file `path`.
 * @throws CommandError with the protocol's code where the protocol refuses it; `hint` tells a person what to do.
 */
export function judged<T>(path: string, hint: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    throw new CommandError(error.code, `${path}: ${error.message.replace(`${error.code}: `, '')}`, hint);
  }
}
