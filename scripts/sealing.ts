/** The options of commands that seal or open files, and what they lead to. */
import { readSecretFile } from '../device/adapters/config-file.ts';
import { linuxMachineIdentity } from '../device/adapters/machine-identity.ts';
import type { SealedBy } from '../device/adapters/sealed-file.ts';
import { type Arguments, type Options, required } from './command.ts';

export const OUT = { out: { type: 'string', value: 'FILE', describe: 'the file to make' } } as const;
export const PASSPHRASE_FILE = {
  'passphrase-file': {
    type: 'string',
    value: 'FILE',
    describe: 'the file that holds the passphrase, at least 8 bytes',
  },
} as const;

/** This machine with the passphrase in a file. @throws DeviceError `keystore-permissions`, `config-unreadable`. */
export function sealedUnder(passphraseFile: string): SealedBy {
  return { passphrase: readSecretFile(passphraseFile), machine: linuxMachineIdentity() };
}

/** @throws UsageError `usage-missing-option`; otherwise as `sealedUnder`. */
export function sealedBy<O extends Options & typeof PASSPHRASE_FILE>(args: Arguments<O>): SealedBy {
  return sealedUnder(required(args, 'passphrase-file'));
}
