/** Diagnostic notation, RFC 8949 §8. Byte strings that hold CBOR of the profile stand as `<<…>>` (RFC 8610 appendix G.3). */
import { decodeCbor, hex, ProtocolError } from '../../protocol/index.ts';
import { type Item, MAJOR, readItem, readItems } from './cbor-items.ts';
import { visible } from './visible.ts';

const LINE_WIDTH = 100;
const INDENT = '  ';
/** COSE tags of our messages; `<<` is worth its while for a map or an array with something in it, too. */
const LEADS_EMBEDDED = (first: number): boolean =>
  first === 0xd2 || first === 0xd0 || (first > 0x80 && first < 0xc0 && first !== 0xa0);

/** One item, or several one after another. @throws InspectError `inspect-malformed` with the offset of the bad byte. */
export function diagnose(bytes: Uint8Array): string {
  return readItems(bytes)
    .map((item) => write(item, ''))
    .join(',\n');
}

const isIndefinite = ({ info }: Item): boolean => info === 31;

/** How an item of each major type stands; `indent` is that of the line it begins in. */
const WRITERS: readonly ((item: Item, indent: string) => string)[] = [
  ({ argument }) => String(argument),
  ({ argument }) => String(-1n - argument),
  (item, indent) => (isIndefinite(item) ? chunks(item, indent, "''_") : byteString(item.content as Uint8Array, indent)),
  (item, indent) => (isIndefinite(item) ? chunks(item, indent, '""_') : textString(item.content as Uint8Array)),
  (item, indent) =>
    container(
      '[]',
      item,
      item.children.map((child) => write(child, indent + INDENT)),
      indent,
    ),
  (item, indent) => container('{}', item, pairs(item, indent), indent),
  ({ argument, children }, indent) => `${argument}(${write(children[0] as Item, indent)})`,
  simple,
];

function write(item: Item, indent: string): string {
  return (WRITERS[item.major] as (typeof WRITERS)[number])(item, indent);
}

function pairs({ children }: Item, indent: string): string[] {
  return children.flatMap((key, i) =>
    i % 2 === 0 ? [`${write(key, indent + INDENT)}: ${write(children[i + 1] as Item, indent + INDENT)}`] : [],
  );
}

function container(brackets: string, item: Item, entries: readonly string[], indent: string): string {
  const [open, close] = brackets as unknown as [string, string];
  const opened = isIndefinite(item) ? `${open}_ ` : open;
  const line = `${opened}${entries.join(', ')}${close}`;
  if (!line.includes('\n') && indent.length + line.length <= LINE_WIDTH) return line;
  return `${opened.trimEnd()}\n${entries.map((entry) => indent + INDENT + entry).join(',\n')}\n${indent}${close}`;
}

/** RFC 8949 §8.1: an empty indefinite string has no chunks to show its kind by. */
function chunks(item: Item, indent: string, empty: string): string {
  const { children } = item;
  return children.length === 0
    ? empty
    : container(
        '()',
        item,
        children.map((child) => write(child, indent)),
        indent,
      );
}

function byteString(content: Uint8Array, indent: string): string {
  if (!LEADS_EMBEDDED(content[0] ?? 0)) return `h'${hex(content)}'`;
  const item = embedded(content);
  return item === undefined ? `h'${hex(content)}'` : `<<${write(item, indent)}>>`;
}

/** The item that a byte string holds. Only what the profile can have written counts, so that random bytes stay bytes. */
function embedded(content: Uint8Array): Item | undefined {
  try {
    const item = readItem(content);
    if (item.major !== MAJOR.tag) decodeCbor(content);
    return item;
  } catch (error) {
    if (error instanceof ProtocolError || (error as { code?: unknown }).code === 'inspect-malformed') return undefined;
    throw error;
  }
}

/** JSON's escapes are those of the notation; what a terminal would act on is escaped as well. */
function textString(content: Uint8Array): string {
  try {
    return visible(JSON.stringify(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content)));
  } catch {
    return `h'${hex(content)}' / no valid UTF-8 /`;
  }
}

const SIMPLE: Readonly<Record<number, string>> = { 20: 'false', 21: 'true', 22: 'null', 23: 'undefined' };

function simple({ info, argument }: Item): string {
  if (info <= 24) return SIMPLE[Number(argument)] ?? `simple(${argument})`;
  const value = floatOf(info, argument);
  return Number.isInteger(value) && Math.abs(value) < 1e21 ? `${Object.is(value, -0) ? '-0' : value}.0` : String(value);
}

/** IEEE 754 binary16, binary32 or binary64, for additional information 25, 26 and 27. */
function floatOf(info: number, bits: bigint): number {
  const view = new DataView(new ArrayBuffer(8));
  if (info === 27) {
    view.setBigUint64(0, bits);
    return view.getFloat64(0);
  }
  if (info === 26) {
    view.setUint32(0, Number(bits));
    return view.getFloat32(0);
  }
  const [sign, exponent, fraction] = [bits >> 15n === 1n ? -1 : 1, Number((bits >> 10n) & 31n), Number(bits & 1023n)];
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25);
}
