/** How the report page judges a whole bundle: objects, their links, the chain of records. Inlined as text, as `records.ts`. */
import type { Data } from './reading.ts';

/** All functions that the page judges with. */
export type Tools = typeof import('./reading.ts') &
  typeof import('./records.ts') &
  typeof import('./judging.ts') &
  typeof import('./after.ts');

const EVENT_NAMES = [
  'act:delegation:intent-created',
  ...['issued', 'suspended', 'resumed', 'revoked', 'expired'].map((what) => `act:delegation:delegation-${what}`),
  ...['act:commerce:decision-logged', 'act:commerce:cart-confirmed', 'act:payment:transaction-completed'],
  'act:commerce:fulfillment-completed',
];
export const BUNDLE_TABLES = {
  events: EVENT_NAMES,
  stages: [0, 1, 1, 1, 1, 1, 2, 3, 4, 5],
  names: {
    ...{ 1: 'cart', 2: 'challenge', 3: 'confirmation', 4: 'receipt', 5: 'fulfilment', 6: 'authorization' },
    ...{ 7: 'delegated-pay-request', 8: 'lifecycle-order', 9: 'delegation-challenge', 13: 'delegation-status' },
    ...{ 14: 'refund', 15: 'autonomous-pay-request' },
  },
  roles: { 1: 4, 2: 5, 3: 2, 4: 5, 5: 4, 6: 2, 7: 3, 8: 2, 9: 5, 13: 5, 14: 5, 15: 3 },
  /** Of which a bundle may have several. */
  many: [5, 8, 13, 14],
} as const;

/** Splits the sequence; every item is whole and in its one spelling. */
export function readBundle(t: Tools, data: Uint8Array, tables: Data): Data {
  const items: Data[] = [];
  for (let at = 0; at < data.length; ) {
    const { major, n, at: start } = t.headAt(data, at);
    t.need(major === 2 && start + n <= data.length && (n >= 256 || start - at < 3) && (n >= 24 || start - at < 2));
    items.push(t.decodeItem(data.slice(start, start + n)));
    at = start + n;
  }
  t.need(items.every((item) => item instanceof Map && item.size === 1));
  const kinds = items.map((item) => [...item.keys()][0]);
  const isOrdered = kinds.every((kind, i) => kind >= (kinds[i - 1] ?? 1) && kind <= 6);
  t.need(kinds[0] === 1 && kinds[1] !== 1 && isOrdered);
  const [[header], keys, objects, notes, records, payments] = [1, 2, 3, 4, 5, 6].map((kind) =>
    items.flatMap((item) => (item.has(kind) ? [item.get(kind)] : [])),
  ) as Data;
  t.need(!keys.some((key: Data) => t.isLowOrder(key.get(3))));
  const texts = records.map((item: Data) => (item.has(1) ? t.parseRecord(item.get(1)) : undefined));
  t.need(texts.every((text: Data) => Object.keys(text ?? {}).every((name) => tables.all.includes(name))));
  const found = { faults: new Set(), missing: new Set(), seen: new Map() };
  return { header, keys, objects, notes, records, payments, texts, tables, events: tables.events, ...found };
}

/**
 * Body, digest, and the party and key that signed; undefined for what cannot be believed, which is noted then. With a name it
 * belongs to another payment, and a request is one of two.
 */
