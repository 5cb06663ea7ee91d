/**
 * The CDDL (RFC 8610) of the binding, rendered from the declarations, so that what is published is what the code does.
 * Every member stands on a line of its own with its name in the comment: readers in other languages take names from there.
 */
import { EdgeTerms } from './act/edge-terms.ts';
import { category, identifier, methodUrn, principalId, pspUrn, url } from './act/fields.ts';
import { ACT_OBJECTS } from './act/objects.ts';
import { CBOR_LIMITS } from './cbor.ts';
import { CDDL_PRELUDE } from './cddl-prelude.ts';
import { Evidence } from './evidence.ts';
import { currency, epochSeconds, minor, paidMinor } from './fields.ts';
import { FRAMES } from './frames.ts';
import { agentId, digest, id16, orderNo, partyId, paymentMethod, paymentToken, slug, tradeNo } from './ids.ts';
import { OBJECTS } from './objects.ts';
import { RecipientKeyBody } from './recipient-key.ts';
import type { WireField, WireKind, WireType } from './wire.ts';

type Type = WireType<unknown>;
type Kind<I extends WireKind['is']> = Extract<WireKind, { is: I }>;

/** Scalars that many maps share, under the name they get. */
const SHARED: readonly (readonly [string, unknown])[] = [
  ['id16', id16],
  ['digest', digest],
  ['currency', currency],
  ['epoch-seconds', epochSeconds],
  ['amount', minor],
  ['paid-amount', paidMinor],
  ['party-id', partyId],
  ['order-no', orderNo],
  ['trade-no', tradeNo],
  ['agent-id', agentId],
  ['payment-token', paymentToken],
  ['payment-method', paymentMethod],
  ['slug', slug],
  ['identifier', identifier],
  ['https-url', url],
  ['act-payment-method', methodUrn],
  ['psp-id', pspUrn],
  ['principal-id', principalId],
  ['category', category],
];

/** RFC 8610 appendix B: what may stand as a name without quotes. */
const CDDL_ID = /^[A-Za-z@_$](?:[-.]*[A-Za-z0-9@_$])*$/;

/** CDDL takes patterns as in XML Schema: always the whole text, no `^`, `$`, non-capturing groups or escaped `/` (RFC 8610 §3.8.3). */
function xsdPattern(pattern: RegExp): string {
  return pattern.source
    .replace(/^\^|\$$/g, '')
    .replaceAll('(?:', '(')
    .replaceAll('\\/', '/')
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"');
}

function sizeOf(min: number, max: number): string {
  return min === max ? `${min}` : `(${min}..${max})`;
}

/** Names maps, renders each once, and keeps the rules in the order in which they were first needed. */
export class CddlRules {
  readonly rules: string[] = [];
  readonly #closed = new Map<WireKind, string>();
  /** What is the body of a frame takes extensions there, and none as a signed object or inside another one. */
  readonly #open = new Map<WireKind, string>();
  readonly #taken = new Set<string>();
  readonly #shared: ReadonlyMap<string, string>;

