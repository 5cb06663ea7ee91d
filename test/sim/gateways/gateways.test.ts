import { describe, expect, it, vi } from 'vitest';
import { faultsOf, type GatewayFault, paymentsOf } from '../../../sim/gateways/faults.ts';
import { reportGateways } from '../../../sim/gateways/report.ts';
import { type GatewayRun, gatewayTenant, runGateways } from '../../../sim/gateways/run.ts';
import type { Told } from '../../../sim/gateways/told.ts';
import { hiding, WRONG_RULES } from '../../../sim/gateways/wrong-rules.ts';

vi.mock('../../../protocol/ed25519.ts', () => import('../../../sim/fuzz/fake-ed25519.ts'));

const TENANT = gatewayTenant();
const SEEDS = 200;
const RUNS = Array.from({ length: SEEDS }, (_, seed) => runGateways(String(seed), TENANT));

describe('two to five gateways over one ledger, cut off, crashed, asked twice and out of order', {
  timeout: 120_000,
}, () => {
  it('T14 T15 T17 T29: overspend nothing, pay no order twice and nothing after a stop, and say what is so', () => {
    const found = RUNS.flatMap((run, seed) => faultsOf(run).map((fault) => `${seed}: ${fault}`));
    expect([found, RUNS.flatMap(({ broken }) => broken)]).toEqual([[], []]);
  });

  it('hold what they are to show: payments, refusals of each kind, stops by everybody, refunds', () => {
    const seen = new Set(RUNS.flatMap(({ told }) => told.map(nameOf)));
    expect([...seen]).toEqual(
      expect.arrayContaining([
        'result paid',
        'result REQUEST_REPEATED',
        'result EXECUTION_FAILED',
        'result IAC_SUSPENDED',
        'result IAC_REVOKED',
        'result MERCHANT_NOT_ALLOWED',
        'result ORDER_MISMATCH',
        'result SINGLE_LIMIT_EXCEEDED',
        'result TOTAL_LIMIT_EXCEEDED',
        'status Active',
        'status Suspended',
        'status Revoked',
        'refusal risk-hold',
        'refusal device-locked',
        'command suspend done',
        'command suspend ledger-waits',
        'command lock done',
        'refund-answer done',
        'refund-answer more-than-paid',
        'device-receipt',
        'merchant-receipt',
        'device-refund',
      ]),
    );
    const machines = new Set(RUNS.flatMap(({ happened }) => happened.map(({ gateway }) => gateway)));
    expect([...machines].sort()).toEqual([0, 1, 2, 3, 4]);
  });

  it('run the same way again from the same seed', () => {
    for (const seed of [0, 1]) expect(runGateways(String(seed), TENANT)).toEqual(RUNS[seed]);
  });

  it('T16: count a payment for the day on which its machine took it, though that died over it and paid after midnight', () => {
    const run = runGateways('8993', TENANT);
    const late = paymentsOf(run).filter(({ promisedAtMs, atMs }) => atMs - promisedAtMs > 1_000);
    expect([late.length > 0, faultsOf(run)]).toEqual([true, []]);
  });

  const WANTED: Readonly<Record<string, readonly GatewayFault[]>> = {
    'past successes only': ['over-total', 'over-daily'],
    'commit without a look at the credential': ['paid-after-stop'],
    'orders are paid more than once': ['debited-twice'],
  };

  it.each(Object.entries(WRONG_RULES))('T15 T17: find a ledger where %s', (name, rules) => {
    const wanted = new Set<GatewayFault>(WANTED[name]);
    for (let seed = 0; wanted.size > 0 && seed < SEEDS; seed++)
      for (const fault of reportGateways(seed, 1, TENANT, rules).faults.keys()) wanted.delete(fault);
    expect([...wanted]).toEqual([]);
  });

  it.each([
    ['issued/', 'unknown-elsewhere'],
    ['draft/', 'unknown-elsewhere'],
    ['decided/', 'told-wrongly'],
  ] as const)('T17: find gateways that each keep their own %s records', (prefix, fault) => {
    const isFound = (seed: number) =>
      reportGateways(seed, 1, TENANT, (store) => hiding(store, [prefix])).faults.has(fault);
    expect(RUNS.some((_, seed) => isFound(seed))).toBe(true);
  });
});

