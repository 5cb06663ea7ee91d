/** A delegation that goes on for long: what of it stands in a bundle, and that a reader is told of what does not. */
import { describe, expect, it } from 'vitest';
import {
  BUNDLE_MAX_BYTES,
  BUNDLE_MAX_ITEMS,
  type Bundle,
  bundleSize,
  decodeBundle,
  encodeBundle,
} from '../../../device/audit/bundle.ts';
import { withinRoom } from '../../../device/audit/bundle-room.ts';
import { verifyBundle } from '../../../device/audit/bundle-verify.ts';
import { keptObject } from '../../../device/audit/kept-object.ts';
import { OBJECTS, ProtocolError } from '../../../protocol/index.ts';
import { seconds } from '../builders.ts';
import { delegatedBundle, orderBytes, wordBytes } from './bundle-delegated.ts';

const PAID_AT = seconds(4);
const upTo = (count: number) => Array.from({ length: count }, (_, n) => n);

const other = (state: 'Active' | 'Suspended') => (state === 'Active' ? 'Suspended' : 'Active');

/** So many pauses and goings-on before the payment, and so many other payments after it. */
function long(changes: number, payments: number): Bundle {
  const states = ['Active', 'Suspended'] as const;
  const early = upTo(changes).map((n) => ({ n, at: 4 - changes + n, to: states[(changes - 1 - n) % 2] ?? 'Active' }));
  const orders = early.map(({ n, at, to }) =>
    orderBytes({ changedAt: seconds(at), version: n + 1, from: other(to), to }),
  );
  const statuses = early.map(({ n, at, to }) => wordBytes(at, { state: to, version: n + 1 }));
  const counted = { version: changes, spends: payments + 1, spentMinor: 2_480 + payments };
  const others = upTo(payments).map((n) => ({ amountMinor: 1, at: 5 + n }));
  return delegatedBundle({
    ...{ bounds: { validityStartTime: seconds(-1_000) }, orders, payments: others },
    statuses: [...statuses, wordBytes(800, counted)],
  });
}

function refusalOf(bundle: Bundle): string {
  try {
    encodeBundle(bundle);
    return 'none';
  } catch (error) {
    if (error instanceof ProtocolError) return error.code;
    throw error;
  }
}

function isWithinBounds(bundle: Bundle): boolean {
  const { items, bytes } = bundleSize(bundle);
  return items <= BUNDLE_MAX_ITEMS && bytes <= BUNDLE_MAX_BYTES;
}

const changesIn = ({ objects }: Bundle) => ({
  orders: objects.flatMap(({ typ, bytes }) =>
    typ === OBJECTS['lifecycle-order'].typ ? [keptObject('lifecycle-order', bytes).value.change.version] : [],
  ),
  words: objects.flatMap(({ typ, bytes }) =>
    typ === OBJECTS['delegation-status'].typ ? [keptObject('delegation-status', bytes).value.version] : [],
  ),
});

describe('the room in a bundle', () => {
  it('is enough for most: nothing is left out', () => {
    const bundle = long(40, 20);
    expect(withinRoom(bundle, PAID_AT)).toBe(bundle);
    expect(verifyBundle(encodeBundle(bundle)).standing).toBe('verified');
  });

  it('T14: is for the newest payments where it is not enough, and the PSP’s count tells that there are more', () => {
    const bundle = { ...long(60, 140), notes: upTo(250).map(String) };
    const fitted = withinRoom(bundle, PAID_AT);
    expect(bundleSize(fitted).items).toBe(BUNDLE_MAX_ITEMS);
    expect(changesIn(fitted)).toEqual(changesIn(bundle));
    expect(fitted.payments).toEqual(bundle.payments.slice(-fitted.payments.length));
    const { standing, faults, missing } = verifyBundle(encodeBundle(fitted));
    expect([standing, faults, missing]).toEqual(['incomplete', [], ['payments']]);
    expect(decodeBundle(encodeBundle(fitted))).toEqual(fitted);
  });

  it('T17: is for the newest changes up to the payment where not even they fit, and a word since is missed', () => {
    const bundle = long(300, 10);
    const fitted = withinRoom(bundle, PAID_AT);
    const { orders, words } = changesIn(fitted);
    expect([isWithinBounds(bundle), isWithinBounds(fitted)]).toEqual([false, true]);
    expect([orders.at(0), orders.at(-1), words.at(0), words.at(-1)]).toEqual([
      301 - orders.length,
      300,
      301 - words.length,
      300,
    ]);
    expect(orders.length + words.length).toBeGreaterThan(200);
    expect(fitted.payments).toEqual(bundle.payments);
    const { standing, faults, missing } = verifyBundle(encodeBundle(fitted));
    expect([standing, faults, missing]).toEqual(['incomplete', [], ['delegation-status']]);
  });

  it('is held against bytes, too', () => {
    const bundle = long(0, 0);
    const large = { receipt: new Uint8Array(512), request: new Uint8Array(2_304) };
    const heavy = { ...bundle, payments: upTo(450).map(() => large) };
    expect(bundleSize(heavy).items).toBeLessThan(BUNDLE_MAX_ITEMS);
    const fitted = withinRoom(heavy, PAID_AT);
    const { bytes } = bundleSize(fitted);
    expect([bytes <= BUNDLE_MAX_BYTES, bytes > BUNDLE_MAX_BYTES - 20_000]).toEqual([true, true]);
  });

  it('T30: is not overstepped by whoever writes one, as it is not by whoever reads one', () => {
    const bare = { ...long(0, 0), notes: [] };
    const [empty, one] = [bundleSize(bare), bundleSize({ ...bare, notes: ['a'.repeat(4_000)] })];
    const written = (count: number, note: string) => refusalOf({ ...bare, notes: upTo(count).map(() => note) });
    const items = BUNDLE_MAX_ITEMS - empty.items;
    expect([written(items, 'a'), written(items + 1, 'a')]).toEqual(['none', 'cbor-too-long']);
    const most = Math.floor((BUNDLE_MAX_BYTES - empty.bytes) / (one.bytes - empty.bytes));
    const notes = [written(most, 'a'.repeat(4_000)), written(most + 1, 'a'.repeat(4_000))];
    expect(notes).toEqual(['none', 'cbor-too-long']);
  });
});
