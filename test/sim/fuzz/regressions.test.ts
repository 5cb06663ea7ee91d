/** Seeds that once failed, each with a sentence that says of what. They are played as they were found. */
import { describe, expect, it, vi } from 'vitest';
import { fuzzTenant, reportOf } from '../../../sim/fuzz/seed-report.ts';

vi.mock('../../../protocol/ed25519.ts', () => import('../../../sim/fuzz/fake-ed25519.ts'));

const TENANT = fuzzTenant(1);

const SEEDS: readonly (readonly [seed: string, what: string])[] = [
  ['1-45', 'a press that was bounced onto while it was held was taken for two presses by the checker'],
  ['1-336', 'a button that got stuck while it was pressed was taken for a shorter press by the checker'],
  [
    '1-91',
    'an order in another language than the device’s has a prompt in that language, which the checker did not know',
  ],
  [
    'w2-266d',
    'a PSP that died again and again said the same so often that the device took no more, which the checker did not know',
  ],
  [
    'w2-85d',
    'a PSP whose ledger had outlived it and did not answer at its restart died of a promise without its delegation',
  ],
  ['guard 3-10d', 'a no to a payment was taken by the checker for one to the delegation whose prompt came back then'],
  [
    's-46d',
    'a checkpoint was offered with the lines that its witness had put below, one more after each start, until it was too long',
  ],
  ['z1-680d', 'a no to a purchase was taken by the checker for one to a delegation whose prompt was only spoken later'],
  ['h7d-1222d', 'a process that had died at a prompt heard silence, and its step was taken for one of the device'],
  ['21-1272d', 'a device told the PSP again and again of a resumption that the PSP had refused for good'],
];

describe('a seed that once failed', () => {
  it.each(SEEDS)('%s holds every invariant now: %s', (seed) => {
    expect(reportOf(seed, TENANT).findings).toEqual([]);
  });
});
