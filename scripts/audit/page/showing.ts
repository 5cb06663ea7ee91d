/** How the report page tells what it found, in both languages. Inlined as text; it writes texts only, never markup (T8). */
import type { Data } from './reading.ts';

export function linesOf({
  cart,
  challenge,
  confirmation,
  iac,
  request,
  receipt,
  asked,
  news,
  orders,
  words,
  refunds,
  payments,
}: Data): [number, string, string, string][] {
  const money = (minor: number, currency: string) => {
    const exponents: Data = { JPY: 0, KRW: 0, VND: 0, KWD: 3 };
    const digits = exponents[currency] ?? 2;
    return `${currency} ${(minor / 10 ** digits).toFixed(digits)}`;
  };
  const sum = (map: Data, amount: number, currency: number) => money(map.get(amount), map.get(currency));
  const states = [
    '',
    'CREATE',
    'WAIT_BUYER_PAY',
    'WAIT_SELLER_FULFILLMENT',
    'WAIT_BUYER_RECEIPT',
    'TRADE_FINISHED',
    'TRADE_CLOSED',
  ];
  const [c, h, f, i, q, r] = [cart, challenge, confirmation, iac, request, receipt].map((one) => one?.body);
  const things = (c?.get(4) ?? []).map((line: Data) => `${line.get(3)} × ${line.get(2)}`).join(', ');
  const lines: Data[] = [
    c && [c.get(9), cart.party, `offered ${things} for ${sum(c, 7, 8)}`, `报价：${things}，共 ${sum(c, 7, 8)}`],
    h && [
      h.get(8),
      challenge.party,
      `asked the wearer to confirm ${sum(h, 2, 3)} to ${h.get(4)}`,
      `请佩戴者确认向 ${h.get(4)} 支付 ${sum(h, 2, 3)}`,
    ],
    f && [f.get(5), confirmation.party, 'the wearer confirmed with the button', '佩戴者已按键确认'],
    i && [
      i.get(7),
      iac.party,
      `the wearer authorized ${i.get(1).get(4)} up to ${sum(i.get(1), 8, 9)}`,
      `佩戴者授权 ${i.get(1).get(4)}，上限 ${sum(i.get(1), 8, 9)}`,
    ],
    q && [
      q.get(6),
      request.party,
      `the agent asked for payment of ${sum(q, 4, 5)} to ${q.get(8)}`,
      `代理请求向 ${q.get(8)} 支付 ${sum(q, 4, 5)}`,
    ],
    r && [
      r.get(7),
      receipt.party,
      `paid ${sum(r, 4, 5)} to ${r.get(6)}, order ${r.get(3)}, trade ${r.get(1)}`,
      `已向 ${r.get(6)} 支付 ${sum(r, 4, 5)}，订单 ${r.get(3)}，交易号 ${r.get(1)}`,
    ],
    ...news.map((one: Data) => [
      one.body.get(4),
      one.party,
      `the order is at ${states[one.body.get(3)]}`,
      `订单状态：${states[one.body.get(3)]}`,
    ]),
  ];
  const more = linesAfter({ asked, orders, words, refunds, payments }, sum, money);
  return [...lines, ...more].filter((line) => line).sort((one, other) => one[0] - other[0]);
}

