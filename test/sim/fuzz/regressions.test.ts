/** Seeds that once failed, each with a sentence that says of what. They are played as they were found. */
import { describe, expect, it, vi } from 'vitest';
import { fuzzTenant, reportOf } from '../../../sim/fuzz/seed-report.ts';

vi.mock('../../../protocol/ed25519.ts', () => import('../../../sim/fuzz/fake-ed25519.ts'));
vi.mock('../../../protocol/hpke.ts', () => import('../../../sim/fuzz/fake-hpke.ts'));

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
  ['h2-873sd', 'a no to a change of a delegation was taken by the checker for one to the prompt that came after it'],
  ['H4-47sd', 'a refund that came before the word of its payment was never counted'],
  ['s1-97sd', 'a cancel at the prompt of a delegation went to a payment that was under way, and the prompt stayed'],
  ['f1-1478ts', 'a nonce was forgotten when its challenge was over, and answered again in another one'],
  ['k-925s', 'a link that was lost while the disk was full left the prompt open, and it was signed for'],
  ['21-1272d', 'a device told the PSP again and again of a resumption that the PSP had refused for good'],
  [
    'b1-636sd',
    'a no at the prompt for an account went to a delegation that had been spoken of meanwhile, and the prompt stayed',
  ],
  ['mid-414sd', 'an order for an account that came again was taken by the checker for one that had not come before'],
  ['t-240sd', 'a device had said more than 64 sentences in its life, which the checker took for one view'],
  ['million-20291asd', 'a PSP died of the news that its broker was back, and the broker forgot all others for good'],
];

describe('a seed that once failed', () => {
  it.each(SEEDS)('%s holds every invariant now: %s', (seed) => {
    expect(reportOf(seed, TENANT).findings).toEqual([]);
  });
});
