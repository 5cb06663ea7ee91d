import { describe, expect, it } from 'vitest';
import { JournalReports } from '../../../device/audit/journal-reports.ts';
import { Lineage } from '../../../device/audit/lineage.ts';
import { reportedBy } from '../../../device/audit/records.ts';
import { recordIdOf, recordIdOfLeaf } from '../../../device/audit/reported.ts';
import { decodeRecord, type JournalRecord } from '../../../device/journal-record.ts';
import { isrOf } from '../../../device/purchase/asking.ts';
import { IDLE } from '../../../device/purchases.ts';
import { ActIsr } from '../../../protocol/act/intent.ts';
import {
  decodeCbor,
  digestOf,
  type EventType,
  hex,
  IacPayload,
  type Id16,
  jsonDigest,
  leafHash,
  secondsOf,
  sha256,
  utf8,
} from '../../../protocol/index.ts';
import { Rig, rigAfter, STORY } from '../agent-rig.ts';
import {
  cart,
  cartBytes,
  confirmationBytes,
  INTENT_ID,
  id,
  MERCHANT,
  messages,
  offer,
  PSP,
  receiptBytes,
  START,
  seconds,
  settings,
  updateBytes,
} from '../builders.ts';
import { settings as delegating } from '../delegation/builders.ts';
import { CHANNEL, checked, freshDisks, ReportingRig, storedRecords } from './reporting-rig.ts';

/** What a journal reports, entry by entry. */
function reportsOf(records: readonly JournalRecord[]) {
  let before = IDLE;
  return records.flatMap((record) => {
    const reported = reportedBy(before, record, settings);
    before = record.purchases;
    return reported;
  });
}

function journalOf(chapters: number): readonly JournalRecord[] {
  return storedRecords(rigAfter(chapters).disks.journal).map(decodeRecord);
}

const NAMES: readonly EventType[] = [
  'act:delegation:intent-created',
  'act:commerce:decision-logged',
  'act:commerce:cart-confirmed',
  'act:payment:transaction-completed',
  'act:commerce:fulfillment-completed',
];
const payer = { participantId: settings.agentId, role: 'PAYER_AGENT' };
const merchant = { participantId: MERCHANT, role: 'MERCHANT' };

