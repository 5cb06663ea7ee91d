/**
 * What the report page reads evidence with, in a browser. Each function goes into the page as its own text, so none may use
 * anything but the others in this file and what every browser has. Written apart from `protocol/`: a second opinion.
 */

/** Evidence before it was judged: anything. */
export type Data = ReturnType<typeof JSON.parse>;

/** The library's verification, inlined with its licence. */
declare const verifyWithoutHost: (
  signature: Uint8Array,
  message: Uint8Array,
  key: Uint8Array,
  rules: { readonly zip215: boolean },
) => Promise<boolean>;

/** Ends the reading of something that is not what it has to be. */
export function need(holds: Data): void {
  if (!holds) throw new RangeError('refused');
}

/** RFC 8949 §4.2.1, for the values that bundles have. */
export function encodeItem(value: Data): number[] {
  const front = (major: number, n: number): number[] => {
    const width = [0, 1, 2, 4, 8].find((w) => n < (w === 0 ? 24 : 2 ** (8 * w))) as number;
    const digits = Array.from({ length: width }, (_, i) => Math.floor(n / 2 ** (8 * (width - 1 - i))) % 256);
    return [major * 32 + (width === 0 ? n : 24 + Math.log2(width)), ...digits];
  };
  if (typeof value === 'number') return value >= 0 ? front(0, value) : front(1, -1 - value);
  if (typeof value === 'string') {
    const text = [...new TextEncoder().encode(value)];
    return [...front(3, text.length), ...text];
  }
  if (value instanceof Uint8Array) return [...front(2, value.length), ...value];
  if (Array.isArray(value)) return [...front(4, value.length), ...value.flatMap(encodeItem)];
  const rows = [...value].map(([key, inner]: Data) => [encodeItem(key), encodeItem(inner)]);
  const order = (one: number[], other: number[]) => {
    const at = one.findIndex((byte, i) => byte !== other[i]);
    return at < 0 ? -1 : (one[at] as number) - (other[at] ?? -1);
  };
  rows.sort(([one], [other]) => order(one as number[], other as number[]));
  return [...front(5, value.size), ...rows.flat(2)];
}

export function headAt(data: Uint8Array, at: number): { major: number; n: number; at: number } {
  const initial = data[at] ?? 255;
  const [major, info] = [initial >> 5, initial & 31];
  need(info < 28 && major < 6);
  const width = info < 24 ? 0 : 2 ** (info - 24);
  need(at + width < data.length);
  let n = width === 0 ? info : 0;
  for (const byte of data.subarray(at + 1, at + 1 + width)) n = n * 256 + byte;
  return { major, n, at: at + 1 + width };
}

export function itemAt(data: Uint8Array, start: number): { value: Data; at: number } {
  const { major, n, at } = headAt(data, start);
  if (major < 2) return { value: major === 0 ? n : -1 - n, at };
  need(n <= data.length);
  if (major < 4) {
    need(at + n <= data.length);
    const bytes = data.slice(at, at + n);
    return { value: major === 2 ? bytes : new TextDecoder('utf-8', { fatal: true }).decode(bytes), at: at + n };
  }
  const values: Data[] = [];
  let end = at;
  while (values.length < n * (major - 3)) {
    const next = itemAt(data, end);
    values.push(next.value);
    end = next.at;
  }
  const pairs = () => new Map(values.flatMap((key, i) => (i % 2 === 0 ? [[key, values[i + 1]]] : [])));
  return { value: major === 4 ? values : pairs(), at: end };
}

/** What is not spelled as `encodeItem` would spell it is refused. */
export function decodeItem(data: Uint8Array): Data {
  const { value, at } = itemAt(data, 0);
  need(at === data.length && toHex(encodeItem(value)) === toHex(data));
  return value;
}

export function toHex(bytes: Iterable<number>): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

export function fromBase64(text: string): Uint8Array {
  need(/^[A-Za-z0-9+/_-]*={0,2}$/.test(text));
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (one) => one.charCodeAt(0));
}

