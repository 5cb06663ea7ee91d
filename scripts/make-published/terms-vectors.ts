/** Vectors of the terms in the private part of a credential, and of what authorises a payment out of a sub-account. */
import {
  authoriseSubAccount,
  type Currency,
  type EdgeTerms,
  hex,
  type IacPayload,
  isSubAccountAuthorised,
  ProtocolError,
  signObject,
  termsOf,
  toIsoUtc,
  writeTerms,
} from '../../protocol/index.ts';
import { at, OBJECT_KEYS, VALUES } from '../fuzz-samples.ts';
import { plain, type Vector } from './vector.ts';

type Mode = 'SPECIFIED' | 'BOUNDED';

/** Of the credential, in minor units. */
const TOTAL = VALUES.authorization.iac.maxTotalMinor;

/** The terms of a credential that holds this text, in this currency and mode. */
export function termsIn(terms: string, currency: Currency, delegationMode: Mode): EdgeTerms | undefined {
  const iac: IacPayload = { ...VALUES.authorization.iac, currency, delegationMode, ext: { vendorPrivate: terms } };
  return termsOf(iac);
}

const coffee: EdgeTerms = {
  currency: 'CNY',
  items: [
    { itemId: 'latte', quantity: 1, choices: ['large', 'oat'] },
    { itemId: 'croissant', quantity: 20 },
  ],
  ...{ maxDailyMinor: 3_000, maxOrders: 10_000, weekdays: [1, 7], fromMin: 0, untilMin: 1_440, utcOffsetMin: 840 },
};
const concert: EdgeTerms = {
  currency: 'JPY',
  items: [{ itemId: 'concert-ticket', quantity: 2 }],
  ...{ maxDailyMinor: 1, utcOffsetMin: -720, wantedFrom: at(86_400), wantedUntil: at(2 * 86_400) },
};
const report: EdgeTerms = {
  currency: 'KWD',
  purpose: 'market-report',
  maxDailyMinor: 1_234,
  utcOffsetMin: 0,
  firstFundMinor: 60_000,
};

const TAKEN: readonly (readonly [name: string, terms: EdgeTerms, mode: Mode])[] = [
  ['coffee on some days', coffee, 'SPECIFIED'],
  ['tickets for one day', concert, 'SPECIFIED'],
  ['a task', report, 'BOUNDED'],
];

const text = (terms: EdgeTerms) => writeTerms(terms);
const inner = (members: string) => `{"act_edge":{"currency":"CNY",${members}}}`;
const ITEM = '"items":[{"item_id":"latte","quantity":1}]';
const ZONE = '"utc_offset_min":480';
const good = inner(`${ITEM},${ZONE}`);

/** In CNY and SPECIFIED, unless another currency or mode is named. */
const REFUSED: readonly (readonly [name: string, terms: string, proves: string, other?: Currency | Mode])[] = [
  ['another member beside them', `{"act_edge":{},"more":1}`, 'ACTC-DEL-001'],
  ['another name for them', good.replace('act_edge', 'actEdge'), 'ACTC-DEL-001'],
  ['no object', `{"act_edge":[]}`, 'ACTC-DEL-001'],
  ['nothing in them', `{"act_edge":{}}`, 'ACTC-DEL-001'],
  ['a member nobody knows', inner(`${ITEM},${ZONE},"max_weight":1`), 'ACTC-DEL-001'],
  ['a member twice', inner(`${ITEM},${ITEM},${ZONE}`), 'ACTC-DEL-001'],
  ['members in another order', inner(`${ZONE},${ITEM}`), 'ACTC-DEL-001'],
  ['a space', good.replace(',', ', '), 'ACTC-DEL-001'],
  ['an amount without its decimals', inner(`${ITEM},"max_daily_amount":30,${ZONE}`), 'ACTC-DEL-001'],
  ['a text that is escaped', good.replace('latte', 'l\\u0061tte'), 'ACTC-DEL-001'],
  ['what is no JSON', good.slice(0, -1), 'ACTC-DEL-001'],
  ['a daily limit of nothing', inner(`${ITEM},"max_daily_amount":0.00,${ZONE}`), 'ACTC-DEL-001'],
  ['no zone', inner(ITEM), 'ACTC-DEL-001'],
  ['a zone beyond all zones', inner(`${ITEM},"utc_offset_min":841`), 'ACTC-DEL-001'],
  ['21 of one thing', good.replace('"quantity":1', '"quantity":21'), 'ACTC-DEL-001'],
  ['an empty list of choices', good.replace('"quantity":1', '"quantity":1,"choices":[]'), 'ACTC-DEL-001'],
  ['an eighth day', inner(`${ITEM},"weekdays":[8],${ZONE}`), 'ACTC-DEL-001'],
  ['neither items nor a purpose', inner(ZONE), 'ACTC-DEL-002'],
  ['items and a purpose', inner(`${ITEM},"purpose":"market-report",${ZONE}`), 'ACTC-DEL-002'],
  ['items where the agent chooses', good, 'ACTC-DEL-002', 'BOUNDED'],
  ['a purpose where the wearer chose', inner(`"purpose":"market-report",${ZONE}`), 'ACTC-DEL-002'],
  ['a first funding of no account', inner(`${ITEM},${ZONE},"first_fund_amount":20.00`), 'ACTC-DEL-002'],
  [
    'a first funding above the total',
    inner(`"purpose":"market-report",${ZONE},"first_fund_amount":600.01`),
    'ACTC-DEL-002',
    'BOUNDED',
  ],
  ['another currency than the credential', good, 'ACTC-DEL-002', 'USD'],
  ['an item twice', good.replace(/\[(.*)\]/, '[$1,$1]'), 'ACTC-DEL-002'],
  ['a choice twice', good.replace('"quantity":1', '"quantity":1,"choices":["oat","oat"]'), 'ACTC-DEL-002'],
  ['days out of order', inner(`${ITEM},"weekdays":[2,1],${ZONE}`), 'ACTC-DEL-002'],
  ['a day twice', inner(`${ITEM},"weekdays":[2,2],${ZONE}`), 'ACTC-DEL-002'],
  ['a time of day without its end', inner(`${ITEM},"from_min":420,${ZONE}`), 'ACTC-DEL-002'],
  ['a time of day without its start', inner(`${ITEM},"until_min":420,${ZONE}`), 'ACTC-DEL-002'],
  ['a time of day that ends as it starts', inner(`${ITEM},"from_min":420,"until_min":420,${ZONE}`), 'ACTC-DEL-002'],
  ['a wanted time without its end', inner(`${ITEM},${ZONE},"wanted_from":"${toIsoUtc(at(60))}"`), 'ACTC-DEL-002'],
  [
    'a wanted time that ends before it starts',
    inner(`${ITEM},${ZONE},"wanted_from":"${toIsoUtc(at(60))}","wanted_until":"${toIsoUtc(at(59))}"`),
    'ACTC-DEL-002',
  ],
];

