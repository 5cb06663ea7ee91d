import { beforeAll, describe, expect, it } from 'vitest';
import { digestOf } from '../../protocol/ids.ts';
import { openObject } from '../../protocol/objects.ts';
import { parseSign1 } from '../../protocol/sign1.ts';
import { actJsonBundle, actJsonOf } from '../../scripts/bench/act-json.ts';
import { byteTable, sealedBytes } from '../../scripts/bench/byte-table.ts';
import { delegationOf } from '../../scripts/bench/delegation.ts';
import { type Case, measure, median, timesAsLong } from '../../scripts/bench/measure.ts';
import { type PlayedPurchase, playPurchase } from '../../scripts/bench/purchase.ts';
import { reaches, speed } from '../../scripts/bench/speed.ts';
import { COMMANDS } from '../../scripts/command-table.ts';
import { runCommandLine } from '../../scripts/dispatch.ts';

/** Work that takes a known time by a clock that only work moves. */
function worksOf(...tookMs: readonly number[]) {
  let now = 0;
  const order: number[] = [];
  const cases = tookMs.map(
    (ms, i): Case => ({
      name: `case ${i}`,
      run: () => {
        now += ms;
        if (order.at(-1) !== i) order.push(i);
      },
    }),
  );
  return { cases, order, clock: () => now };
}

describe('a measurement', () => {
  it('gives each case its own time, and the ratio of any two', () => {
    const { cases, clock } = worksOf(0.25, 0.5);
    const [fast, slow] = measure(cases, { rounds: 5, batchMs: 4 }, clock);
    if (!fast || !slow) throw new Error('two cases were measured');
    expect([fast.medianUs, slow.medianUs]).toEqual([250, 500]);
    expect(slow.rounds).toHaveLength(5);
    expect([timesAsLong(slow, fast), timesAsLong(fast, slow)]).toEqual([2, 0.5]);
  });

  it('lets the cases take turns, in the other order every other round', () => {
    const { cases, order, clock } = worksOf(1, 2, 3);
    measure(cases, { rounds: 4, batchMs: 4 }, clock);
    // A case that ends one round begins the next.
    expect(order.slice(-9)).toEqual([0, 1, 2, 1, 0, 1, 2, 1, 0]);
  });

  it('takes the median of the rounds: one in which the machine did something else changes nothing', () => {
    const disturbed = { name: 'a', medianUs: 2, rounds: [2, 2, 900, 2, 2] };
    expect(timesAsLong(disturbed, { name: 'b', medianUs: 1, rounds: [1, 1, 1, 1, 1] })).toBe(2);
    expect([median([3, 1, 2]), median([4, 1, 2, 3])]).toEqual([2, 2.5]);
    expect(() => median([])).toThrow(RangeError);
  });

  it('reaches a goal on the right side of it, and always without one', () => {
    const judged = [0.9, 0.89].map((ratio) => reaches({ name: '', ratio, goal: { atLeast: 0.9 } }));
    expect(judged).toEqual([true, false]);
    expect([1.25, 1.26].map((ratio) => reaches({ name: '', ratio, goal: { atMost: 1.25 } }))).toEqual([true, false]);
    expect(reaches({ name: '', ratio: 99 })).toBe(true);
  });
});