export function utf8Of(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export async function shaOf(...parts: Iterable<number>[]): Promise<Uint8Array> {
  const bytes = Uint8Array.from(parts.flatMap((part) => [...part]));
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
}

/** The thumbprint of a key (RFC 9679); its beginning is the key id. */
export async function thumbOf(key: Uint8Array): Promise<string> {
  const entries: [number, Data][] = [
    [1, 1],
    [-1, 6],
    [-2, key],
  ];
  return toHex(await shaOf(encodeItem(new Map(entries))));
}

/** No key and no R of low order: under such, one signature can fit many messages (T22). */
export function isLowOrder(bytes: Uint8Array): boolean {
  const end = [...bytes.subarray(0, 31), (bytes[31] ?? 0) & 127];
  const full = (first: string) => `${first}${'ff'.repeat(30)}7f`;
  return [
    ...['00'.repeat(32), `01${'00'.repeat(31)}`, full('ec'), full('ed'), full('ee')],
    'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
    '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  ].includes(toHex(end));
}

export async function isSigned(signature: Uint8Array, message: Uint8Array, key: Uint8Array): Promise<boolean> {
  if (signature.length !== 64 || isLowOrder(key) || isLowOrder(signature.subarray(0, 32))) return false;
  try {
    const own: Data = await crypto.subtle.importKey('raw', Uint8Array.from(key), 'Ed25519', false, ['verify']);
    return await crypto.subtle.verify('Ed25519', own, Uint8Array.from(signature), Uint8Array.from(message));
  } catch (error) {
    // A key that is no point of the curve is nobody's; a browser without Ed25519 has the library in the page.
    if ((error as { readonly name?: string }).name !== 'NotSupportedError') return false;
    return await verifyWithoutHost(signature, message, key, { zip215: false }).catch(() => false);
  }
}

/** RFC 9162 §2.1.3.2. */
export async function isIncluded(leaf: Data, index: number, tree: Data, proof: Data): Promise<boolean> {
  if (!(index < tree.size)) return false;
  let [at, last, made] = [index, tree.size - 1, leaf];
  for (const beside of proof) {
    if (last === 0) return false;
    const isRight = at % 2 === 1 || at === last;
    made = await shaOf([1], isRight ? beside : made, isRight ? made : beside);
    while (isRight && at % 2 === 0 && at > 0) [at, last] = [at / 2, Math.floor(last / 2)];
    [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  }
  return last === 0 && toHex(made) === toHex(tree.root);
}

/** A C2SP checkpoint that its log has signed: size and root, and undefined for any other text. */
export async function openNote(note: string, key: Uint8Array): Promise<Data> {
  const [text = '', signatures = ''] = note.split('\n\n');
  const [name = '', size = '', root = '', ...more] = text.split('\n');
  const hash = toHex((await shaOf(utf8Of(`${name}\n`), [1], key)).subarray(0, 4));
  for (const line of signatures.split('\n')) {
    const [, by, encoded = ''] = line.split(' ');
    const raw = by === name ? fromBase64(encoded) : new Uint8Array();
    if (more.length > 0 || toHex(raw.subarray(0, 4)) !== hash) continue;
    const isOwn = await isSigned(raw.subarray(4), utf8Of(`${text}\n`), key);
    return isOwn ? { size: Number(size), root: fromBase64(root) } : undefined;
  }
  return undefined;
}

/** RFC 8785, for what records hold; numbers are those of the text. */
export function jcsOf(value: Data): string {
  if (Array.isArray(value)) return `[${value.map(jcsOf).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const names = Object.keys(value).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${jcsOf(value[name])}`).join(',')}}`;
}

/** As every text of a record: no member twice, which `JSON.parse` would pass over. */
export function parseRecord(text: string): Data {
  const record = JSON.parse(text);
  // The texts of bundles are written without spaces, so whatever was dropped makes the text longer.
  const names = (from: string) => from.match(/"(?:[^"\\]|\\.)*":/g)?.length;
  need(names(text) === names(JSON.stringify(record)));
  return record;
}
