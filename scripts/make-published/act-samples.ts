/**
 * Values of any declaration, made from the declaration itself: one with as many fields as its rules allow, one with as few.
 * Times ascend in the order of declaration, amounts are equal, texts are the first of a list that their pattern takes.
 */

import type { WireField, WireKind, WireType } from '../../protocol/wire.ts';
import { at } from '../fuzz-samples.ts';
import { digestFor } from './keys.ts';

export type Extent = 'full' | 'short';
type Value = Record<string, unknown>;
type Kind<I extends WireKind['is']> = Extract<WireKind, { is: I }>;

const TEXTS = [
  'urn:act:payment:alipay',
  'urn:act:psp:alipay-official',
  'did:act:example.com/glasses-7',
  'https://example.com/act',
  '2.1',
  '2.1.0',
  'order-42',
  'rail',
  'POST',
  'ACT-A402-REQUEST_INVALID',
  `sha-256:${'A'.repeat(43)}`,
  'eyJh.eyJi.c2ln',
  '燕麦拿铁',
] as const;
const AMOUNT = 2500;
const FIRST_TIME = 946_684_800;
const COVERAGE = ['event_body', 'participants', 'salt', 'record_id', 'event_time', 'payload_hash'];

/** What fields cannot agree on by themselves, by the name of the map. */
const AGREED: Readonly<Record<string, (value: Value) => Value>> = {
  'cart-confirmation': totalled,
  'cart-confirmation-request': totalled,
  'record-signature': (value) => ({ ...value, coverage: COVERAGE }),
  'final-iac': (value) => {
    const subject = value.credentialSubject as Value;
    const told = { credentialId: subject.delegationId, issuer: subject.delegatorIdentity, trustee: subject.agentId };
    const life = { effectiveAt: subject.validityStartTime, expiresAt: subject.validityEndTime };
    return { ...value, credentialMetadata: { ...(value.credentialMetadata as Value), ...told, ...life } };
  },
};

function totalled(value: Value): Value {
  const items = (value.items as readonly { amountMinor: number }[]).reduce((sum, item) => sum + item.amountMinor, 0);
  const [delivery = 0, discount = 0] = [value.deliveryMinor, value.discountMinor] as (number | undefined)[];
  return { ...value, finalMinor: items + delivery - discount };
}

/** Makes values one after another; the same calls in the same order give the same values. */
export class Sampler {
  readonly #extent: Extent;
  #times = 0;
  #ids = 0;

  constructor(extent: Extent) {
    this.#extent = extent;
  }

  /** @throws Error where no set of fields keeps the rules: then {@link AGREED} lacks a line. */
  of(type: WireType<unknown>): unknown {
    const { kind } = type;
    if (kind === undefined) return this.#scalar(type);
    if (kind.is === 'int') return this.#int(kind);
    if (kind.is === 'text') return textOf(kind);
    if (kind.is === 'bytes') return new Uint8Array(Math.max(kind.minLength, Math.min(kind.maxLength, 8))).fill(0xa5);
    if (kind.is === 'names') return kind.names[0];
    if (kind.is === 'list') return Array.from({ length: Math.max(1, kind.min) }, () => this.of(kind.of));
    if (kind.is === 'text-or-list') return this.of(this.#extent === 'full' ? kind.list : kind.text);
    if (kind.is === 'variant') return this.of([...kind.cases.values()][0] as WireType<unknown>);
    return kind.is === 'map' ? this.#map(kind, () => true) : this.#ruled(kind);
  }

  #ruled({ of, holds }: Kind<'ruled'>): unknown {
    if (of.kind?.is === 'map') return this.#map(of.kind, holds);
    const value = this.of(of);
    if (!holds(value)) throw new Error('no sample keeps the rules');
    return value;
  }

  #map({ name, fields }: Kind<'map'>, holds: (value: unknown) => boolean): Value {
    const made = new Map(fields.map((field) => [field, this.of(field.type)] as const));
    const agree = AGREED[name] ?? ((value: Value) => value);
    for (const left of subsets(fields, this.#extent)) {
      for (const names of namings(left)) {
        const entries = left.map((field) => [field.name, names.get(field) ?? made.get(field)]);
        const value = agree(Object.fromEntries(entries));
        if (holds(value)) return value;
      }
    }
    throw new Error(`no sample of ${name} keeps its rules`);
  }

  #int({ min, max }: Kind<'int'>): number {
    if (min === FIRST_TIME) return at(60 * this.#times++);
    return Math.min(max, Math.max(min, max > 100_000 ? AMOUNT : 1));
  }

  #scalar({ cddl }: WireType<unknown>): unknown {
    const size = /^bytes \.size ([0-9]+)$/.exec(cddl)?.[1];
    if (size !== undefined) return digestFor(`sample ${this.#ids++}`).slice(0, 2 * Number(size));
    if (cddl === 'bool') return true;
    if (cddl.startsWith('"')) return 'CNY';
    return '{"note":"x","n":1.50}';
  }
}

function textOf({ maxLength, pattern }: Kind<'text'>): string {
  const fitting = TEXTS.filter((text) => text.length <= maxLength && (pattern?.test(text) ?? true));
  const text = pattern === undefined ? TEXTS[TEXTS.length - 1] : fitting[0];
  if (text === undefined) throw new Error(`no text fits ${pattern}`);
  return text;
}

/** All sets with the required fields: the largest first for a full value, the smallest first for a short one. */
function subsets(fields: readonly WireField[], extent: Extent): WireField[][] {
  const optional = fields.filter((field) => field.optional);
  const sets = Array.from({ length: 2 ** optional.length }, (_, bits) => {
    return fields.filter((field) => !field.optional || (bits >> optional.indexOf(field)) & 1);
  });
  return sets.sort((a, b) => (extent === 'full' ? b.length - a.length : a.length - b.length));
}

/** Every way to give the fields that hold a name one of theirs; with the first names first. */
function* namings(fields: readonly WireField[]): Generator<ReadonlyMap<WireField, string>> {
  const [first, ...rest] = fields.filter(({ type }) => type.kind?.is === 'names');
  if (first === undefined) {
    yield new Map();
    return;
  }
  const { names } = first.type.kind as Kind<'names'>;
  for (const naming of namings(rest)) for (const name of names) yield new Map([...naming, [first, name]]);
}
