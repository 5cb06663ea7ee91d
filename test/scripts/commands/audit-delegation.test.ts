/** `act-edge audit` on a device with a delegation: its story, the evidence of a payment under it, archives that are gone. */
import { mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DelegationMemory } from '../../../device/delegation/record.ts';
import { decodeRecord } from '../../../device/journal-record.ts';
import type { Id16 } from '../../../protocol/index.ts';
import { delegationNamed } from '../../../scripts/delegation-report.ts';
import { carriedAfter, DelegationRig } from '../../device/audit/delegation-rig.ts';
import { seconds } from '../../device/builders.ts';
import { settings } from '../../device/delegation/builders.ts';
import { temporaryDirectory } from '../../helpers/temporary.ts';
import { type AuditSet, auditSet } from './audit-set.ts';
import { act } from './keys-run.ts';

const { directory } = settings;
let temporary: ReturnType<typeof temporaryDirectory>;
beforeAll(() => {
  temporary = temporaryDirectory();
});
afterAll(() => temporary.remove());

let made = 0;
function setOf(...generations: readonly (readonly Uint8Array[])[]): Promise<AuditSet> {
  made += 1;
  return auditSet(join(temporary.path, `set-${made}`), { directory, generations, words: [], attestations: [] });
}

const show = (set: AuditSet, ...more: readonly string[]) => act(['audit', 'show', '--config', set.config, ...more]);
const storyIn = (out: string) =>
  out.split('\n').filter((line) => /^ {2}2026-/.test(line) && line.includes('(signed: '));

/** Paid, partly given back, paused, resumed, ended. */
function lived(): DelegationRig {
  const stand = new DelegationRig().pays(1, 100_000, { paidAt: seconds(30) }).givesBack(1, 40_000);
  stand.say('pause everything').press().word('Suspended', 70, 1, 1, 100_000);
  stand.say('resume everything').press().word('Active', 80, 2, 1, 100_000);
  return stand.say('cancel the concert tickets').press().word('Revoked', 90, 3, 1, 100_000);
}

/** With nothing paid yet, and with all that can happen; each is written once. */
const [bare, full] = [new DelegationRig(), lived()];
let bareSet: Promise<AuditSet>;
let fullSet: Promise<AuditSet>;
beforeAll(() => {
  bareSet = setOf(bare.entries);
  fullSet = bareSet.then(() => setOf(full.entries));
  return fullSet;
});