describe('a purchase reports', () => {
  const reported = reportsOf(journalOf(STORY.length));

  it('its five events, in order, each once', () => {
    expect(reported.map(({ eventType }) => eventType)).toEqual(NAMES);
    expect(reported.every(({ intentId }) => intentId === INTENT_ID)).toBe(true);
  });

  it.each(STORY.map(({ name }, i) => [name, i] as const))('nothing before it has happened: after %s', (_, i) => {
    const counts = [0, 1, 1, 2, 3, 3, 3, 4, 4, 5];
    expect(reportsOf(journalOf(i + 1))).toHaveLength(counts[i] ?? 0);
  });

  it('the intent by the digest of its ISR in JSON', () => {
    const state = journalOf(2).at(-1)?.purchases.current;
    if (state?.at !== 'seeking') throw new Error('not seeking');
    const isr = isrOf(state.intent, settings);
    expect(reported[0]).toMatchObject({
      participants: [payer],
      eventBody: { isrDigest: hex(jsonDigest(ActIsr, isr, 'isr')), maxTotalMinor: 2_500, currency: 'CNY' },
    });
  });

  it('the decision by what was chosen and among how many', () => {
    const { offerId, merchant: merchantId, totalMinor, reasons } = offer();
    expect(reported[1]).toMatchObject({
      participants: [payer],
      eventBody: { candidates: 2, chosenItemId: offerId, merchantId, amountMinor: totalMinor, reasons },
    });
  });

  it('cart, payment and fulfilment by their signed objects, with the ids there are by then', () => {
    const { orderNo, totalMinor } = cart();
    expect(reported[2]).toMatchObject({
      orderNo,
      participants: [payer, merchant],
      eventBody: { cartDigest: digestOf(cartBytes()), finalMinor: totalMinor, itemCount: 1, etaMin: 25 },
    });
    expect(reported[3]).toMatchObject({
      ...{ orderNo, tradeNo: 'T-1', participants: [payer, merchant, { participantId: PSP, role: 'PSP' }] },
      eventBody: {
        ...{ payeeId: MERCHANT, amountMinor: totalMinor, tradeState: 'WAIT_SELLER_FULFILLMENT' },
        ...{ receiptDigest: digestOf(receiptBytes()), confirmationDigest: digestOf(confirmationBytes()) },
      },
    });
    expect(reported[4]).toMatchObject({
      ...{ orderNo, tradeNo: 'T-1', participants: [payer, merchant] },
      eventBody: { tradeState: 'TRADE_FINISHED', updateDigest: digestOf(updateBytes(3, 'TRADE_FINISHED')) },
    });
  });

  it('a payment at no later time than it was heard of, whatever clock signed the receipt', () => {
    const rig = rigAfter(7);
    rig.send(messages.receipt(receiptBytes({ paidAt: seconds(3_000) })), PSP);
    const paid = reportsOf(storedRecords(rig.disks.journal).map(decodeRecord))[3];
    expect(paid).toMatchObject({ eventTime: seconds(0), eventBody: { paidAt: seconds(3_000) } });
  });

  it('an order that was closed as such, and one the merchant fell silent about not at all', () => {
    const closed = rigAfter(8);
    closed.send(messages.fulfilment(1, 'WAIT_SELLER_FULFILLMENT'), MERCHANT);
    closed.send(messages.fulfilment(2, 'TRADE_CLOSED'), MERCHANT);
    const last = reportsOf(storedRecords(closed.disks.journal).map(decodeRecord)).at(-1);
    expect(last).toMatchObject({ eventType: NAMES[4], eventBody: { tradeState: 'TRADE_CLOSED' } });
    const silent = rigAfter(8);
    silent.clock.advance(5 * 3_600_000);
    expect(silent.state).toMatchObject({ at: 'ended', reason: 'no-news-of-order' });
    expect(reportsOf(storedRecords(silent.disks.journal).map(decodeRecord))).toHaveLength(4);
  });

  it('no end by late news that the purchase did not take for its end', () => {
    const rig = rigAfter(9);
    rig.send(messages.fulfilment(2, 'WAIT_BUYER_RECEIPT'), MERCHANT);
    rig.send(messages.fulfilment(2, 'TRADE_FINISHED'), MERCHANT);
    expect(rig.state.at).toBe('following');
    expect(reportsOf(storedRecords(rig.disks.journal).map(decodeRecord))).toHaveLength(4);
  });

  it('a purchase in the background as the one that is talked about', () => {
    const rig = rigAfter(9);
    rig.agent.wake();
    rig.say('order me a large iced latte');
    expect(rig.state.at).toBe('summarising');
    rig.send(messages.fulfilment(3, 'TRADE_FINISHED'), MERCHANT);
    const names = reportsOf(storedRecords(rig.disks.journal).map(decodeRecord)).map(({ eventType }) => eventType);
    expect(names).toEqual(NAMES);
  });

  it('nothing of one that was declined but what had happened by then', () => {
    const rig = rigAfter(6);
    rig.sign({ kind: 'declined' });
    expect(reportsOf(storedRecords(rig.disks.journal).map(decodeRecord))).toHaveLength(3);
  });
});

describe('a delegation', () => {
  it('reports the intent that the wearer said yes to, once, as the drafted credential has it', () => {
    const { directory, delegation } = delegating;
    const rig = new Rig(undefined, undefined, { directory, ...(delegation && { delegation }) });
    rig.agent.start();
    rig.link('online');
    rig.agent.wake();
    const reported = () => {
      const reports = new JournalReports(settings);
      return storedRecords(rig.disks.journal).flatMap((entry) => reports.take(decodeRecord(entry)));
    };
    rig.say('two concert tickets when they go on sale');
    expect(reported()).toEqual([]);
    rig.say('yes');
    const [state] = rig.agent.delegations.values();
    if (state?.at !== 'requesting') throw new Error(`it is ${state?.at}`);
    // Nobody answers: the same request again, and still one intent.
    rig.clock.advance(15_000);
    const iac = IacPayload.decode(decodeCbor(state.plan.iac), 'iac');
    expect(reported()).toEqual([
      {
        ...{ eventType: NAMES[0], eventTime: secondsOf(START), intentId: iac.intentId, delegationId: state.id },
        participants: [
          { participantId: settings.agentId, role: 'PRINCIPAL_AGENT' },
          { participantId: iac.agentId, role: 'PAYER_AGENT' },
        ],
        eventBody: {
          ...{ isrDigest: iac.sourceIsrDigest, delegationMode: 'SPECIFIED', maxTotalMinor: iac.maxTotalMinor },
          ...{ currency: 'CNY', validityEndTime: iac.validityEndTime, userConfirmationMethod: 'VOICE' },
        },
      },
    ]);
  });
});