export async function openSigned(
  t: Tools,
  bundle: Data,
  wanted: number,
  data: Uint8Array,
  at?: number,
  own?: string,
): Promise<Data> {
  const name = own ?? bundle.tables.names[wanted];
  const bad = () => {
    bundle.faults.add(`${name}-invalid`);
  };
  try {
    t.need(data[0] === 0xd2);
    const [top, bare, payload, signature] = t.decodeItem(data.slice(1));
    const header = t.decodeItem(top);
    const kid = t.toHex(header.get(4));
    const typ = own && wanted === 7 && header.get(16) === 15 ? 15 : wanted;
    const digest = t.toHex(await t.shaOf(data));
    const thumbs = await Promise.all(bundle.keys.map((key: Data) => t.thumbOf(key.get(3))));
    const key = bundle.keys.find((one: Data, i: number) => one.get(2) === 1 && String(thumbs[i]).startsWith(kid));
    if (key && key.get(4) !== bundle.tables.roles[typ]) return bad();
    const then = at || bundle.seen.get(digest);
    if (!key || (key.has(5) && (then ?? key.get(5)) >= key.get(5))) {
      bundle.missing.add(`${name}-key`);
      return undefined;
    }
    const isForm = header.get(1) === -19 && header.get(16) === typ && header.size === 3 && bare.size === 0;
    const aad = Uint8Array.from(t.encodeItem(['act-edge', 1, 'object', typ]));
    const signed = Uint8Array.from(t.encodeItem(['Signature1', top, aad, payload]));
    if (!isForm || !(await t.isSigned(signature, signed, key.get(3)))) return bad();
    const body = t.decodeItem(payload);
    t.need(t.isSound(typ, body));
    return { body, digest, party: key.get(1), thumb: await t.thumbOf(key.get(3)) };
  } catch {
    return bad();
  }
}

/** Opens the objects of a bundle and notes what is too many and too few. */
export async function openAll(t: Tools, bundle: Data): Promise<Data> {
  const kinds = bundle.objects.map((object: Data) => object.get(1));
  const withheld = bundle.header.get(8) ?? [];
  const known = Object.keys(bundle.tables.names).map(Number);
  const isForPayments = bundle.payments.length === 0 || kinds.includes(7) || kinds.includes(15);
  if (!isForPayments || !kinds.every((kind: number) => known.includes(kind) && kind !== 6))
    bundle.faults.add('object-unexpected');
  const single = known.filter((typ) => !bundle.tables.many.includes(typ));
  if (single.some((typ) => kinds.filter((kind: number) => kind === typ).length > 1))
    bundle.faults.add('object-repeated');
  const open = (typ: number, at?: number) => {
    const object = bundle.objects.find((one: Data) => one.get(1) === typ);
    return object && openSigned(t, bundle, typ, object.get(2), at);
  };
  const receipt = await open(4);
  const paid = receipt?.body.get(7);
  const [cart, challenge, confirmation, asked] = [
    await open(1, paid),
    await open(2, paid),
    await open(3, paid),
    await open(9, paid),
  ];
  const request = (await open(7, paid)) ?? (await open(15, paid));
  const iac = request && (await openSigned(t, bundle, 6, request.body.get(13), paid));
  const isDelegated = kinds.includes(7) || kinds.includes(15) || withheld.includes(2);
  const isForResource = kinds.includes(15) && request && !request.body.has(9);
  const wanted = [...(withheld.includes(1) || isForResource ? [] : [1]), ...(isDelegated ? [] : [2, 3]), 4];
  for (const typ of wanted) if (!kinds.includes(typ)) bundle.missing.add(bundle.tables.names[typ]);
  return { cart, challenge, confirmation, asked, request, iac, receipt, ...(await t.openMany(t, bundle)) };
}