function codeOf(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (error instanceof ProtocolError) return error.code;
    throw error;
  }
  throw new Error('these terms were to be refused');
}

/** `terms`, `currency`, `mode`, `total`: the text of `ext.vendor_private` and what the credential says; `decoded`: the terms. */
export function termsVectors(): Vector[] {
  const taken = TAKEN.map(([name, terms, mode]): Vector => {
    const proves = ['ACTC-DEL-001', 'ACTC-DEL-002'];
    return { name, proves, terms: text(terms), currency: terms.currency, mode, total: TOTAL, decoded: plain(terms) };
  });
  const refused = REFUSED.map(([name, terms, proves, other = 'CNY']): Vector => {
    const mode = other === 'BOUNDED' ? other : 'SPECIFIED';
    const currency = other === 'USD' ? other : 'CNY';
    return {
      name,
      proves: [proves],
      terms,
      currency,
      mode,
      total: TOTAL,
      code: codeOf(() => termsIn(terms, currency, mode)),
    };
  });
  return [...taken, ...refused];
}

const TYPE = 'autonomous-pay-request';
const paid = VALUES[TYPE];

/** `type`, `input`: a signed request; `publicKey`: of the sub-account; `decoded`: true. */
export function subAccountVectors(): Vector[] {
  const { paymentToken: _, ...order } = VALUES['delegated-pay-request'];
  const forOrder = authoriseSubAccount(
    'delegated-pay-request',
    { ...order, subAccountId: 'sub_7d1e' },
    OBJECT_KEYS.agent,
  );
  const cases: readonly (readonly [name: string, request: typeof paid, key?: Uint8Array])[] = [
    ['authorised for a resource', paid],
    ['another amount', { ...paid, amountMinor: 201 }],
    ['another payee', { ...paid, payee: 'other-desk' }],
    ['another request', { ...paid, requestId: order.requestId }],
    ['another sub-account', { ...paid, subAccountId: 'sub_7d1f' }],
    ['another credential', { ...paid, iac: order.iac }],
    ['another resource', { ...paid, resourceId: 'sector-news' }],
    ['the key of somebody else', paid, OBJECT_KEYS.psp.publicKey],
  ];
  const whole: Vector = {
    ...{ name: 'authorised for an order', proves: ['ACTC-DEL-003'], type: 'delegated-pay-request' },
    input: hex(signObject('delegated-pay-request', forOrder, OBJECT_KEYS.agent)),
    ...{ publicKey: hex(OBJECT_KEYS.agent.publicKey), decoded: true },
  };
  const others = cases.map(([name, request, key = OBJECT_KEYS.agent.publicKey]): Vector => {
    const input = hex(signObject(TYPE, request, OBJECT_KEYS.agent));
    const verdict = isSubAccountAuthorised(TYPE, request, key) ? { decoded: true } : { code: 'cose-signature' };
    return { name, proves: ['ACTC-DEL-003'], type: TYPE, input, publicKey: hex(key), ...verdict };
  });
  return [whole, ...others];
}
