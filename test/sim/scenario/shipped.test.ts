import { describe, expect, it } from 'vitest';
import { REFUSALS } from '../../../sim/cloud/refusals.ts';
import { readScenario } from '../../../sim/scenario/read.ts';
import { runScenario } from '../../../sim/scenario/run.ts';
import { filesBelow, read } from '../../helpers/source-text.ts';
import { possibleEndings, SIGNER_FAILURES } from './endings.ts';

const FILES = filesBelow('sim/scenarios').filter((path) => path.endsWith('.yaml'));
const ROWS = FILES.flatMap((path) => readScenario(path, read(path)));

const BINDING =
  'the limits of a binding are drawn by bind, which no scenario plays; test/sim/cloud/psp-binding.test.ts';

const SEATS = 'tickets and trains that cannot be had; test/sim/tickets, test/sim/rail';
const WATCHES = 'watches and cancellations are asked for by agents and devices with delegations; test/sim/cloud';
const DELEGATIONS = 'drafts and orders that an honest device does not send; test/sim/cloud/psp-delegation*.test.ts';

/** Refusals that no scenario reaches, each with the reason. */
const UNREACHED_REFUSALS: Readonly<Record<string, string>> = {
  'not-then': SEATS,
  'too-many-seats': SEATS,
  'not-on-sale': SEATS,
  'sold-out': SEATS,
  'no-seat': SEATS,
  'refund-failed': WATCHES,
  'too-many-watches': WATCHES,
  'account-closed': DELEGATIONS,
  'bad-authorization': DELEGATIONS,
  'agent-key-unknown': DELEGATIONS,
  'agent-unknown': DELEGATIONS,
  'delegation-exists': DELEGATIONS,
  'delegation-state': DELEGATIONS,
  'delegation-unknown': DELEGATIONS,
  'draft-malformed': DELEGATIONS,
  'payee-unknown': DELEGATIONS,
  'risk-hold': DELEGATIONS,
  'stale-version': DELEGATIONS,
  'terms-unreadable': DELEGATIONS,
  'too-many-requests': DELEGATIONS,
  'wearer-mismatch': DELEGATIONS,
  'window-invalid': DELEGATIONS,
  'token-revoked': BINDING,
  'token-expired': BINDING,
  'token-currency': BINDING,
  'token-single-limit': BINDING,
  'token-total-limit': BINDING,
};

/** Endings that no scenario reaches, each with the reason. */
const UNREACHED_ENDINGS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.entries(UNREACHED_REFUSALS).map(([code, why]) => [`refused: ${code}`, why])),
  'refused: queueing': 'is told to an agent, which queues on; delegate-queueing reaches the refusal',
  'refused: cancelled':
    'answers a request that the device itself has ended; cancelled-before-confirmed reaches the refusal',
  'refused: counter-replayed': 'ends a purchase in the background; counter-overtaken reaches the refusal',
  'refused: order-unknown': 'is not final: the device asks again; order-unknown reaches the refusal',
  'refused: signer-mismatch': 'a signer outside the process that answers for another prompt; test/device/purchase',
  'refused: unknown-request': 'a PSP without its books; confirmation-unknown reaches the refusal',
};

const endings = new Set<string>();
const refusals = new Set<string>();
const locales = new Set<string>();

describe('the scenarios that come with the package', () => {
  it.each(ROWS.map((row) => ({ row, name: row.name, file: row.file })))('$file: $name', ({ row }) => {
    const { result } = runScenario(row);
    // A scenario that delegates need not have a purchase at all.
    if (result.ending !== 'idle') endings.add(result.ending);
    locales.add(row.scenario.world?.locale ?? 'en-US');
    for (const code of result.refusals) refusals.add(code);
    expect(result.steps.filter(({ problem }) => problem !== undefined)).toEqual([]);
    expect(result.failures).toEqual([]);
  });

  it('reach every refusal that a service can give, but for those with a reason', () => {
    const missing = Object.keys(REFUSALS).filter((code) => !refusals.has(code));
    expect(missing.sort()).toEqual(Object.keys(UNREACHED_REFUSALS).sort());
  });

  it('reach every ending that a purchase can have, but for those with a reason', () => {
    const missing = [...possibleEndings()].filter((ending) => !endings.has(ending));
    expect(missing.sort()).toEqual(Object.keys(UNREACHED_ENDINGS).sort());
  });

  it('reach no ending that the code of the purchase and the signer do not name', () => {
    const known = possibleEndings();
    expect([...endings].filter((ending) => !known.has(ending)).sort()).toEqual([...SIGNER_FAILURES].sort());
  });

  it('include the one that sim/README.md shows', () => {
    const [, text = ''] = /```yaml\n([\s\S]*?)```/.exec(read('sim/README.md')) ?? [];
    const results = readScenario('sim/README.md', text).map((row) => runScenario(row).result);
    expect(results.map(({ ending, failures }) => [ending, failures])).toEqual([
      ['cancelled: wear-off', []],
      ['cancelled: wear-off', []],
    ]);
  });

  it('are at least forty, in both languages, each with a name of its own and a sentence about it', () => {
    expect(FILES.length).toBeGreaterThanOrEqual(40);
    expect(locales).toEqual(new Set(['en-US', 'zh-CN']));
    expect(new Set(ROWS.map(({ name, row }) => `${name} ${row}`)).size).toBeGreaterThan(FILES.length);
    expect(ROWS.filter(({ scenario, tags }) => (scenario.about ?? '').length < 20 || tags.length === 0)).toEqual([]);
  });
});
