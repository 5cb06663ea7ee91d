import { expect, it } from 'vitest';
import { boundOf, countCalls, timeCalls } from '../../scripts/bench/crypto-bound.ts';
import { rowOf, shareOf } from '../../scripts/bench/sim.ts';
import { playCalm } from '../../scripts/bench/sim-worlds.ts';
import { COMMANDS } from '../../scripts/command-table.ts';
import { runCommandLine } from '../../scripts/dispatch.ts';
import { fuzzTenant } from '../../sim/fuzz/seed-report.ts';

it('takes the median of the rounds, and what the cryptography alone would allow beside it', () => {
  const timed = [100, 50, 400].map((computedMs) => ({ purchases: 10, events: 1_500, computedMs }));
  const kind = { crypto: 'real', sealed: false, devices: 10 } as const;
  const calls = { signEd25519: 20, verifyPrivate: 40, hpkeSeal: 0, hpkeOpen: 0 };
  const us = { signEd25519: 100, verifyPrivate: 50, hpkeSeal: 7, hpkeOpen: 7 };
  expect(boundOf(calls, us)).toBe(250);
  const row = rowOf(kind, timed, { calls, us, perSecond: boundOf(calls, us) });
  expect(row).toMatchObject({ ...kind, perSecond: 100, rounds: [100, 200, 25], eventsPerPurchase: 150 });
  expect(shareOf(row)).toBe(0.4);
  expect(shareOf(rowOf({ ...kind, crypto: 'fake' }, timed))).toBeUndefined();
});

it('times worlds in which everybody has paid, and counts each signature and each verification in them', () => {
  const tenant = fuzzTenant(2);
  const calls = countCalls(() => expect(playCalm('bench', tenant, false)).toMatchObject({ purchases: 2 }));
  expect(calls).toMatchObject({ hpkeSeal: 0, hpkeOpen: 0 });
  expect(calls.signEd25519).toBeGreaterThan(2 * 20);
  expect(calls.verifyPrivate).toBeGreaterThan(calls.signEd25519);
  expect(countCalls(() => playCalm('bench', fuzzTenant(1), true)).hpkeOpen).toBeGreaterThan(0);
});

it('times each call by itself', () => {
  let now = 0;
  const us = timeCalls({ rounds: 1, batchMs: 1 }, () => (now += 2));
  for (const one of Object.values(us)) expect(one).toBeGreaterThan(0);
});

it('`bench sim` refuses devices and rounds that are no numbers', async () => {
  for (const words of [
    ['--devices', '1,none'],
    ['--devices', '0'],
    ['--rounds', 'many'],
  ]) {
    const err: string[] = [];
    const io = { stdout: { write: () => {} }, stderr: { write: (text: string) => err.push(text) } };
    expect(await runCommandLine(['bench', 'sim', ...words], io as never, COMMANDS, false)).toBe(2);
    expect(err.join('')).toContain('usage-option-value');
  }
});