/** Notes which statements of the objects contradict one another. */
export function judgeLinks(t: Tools, bundle: Data, objects: Data): void {
  const { cart, challenge, confirmation, asked, request, iac, receipt, news } = objects;
  const [c, h, f, q, r] = [cart, challenge, confirmation, request, receipt].map((one) => one?.body);
  const hex = (bytes: Data) => (bytes ? t.toHex(bytes) : undefined);
  const sum = (rows: Data, key: number) => rows.reduce((total: number, row: Data) => total + row.get(key), 0);
  const terms = (map: Data, ...keys: number[]) => keys.map((key) => map.get(key)).join('\n');
  const bounds = iac?.body.get(1);
  const shop = bounds?.get(14)?.get(1) ?? new Map();
  const head = bundle.header;
  const rules: [string, Data[], () => boolean][] = [
    ['subject-order', [r], () => r.get(3) === head.get(6)],
    ['subject-intent', [c], () => hex(c.get(2)) === hex(head.get(5))],
    ['subject-device', [confirmation ?? iac], () => (confirmation ?? iac).party === head.get(3)],
    ['subject-delegation', [q], () => hex(q.get(12)) === hex(head.get(7))],
    ['cart-signer', [c], () => cart.party === c.get(3)],
    ['cart-total', [c], () => sum(c.get(4), 4) + c.get(6) - sum(c.get(5), 2) === c.get(7)],
    ['challenge-cart', [c, h], () => hex(h.get(6)) === cart.digest],
    ['challenge-terms', [c, h], () => terms(c, 1, 3, 7, 8) === terms(h, 5, 4, 2, 3)],
    ['challenge-payer', [h, f], () => h.get(7) === confirmation.party],
    ['confirmation-challenge', [h, f], () => hex(f.get(1)) === challenge.digest],
    ['confirmation-late', [h, f], () => f.get(5) <= Math.min(h.get(9), c ? c.get(10) : h.get(9))],
    ['receipt-confirmation', [f, r], () => hex(r.get(2)) === confirmation.digest],
    ['receipt-psp', [h, r], () => receipt.party === challenge.party],
    ['receipt-challenge', [h, r], () => terms(h, 5, 4, 2, 3) === terms(r, 3, 6, 4, 5)],
    ['receipt-terms', [c, r], () => terms(c, 1, 3, 7, 8) === terms(r, 3, 6, 4, 5)],
    ['request-cart', [c, q], () => hex(q.get(9)) === cart.digest],
    ['request-agent', [q, iac], () => request.thumb === hex(iac.body.get(2))],
    ['request-credential', [q, iac], () => hex(q.get(12)) === hex(bounds.get(1)) && q.get(7) === bounds.get(4)],
    [
      'request-bounds',
      [q, iac, r],
      () =>
        r.get(5) === bounds.get(9) &&
        r.get(4) <= Math.min(bounds.get(8), shop.get(1) ?? bounds.get(8)) &&
        r.get(7) >= bounds.get(6) &&
        r.get(7) < bounds.get(7) &&
        (shop.get(5) ?? [r.get(6)]).includes(r.get(6)) &&
        !(shop.get(6) ?? []).includes(r.get(6)) &&
        (bounds.get(10) ?? [q.get(10)]).includes(q.get(10)),
    ],
    [
      'receipt-request',
      [q, r],
      () =>
        hex(r.get(2)) === request.digest &&
        (q.get(2) ?? r.get(3)) === r.get(3) &&
        terms(q, 8, 4, 5) === terms(r, 6, 4, 5),
    ],
    ['credential-challenge', [iac, asked], () => hex(iac.body.get(3)) === asked.digest],
    ['fulfilment-order', [r], () => news.every((one: Data) => one.body.get(1) === r.get(3) && one.party === r.get(6))],
  ];
  for (const [code, needed, holds] of [...rules, ...t.rulesAfter(t, bundle, objects)])
    if (needed.every((one: Data) => one !== undefined) && !holds()) bundle.faults.add(code);
}

