/** The demo's story as lines of a terminal. */
import { DEMO_START, type StoryEntry, type StoryResult, type TaleResult } from '../sim/index.ts';

const SIGNS: Readonly<Record<StoryEntry['kind'], string>> = {
  wearer: 'wearer    ',
  voice: 'device    ',
  display: 'HUD       ',
  button: 'button    ',
  wire: 'wire      ',
  signature: 'signature ',
  money: 'money     ',
  operator: 'operator  ',
  end: 'end       ',
};

function clockOf(atMs: number): string {
  const s = Math.floor(atMs / 1000);
  return `${String(Math.floor(s / 60)).padStart(2)}:${String(s % 60).padStart(2, '0')}.${Math.floor((atMs % 1000) / 100)}`;
}

const AHEAD_MS = 8 * 3_600_000;
const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** Weekday and time where the wearer is, for stories that last longer than an hour. */
function dayClockOf(atMs: number): string {
  const local = new Date(DEMO_START + AHEAD_MS + atMs);
  return `${WEEKDAYS[local.getUTCDay()]} ${local.toISOString().slice(11, 19)}`;
}

/** One moment as terminal lines; a page is drawn in a frame. */
export function tellEntry(entry: StoryEntry): string {
  return tellAt(clockOf(entry.atMs), entry);
}

/** How many frames back one that comes again and again is known by, such as a question with its answer. */
const ROUND = 4;

/** The same for a story of days: with weekday and time, and what comes every hour told once. */
export class TaleTeller {
  readonly #write: (text: string) => void;
  #latest: readonly string[] = [];
  #folded = 0;

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  tell(entry: StoryEntry): void {
    const isWire = entry.kind === 'wire';
    const frame = entry.text.replace(/, \d+ bytes$/, '');
    if (isWire && this.#latest.includes(frame)) {
      this.#folded += 1;
      return;
    }
    this.#unfold();
    this.#latest = isWire ? [...this.#latest, frame].slice(-ROUND) : [];
    this.#write(tellAt(dayClockOf(entry.atMs), entry));
  }

  /** @param result of the story that was told. */
  end(result: TaleResult): void {
    this.#unfold();
    this.#write(tellTaleEnd(result));
  }

  #unfold(): void {
    if (this.#folded > 0) this.#write(`${' '.repeat(14)}wire      … and ${this.#folded} more of these\n`);
    this.#folded = 0;
  }
}

function tellAt(time: string, { kind, text, lines }: StoryEntry): string {
  const head = `${time}  ${SIGNS[kind]}${text}\n`;
  if (!lines) return head;
  const indent = ' '.repeat(time.length + 12);
  const framed = lines.map((line) => `${indent}│ ${line}\n`).join('');
  return `${head}${indent}┌──\n${framed}${indent}└──\n`;
}

/** What it came to, in figures. */
export function tellEnd({ outcome, reason, debits, totalMinor, currency, bytes, bundle, frames }: StoryResult): string {
  const parts =
    bundle &&
    `cart ${bundle.cart} + challenge ${bundle.challenge} + confirmation ${bundle.confirmation} + receipt ${bundle.receipt}`;
  return [
    '',
    `outcome       ${outcome} (${reason})`,
    `debits        ${debits}, ${totalMinor} minor units of ${currency}`,
    ...(bytes.confirmation > 0
      ? [`confirmation  ${bytes.confirmation} bytes: digests of challenge and view, method, counter, time, signature`]
      : []),
    ...(parts ? [`evidence      ${bytes.bundle} bytes: ${parts}, each with its signature, in one CBOR map`] : []),
    `wire          ${frames.length} frames, ${bytes.wire} bytes of MQTT payload, sealed and padded to size classes`,
    '',
  ].join('\n');
}

/** What a story of a delegation came to, in figures, and what of it was not as told. */
export function tellTaleEnd({
  state,
  ledger,
  device,
  maxTotalMinor,
  currency,
  bytes,
  bundle,
  frames,
  ...told
}: TaleResult): string {
  const parts = Object.entries(bundle ?? {}).map(([name, length]) => `${name} ${length}`);
  return [
    '',
    `outcome       ${told.cameTrue ? 'as told' : 'not as told'}; the delegation is ${state}`,
    ...told.otherwise.map((claim) => `not so        ${claim}`),
    `debits        ${ledger.count}, ${ledger.spentMinor} of ${maxTotalMinor} minor units of ${currency}`,
    `refunds       ${ledger.refundedMinor} minor units`,
    `on the device ${device.count} receipts verified, ${device.spentMinor} spent, ${device.refundedMinor} paid back`,
    ...(bytes.authorization > 0
      ? [`authorization ${bytes.authorization} bytes: what the wearer allowed and held for`]
      : []),
    ...(parts.length > 0
      ? [`evidence      ${bytes.bundle} bytes at most: ${parts.join(' + ')}, each with its signature, in one CBOR map`]
      : []),
    `wire          ${frames.length} frames, ${bytes.wire} bytes of MQTT payload, sealed and padded to size classes`,
    '',
  ].join('\n');
}
