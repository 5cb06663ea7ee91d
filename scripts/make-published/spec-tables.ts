/** The tables of SPEC.md, made from the code. Everything between `<!-- table: NAME -->` and `<!-- end -->` is written here. */
import { BOUNCE_MS, STUCK_MS } from '../../device/confirm/button.ts';
import {
  BEAT_MS,
  DEAD_MS,
  HOLD_MS,
  LATE_MS,
  PAGE_MS,
  SPEECH_MS_PER_COLUMN,
  TIMEOUT_MS,
} from '../../device/confirm/gate.ts';
import { PHRASES } from '../../device/confirm/phrases.ts';
import { DELEGATION_PHRASES } from '../../device/confirm/phrases-delegation.ts';
import { PROFILES } from '../../device/confirm/profiles.ts';
import { MAX_IAC_BYTES } from '../../device/signer/read-delegation.ts';
import { CddlRules } from '../../protocol/cddl.ts';
import { FRAMES } from '../../protocol/frames.ts';
import {
  ACT_OBJECTS,
  CBOR_LIMITS,
  CLOCK_SKEW_S,
  CURRENCY_EXPONENTS,
  EdgeTerms,
  ENVELOPE_OVERHEAD_BYTES,
  FRAME_MAX_BYTES,
  FRAME_MAX_LIFETIME_S,
  MAX_MINOR,
  OBJECTS,
  PROFILE,
  PROFILE_FLOOR,
  PROFILE_VERSION,
  PROTOCOL_ERROR_CODES,
  RECIPIENT_KEY_GRACE_S,
  RECIPIENT_KEY_MAX_WINDOW_S,
  SEALED_SIZES,
  TRADE_TRANSITIONS,
} from '../../protocol/index.ts';
import { RECIPIENT_KEY_TYP } from '../../protocol/recipient-key.ts';
import type { WireKind, WireType } from '../../protocol/wire.ts';
import { ERROR_MEANINGS } from './error-meanings.ts';
import { phraseRows, statementRows } from './statement-tables.ts';

type Row = readonly (string | number)[];
type Type = WireType<unknown>;

function table(head: readonly string[], rows: readonly Row[]): string {
  const line = (cells: Row) => `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

const nameOf = (type: unknown) => new CddlRules().of(type as Type);

/** Every map below a declaration, once each, outermost first. */
function mapsOf(type: Type, found: Map<WireKind, Extract<WireKind, { is: 'map' }>> = new Map()) {
  const { kind } = type;
  if (kind?.is === 'ruled' || kind?.is === 'list') mapsOf(kind.of, found);
  if (kind?.is === 'text-or-list') mapsOf(kind.list, found);
  if (kind?.is === 'variant') for (const one of kind.cases.values()) mapsOf(one, found);
  if (kind?.is === 'map' && !found.has(kind)) {
    found.set(kind, kind);
    for (const field of kind.fields) mapsOf(field.type, found);
  }
  return found;
}

function fieldRows(types: readonly unknown[], prefix: string, hasJson = prefix !== ''): Row[] {
  const rules = new CddlRules();
  const maps = new Map<WireKind, Extract<WireKind, { is: 'map' }>>();
  for (const type of types) mapsOf(type as Type, maps);
  return [...maps.values()].flatMap((map) => {
    const rule = rules.of({ kind: map } as unknown as Type, prefix);
    const fields = [...map.fields].sort((a, b) => a.key - b.key);
    return fields.map(({ key, name, jsonName, type, optional }) => {
      const json = hasJson ? [`\`${jsonName}\``] : [];
      return [`\`${rule}\``, key, `\`${name}\``, ...json, `\`${rules.of(type, prefix)}\``, optional ? 'no' : 'yes'];
    });
  });
}

const LIMITS: readonly Row[] = [
  ['profile', PROFILE],
  ['profile version', PROFILE_VERSION],
  ['lowest profile version accepted', PROFILE_FLOOR],
  ['bytes of one item', CBOR_LIMITS.bytes],
  ['containers inside one another', CBOR_LIMITS.depth],
  ['entries of one container', CBOR_LIMITS.items],
  ['bytes of a frame', FRAME_MAX_BYTES],
  ['longest life of a frame, s', FRAME_MAX_LIFETIME_S],
  ['clocks may differ by, s', CLOCK_SKEW_S],
  ['largest amount, minor units', MAX_MINOR],
  ['bytes of an envelope', SEALED_SIZES.join(', ')],
  ['bytes an envelope adds to the padded frame', ENVELOPE_OVERHEAD_BYTES],
  ['type number of a recipient key', RECIPIENT_KEY_TYP],
  ['longest window of a recipient key, s', RECIPIENT_KEY_MAX_WINDOW_S],
  ['a recipient key opens after its end for, s', RECIPIENT_KEY_GRACE_S],
  ['bytes of an IAC payload that is confirmed', MAX_IAC_BYTES],
  ['hold to confirm, ms', HOLD_MS],
  ['dead time after the last page appeared, ms', DEAD_MS],
  ['each page but the last is shown for, ms', PAGE_MS],
  ['without a display: each column of a sentence lasts, ms', SPEECH_MS_PER_COLUMN],
  ['the prompt ends after, ms', TIMEOUT_MS],
  ['a level counts after, ms', BOUNCE_MS],
  ['a button held longer is stuck, ms', STUCK_MS],
  ['a held button is looked after every, ms', BEAT_MS],
  ['a hold that nobody has watched for longer than this is none, ms', LATE_MS],
];