describe('audit show --delegation', () => {
  it('tells bounds, changes, payments and refunds in the order of time, each with who signed for it', async () => {
    const [stand, set] = [full, await fullSet];
    const { code, out } = await show(set, '--delegation', stand.held.id.slice(0, 6));
    expect([code, out]).toEqual([0, expect.stringContaining('total max: 2560.00 CNY')]);
    const steps = [
      /asked the wearer to confirm the bounds of the delegation {2}\(signed: psp\)/,
      /the wearer authorized did:act:example.com\/agent up to CNY 2560.00 {2}\(signed: glasses-01\)/,
      /the delegation is active, CNY 0.00 spent in 0 {2}\(signed: psp\)/,
      /the agent asked for payment of CNY 1000.00 to luna-coffee {2}\(signed: agent\)/,
      /paid CNY 1000.00 to luna-coffee, order LC-1, trade T-1 {2}\(signed: psp\)/,
      /gave back CNY 400.00 of trade T-1 {2}\(signed: psp\)/,
      /the delegation is suspended, CNY 1000.00 spent in 1 {2}\(signed: psp\)/,
      /the delegation is active, CNY 1000.00 spent in 1 {2}\(signed: psp\)/,
      /the delegation is revoked, CNY 1000.00 spent in 1 {2}\(signed: psp\)/,
    ];
    const story = storyIn(out);
    const places = steps.map((step) => story.findIndex((line) => step.test(line)));
    expect(places).not.toContain(-1);
    expect(places.slice(2)).toEqual([...places.slice(2)].sort((one, other) => one - other));
    for (const wish of ['suspend', 'resume', 'revoke'])
      expect(
        story.filter((line) => line.includes(`the wearer asked to ${wish} the delegation  (signed: glasses-01)`)),
      ).toHaveLength(1);
    const times = story.map((line) => line.slice(2, 22));
    expect(times).toEqual([...times].sort());
    const data = JSON.parse((await show(set, '--delegation', stand.held.id, '--json')).out);
    expect(data).toMatchObject({ delegation: { id: stand.held.id, refundedMinor: 40_000 }, entriesNotHere: 0 });
    expect(data.story).toHaveLength(story.length);
    expect(data.story[0]).toEqual({
      at: expect.any(String),
      en: expect.any(String),
      zh: expect.any(String),
      signedBy: expect.any(String),
    });
  });

  it('tells one under which nothing was spent yet', async () => {
    const { code, out } = await show(await bareSet, '--delegation', bare.held.id);
    expect([code, out]).toEqual([0, expect.stringContaining('spent: 0.00 CNY in 0, left: 2560.00 CNY')]);
    expect(storyIn(out).map((line) => line.slice(24))).toEqual([
      'asked the wearer to confirm the bounds of the delegation  (signed: psp)',
      'the wearer authorized did:act:example.com/agent up to CNY 2560.00  (signed: glasses-01)',
      'the delegation is active, CNY 0.00 spent in 0  (signed: psp)',
    ]);
  });

  it('says when none or more than one begins so', async () => {
    const [stand, set] = [bare, await bareSet];
    for (const wanted of ['ffff', '', 'x'])
      expect(await show(set, '--delegation', wanted)).toMatchObject({
        code: 1,
        err: expect.stringContaining('delegation-unknown'),
      });
    expect((await show(set, '--delegation', stand.held.id, '--order', 'LC-1')).code).toBe(2);
    const memory = new DelegationMemory();
    const entry = decodeRecord(stand.entries.at(-1) as Uint8Array);
    const changed = ['aa1', 'aa2'].map((id) => ({ ...stand.held, id: id as Id16 }));
    memory.take({ ...entry, delegations: { changed, kept: [] } });
    expect(() => delegationNamed(memory, 'aa')).toThrow('more than one begins with "aa"');
    expect(delegationNamed(memory, 'AA2').id).toBe('aa2');
  });

  it('T14: falls short where a payment was outside the bounds, and says what is wrong with it', async () => {
    const stand = new DelegationRig().pays(1, 300_000);
    const { code, out } = await show(await setOf(stand.entries), '--delegation', stand.held.id);
    expect([code, out]).toEqual([1, expect.stringMatching(/paid CNY 3000.00 .*, OUTSIDE: single-limit, total-limit/)]);
  });

  it('T26: tells every payment once over all generations, and without who signed where its archive is gone', async () => {
    const stand = new DelegationRig().pays(1, 100_000).givesBack(1, 40_000);
    const { entries } = stand;
    const set = await setOf(entries, [carriedAfter(entries)]);
    const all = await show(set, '--delegation', stand.held.id);
    expect(storyIn(all.out).filter((line) => / paid CNY | gave back /.test(line))).toEqual([
      expect.stringContaining('trade T-1  (signed: psp)'),
      expect.stringContaining('gave back CNY 400.00 of trade T-1  (signed: psp)'),
    ]);
    expect(all.out.match(/ T-1$/gm)).toHaveLength(2);
    mkdirSync(join(temporary.path, 'elsewhere'));
    renameSync(join(set.state, 'device.journal.1'), join(temporary.path, 'elsewhere/device.journal.1'));
    const { code, out } = await show(set, '--delegation', stand.held.id);
    expect(code).toBe(0);
    const gone = 'not shown: it is in an archive that is not here';
    expect(storyIn(out).map((line) => line.slice(24))).toEqual([
      'the wearer authorized did:act:example.com/agent up to CNY 2560.00  (signed: glasses-01)',
      `paid CNY 1000.00 to luna-coffee, order LC-1, trade T-1  (signed: ${gone})`,
      `gave back CNY 400.00 of trade T-1  (signed: ${gone})`,
    ]);
    expect(out).toContain(`${entries.length} older entries of the journal are in an archive that is not here`);
    const order = await show(set, '--order', 'LC-1');
    expect([order.code, order.err]).toEqual([1, expect.stringMatching(/order-unknown.*put back the archive/)]);
  });

  it('T26: is refused where an archive between two others is gone', async () => {
    const [first, rest] = [full.entries.slice(0, -4), full.entries.slice(-4)];
    const second = [carriedAfter(first), ...rest];
    const set = await setOf(first, second, [carriedAfter([...first, ...second])]);
    renameSync(join(set.state, 'device.journal.2'), join(temporary.path, 'device.journal.2'));
    const { code, err } = await show(set, '--delegation', full.held.id);
    expect([code, err]).toEqual([1, expect.stringMatching(/store-altered.*goes on after \d+ entries/)]);
  });
});

describe('the evidence of a payment under a delegation', () => {
  it('T14, T17, T29: goes out with refunds, changes and limits, and lacks only the record that the PSP makes', async () => {
    const set = await fullSet;
    const out = join(temporary.path, 'payment.cbor');
    const exported = await act(['audit', 'export', '--config', set.config, '--order', 'LC-1', '--out', out]);
    expect([exported.code, exported.out]).toEqual([
      1,
      expect.stringContaining('incomplete\nnot there: payment-record\n'),
    ]);
    const { code, out: told } = await act(['audit', 'verify', '--bundle', out, '--trust', set.trust, '--json']);
    expect([code, JSON.parse(told)]).toEqual([
      1,
      expect.objectContaining({ standing: 'incomplete', faults: [], missing: ['payment-record'] }),
    ]);
    const { out: shown } = await show(set, '--order', 'LC-1');
    expect(shown).toContain('payment-record: nothing of the payment is recorded in the trust chain');
    for (const step of ['gave back CNY 400.00 of trade T-1', 'the wearer asked to revoke', 'the delegation is revoked'])
      expect(shown).toContain(step);
  });

  it('T28: leaves out the other payments and all changes without the basket', async () => {
    const stand = lived();
    const set = await setOf(stand.pays(2, 1_000, { paidAt: seconds(31) }).entries);
    const out = join(temporary.path, 'bare.cbor');
    const argv = ['audit', 'export', '--config', set.config, '--order', 'LC-1', '--without-basket', '--out', out];
    expect((await act(argv)).out).toContain('kept back: payments; so it does not show that all payments');
    const verdict = JSON.parse((await act(['audit', 'verify', '--bundle', out, '--json'])).out);
    expect(verdict).toMatchObject({
      withheld: ['cart', 'request', 'payments'],
      missing: ['payment-record'],
      faults: [],
    });
    expect(JSON.stringify(verdict.story)).not.toMatch(/revoke|T-2/);
  });
});