describe('the bytes of a purchase', () => {
  let purchase: PlayedPurchase;
  beforeAll(() => {
    purchase = playPurchase('bench');
  });

  it('keep their budgets and are less than half of the same as JSON', () => {
    const rows = new Map(byteTable(purchase).map((row) => [row.name, row]));
    expect(rows.get('confirmation')).toMatchObject({ budget: 180, bytes: purchase.evidence.confirmation.length });
    expect(rows.get('evidence bundle')).toMatchObject({ budget: 900, bytes: purchase.bundle.length });
    expect(rows.get('delegated bundle')).toMatchObject({ budget: 1500 });
    expect(rows.get('with its challenge')).not.toHaveProperty('budget');
    for (const { name, bytes, budget = Number.POSITIVE_INFINITY, jsonBytes } of rows.values()) {
      expect(bytes, name).toBeLessThanOrEqual(budget);
      expect(bytes, name).toBeLessThan(jsonBytes / 2);
    }
  });

  it('count a delegated purchase in signed objects that hold together, and the same in JSON', () => {
    const delegation = delegationOf(purchase);
    const { authorization, cart, receipt, 'delegated-pay-request': request } = delegation;
    const { directory, tenant } = purchase.tenant;
    const by = { trust: directory.trust, tenant };
    const allowed = openObject('authorization', authorization, by).value;
    expect(allowed.challengeDigest).toBe(
      openObject('delegation-challenge', delegation['delegation-challenge'], by).digest,
    );
    const asked = JSON.parse(actJsonOf(request)) as { payload: Record<string, unknown> };
    expect(asked.payload).toMatchObject({
      cart_digest: Buffer.from(openObject('cart', cart, by).digest, 'hex').toString('base64url'),
      iac: { header: { typ: 'authorization' }, payload: { iac: { max_total_amount: expect.any(String) } } },
    });
    expect(openObject('receipt', receipt, by).value.confirmationDigest).toBe(digestOf(request));
    const parts = [cart, request, receipt].reduce((sum, { length }) => sum + length, 0);
    const row = byteTable(purchase).find(({ name }) => name === 'delegated bundle');
    // A map of three byte strings: one byte for the map, one for each key, three for the head of each string at most.
    expect((row?.bytes ?? 0) - parts).toBeLessThanOrEqual(13);
    expect(row?.bytes).toBeGreaterThan(parts);
  });

  it('are the same in every run', () => {
    expect(byteTable(playPurchase('bench'))).toEqual(byteTable(purchase));
  });

  it('are all of one size once they are sealed', () => {
    expect(sealedBytes(purchase.frames)).toBe(purchase.frames.length * 1024);
  });

  it('stand in JSON under ACT names, with decimals, ISO times and detached signatures', () => {
    const { header, payload, signature } = JSON.parse(actJsonOf(purchase.evidence.receipt)) as Record<string, unknown>;
    expect(header).toMatchObject({ alg: 'Ed25519', typ: 'receipt' });
    expect(payload).toMatchObject({
      amount: expect.stringMatching(/^\d+\.\d\d$/),
      currency: 'CNY',
      trade_no: expect.any(String),
    });
    expect(payload).toMatchObject({
      paid_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      confirmation_digest: expect.stringMatching(/^[\w-]{43}$/),
    });
    const bytes = parseSign1(purchase.evidence.receipt).signature;
    expect(signature).toBe(Buffer.from(bytes).toString('base64url'));
    expect(Object.keys(JSON.parse(actJsonBundle({ ...purchase.evidence })) as object)).toEqual(
      Object.keys(purchase.evidence),
    );
  });

  it('have every frame in JSON, the objects in it as objects and not as text', () => {
    for (const frame of purchase.frames) {
      const { header, payload } = JSON.parse(actJsonOf(frame)) as { header: object; payload: Record<string, unknown> };
      expect(header).toMatchObject({ iss: expect.any(String), aud: expect.any(String), jti: expect.any(String) });
      if ('cart' in payload) expect(payload.cart).toMatchObject({ header: { typ: 'cart' } });
    }
  });

  it('are what every ratio is timed on', () => {
    let now = 0;
    const clock = () => (now += 1);
    const { ratios, timings } = speed(purchase, { rounds: 1, batchMs: 1 }, clock);
    expect(ratios.filter(({ goal }) => goal)).toHaveLength(2);
    expect(ratios.every(({ ratio }) => ratio > 0)).toBe(true);
    expect(new Set(timings.map(({ name }) => name)).size).toBe(timings.length);
  });
});

describe('act-edge bench protocol', () => {
  async function run(...argv: string[]) {
    const [out, err]: [string[], string[]] = [[], []];
    const io = { stdout: { write: (t: string) => out.push(t) }, stderr: { write: (t: string) => err.push(t) } };
    const code = await runCommandLine(['bench', 'protocol', ...argv], io, COMMANDS, false);
    return { code, out: out.join(''), err: err.join('') };
  }

  it('prints ratios, times and bytes; whether the goals are reached here and now is not for a test to say', async () => {
    const { code, out, err } = await run('--rounds', '1');
    expect({ err, ended: code === 0 || code === 1 }).toEqual({ err: '', ended: true });
    expect(out).toMatch(/time of openFrame, in bare verifications +\d+\.\d\d {2}goal ≤ 1\.25: (?:reached|missed)/);
    expect(out).toMatch(/confirmation +\d+ +\d+ +\d+ % {2}budget 180: kept/);
  });

  it('prints one JSON object', async () => {
    const { out } = await run('--rounds', '1', '--json');
    expect(Object.keys(JSON.parse(out) as object)).toEqual([
      'rounds',
      'ratios',
      'timings',
      'bytes',
      'sealedBytes',
      'wholeEvidence',
    ]);
  });

  it.each(['0', '1.5', 'many', '1001'])('does not take %s rounds', async (rounds) => {
    expect(await run('--rounds', rounds)).toMatchObject({ code: 2, out: '' });
  });
});