describe('record ids', () => {
  it('follow from the entry and the event', () => {
    const entry = utf8('entry');
    const parts = [utf8('act-edge/record'), leafHash(entry), utf8(NAMES[0] as string)];
    const all = new Uint8Array(Buffer.concat(parts));
    expect(recordIdOf(entry, NAMES[0] as EventType)).toBe(hex(sha256(all)).slice(0, 32));
    const ids = [0, 1, 2].flatMap((nth) => NAMES.map((name) => recordIdOf(entry, name, nth)));
    expect(new Set([...ids, recordIdOf(utf8('other'), NAMES[0] as EventType)]).size).toBe(16);
  });

  it("tie each record to the one entry of the journal that tells of it, by the entry's hash in the tree", () => {
    const stand = new ReportingRig().after(STORY.length);
    stand.clock.advance(60_000);
    const leaves = storedRecords(stand.disks.journal).map(leafHash);
    for (const { record } of stand.attested()) {
      const entries = leaves.filter((leaf) => recordIdOfLeaf(leaf, record.eventType) === record.recordId);
      expect(entries).toHaveLength(1);
    }
  });
});

describe('the causal chain', () => {
  it('links each record to the one right before it', () => {
    const stand = new ReportingRig().after(STORY.length);
    stand.clock.advance(60_000);
    const ids = stand.attested().map(({ record }) => record.recordId);
    const links = stand.attested().map(({ record }) => record.upstreamRecordId);
    expect(ids).toHaveLength(5);
    expect(links).toEqual([undefined, ...ids.slice(0, 4)]);
  });

  it('goes on over a restart', () => {
    const first = new ReportingRig().after(5);
    first.clock.advance(10_000);
    const second = new ReportingRig({ ...first, disks: first.crash(), clock: first.clock });
    second.reporter.report(utf8('later'), [
      {
        ...{ eventType: 'act:payment:transaction-completed', eventTime: seconds(20), intentId: INTENT_ID },
        ...{ orderNo: cart().orderNo, tradeNo: 'T-1', participants: [{ participantId: PSP, role: 'PSP' }] },
        eventBody: {
          ...{ payeeId: MERCHANT, amountMinor: 1, currency: 'CNY', methodId: 'urn:act:payment:alipay' },
          ...{ tradeState: 'WAIT_SELLER_FULFILLMENT', paidAt: seconds(20), receiptDigest: digestOf(receiptBytes()) },
        },
      },
    ]);
    const [, , cartRecord, paid] = second.attested().map(({ record }) => record);
    expect(paid?.upstreamRecordId).toBe(cartRecord?.recordId);
  });

  it('keeps the orders and credentials of one intent apart', () => {
    const lineage = new Lineage();
    const add = (eventType: EventType, label: string, links: object = {}) =>
      lineage.add({ recordId: id(label), eventType, intentId: INTENT_ID, ...links } as never);
    const upstream = (eventType: EventType, links: object = {}) =>
      lineage.upstreamOf({ eventType, intentId: INTENT_ID, ...links } as never);
    const [delegationId, otherId] = [id('delegation'), id('other delegation')];
    add('act:delegation:intent-created', 'intent');
    add('act:delegation:delegation-issued', 'issued', { delegationId });
    add('act:delegation:delegation-suspended', 'suspended', { delegationId });
    expect(upstream('act:delegation:delegation-resumed', { delegationId })).toBe(id('suspended'));
    expect(upstream('act:delegation:delegation-issued', { delegationId: otherId })).toBe(id('intent'));
    add('act:commerce:decision-logged', 'decision 1', { delegationId, orderNo: 'A' });
    add('act:commerce:decision-logged', 'decision 2', { delegationId, orderNo: 'B' });
    expect(upstream('act:payment:transaction-completed', { delegationId, orderNo: 'A' })).toBe(id('decision 1'));
    expect(upstream('act:commerce:decision-logged', { delegationId, orderNo: 'C' })).toBe(id('suspended'));
    expect(lineage.upstreamOf({ eventType: 'act:commerce:decision-logged', intentId: id('another') } as never)).toBe(
      undefined,
    );
  });

  it('forgets the oldest intents first, which costs a link and no memory', () => {
    const lineage = new Lineage();
    const intent = (n: number) => id(`intent ${n}`) as Id16;
    for (let n = 0; n < 600; n++)
      lineage.add({ recordId: intent(n), eventType: 'act:delegation:intent-created', intentId: intent(n) });
    const linkOf = (n: number) =>
      lineage.upstreamOf({ eventType: 'act:commerce:decision-logged', intentId: intent(n) });
    expect([linkOf(0), linkOf(87), linkOf(88), linkOf(599)]).toEqual([undefined, undefined, intent(88), intent(599)]);
  });
});

