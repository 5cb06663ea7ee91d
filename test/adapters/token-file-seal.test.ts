import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { tokenFile } from '../../device/adapters/token-file.ts';
import { DeviceError, StoreError } from '../../device/errors.ts';
import { countingRandom } from '../helpers/counting-random.ts';
import { temporaryDirectory } from '../helpers/temporary.ts';

let directory: ReturnType<typeof temporaryDirectory>;
beforeEach(() => {
  directory = temporaryDirectory();
});
afterEach(() => directory.remove());

it('a token that cannot be sealed because the passphrase is gone is one that could not be stored: it is tried again', () => {
  const tokens = tokenFile(join(directory.path, 'token.json'), countingRandom('token'), () => {
    throw new DeviceError('config-unreadable', 'cannot read the passphrase', 'put it back');
  });
  expect(() => tokens.write('token-first')).toThrow(StoreError);
});
