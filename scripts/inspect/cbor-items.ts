/**
 * Any well-formed CBOR (RFC 8949 §3) as a tree with byte offsets: also what the strict profile refuses, because that is what
 * somebody inspects. It builds no values and judges nothing but well-formedness.
 */
import { InspectError } from './inspect-error.ts';

export const MAJOR = { unsigned: 0, negative: 1, bytes: 2, text: 3, array: 4, map: 5, tag: 6, simple: 7 } as const;

export interface Item {
  /** Offset of the first byte of its head, and of the first byte behind it. */
  readonly at: number;
  readonly end: number;
  readonly major: number;
  /** The low five bits of the initial byte. */
  readonly info: number;
  /** Value, length, count, tag number or simple value; 0 for an indefinite length. */
  readonly argument: bigint;
  /** The content of a string of definite length. */
  readonly content: Uint8Array | undefined;
  /** Entries of an array, keys and values of a map in turn, the content of a tag, the chunks of an indefinite string. */
  readonly children: readonly Item[];
}

/** An item inside so many others is refused: a reader that calls itself for each has an end. */
const DEEPEST = 64;
const INDEFINITE = 31;
const BREAK = 0xff;
const HINT = 'this is no whole CBOR item; look at how it was captured';

/** Reads one item that fills the input. @throws InspectError `inspect-malformed` with the offset. */
export function readItem(bytes: Uint8Array): Item {
  const item = new ItemReader(bytes).item(0, 0);
  if (item.end < bytes.length) malformed('bytes after the end', item.end);
  return item;
}

/** Reads the items of a sequence (RFC 8742), at least one. @throws InspectError as {@link readItem}. */
export function readItems(bytes: Uint8Array): Item[] {
  const reader = new ItemReader(bytes);
  const items: Item[] = [];
  for (let at = 0; at < bytes.length; at = (items.at(-1) as Item).end) items.push(reader.item(at, 0));
  return items;
}

class ItemReader {
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  item(at: number, depth: number): Item {
    if (depth > DEEPEST) malformed(`more than ${DEEPEST} items inside one another`, at);
    const initial = this.#byte(at);
    const [major, info] = [initial >> 5, initial & 31];
    if (info > 27 && info < INDEFINITE) malformed('a reserved head', at);
    if (info === INDEFINITE) return this.#indefinite(at, major, depth);
    const width = info < 24 ? 0 : 2 ** (info - 24);
    let argument = width === 0 ? BigInt(info) : 0n;
    for (let i = 1; i <= width; i++) argument = argument * 256n + BigInt(this.#byte(at + i));
    const body = at + 1 + width;
    const head = { at, major, info, argument };
    if (major === MAJOR.simple && info === 24 && argument < 32n) malformed('a simple value with a head too long', at);
    if (major === MAJOR.bytes || major === MAJOR.text) return this.#string(head, body);
    const count = { [MAJOR.array]: argument, [MAJOR.map]: argument * 2n, [MAJOR.tag]: 1n }[major] ?? 0n;
    const children: Item[] = [];
    let end = body;
    // Each takes a byte at least, so a huge count ends where the input does.
    for (let left = count; left > 0n; left--) {
      const child = this.item(end, depth + 1);
      children.push(child);
      end = child.end;
    }
    return { ...head, end, content: undefined, children };
  }

  #string(head: Pick<Item, 'at' | 'major' | 'info' | 'argument'>, body: number): Item {
    const left = this.#bytes.length - body;
    if (head.argument > BigInt(left))
      malformed(`a string of ${head.argument} bytes, of which ${left} are here`, head.at);
    const end = body + Number(head.argument);
    return { ...head, end, content: this.#bytes.slice(body, end), children: [] };
  }

  #indefinite(at: number, major: number, depth: number): Item {
    if (major < MAJOR.bytes || major === MAJOR.tag) malformed('a head without a length', at);
    if (major === MAJOR.simple) malformed('a break with nothing to end', at);
    const children: Item[] = [];
    let next = at + 1;
    while (this.#byte(next) !== BREAK) {
      const child = this.item(next, depth + 1);
      const isChunk = child.major === major && child.content !== undefined;
      if (major <= MAJOR.text && !isChunk) malformed('a chunk of another kind in a string', next);
      children.push(child);
      next = child.end;
    }
    if (major === MAJOR.map && children.length % 2 === 1) malformed('a key without a value', next);
    return { at, end: next + 1, major, info: INDEFINITE, argument: 0n, content: undefined, children };
  }

  #byte(at: number): number {
    return this.#bytes[at] ?? malformed('the input ends within an item', at);
  }
}

function malformed(what: string, at: number): never {
  throw new InspectError('inspect-malformed', `${what} at byte ${at}`, HINT, at);
}
