/** The tables of SPEC.md section 9.2: into which statement each field of a document is put, and the words of the statements. */
import { ACCOUNT_FIELDS } from '../../device/confirm/account-view.ts';
import { OFFER_FIELDS } from '../../device/confirm/binding-view.ts';
import { IAC_FIELDS } from '../../device/confirm/bounds-view.ts';
import { CHANGE_FIELDS } from '../../device/confirm/change-view.ts';
import type { Teller, Told, Treatment } from '../../device/confirm/field-table.ts';
import { DELEGATION_PHRASES, type DelegationPhrases } from '../../device/confirm/phrases-delegation.ts';
import { mapOf } from '../../protocol/act/json-form.ts';
import { EdgeTerms, IacPayload, LifecycleChange, SubAccountChange } from '../../protocol/index.ts';
import { BindingOffer } from '../../protocol/messages/signer.ts';
import type { WireType } from '../../protocol/wire.ts';

type Type = WireType<unknown>;
type Table = Readonly<Record<string, Treatment<unknown>>>;

/** What the functions among the phrases are given, so that the table shows where it goes. */
const PUT_IN: Readonly<Record<string, readonly string[]>> = {
  sayText: ['{text}'],
  sayQuoted: ['{label}', '{texts}'],
  sayTime: ['2006-01-02', '{time}'],
  sayBounds: ['{total}', '{end}'],
  sayBinding: ['{total}', '{end}'],
  sayChange: ['{what}', '{total}'],
  sayClosing: ['{hold}', '{total}'],
};

/** How the parts of the date above are spelt, in the languages together. */
const DATE_PARTS = [
  ['2006', '{year}'],
  ['January', '{month name}'],
  ['1', '{month}'],
  ['2', '{day}'],
] as const;

/** `sayClosing` is the phrase `say closing`. */
const spaced = (key: string) => key.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
/** A cell of a table loses the spaces at its ends. */
const visible = (text: string) => text.replace(/^ +| +$/g, (spaces) => '␣'.repeat(spaces.length));
/** Threats are numbered for the makers; the specification says what follows from them. */
const unnumbered = (reason: string) => reason.replace(/ \(T\d+\)/g, '');

function written(key: string, phrase: string | ((...parts: string[]) => string)): string {
  if (typeof phrase === 'string') return visible(phrase);
  const text = phrase(...(PUT_IN[key] ?? []));
  return key === 'sayTime' ? DATE_PARTS.reduce((form, [part, name]) => form.replace(part, name), text) : text;
}

/** Every phrase by its name in the table: those of a group have the name of the group in front. */
function phrasesOf(words: object, group?: string): (readonly [name: string, text: string])[] {
  return Object.entries(words).flatMap(([key, phrase]) => {
    const name = group === undefined ? spaced(key) : `${group} ${key}`;
    return typeof phrase === 'object' ? phrasesOf(phrase, name) : [[name, written(key, phrase)] as const];
  });
}

/** One row for each phrase, in all languages. */
export function phraseRows(): string[][] {
  const [first, ...others] = Object.values(DELEGATION_PHRASES).map((words) => phrasesOf(words));
  return (first ?? []).map(([name, text], i) => [name, text, ...others.map((phrases) => phrases[i]?.[1] ?? '')]);
}

/** Words that say which phrase they are; a group answers for whichever of its names is signed. */
function namesOf(words: object, group?: string): Readonly<Record<string, unknown>> {
  const names = Object.entries(words).map(([key, phrase]) => {
    const name = group === undefined ? spaced(key) : `${group} ${key}`;
    return [key, typeof phrase === 'object' ? namesOf(phrase, name) : name];
  });
  return Object.fromEntries([...names, ['{name}', `${group} {name}`]]);
}

const PROBE: Teller = {
  words: namesOf(DELEGATION_PHRASES['en-US']) as unknown as DelegationPhrases,
  money: () => 'money',
  nameOf: () => 'its name',
};

/** A value that shows, in what is told of it, what it was. */
function probeOf({ kind }: Type): unknown {
  if (kind?.is === 'list') return [probeOf(kind.of)];
  if (kind?.is === 'map') return Object.fromEntries(kind.fields.map(({ name, type }) => [name, probeOf(type)]));
  if (kind?.is === 'names') return '{name}';
  return kind?.is === 'int' ? 1 : 'itself';
}

/** What {@link PROBE} leads to, in words. */
const SHOWN: Readonly<Record<string, string>> = {
  ...{ '1': 'number', '0.01%': 'percentage', '00:01': 'time of day', 'UTC+00:01': 'offset' },
  ...{ '1x itself: itself': 'order', 'weekday 1': 'weekday {number}' },
};

type Cells = readonly [statement: string, words: string, shown: string];

/** @throws Error unless a field is one statement: the table has no place for more. */
function cellsOf(told: Told): Cells {
  const [statement, ...more] = typeof told === 'string' ? [] : told;
  if (statement === undefined || more.length > 0) throw new Error(`a field is one statement, not ${String(told)}`);
  const { kind } = statement;
  if (kind === 'sentence') return [kind, statement.text, ''];
  if (kind === 'time') return [kind, statement.label, ''];
  const shown = kind === 'value' ? statement.value : (kind === 'quoted' ? statement.texts : statement.names).join();
  return [kind, statement.label, SHOWN[shown] ?? shown];
}

function rowsOf(document: string, type: Type, table: Table, path: string): string[][] {
  const declared = new Map(mapOf(type).fields.map((field) => [field.name, field.type]));
  return Object.entries(table).flatMap(([name, treatment]) => {
    const field = name === 'vendorPrivate' ? (EdgeTerms as Type) : declared.get(name);
    if (field === undefined) throw new Error(`${document} has no field ${path}${name}`);
    if ('within' in treatment) return rowsOf(document, field, treatment.within as Table, `${path}${name}.`);
    return [[`\`${document}\``, `\`${path}${name}\``, ...rowOf(treatment, field)]];
  });
}

function rowOf(treatment: Treatment<unknown>, type: Type): readonly string[] {
  if ('isFirst' in treatment) return ['first', '', '', ''];
  if ('unseen' in treatment) return ['none', '', unnumbered(treatment.unseen), ''];
  if ('refused' in treatment) return ['refused', '', unnumbered(treatment.refused), ''];
  if (!('tell' in treatment)) return [];
  const absent = treatment.absent ? cellsOf(treatment.absent(PROBE))[1] : '';
  return [...cellsOf(treatment.tell(probeOf(type), PROBE)), absent];
}

/** One row for each field of what is confirmed as statements, in the order of showing. */
export function statementRows(): string[][] {
  const documents: readonly (readonly [string, unknown, unknown])[] = [
    ['iac', IacPayload, IAC_FIELDS],
    ['lifecycle-change', LifecycleChange, CHANGE_FIELDS],
    ['sub-account-change', SubAccountChange, ACCOUNT_FIELDS],
    ['binding-offer', BindingOffer, OFFER_FIELDS],
  ];
  return documents.flatMap(([name, type, table]) => rowsOf(name, type as Type, table as Table, ''));
}
