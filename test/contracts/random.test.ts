import { describe } from 'vitest';
import { systemRandom } from '../../device/adapters/system-random.ts';
import type { Random } from '../../device/ports.ts';
import { SeededRandom } from '../../sim/seeded-random.ts';
import { countingRandom } from '../helpers/counting-random.ts';
import { notices } from './contract.ts';
import { randomContract } from './random.contract.ts';

randomContract.holdsFor('system', () => ({ random: systemRandom() }));
randomContract.holdsFor('seeded', () => ({ random: new SeededRandom('contract') }));
randomContract.holdsFor('seeded, forked', () => ({ random: new SeededRandom('contract').fork('child') }));
randomContract.holdsFor('the counting one of these tests', () => ({ random: countingRandom('contract') }));

describe('the contract of randomness', () => {
  const inner = new SeededRandom('wrong');
  const wrong = (bytes: Random['bytes']) => () => ({ random: { bytes } });
  const pool = new Uint8Array(2 ** 17);

  notices(randomContract, [
    [
      'gives no more than Web Crypto at a time',
      'gives exactly as many bytes as asked',
      wrong((length) => inner.bytes(Math.min(length, 65_536))),
    ],
    [
      'gives views of one pool',
      'T12: gives memory of its own: neither a later draw nor the caller changes what was given',
      wrong((length) => {
        pool.set(inner.bytes(length));
        return pool.subarray(0, length);
      }),
    ],
    [
      'starts over with each draw',
      'T2: never gives the same 16 bytes twice',
      wrong((length) => new SeededRandom('same').bytes(length)),
    ],
    [
      'gives letters',
      'sets each bit about as often as not, whatever the size of the draws',
      wrong((length) => inner.bytes(length).map((byte) => 97 + (byte % 26))),
    ],
  ]);
});