/** Phrases with what is put in between braces. */
const PHRASE_FORMS: Readonly<Record<string, (words: (typeof PHRASES)['en-US']) => string>> = {
  heading: (words) => words.heading,
  total: (words) => words.total,
  payee: (words) => words.payee,
  discount: (words) => words.discount,
  delivery: (words) => words.delivery,
  order: (words) => words.order,
  eta: (words) => words.eta('{minutes}' as unknown as number),
  hold: (words) => words.hold,
  click: (words) => words.click,
  'cut short': (words) => words.cutShort.replaceAll(' ', '␣'),
  pause: (words) => words.pause.replaceAll(' ', '␣'),
  'say payment': (words) => words.sayPayment('{amount}', '{payee}'),
  'say line': (words) => words.sayLine('{quantity}' as unknown as number, '{title}', '{amount}'),
  sentence: (words) => words.sentence('{text}'),
  'say closing': (words) => words.sayClosing('{amount}'),
};

const TABLES: Readonly<Record<string, () => string>> = {
  frames: () =>
    table(
      ['Type', 'Frame', 'From', 'To', 'Body'],
      Object.entries(FRAMES).map(([name, { typ, from, to, body }]) => [
        typ,
        name,
        from.join(', '),
        to.join(', '),
        nameOf(body),
      ]),
    ),
  objects: () =>
    table(
      ['Type', 'Object', 'Signer', 'Body'],
      Object.entries(OBJECTS).map(([name, { typ, signer, body }]) => [typ, name, signer, nameOf(body)]),
    ),
  fields: () =>
    table(
      ['Map', 'Key', 'Field', 'Type', 'Required'],
      fieldRows(
        [...Object.values(OBJECTS), ...Object.values(FRAMES)].map(({ body }) => body),
        '',
      ),
    ),
  'act-objects': () =>
    table(
      ['Object', 'Component', 'Rule'],
      Object.entries(ACT_OBJECTS).map(([name, { component }]) => [name, component, `\`act-object-${name}\``]),
    ),
  'act-fields': () =>
    table(
      ['Map', 'Key', 'Field', 'JSON', 'Type', 'Required'],
      fieldRows(
        Object.values(ACT_OBJECTS).map(({ type }) => type),
        'act-',
      ),
    ),
  terms: () => table(['Map', 'Key', 'Field', 'JSON', 'Type', 'Required'], fieldRows([EdgeTerms], '', true)),
  currencies: () => table(['Currency', 'Decimals'], Object.entries(CURRENCY_EXPONENTS)),
  trade: () => table(['State', 'Event', 'Next state'], TRADE_TRANSITIONS),
  limits: () => table(['What', 'Value'], LIMITS),
  profiles: () =>
    table(
      ['Profile', 'Columns', 'Rows', 'Speech'],
      Object.values(PROFILES).map(({ id, columns, rows, speech }) => [id, columns, rows, speech ? 'yes' : 'no']),
    ),
  phrases: () =>
    table(
      ['Phrase', ...Object.keys(PHRASES)],
      Object.entries(PHRASE_FORMS).map(([name, form]) => [name, ...Object.values(PHRASES).map(form)]),
    ),
  'statement-fields': () =>
    table(['Document', 'Field', 'Statement', 'Words', 'Shown', 'Where left out'], statementRows()),
  'statement-phrases': () => table(['Phrase', ...Object.keys(DELEGATION_PHRASES)], phraseRows()),
  errors: () =>
    table(
      ['Code', 'Meaning'],
      PROTOCOL_ERROR_CODES.map((code) => [`\`${code}\``, ERROR_MEANINGS[code]]),
    ),
};

/** The specification with its tables as the code has them today. @throws Error for a table nobody makes, or that is not there. */
export function withTables(spec: string): string {
  const missing = new Set(Object.keys(TABLES));
  const written = spec.replace(
    /(<!-- table: ([a-z-]+) -->\n)[\s\S]*?(<!-- end -->)/g,
    (_, start: string, name: string, end: string) => {
      const make = TABLES[name];
      if (make === undefined || !missing.delete(name)) throw new Error(`no table ${name}, or twice`);
      return `${start}\n${make()}\n\n${end}`;
    },
  );
  if (missing.size > 0) throw new Error(`the specification lacks the tables ${[...missing].join(', ')}`);
  return written;
}
