/** Bundles out of the journals of devices: which objects, which proofs, and where older generations are. */
import { describe, expect, it } from 'vitest';
import { BUNDLE_MAX_ITEMS, type Bundle, bundleSize, decodeBundle, encodeBundle } from '../../../device/audit/bundle.ts';
import { type BundleSources, collectBundle } from '../../../device/audit/bundle-collect.ts';
import { findOrder } from '../../../device/audit/bundle-sources.ts';
import { verifyBundle } from '../../../device/audit/bundle-verify.ts';
import { KeptEvidence } from '../../../device/audit/kept-evidence.ts';
import { openDirectory } from '../../../device/directory.ts';
import { decodeRecord } from '../../../device/journal-record.ts';
import { hex, OBJECTS, type ObjectType } from '../../../protocol/index.ts';
import { codeOf } from '../../helpers/code-of.ts';
import { DEVICE, id, PSP, sealed, seconds, settings } from '../builders.ts';
import { settings as delegated, refund, statusOf } from '../delegation/builders.ts';
import { orderBytes } from './bundle-delegated.ts';
import { bundleOf, cosignedNote, EXPORTED, sourcesAfter, witness } from './bundle-stage.ts';
import { carriedAfter, DelegationRig } from './delegation-rig.ts';

const countOf = ({ objects }: Bundle, type: ObjectType) =>
  objects.filter(({ typ }) => typ === OBJECTS[type].typ).length;

describe('a bundle out of a journal with closed generations', () => {
  const whole = sourcesAfter(10);
  const { entries } = whole;

  /** The same journal, closed off after so many entries of each generation. */
  function closedAfter(...sizes: readonly number[]): { generations: Uint8Array[][]; checkpoints: string[] } {
    const generations: Uint8Array[][] = [];
    let rest = [...entries];
    for (const size of sizes) {
      generations.push([...(generations.length > 0 ? [carriedAfter(generations.flat())] : []), ...rest.slice(0, size)]);
      rest = rest.slice(size);
    }
    generations.push([carriedAfter(generations.flat()), ...rest]);
    return { generations, checkpoints: [cosignedNote(generations.flat())] };
  }

  const shownIn = (sources: BundleSources) => {
    const { standing, records } = verifyBundle(encodeBundle(bundleOf(sources)));
    return { standing, shown: records.filter(({ journal }) => journal === 'cosigned').length };
  };

  it('T26: proves every entry where the archives are there', () => {
    const { generations, checkpoints } = closedAfter(3, 4);
    expect(shownIn({ ...whole, entries: generations.flat(), checkpoints })).toEqual({ standing: 'verified', shown: 5 });
  });

  it('T26: counts entries from where the journal goes on when the archives were moved away, and proves those that are there', () => {
    for (const at of [3, 6, entries.length - 2]) {
      const { generations, checkpoints } = closedAfter(at);
      const sources = { ...whole, entries: generations[1] as Uint8Array[], checkpoints };
      const { standing, shown } = shownIn(sources);
      expect([at, standing]).toEqual([at, 'verified']);
      expect(shown).toBeGreaterThan(0);
      expect(shown).toBeLessThan(5);
      const places = bundleOf(sources).records.flatMap(({ journal }) => (journal ? [journal.index] : []));
      expect(Math.min(...places)).toBeGreaterThan(at);
    }
  });

  it('T26: shows no entry where no checkpoint counts any that is there', () => {
    const { generations } = closedAfter(6);
    const checkpoints = [cosignedNote(entries, 6)];
    const sources = { ...whole, entries: generations[1] as Uint8Array[], checkpoints };
    expect(shownIn(sources)).toEqual({ standing: 'verified', shown: 0 });
  });

  it('T26: is refused where a generation between two others is missing', () => {
    const { generations } = closedAfter(3, 4);
    const [first = [], , last = []] = generations;
    const holed = [...first, ...last];
    expect(codeOf(() => findOrder(holed, { orderNo: 'LC-0042' }))).toBe('store-altered');
    expect(codeOf(() => findOrder([...first, ...(generations[1] ?? [])], { orderNo: 'LC-0042' }))).toBe('no error');
  });
});

function sourcesOf({ entries }: { readonly entries: readonly Uint8Array[] }, over: Partial<BundleSources> = {}) {
  const device = { party: DEVICE, agentId: settings.agentId, directory: delegated.directory };
  return { device, entries, attested: [], checkpoints: [cosignedNote(entries)], witnesses: [witness], ...over };
}

function collected(sources: BundleSources, orderNo: string): Bundle {
  const found = findOrder(sources.entries, { orderNo });
  if (!found) throw new Error(`no order ${orderNo}`);
  return collectBundle(sources, found, EXPORTED);
}

/** Faults and missing things besides the record of the payment, which the PSP makes and not the device. */
function wrongWith(bundle: Bundle): readonly string[] {
  const { faults, missing } = verifyBundle(encodeBundle(bundle));
  return [...faults, ...missing].filter((code) => code !== 'payment-record');
}