/** What each event's record has to say of the objects that are there. */
export function recordRules(t: Tools, record: Data, { cart, challenge, request, iac, receipt, news }: Data): Data {
  const [body, r] = [record.event_body, receipt?.body];
  const exponents: Data = { JPY: 0, KRW: 0, VND: 0, KWD: 3 };
  const minor = (name: string) => Math.round(body[name] * 10 ** (exponents[body.currency] ?? 2));
  const isOwn = !r || (r.get(3) === record.out_trade_no && r.get(1) === (record.trade_no ?? r.get(1)));
  const isPaid = (payee: string, amount: string) =>
    r.get(6) === body[payee] && r.get(4) === minor(amount) && r.get(5) === body.currency;
  return {
    'intent-created': () => !r || request || (r.get(5) === body.currency && r.get(4) <= minor('max_total_amount')),
    'delegation-issued': () =>
      !iac ||
      (t.toHex(iac.body.get(1).get(1)) === record.delegation_id &&
        iac.body.get(1).get(8) === minor('max_total_amount') &&
        (body.confirmation_digest ?? iac.digest) === iac.digest),
    'decision-logged': () => !r || (body.merchant_id ?? r.get(6)) === r.get(6),
    'cart-confirmed': () =>
      (!cart || (cart.digest === body.cart_digest && cart.body.get(4).length === body.item_count)) &&
      (!challenge || t.toHex(challenge.body.get(6)) === body.cart_digest) &&
      (!r || (isOwn && isPaid('merchant_id', 'final_amount'))),
    'transaction-completed': () =>
      !r ||
      (isOwn &&
        receipt.digest === body.receipt_digest &&
        isPaid('payee_id', 'amount') &&
        r.get(7) === t.secondsIn(body.paid_at) &&
        (body.confirmation_digest ?? t.toHex(r.get(2))) === t.toHex(r.get(2))),
    'fulfillment-completed': () =>
      (!r || (isOwn && r.get(6) === body.merchant_id)) &&
      (news.length === 0 || news.some((one: Data) => one.digest === body.update_digest)),
  };
}

/** Notes where the records do not tell one story, and the same one as the objects. */
export function judgeStory(t: Tools, bundle: Data, objects: Data): void {
  const { header, events, tables, texts, faults, missing } = bundle;
  const shown = texts.filter((text: Data) => text);
  const ids = bundle.records.map((item: Data) => t.toHex(item.get(6)));
  const stage = (record: Data) => tables.stages[events.indexOf(record.event_type)];
  const subject = [t.toHex(header.get(5)), header.get(6), t.toHex(header.get(7) ?? [])];
  for (const record of shown) {
    const links = [record.intent_id, record.out_trade_no, record.delegation_id];
    if (!links.every((link, i) => link === undefined || link === subject[i])) faults.add('record-subject');
    const upstream = shown.find((other: Data) => other.record_id === record.upstream_record_id);
    const isBefore =
      !upstream ||
      ((stage(upstream) < stage(record) || (stage(upstream) === 1 && stage(record) === 1)) &&
        t.secondsIn(upstream.event_time) <= t.secondsIn(record.event_time));
    if (!isBefore) faults.add('record-upstream');
    const name = record.event_type.split(':')[2];
    const holds = recordRules(t, record, objects)[name];
    if (holds && !holds()) faults.add(`record-${name}`);
    if (record.upstream_record_id && !ids.includes(record.upstream_record_id)) missing.add('upstream');
  }
  if (new Set(ids).size < ids.length) faults.add('record-repeated');
  if (!shown.some((record: Data) => record.event_type === events[8])) missing.add('payment-record');
}

/** The verdict on the bytes of a bundle; it throws for what is none. */
export async function judgeBytes(t: Tools, data: Uint8Array, tables: Data): Promise<Data> {
  const bundle = readBundle(t, data, tables);
  const conclusions: (string | undefined)[] = [];
  for (const [i, item] of bundle.records.entries())
    conclusions.push(await t.judgeItem(t, bundle, item, bundle.texts[i]));
  const objects = await openAll(t, bundle);
  judgeLinks(t, bundle, objects);
  t.judgeLimits(t, bundle, objects);
  judgeStory(t, bundle, objects);
  const [faults, missing] = [[...bundle.faults].sort(), [...bundle.missing].sort()];
  const unsure = conclusions.filter((one) => one !== undefined && one !== 'VERIFIED');
  const isAccused = unsure.some((one) => !Object.values(tables.unknown).includes(one));
  const isWhole = missing.length === 0 && unsure.length === 0;
  const standing = faults.length > 0 || isAccused ? 'broken' : isWhole ? 'verified' : 'incomplete';
  return { standing, conclusions, unsure, faults, missing, objects, bundle };
}
