/**
 * How the report page judges what came after a payment and beside it: refunds, changes of the delegation, the other payments
 * under it. Inlined as text, as `records.ts`.
 */
import type { Tools } from './judging.ts';
import type { Data } from './reading.ts';

/** What an order, a word on a delegation or a refund has to be in itself, whoever has signed it. */
export function isSound(typ: number, body: Data): boolean {
  const ways: Data = { '1 2': [1, 3], '2 1': [1, 3], '1 3': [1, 2], '2 3': [1, 2], '1 4': [4], '2 4': [4] };
  const change = typ === 8 ? body.get(1) : undefined;
  if (change) return (ways[`${change.get(3)} ${change.get(4)}`] ?? []).includes(change.get(5));
  if (typ === 13) return body.get(5) > body.get(4) && body.get(9) <= body.get(7);
  return typ !== 14 || body.get(5) <= body.get(6);
}

/** Opens what there may be several of, and the other payments with their requests. */
export async function openMany(t: Tools, bundle: Data): Promise<Data> {
  const all = async (typ: number) => {
    const opened: Data[] = [];
    for (const object of bundle.objects)
      if (object.get(1) === typ) opened.push((await t.openSigned(t, bundle, typ, object.get(2))) ?? []);
    return opened.filter((one) => one.body);
  };
  const payments: Data[] = [];
  for (const pair of bundle.payments) {
    const receipt = await t.openSigned(t, bundle, 4, pair.get(1), undefined, 'payment');
    const request = await t.openSigned(t, bundle, 7, pair.get(2), receipt?.body.get(7), 'payment');
    if (receipt && request) payments.push({ receipt, request });
  }
  return { news: await all(5), orders: await all(8), words: await all(13), refunds: await all(14), payments };
}

/** Rules as those of `judgeLinks`: code, what must be there, whether it holds. */
export function rulesAfter(t: Tools, bundle: Data, { receipt, orders, words, refunds }: Data): Data[] {
  const [r, head] = [receipt?.body, bundle.header];
  const own = (id: Data) => head.has(7) && t.toHex(id) === t.toHex(head.get(7));
  const shown = refunds.reduce((total: number, one: Data) => total + one.body.get(5), 0);
  const told = Math.max(0, ...refunds.map((one: Data) => one.body.get(6)));
  if (told > shown) bundle.missing.add('refund');
  const isOfTrade = ({ body, party }: Data) =>
    body.get(2) === r.get(1) &&
    body.get(3) === r.get(3) &&
    body.get(4) === r.get(6) &&
    body.get(7) === r.get(5) &&
    party === receipt.party;
  return [
    ['change-delegation', [], () => orders.every(({ body }: Data) => own(body.get(1).get(2)))],
    [
      'change-signer',
      [],
      () => orders.every(({ body, party }: Data) => party === head.get(3) && body.get(1).get(5) === 1),
    ],
    [
      'status-delegation',
      [],
      () => words.every(({ body, party }: Data) => own(body.get(1)) && party === (receipt?.party ?? party)),
    ],
    ['refund-trade', [r], () => refunds.every(isOfTrade)],
    ['refund-over', [r], () => Math.max(shown, told) <= r.get(4)],
    ['refund-total', [], () => shown <= told],
  ];
}

/** Notes where all payments together are above what was signed, or after its end, and what is not shown of them. */
export function judgeLimits(t: Tools, bundle: Data, { receipt, request, iac, orders, words, payments }: Data): void {
  if (!receipt || !request || !iac) return;
  const bounds = iac.body.get(1);
  const isAsked = ({ receipt: { body: r }, request: { body: q, digest } }: Data) =>
    t.toHex(r.get(2)) === digest &&
    r.get(4) === q.get(4) &&
    r.get(5) === q.get(5) &&
    r.get(6) === q.get(8) &&
    r.get(3) === (q.get(2) ?? r.get(3));
  const isUnder = (one: Data) =>
    t.toHex(one.request.body.get(13)) === t.toHex(request.body.get(13)) && one.receipt.body.get(5) === bounds.get(9);
  const own = payments.filter((one: Data) => isAsked(one) && isUnder(one));
  const paid: Data[] = [receipt, ...own.map((one: Data) => one.receipt)].map(({ body }) => body);
  const said: Data[] = words.map(({ body }: Data) => body);
  const text = bounds.get(14)?.get(4) ?? '';
  const terms = text.startsWith('{"act_edge":{') ? JSON.parse(text).act_edge : {};
  const exponents: Data = { JPY: 0, KRW: 0, VND: 0, KWD: 3 };
  const daily = Math.round(
    (terms.max_daily_amount ?? Number.POSITIVE_INFINITY) * 10 ** (exponents[bounds.get(9)] ?? 2),
  );
  const dayOf = (r: Data) => Math.floor((r.get(7) + 60 * (terms.utc_offset_min ?? 480)) / 86_400);
  const sum = (some: Data[]) => some.reduce((total, r) => total + r.get(4), 0);
  const suspended = (r: Data) => said.filter((w) => w.get(2) === 2 && w.get(4) < r.get(7)).map((w) => w.get(3));
  const versions = [...said.map((w) => w.get(3)), ...orders.map(({ body }: Data) => body.get(1).get(7))];
  const before = (w: Data) => paid.filter((r) => r.get(7) <= w.get(4));
  const isKeptBack = (bundle.header.get(8) ?? []).includes(4);
  const wrong: [string, boolean][] = [
    ['payment-request', !payments.every(isAsked)],
    ['payment-delegation', !payments.every(isUnder)],
    ['payment-repeated', new Set(paid.map((r) => r.get(1))).size < paid.length],
    ['limit-total', Math.max(sum(paid), ...said.map((w) => w.get(7))) > bounds.get(8)],
    ['limit-daily', paid.some((r) => sum(paid.filter((other) => dayOf(other) === dayOf(r))) > daily)],
    [
      'limit-orders',
      Math.max(paid.length, ...said.map((w) => w.get(10))) > (terms.max_orders ?? Number.POSITIVE_INFINITY),
    ],
    ['paid-after-end', paid.some((r) => said.some((w) => w.get(2) > 2 && w.get(4) < r.get(7)))],
    [
      'paid-while-suspended',
      paid.some((r) => said.some((w) => w.get(2) === 2 && suspended(r).includes(w.get(3)) && w.get(4) >= r.get(7))),
    ],
  ];
  const lacking: [string, boolean][] = [
    ['delegation-status', !isKeptBack && said.every((w) => w.get(4) < receipt.body.get(7))],
    ['payments', !isKeptBack && said.some((w) => before(w).length < w.get(10) || sum(before(w)) < w.get(7))],
    ['resume', paid.some((r) => suspended(r).some((known) => Math.max(...versions) <= known))],
  ];
  for (const [code, isWrong] of wrong) if (isWrong) bundle.faults.add(code);
  for (const [code, isLacking] of lacking) if (isLacking) bundle.missing.add(code);
}