describe('a bundle of a payment under a delegation', () => {
  const early = { paidAt: seconds(20) };
  const paid = () => new DelegationRig().pays(1, 100_000, early);

  it('T17, T29: has refunds, the wearer’s changes, the PSP’s words and what was asked, and all of it holds', () => {
    const stand = paid().givesBack(1, 40_000).say('pause everything').press().word('Suspended', 40, 1, 1, 100_000);
    stand.say('resume everything').press().word('Active', 50, 2, 1, 100_000).word('Active', 55, 2, 1, 100_000);
    stand
      .word('Active', 60, 2, 1, 100_000)
      .say('cancel the concert tickets')
      .press()
      .word('Revoked', 70, 3, 1, 100_000);
    const bundle = collected(sourcesOf(stand), 'LC-1');
    expect(wrongWith(bundle)).toEqual([]);
    expect([countOf(bundle, 'refund'), countOf(bundle, 'lifecycle-order')]).toEqual([1, 3]);
    expect(countOf(bundle, 'delegation-challenge')).toBe(1);
    // Of three times the same word only the first and the last.
    expect(countOf(bundle, 'delegation-status')).toBe(5);
    expect(decodeBundle(encodeBundle(bundle))).toEqual(bundle);
  });

  it('T14: has the other payments under the same authorization, each once, and says when one is not there', () => {
    const stand = paid().pays(2, 50_000, early).pays(3, 60_000, early);
    expect(wrongWith(collected(sourcesOf(stand), 'LC-2'))).toEqual(['limit-orders', 'delegation-status']);
    stand.word('Active', 40, 0, 4, 210_000);
    const bundle = collected(sourcesOf(stand), 'LC-2');
    expect(bundle.payments).toHaveLength(2);
    expect(wrongWith(bundle)).toEqual(['limit-orders', 'payments']);
  });

  it('T17: can be written however often the delegation was changed, and says when not all of it is in it', () => {
    const stand = paid().word('Active', 40, 0, 1, 100_000);
    const sources = sourcesOf(stand);
    const found = findOrder(sources.entries, { orderNo: 'LC-1' });
    if (!found) throw new Error('no order');
    const bytes = orderBytes({ delegationId: stand.held.id });
    const orders = Array.from({ length: 600 }, () => ({ typ: OBJECTS['lifecycle-order'].typ, bytes }));
    const bundle = collectBundle(sources, { ...found, objects: [...found.objects, ...orders] }, EXPORTED);
    expect(bundleSize(bundle).items).toBeLessThanOrEqual(BUNDLE_MAX_ITEMS);
    expect(verifyBundle(encodeBundle(bundle)).missing).toContain('delegation-status');
  });

  it('T29: leaves out what the device had not believed: a refund by somebody else, a word of somebody else', () => {
    const stand = paid().word('Active', 40, 0, 1, 100_000);
    stand.rig.send(refund(1, 100, {}, 'luna-coffee'), PSP);
    stand.rig.send(statusOf(stand.held.id, 'Revoked', { asOf: seconds(50), version: 1 }, 'luna-coffee'), PSP);
    stand.rig.send(statusOf(id('another delegation'), 'Revoked', { asOf: seconds(50), version: 1 }), PSP);
    const bundle = collected(sourcesOf(stand), 'LC-1');
    expect([countOf(bundle, 'refund'), countOf(bundle, 'delegation-status')]).toEqual([0, 2]);
    expect(wrongWith(bundle)).toEqual([]);
  });

  it('T29: takes a word in a frame for the PSP’s only where the delegation stands as it says', () => {
    const stand = paid().word('Suspended', 40, 1, 1, 100_000);
    const last = decodeRecord(stand.entries.at(-1) as Uint8Array);
    const said = (...[of, state, over]: Parameters<typeof statusOf>) => {
      const kept = new KeptEvidence();
      kept.take({ ...last, received: sealed(statusOf(of, state, over), PSP, id('frame'), stand.rig.clock.now()) });
      return kept.statusesOf(stand.held.id).length;
    };
    const { id: own } = stand.held;
    const as = { asOf: seconds(40), version: 1 };
    expect(said(own, 'Suspended', as)).toBe(1);
    expect(said(own, 'Active', as)).toBe(0);
    expect(said(own, 'Suspended', { ...as, version: 2 })).toBe(0);
    expect(said(own, 'Suspended', { ...as, asOf: seconds(41) })).toBe(0);
    expect(said(id('another delegation'), 'Suspended', as)).toBe(0);
  });

  it('T29: has the refund of another trade only with that trade', () => {
    const stand = paid().pays(2, 50_000, early).givesBack(2, 100);
    expect(countOf(collected(sourcesOf(stand), 'LC-1'), 'refund')).toBe(0);
    expect(countOf(collected(sourcesOf(stand), 'LC-2'), 'refund')).toBe(1);
  });

  it('leaves out words under a key of the PSP that was replaced, which nobody could date', () => {
    const stand = paid().word('Active', 40, 0, 1, 100_000);
    const { keys, tenant } = delegated.directory;
    const directory = openDirectory({
      ...{ tenant, merchants: [] },
      keys: keys.map(({ party, role, use, publicKey }) => ({
        ...{ party, role, use, publicKeyHex: hex(publicKey) },
        ...(party === PSP && use === 'object' && { until: seconds(500) }),
      })),
    });
    const device = { party: DEVICE, agentId: settings.agentId, directory };
    const bundle = collected(sourcesOf(stand, { device }), 'LC-1');
    expect(countOf(bundle, 'delegation-status')).toBe(0);
  });

  it('T26: has of payments in an archive that is not here only those that are', () => {
    const stand = paid();
    const before = stand.entries;
    stand.pays(2, 50_000, early).word('Active', 40, 0, 2, 150_000);
    const entries = [carriedAfter(before), ...stand.entries.slice(before.length)];
    const sources = sourcesOf({ entries }, { checkpoints: [] });
    expect(findOrder(entries, { orderNo: 'LC-1' })).toBeUndefined();
    const bundle = collected(sources, 'LC-2');
    expect(bundle.payments).toEqual([]);
    expect(wrongWith(bundle)).toContain('payments');
  });
});
