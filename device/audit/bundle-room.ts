/**
 * What of a long delegation stands in a bundle, which has bounds: all of it where there is room, else the newest. A reader is
 * told that something is left out by what the PSP's words, or the want of one, show to be missing (T14, T17).
 */
import { type EpochSeconds, OBJECTS } from '../../protocol/index.ts';
import { BUNDLE_MAX_BYTES, BUNDLE_MAX_ITEMS, type Bundle, type BundleObject, bundleSize } from './bundle.ts';
import { keptObject } from './kept-object.ts';

type Room = ReturnType<typeof bundleSize>;

/** More than the heads around an object or a payment take in its item. */
const HEADS_BYTES = 32;
const ORDER = OBJECTS['lifecycle-order'].typ;
const STATUS = OBJECTS['delegation-status'].typ;

/**
 * The bundle as it is where it fits. Else up to half of the room is for the changes of the delegation, what is left of it for the
 * other payments. Where not even the changes fit, the PSP's words since the payment are left out before all others: how the
 * delegation stood when it was made is shown, and `delegation-status` is missing.
 * @param paidAt when the payment was made that the bundle is of.
 */
export function withinRoom(bundle: Bundle, paidAt: EpochSeconds): Bundle {
  if (isRoomy(roomBeside(bundle))) return bundle;
  const isChange = ({ typ }: BundleObject) => typ === ORDER || typ === STATUS;
  const rest = bundle.objects.filter((object) => !isChange(object));
  const room = roomBeside({ ...bundle, objects: rest, payments: [] });
  const half = { items: Math.floor(room.items / 2), bytes: Math.floor(room.bytes / 2) };
  const all = bundle.objects.filter(isChange).sort((one, other) => timeOf(one) - timeOf(other));
  const fitting = lastOf(all, half, objectBytes);
  const isAll = fitting.length === all.length;
  const changes = isAll
    ? all
    : lastOf(
        all.filter((one) => !isWordSince(one, paidAt)),
        half,
        objectBytes,
      );
  const left = { items: room.items - changes.length, bytes: room.bytes - sumOf(changes.map(objectBytes)) };
  const shown = new Set([...rest, ...changes]);
  return {
    ...bundle,
    objects: bundle.objects.filter((object) => shown.has(object)),
    payments: lastOf(bundle.payments, left, ({ receipt, request }) => receipt.length + request.length + HEADS_BYTES),
  };
}

function roomBeside(bundle: Bundle): Room {
  const { items, bytes } = bundleSize(bundle);
  return { items: BUNDLE_MAX_ITEMS - items, bytes: BUNDLE_MAX_BYTES - bytes };
}

function isRoomy({ items, bytes }: Room): boolean {
  return items >= 0 && bytes >= 0;
}

/** When the wearer made a change, or the PSP said how it stood. */
function timeOf({ typ, bytes }: BundleObject): EpochSeconds {
  return typ === ORDER
    ? keptObject('lifecycle-order', bytes).value.change.changedAt
    : keptObject('delegation-status', bytes).value.asOf;
}

function isWordSince(object: BundleObject, paidAt: EpochSeconds): boolean {
  return object.typ === STATUS && timeOf(object) >= paidAt;
}

function objectBytes({ bytes }: BundleObject): number {
  return bytes.length + HEADS_BYTES;
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, one) => sum + one, 0);
}

/** As many from the end as there is room for. */
function lastOf<T>(all: readonly T[], room: Room, bytesOf: (one: T) => number): readonly T[] {
  let bytes = 0;
  const leftOut = all.findLastIndex((one, i) => {
    bytes += bytesOf(one);
    return all.length - i > room.items || bytes > room.bytes;
  });
  return all.slice(leftOut + 1);
}