function nameOf(one: Told): string {
  if (one.kind === 'result') return `result ${one.result.error ?? 'paid'}`;
  if (one.kind === 'status') return `status ${one.status.state}`;
  if (one.kind === 'refusal') return `refusal ${one.code}`;
  if (one.kind === 'command') return `command ${one.words} ${one.said}`;
  return one.kind === 'refund-answer' ? `refund-answer ${one.reason ?? 'done'}` : one.kind;
}

describe('the checker of a run', () => {
  const run = RUNS.find((one) => paymentsOf(one).length > 1 && one.told.some(({ kind }) => kind === 'device-refund'));
  if (!run) throw new Error('no run has a payment and a refund');
  const [first] = paymentsOf(run);
  const place = first?.place ?? 0;

  function altered(change: Partial<GatewayRun>): readonly GatewayFault[] {
    return faultsOf({ ...(run as GatewayRun), ...change });
  }
  /** The payment with another posting or another record. */
  function paidAs(posted: object, became: object = {}): readonly GatewayFault[] {
    const happened = run?.happened.map((one, at) =>
      at === place
        ? {
            ...one,
            posted: one.posted.map((it) => ({ ...it, ...posted })),
            became: one.became.map((it) => ({ ...it, ...became })),
          }
        : one,
    );
    return altered({ happened: happened ?? [] });
  }

  it('finds nothing in what was not altered', () => {
    expect(altered({})).toEqual([]);
  });

  it('T15: finds a payment above every bound, which nobody has asked for', () => {
    const faults = paidAs({ amountMinor: 1_000_000 });
    expect(faults).toEqual(expect.arrayContaining(['over-total', 'over-single', 'not-as-asked', 'receipt-differs']));
  });

  it('T3: finds a payment that was made twice', () => {
    const happened = run.happened.flatMap((one, at) => (at === place ? [one, one] : [one]));
    expect(altered({ happened })).toContain('debited-twice');
  });

  it('finds a payment to somebody the wearer has not named', () => {
    expect(paidAs({ to: 'payee:paper-crane' })).toContain('not-as-asked');
  });

  it('T17: finds a payment after a stop that was told, and after the word of an operator', () => {
    const { delegationId = '' } = first ?? {};
    const status = run.told.find((one) => one.kind === 'status');
    if (status?.kind !== 'status' || !delegationId) throw new Error('nobody was told a status');
    const revoked = { ...status, after: 0, status: { ...status.status, delegationId, state: 'Revoked' } } as Told;
    expect(altered({ told: [revoked, ...run.told] })).toContain('paid-after-stop');
    const command = { kind: 'command', before: 0, after: 0, words: 'suspend', delegationId, said: 'done' } as Told;
    expect(altered({ told: [command, ...run.told] })).toContain('paid-while-held');
  });

  it('T29: finds more refunded than was paid, and money from nowhere', () => {
    const happened = run.happened.map((one) =>
      one.returned.length > 0
        ? { ...one, posted: one.posted.map((it) => ({ ...it, amountMinor: it.amountMinor + 1_000_000 })) }
        : one,
    );
    expect(altered({ happened })).toEqual(expect.arrayContaining(['over-refunded', 'money-made-or-lost']));
  });

  it('finds an answer that contradicts another, a receipt nobody gave, a payment nobody heard of', () => {
    const contrary = run.told.find((one) => one.kind === 'result' && one.receipt);
    if (contrary?.kind !== 'result') throw new Error('nobody was told of a payment');
    const { receipt: _, ...bare } = contrary;
    const refused = { ...bare, result: { ...bare.result, error: 'IAC_REVOKED' }, receipt: undefined } as Told;
    expect(altered({ told: [...run.told, refused] })).toContain('told-wrongly');
    expect(altered({ told: [...run.told, { ...contrary, receipt: undefined }] })).toContain('receipt-differs');
    expect(altered({ told: run.told.filter(({ kind }) => kind !== 'device-receipt') })).toContain('not-told');
    expect(altered({ told: run.told.map((one) => ({ ...one, after: 0 })) })).toContain('told-wrongly');
  });

  it('finds what is still open in the end, and what was thrown', () => {
    expect(altered({ standings: new Map([['one', 'reserved']]) })).toEqual(['unresolved']);
    expect(altered({ unanswered: ['agent: delegated-pay'], broken: ['0: thrown'] })).toEqual(['unresolved', 'broken']);
  });
});