describe('T27, T28: the records of a purchase', () => {
  const stand = new ReportingRig({ disks: freshDisks() }).after(STORY.length);
  stand.clock.advance(60_000);
  const attested = stand.attested();

  it('verify, each with its anchor and its proof', () => {
    expect(attested.map((one) => checked(one))).toEqual(NAMES.map(() => ({ conclusion: 'VERIFIED' })));
    expect(attested.map(({ record }) => record.eventType)).toEqual(NAMES);
    expect(stand.node.size).toBe(5);
    expect(stand.logged).toEqual([]);
  });

  it('are signed by the agent of this device over all of themselves, with a salt of their own', () => {
    for (const { record } of attested) {
      expect(record.signatures.map(({ signerId }) => signerId)).toEqual([settings.agentId]);
      const links = [
        ...(record.upstreamRecordId ? ['upstream_record_id'] : []),
        'intent_id',
        'event_type',
        'created_at',
      ];
      expect(record.signatures[0]?.coverage).toEqual(expect.arrayContaining(links));
      expect(record.salt.length).toBeGreaterThanOrEqual(16);
      expect(record.createdAt).toBeGreaterThanOrEqual(record.eventTime);
    }
    expect(new Set(attested.map(({ record }) => hex(record.salt))).size).toBe(5);
  });

  it('are not verified any more with another event, link or version under the same signature', () => {
    for (const one of attested) {
      const changes: object[] = [{ intentId: id('x') }, { structureVersion: '2.2' }, { upstreamRecordId: id('x') }];
      for (const change of changes) {
        const record = { ...one.record, ...change } as typeof one.record;
        expect(checked({ ...one, record }).conclusion).toBe('SIGNATURE_INVALID');
      }
    }
  });

  it('say nothing of words, place, account or token, nor do the anchors or the bytes on the way', () => {
    const { latitudeE3, longitudeE3 } = settings.place;
    const canaries = ['latte', 'sugar', '25 yuan', String(latitudeE3), String(longitudeE3), settings.paymentToken];
    const stored = storedRecords(stand.disks.attestations).map((bytes) => Buffer.from(bytes).toString('utf8'));
    const anchors = attested.flatMap(({ anchor }) =>
      anchor.split('.').map((part) => Buffer.from(part, 'base64url').toString('latin1')),
    );
    const everywhere = [...stored, ...anchors, ...stand.asked].join('\n');
    expect(everywhere).toContain(CHANNEL);
    for (const canary of canaries) expect(everywhere.toLowerCase()).not.toContain(canary.toLowerCase());
  });

  it('leave ids, times and hashes on the chain, and no word of the business', () => {
    const business = ['event_body', 'participants', 'salt', 'amount', MERCHANT];
    const payloads = attested.map(({ anchor }) => Buffer.from(anchor.split('.')[1] ?? '', 'base64url').toString());
    for (const word of business) expect(payloads.join()).not.toContain(word);
  });
});