/** What came after the payment and beside it. */
export function linesAfter({ asked, orders, words, refunds, payments }: Data, sum: Data, money: Data): Data[] {
  const is = ['', ['active', '有效'], ['suspended', '已暂停'], ['revoked', '已撤销'], ['expired', '已到期']];
  const wish = ['', ['resume', '恢复'], ['suspend', '暂停'], ['revoke', '撤销'], ['end', '结束']];
  return [
    asked && [
      asked.body.get(5),
      asked.party,
      'asked the wearer to confirm the bounds of the delegation',
      '请佩戴者确认委托范围',
    ],
    ...orders.map(({ body, party }: Data) => {
      const [en, zh] = wish[body.get(1).get(4)] as Data;
      return [body.get(1).get(6), party, `the wearer asked to ${en} the delegation`, `佩戴者要求${zh}委托`];
    }),
    ...words.map(({ body, party }: Data) => {
      const [en, zh] = is[body.get(2)] as Data;
      const spent = money(body.get(7), body.get(6));
      return [
        body.get(4),
        party,
        `the delegation is ${en}, ${spent} spent in ${body.get(10)}`,
        `委托${zh}，已支付 ${spent}，共 ${body.get(10)} 笔`,
      ];
    }),
    ...payments.map(({ receipt: { body, party } }: Data) => [
      body.get(7),
      party,
      `also paid ${sum(body, 4, 5)} to ${body.get(6)} under the delegation, trade ${body.get(1)}`,
      `同一委托下另向 ${body.get(6)} 支付 ${sum(body, 4, 5)}，交易号 ${body.get(1)}`,
    ]),
    ...refunds.map(({ body, party }: Data) => [
      body.get(8),
      party,
      `gave back ${sum(body, 5, 7)} of trade ${body.get(2)}`,
      `已退款 ${sum(body, 5, 7)}，交易号 ${body.get(2)}`,
    ]),
  ];
}

export function table(page: Data, id: string, rows: readonly (readonly string[])[]): void {
  for (const row of rows) {
    const line = page.createElement('tr');
    for (const text of row) line.appendChild(page.createElement('td')).textContent = text;
    page.getElementById(id).appendChild(line);
  }
}

/** Fills the page with a verdict; `data-standing` of the body says how it stands. */
export function showVerdict(page: Data, verdict: Data): void {
  const { standing, faults, missing, conclusions, bundle, objects } = verdict;
  page.body.setAttribute('data-standing', standing);
  const say = (id: string, text: string) => {
    page.getElementById(id).textContent = text;
  };
  say(
    'standing',
    { verified: 'Verified · 已验证', incomplete: 'Incomplete · 不完整', broken: 'Broken · 已损坏' }[
      standing as string
    ] as string,
  );
  say('faults', faults.length > 0 ? `Wrong · 错误: ${faults.join(', ')}` : '');
  say('missing', missing.length > 0 ? `Not there · 缺失: ${missing.join(', ')}` : '');
  const kept = (bundle.header.get(8) ?? []).map(
    (part: number) => ['', 'cart · 购物车', 'request · 请求', 'records · 存证', 'payments · 其他支付'][part],
  );
  say('withheld', kept.length > 0 ? `Kept back, so not shown here · 未披露: ${kept.join(', ')}` : '');
  const time = (seconds: number) => `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;
  table(
    page,
    'story',
    linesOf(objects).map(([at, party, en, zh]) => [time(at), party, en, zh]),
  );
  table(
    page,
    'records',
    bundle.records.map((item: Data, i: number) => [
      bundle.events[item.get(7) - 1],
      conclusions[i] ?? 'kept back · 未披露',
      bundle.texts[i] ? bundle.texts[i].signatures.map((one: Data) => one.signer_id).join(', ') : '',
    ]),
  );
  const purposes = ['', 'object', 'record', 'journal', 'witness', 'chain'];
  const hex = (bytes: Uint8Array) => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  table(
    page,
    'keys',
    bundle.keys.map((key: Data) => [key.get(1), purposes[key.get(2)] ?? '', hex(key.get(3))]),
  );
}

/** Fills the page with why there is no verdict. */
export function showFailure(page: Data): void {
  // Without a secure context there are no digests either, and nothing can be said of the evidence.
  const isOld = typeof crypto === 'undefined' || !crypto.subtle;
  page.body.setAttribute('data-standing', isOld ? 'not-checked' : 'unreadable');
  page.getElementById('standing').textContent = isOld
    ? 'This browser cannot check signatures here: nothing was checked · 此浏览器无法在此验证签名，未作任何验证'
    : 'Broken: this is no evidence any more · 已损坏：证据无法读取';
}
