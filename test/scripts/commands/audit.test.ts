import { copyFileSync, existsSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { decodeBundle } from '../../../device/audit/bundle.ts';
import { readBundleFile } from '../../../scripts/audit/bundle-file.ts';
import { openStateJournals } from '../../../scripts/state-journals.ts';
import { carriedAfter } from '../../device/audit/delegation-rig.ts';
import { INTENT_ID, id } from '../../device/builders.ts';
import { temporaryDirectory } from '../../helpers/temporary.ts';
import { type AuditSet, auditSet, instantPurchase } from './audit-set.ts';
import { act } from './keys-run.ts';

let temporary: ReturnType<typeof temporaryDirectory>;
let set: AuditSet;
let made = 0;
let out: string;
beforeAll(async () => {
  temporary = temporaryDirectory();
  set = await auditSet(join(temporary.path, 'set'));
});
afterAll(() => temporary.remove());
beforeEach(() => {
  made += 1;
  out = join(temporary.path, `bundle-${made}.cbor`);
});

const json = (text: string) => JSON.parse(text) as Record<string, never>;
const exported = (...more: readonly string[]) =>
  act(['audit', 'export', '--config', set.config, '--order', 'LC-0042', '--out', out, ...more]);

describe('audit verify', () => {
  it('judges all that a device keeps: the journal under its checkpoints, each record with one of the seven conclusions', async () => {
    const { code, out: told } = await act(['audit', 'verify', '--config', set.config]);
    expect(told).toMatch(/^all of it holds\njournal: \d+ entries, \d+ of them under a checkpoint/);
    expect(told).toContain('records: 5\n  VERIFIED: 5');
    expect(code).toBe(0);
    const data = json((await act(['audit', 'verify', '--config', set.config, '--json'])).out);
    expect(data).toMatchObject({ held: true, history: { kind: 'sound' } });
    expect(data.records).toHaveLength(5);
  });

  it('judges one purchase by order and by intent', async () => {
    for (const which of [
      ['--order', 'LC-0042'],
      ['--intent', INTENT_ID],
    ]) {
      const { code, out: told } = await act(['audit', 'verify', '--config', set.config, ...which]);
      expect([code, told.split('\n')[0]]).toEqual([0, 'verified: everything that is shown holds']);
    }
    const unknown = await act(['audit', 'verify', '--config', set.config, '--order', 'LC-0043']);
    expect([unknown.code, unknown.err]).toEqual([1, expect.stringContaining('order-unknown')]);
  });

  it('T26: tells a journal that was cut off or put back by its checkpoints', async () => {
    const copy = join(temporary.path, `cut-${made}.journal`);
    const keys = { passphraseFile: join(set.config, '../passphrase') };
    const state = { directory: join(temporary.path, `cut-${made}`) };
    const journals = openStateJournals({ state, keys } as never, ['device']);
    journals.device.append(set.entries.slice(0, -2));
    journals.device.close();
    copyFileSync(join(state.directory, 'device.journal'), copy);
    const { code, out: told } = await act(['audit', 'verify', '--config', set.config, '--journal', copy]);
    expect([code, told]).toEqual([1, expect.stringContaining('journal: truncated at entry')]);
  });

  it('T26: proves the entries that are there, with the archive of the journal and without', async () => {
    const kept = instantPurchase();
    const [entries = []] = kept.generations;
    const first = entries.slice(0, 5);
    const generations = [first, [carriedAfter(first), ...entries.slice(5)]];
    const closed = await auditSet(join(temporary.path, 'closed'), { ...kept, generations });
    const shown = async () => {
      const { code, out: told } = await act(['audit', 'verify', '--config', closed.config, '--order', 'LC-0042']);
      return [code, told.match(/journal: cosigned/g)?.length, told.match(/journal: not-shown/g)?.length ?? 0];
    };
    expect(await shown()).toEqual([0, 5, 0]);
    renameSync(join(closed.state, 'device.journal.1'), join(temporary.path, 'device.journal.1'));
    expect(await shown()).toEqual([0, 2, 3]);
  });

  it('needs one of bundle and configuration, and says when a file is none', async () => {
    expect((await act(['audit', 'verify'])).code).toBe(2);
    expect((await act(['audit', 'verify', '--bundle', out, '--config', set.config])).code).toBe(2);
    expect((await act(['audit', 'verify', '--bundle', out])).err).toContain('audit-unreadable');
    writeFileSync(out, 'no bundle');
    expect((await act(['audit', 'verify', '--bundle', out])).err).toContain('audit-unreadable');
  });
});

describe('audit export', () => {
  it('writes a bundle that anybody can check offline, and that nobody else on the machine can read', async () => {
    const { code, out: told } = await exported();
    expect([code, told]).toEqual([0, expect.stringMatching(/bytes of evidence, verified\n$/)]);
    expect(statSync(out).mode & 0o777).toBe(0o600);
    const { code: held, out: verdict } = await act(['audit', 'verify', '--bundle', out, '--json']);
    expect([held, json(verdict)]).toEqual([0, expect.objectContaining({ standing: 'verified', keysFrom: 'bundle' })]);
    expect((await exported()).err).toContain('audit-unwritable');
  });

  it('is believed under the keys of a directory only as far as that has them', async () => {
    await exported();
    const known = await act(['audit', 'verify', '--bundle', out, '--trust', set.trust, '--json']);
    expect([known.code, json(known.out)]).toEqual([0, expect.objectContaining({ keysFrom: 'directory' })]);
    const other = JSON.parse(readFileSync(set.trust, 'utf8')) as { keys: { party: string }[] };
    const strangers = join(temporary.path, `trust-${made}.json`);
    writeFileSync(strangers, JSON.stringify({ ...other, keys: other.keys.filter(({ party }) => party !== 'psp') }));
    const { code, out: told } = await act(['audit', 'verify', '--bundle', out, '--trust', strangers, '--json']);
    expect([code, json(told)]).toEqual([
      1,
      expect.objectContaining({ standing: 'incomplete', missing: ['challenge-key', 'receipt-key'] }),
    ]);
  });

  it('T28: shows the payment without the basket, and says what is then not shown', async () => {
    const { code, out: told } = await exported('--without-basket');
    expect([code, told]).toEqual([0, expect.stringContaining('kept back: cart; so it does not show what was bought')]);
    const bytes = readFileSync(out).toString('latin1');
    for (const word of ['latte', 'iced', 'item_count', 'chosen_item_id', 'autumn']) expect(bytes).not.toContain(word);
    expect(decodeBundle(new Uint8Array(readFileSync(out))).header.withheld).toEqual(['cart', 'records']);
    expect((await act(['audit', 'verify', '--bundle', out])).code).toBe(0);
  });

  it('T28: holds no words, no token and no place', async () => {
    await exported();
    const bytes = readFileSync(out).toString('latin1');
    for (const word of ['less sugar', 'token-0001', 'payment_token', '30274', '120155'])
      expect(bytes).not.toContain(word);
  });

  it('makes a page that carries the same evidence and that anybody can check as a bundle, too', async () => {
    await exported();
    const bundle = readFileSync(out);
    const page = `${out}.html`;
    const made = await act(['audit', 'export', '--config', set.config, '--order', 'LC-0042', '--out', page]);
    expect([made.code, readFileSync(page, 'utf8').slice(0, 15)]).toEqual([0, '<!doctype html>']);
    const { code, out: told } = await act(['audit', 'verify', '--bundle', page, '--json']);
    expect([code, json(told)]).toEqual([0, expect.objectContaining({ standing: 'verified' })]);
    // Exported a little later, with everything else the same.
    expect(readBundleFile(page)).toHaveLength(bundle.length);
    writeFileSync(page, '<!doctype html><p>nothing</p>');
    expect((await act(['audit', 'verify', '--bundle', page])).err).toContain('audit-unreadable');
  });

  it('refuses a name that says nothing of the form', async () => {
    const { code, err } = await act([
      'audit',
      'export',
      '--config',
      set.config,
      '--order',
      'LC-0042',
      '--out',
      `${out}.txt`,
    ]);
    expect([code, err]).toEqual([2, expect.stringContaining('usage-option-value')]);
  });
});

describe('audit show', () => {
  it('tells the story of an order in the order of time, with who signed', async () => {
    const { code, out: told } = await act(['audit', 'show', '--config', set.config, '--order', 'LC-0042']);
    expect(code).toBe(0);
    const steps = [
      'offered 1 × Iced latte for CNY 24.80',
      'asked the wearer',
      'the wearer confirmed',
      'paid CNY 24.80',
    ];
    const places = steps.map((step) => told.indexOf(step));
    expect(places.every((place) => place > 0)).toBe(true);
    expect(places).toEqual([...places].sort((one, other) => one - other));
    expect(told).toContain('(signed: luna-coffee)');
    expect((await act(['audit', 'show', '--config', set.config])).code).toBe(2);
    expect((await act(['audit', 'show', '--config', set.config, '--delegation', 'ab'])).err).toContain(
      'delegation-unknown',
    );
  });
});

describe('audit forget', () => {
  const words = () => {
    const keys = { passphraseFile: join(set.config, '../passphrase') };
    const journals = openStateJournals({ state: { directory: set.state }, keys } as never, ['words']);
    const read = journals.words.read();
    journals.words.close();
    return read;
  };
  const forget = (...which: readonly string[]) => act(['audit', 'forget', '--config', set.config, ...which, '--json']);

  it('T28: leaves what is younger or of another intent, erases the others, and every proof still verifies', async () => {
    expect(words()).toEqual(set.words);
    // The story happens later than this test.
    expect(json((await forget('--older-than', '9999d')).out)).toEqual({ erased: 0, kept: set.words.length });
    expect(json((await forget('--intent', id('another'))).out)).toEqual({ erased: 0, kept: set.words.length });
    const before = readFileSync(join(set.state, 'device.journal'));
    const { erased } = json((await forget('--intent', INTENT_ID)).out);
    expect(erased).toBeGreaterThan(0);
    expect(words()).toHaveLength(set.words.length - (erased as unknown as number));
    expect(readFileSync(join(set.state, 'device.journal'))).toEqual(before);
    expect((await act(['audit', 'verify', '--config', set.config])).code).toBe(0);
    expect((await act(['audit', 'verify', '--config', set.config, '--order', 'LC-0042'])).code).toBe(0);
    expect(readdirSync(set.state).filter((name) => name.startsWith('words'))).toEqual(['words.journal']);
    expect(existsSync(join(set.state, 'words.journal.old'))).toBe(false);
  });

  it('wants an age or an intent, one of them and well spelt', async () => {
    for (const which of [[], ['--older-than', '30'], ['--intent', 'AB'], ['--older-than', '1d', '--intent', INTENT_ID]])
      expect((await forget(...which)).code).toBe(2);
  });
});
