/** The demo's story as lines of a terminal. */
import type { StoryEntry, StoryResult } from '../sim/index.ts';

const SIGNS: Readonly<Record<StoryEntry['kind'], string>> = {
  wearer: 'wearer    ',
  voice: 'device    ',
  display: 'HUD       ',
  button: 'button    ',
  wire: 'wire      ',
  signature: 'signature ',
  money: 'money     ',
  end: 'end       ',
};

function clockOf(atMs: number): string {
  const s = Math.floor(atMs / 1000);
  return `${String(Math.floor(s / 60)).padStart(2)}:${String(s % 60).padStart(2, '0')}.${Math.floor((atMs % 1000) / 100)}`;
}

/** One moment as terminal lines; a page is drawn in a frame. */
export function tellEntry({ atMs, kind, text, lines }: StoryEntry): string {
  const head = `${clockOf(atMs)}  ${SIGNS[kind]}${text}\n`;
  if (!lines) return head;
  const indent = ' '.repeat(19);
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
