/**
 * Times on the trusted surface. They are shown in UTC, with the zone beside them: the signer has no zone of its own, and one
 * told by the host would let the host move the end of a delegation on the page and leave it in the bytes. In UTC the same
 * bytes give the same page everywhere, and one text means one instant (compare T7).
 */
import { type EpochSeconds, toIsoUtc } from '../../protocol/time.ts';
import { displayWidth } from './width.ts';

/** `YYYY-MM-DD`, and `HH:MM UTC`, with the seconds where there are some: what is signed is shown whole. */
export function utcOf(second: EpochSeconds): { readonly date: string; readonly time: string } {
  const iso = toIsoUtc(second);
  return { date: iso.slice(0, 10), time: `${iso.slice(11, 19).replace(/:00$/, '')} UTC` };
}

/** The fewest rows: label, date and time are parted from one another but never inside. */
export function timeRows(label: string, second: EpochSeconds, columns: number): string[] {
  const { date, time } = utcOf(second);
  const layouts = [[`${label} ${date} ${time}`], [`${label} ${date}`, time]];
  return layouts.find((rows) => rows.every((row) => displayWidth(row) <= columns)) ?? [label, date, time];
}