  constructor() {
    const rendered = SHARED.map(([name, type]) => [name, this.#scalar(type as Type)] as const);
    this.#shared = new Map(rendered.map(([name, text]) => [text, name]));
    this.rules.push(rendered.map(([name, text]) => `${name} = ${text}`).join('\n'));
  }

  /**
   * The type as it stands inside another one: a rule name for a map, else the type itself.
   * @param prefix put before the names of maps that have no name yet.
   * @param open lets the map, and none inside it, take extensions (SPEC ACTC-VER-003).
   */
  of(type: Type, prefix = '', open = false): string {
    const { kind } = type;
    if (kind?.is === 'ruled') return this.of(kind.of, prefix, open);
    if (kind?.is === 'map') return this.#map(kind, prefix, open);
    if (kind?.is === 'list') return `[${kind.min}*${kind.max} ${this.of(kind.of, prefix)}]`;
    if (kind?.is === 'text-or-list') return `${this.of(kind.text, prefix)} / ${this.of(kind.list, prefix)}`;
    if (kind?.is === 'variant') return [...kind.cases.values()].map((one) => this.of(one, prefix)).join(' / ');
    const text = this.#scalar(type);
    return this.#shared.get(text) ?? text;
  }

  #scalar({ kind, cddl, encode }: Type): string {
    if (kind?.is === 'names') {
      const members = kind.names.map((name) => {
        return `${CDDL_ID.test(name) ? name : `"${name}"`}: ${String(encode(name, name))}`;
      });
      return `&(${members.join(', ')})`;
    }
    if (kind?.is === 'bytes') return `bytes .size ${sizeOf(kind.minLength, kind.maxLength)}`;
    if (kind?.is === 'text' && kind.pattern !== undefined)
      return `(text .size (1..${kind.maxLength})) .and (text .regexp "${xsdPattern(kind.pattern)}")`;
    return cddl.replace(/ ;.*$/, '');
  }

  #map(kind: Kind<'map'>, prefix: string, open: boolean): string {
    const named = open ? this.#open : this.#closed;
    const known = named.get(kind);
    if (known !== undefined) return known;
    const name = this.#free(`${kind.name.startsWith(prefix) ? '' : prefix}${kind.name.replace(/[^A-Za-z0-9]+/g, '-')}`);
    named.set(kind, name);
    const members = [...kind.fields].sort(byKey).map((field) => {
      return `  ${field.optional ? '? ' : ''}${field.key}: ${this.of(field.type, prefix)}, ; ${field.name}\n`;
    });
    const extensions = open ? '  * nint => value, ; extensions\n' : '';
    this.rules.push(`${name} = {\n${members.join('')}${extensions}}`);
    return name;
  }

  #free(wanted: string): string {
    let name = wanted;
    for (let next = 2; this.#taken.has(name); next++) name = `${wanted}-${next}`;
    this.#taken.add(name);
    return name;
  }
}

function byKey(a: WireField, b: WireField): number {
  return a.key - b.key;
}

function section(title: string, lines: readonly string[]): string {
  return `; ${title}\n\n${lines.join('\n')}`;
}

/** The whole of `act.cddl`. */
export function renderCddl(): string {
  const rules = new CddlRules();
  const objects = Object.entries(OBJECTS).map(([name, { typ, body }]) => {
    return `signed-${name} = signed-object<${typ}, ${rules.of(body as Type)}>`;
  });
  const frames = Object.entries(FRAMES).map(([name, { typ, body }]) => {
    return `frame-${name} = signed-frame<${typ}, ${rules.of(body as Type, '', true)}>`;
  });
  rules.of(Evidence as Type);
  rules.of(RecipientKeyBody as Type);
  // Only ever spelt in JSON; the rule tells their bounds.
  rules.of(EdgeTerms as Type);
  const act = Object.entries(ACT_OBJECTS).map(([name, { component, type }]) => {
    return `; ${component}\nact-object-${name} = ${rules.of(type as Type, 'act-')}`;
  });
  const names = (prefix: string, table: object) => Object.keys(table).map((name) => `${prefix}-${name}`);
  const { bytes, depth, items } = CBOR_LIMITS;
  return `${[
    `; act-edge: ACT 2.1 as CBOR and COSE. Rendered from the declarations; SPEC.md beside it says what CDDL cannot.`,
    `; Limits of every item: ${bytes} bytes, ${depth} containers inside one another, ${items} entries in one.`,
    '',
    section('Any message', [
      'act-message = frame / object / sealed-frame / signed-recipient-key / evidence',
      `frame = ${names('frame', FRAMES).join(' / ')}`,
      `object = ${names('signed', OBJECTS).join(' / ')}`,
    ]),
    '',
    CDDL_PRELUDE,
    section('Signed objects', objects),
    '',
    section('Frames', frames),
    '',
    section('Bodies and what is in them', [rules.rules.join('\n\n')]),
    '',
    section('ACT objects', act),
  ].join('\n')}\n`;
}
