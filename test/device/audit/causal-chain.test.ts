/** The whole causal chain of an intent out of the records of all parties (ACT 2.1 TSD-ATT-SVF, TSD-ATT-DSP; T27, T29). */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Attested } from '../../../device/audit/attestations.ts';
import { type CausalVerdict, judgeCausalChain, STAGES } from '../../../device/audit/causal-chain.ts';
import { handedText, readHanded } from '../../../device/audit/handed-records.ts';
import { makersIn } from '../../../device/audit/makers.ts';
import {
  AttestationRecord,
  anchorOf,
  type Id16,
  type JsonObject,
  ProtocolError,
  type RecordDraft,
  type SigningKey,
  signAnchor,
  signRecord,
  softSigningKey,
  toJson,
} from '../../../protocol/index.ts';
import { chainSigner, reportsOf } from '../../../sim/trust-chain/tenant-chain.ts';
import { playDelegated, playInstant, type ReportedWorld } from '../../sim/trust-chain/reported-stories.ts';
import { DEVICE, TENANT } from '../../sim/world/play.ts';

const [device] = TENANT.devices;
if (!device) throw new Error('no device');
const makerOf = makersIn(TENANT.directory, { party: DEVICE, agentId: device.agentId });
const parts = { node: chainSigner(TENANT), makerOf };
const allOf = (world: ReportedWorld) => [...world.disks.keys()].flatMap((party) => world.attested(party));

/** The record told otherwise and signed again by its own maker, not anchored. */
function told({ record }: Attested, other: Partial<RecordDraft>, as?: { id: string; key: SigningKey }): Attested {
  const signerId = record.signatures[0]?.signerId ?? '';
  const party = signerId === 'did:act:example.com/agent' ? 'agent' : signerId;
  const maker =
    as ??
    (signerId === device?.agentId
      ? { id: signerId, key: softSigningKey(device.frameSeed) }
      : reportsOf(TENANT, party).self);
  const { signatures: _, payloadHash: __, ...draft } = record;
  const made = signRecord({ ...draft, ...other } as RecordDraft, maker.id, maker.key);
  const anchor = signAnchor(
    anchorOf(made, { submitterId: maker.id, iat: made.createdAt, privacyChannel: 'act:channel:demo' }),
    maker.key,
  );
  return { record: made, anchor, standing: { at: 'pending' } };
}

describe('the causal chain of an intent', () => {
  let instant: readonly Attested[];
  let delegated: readonly Attested[];
  let purchase: Id16;
  let intents: readonly Id16[];

  beforeAll(async () => {
    instant = allOf(playInstant().reported);
    delegated = allOf((await playDelegated()).reported);
    purchase = instant[0]?.record.intentId as Id16;
    intents = [...new Set(delegated.flatMap(({ record }) => (record.orderNo ? [record.intentId] : [])))];
  }, 60_000);

  const judge = (attested: readonly Attested[], intentId = purchase): CausalVerdict =>
    judgeCausalChain(attested, intentId, parts);
  const is =
    (event: string, maker?: string) =>
    ({ record }: Attested) =>
      record.eventType.endsWith(event) && (maker === undefined || record.signatures[0]?.signerId === maker);
  /** The purchase with one record in place of another. */
  const swapped = (which: (one: Attested) => boolean, by: (one: Attested) => Attested, all = instant) =>
    all.map((one) => (which(one) ? by(one) : one));

  it('holds for a purchase by hand with the records of device, agent, shop and PSP', () => {
    const verdict = judge(instant);
    expect(verdict).toMatchObject({ standing: 'verified', faults: [], missing: [] });
    expect([...new Set(verdict.links.map(({ stage }) => stage))]).toEqual(STAGES.filter((one) => one !== 'delegation'));
    expect(verdict.links.every(({ conclusion }) => conclusion === 'VERIFIED')).toBe(true);
  });

  it('holds for what an agent bought, from the wearer’s intent to the fulfilment', () => {
    expect(intents).toHaveLength(2);
    for (const intentId of intents) {
      const verdict = judge(delegated, intentId);
      expect(verdict).toMatchObject({ standing: 'verified', faults: [], missing: [] });
      expect([...new Set(verdict.links.map(({ stage }) => stage))]).toEqual([...STAGES]);
    }
  });

  it('is not whole without another party, and accuses nobody', () => {
    const own = instant.filter(({ record }) => record.signatures[0]?.signerId === device.agentId);
    expect(judge(own)).toMatchObject({ standing: 'verified', missing: [] });
    const ownDelegated = delegated.filter(({ record }) => record.signatures[0]?.signerId === device.agentId);
    expect(judge(ownDelegated, intents[0])).toMatchObject({
      ...{ standing: 'incomplete', faults: [] },
      missing: ['decision', 'cart', 'payment', 'fulfilment'],
    });
    const noPsp = delegated.filter(({ record }) => record.signatures[0]?.signerId !== 'psp');
    expect(judge(noPsp, intents[0])).toMatchObject({ standing: 'incomplete', missing: ['delegation', 'payment'] });
    expect(judge([])).toMatchObject({ standing: 'incomplete', links: [] });
  });

  it('says that an anchor or a key is not there, and no more', () => {
    const unanchored = swapped(is('cart-confirmed', 'luna-coffee'), (one) => ({ ...one, standing: { at: 'pending' } }));
    expect(judge(unanchored)).toMatchObject({ standing: 'incomplete', faults: [], missing: ['anchor'] });
    const nobody = { ...parts, makerOf: (id: string, at: number) => (id === 'psp' ? undefined : makerOf(id, at)) };
    expect(judgeCausalChain(instant, purchase, nobody)).toMatchObject({ standing: 'incomplete', missing: ['key'] });
  });

  it.each<readonly [string, string, (one: Attested) => Attested, string]>([
    [
      'T29: a PSP that tells of another amount than cart and device',
      'transaction-completed',
      (one) => told(one, { eventBody: { ...one.record.eventBody, amountMinor: 1 } } as never),
      'order-disagrees',
    ],
    [
      'T27: a PSP that tells of another receipt',
      'transaction-completed',
      (one) => told(one, { eventBody: { ...one.record.eventBody, receiptDigest: '0'.repeat(64) } } as never),
      'order-disagrees',
    ],
    [
      'T29: a PSP that tells of another trade',
      'transaction-completed',
      (one) => told(one, { tradeNo: 'other-trade' } as never),
      'order-disagrees',
    ],
    [
      'T27: a shop that tells of the payment in place of the PSP',
      'transaction-completed',
      (one) => told(one, {}, reportsOf(TENANT, 'luna-coffee').self),
      'record-maker',
    ],
    [
      'T27: an agent that is no participant of its decision',
      'decision-logged',
      (one) => told(one, { participants: [{ participantId: 'did:act:example.com/other', role: 'PAYER_AGENT' }] }),
      'record-maker',
    ],
  ])('names %s', (_, event, by, fault) => {
    const maker = event === 'decision-logged' ? 'did:act:example.com/agent' : 'psp';
    expect(judge(swapped(is(event, maker), by))).toMatchObject({
      ...{ standing: 'broken', faults: expect.arrayContaining([fault]) },
    });
  });

  it('T27: names a cart of another shop than the one that signed, one record twice, and a link that leads forward', () => {
    const cart = instant.find(is('cart-confirmed', 'luna-coffee')) as Attested;
    const other = reportsOf(TENANT, 'paper-crane').self;
    const present = [...cart.record.participants, { participantId: other.id, role: 'MERCHANT' }] as const;
    const others = instant.map((one) => (one === cart ? told(cart, { participants: present }, other) : one));
    expect(judge(others).faults).toEqual(['record-maker']);
    expect(judge([...instant, cart]).faults).toEqual(['record-repeated']);
    const done = instant.find(is('fulfillment-completed', device.agentId)) as Attested;
    const back = swapped(is('cart-confirmed', device.agentId), (one) =>
      told(one, { upstreamRecordId: done.record.recordId }),
    );
    expect(judge(back).faults).toEqual(['record-upstream']);
  });

  it('T14, T17: names payments beyond the total, while it was paused, and under another delegation', () => {
    const [coffee] = intents;
    const paid = delegated.find(
      (one) => is('transaction-completed')(one) && one.record.intentId === coffee,
    ) as Attested;
    const less = swapped(
      is('intent-created'),
      (one) => told(one, { eventBody: { ...one.record.eventBody, maxTotalMinor: 1 } } as never),
      delegated,
    );
    expect(judge(less, coffee).faults).toEqual(['over-total']);
    const early = swapped(
      is('delegation-suspended', 'psp'),
      (one) => told(one, { eventTime: (paid.record.eventTime - 1) as never, upstreamRecordId: undefined } as never),
      delegated,
    );
    expect(judge(early, coffee).faults).toEqual(['paid-while-stopped']);
    const other = swapped(
      (one) => one === paid,
      (one) => told(one, { delegationId: '0'.repeat(32) as Id16 }),
      delegated,
    );
    expect(judge(other, coffee).faults).toContain('delegation-disagrees');
  });

  it('T17, T29: accuses nobody of a payment after a pause whose end is not shown, but of one after the last word', () => {
    const [coffee] = intents;
    const paid = delegated.find(
      (one) => is('transaction-completed')(one) && one.record.intentId === coffee,
    ) as Attested;
    const at = (seconds: number) => (paid.record.eventTime + seconds) as never;
    const changes = ['delegation-suspended', 'delegation-resumed', 'delegation-revoked'] as const;
    /** The changes of state with these times, in seconds after the payment; without one they are not shown. */
    const moved = (...times: readonly (number | undefined)[]) =>
      delegated.flatMap((one) => {
        const i = changes.findIndex((change) => is(change, 'psp')(one) && one.record.intentId === coffee);
        const time = times[i];
        if (i < 0) return [one];
        return time === undefined ? [] : [told(one, { eventTime: at(time), upstreamRecordId: undefined } as never)];
      });
    const resumed = judge(moved(-5, -2, 5), coffee);
    expect([resumed.faults, resumed.missing]).toEqual([[], ['anchor']]);
    const unshown = judge(moved(-5, undefined, 5), coffee);
    expect(unshown).toMatchObject({ standing: 'incomplete', faults: [], missing: ['resume', 'anchor'] });
    expect(judge(moved(-5, 2, 5), coffee).faults).toEqual(['paid-while-stopped']);
    expect(judge(moved(-5, -2, -1), coffee).faults).toEqual(['paid-while-stopped']);
    expect(judge(moved(undefined, undefined, -1), coffee).faults).toEqual(['paid-while-stopped']);
  });

  it('T27: accuses nobody with a record of somebody unknown', () => {
    const stranger = { id: 'did:act:example.com/stranger', key: softSigningKey(new Uint8Array(32).fill(9)) };
    const paid = instant.find(is('transaction-completed', 'psp')) as Attested;
    const done = instant.find(is('fulfillment-completed', device.agentId)) as Attested;
    const less = { eventBody: { ...paid.record.eventBody, amountMinor: 1 } } as never;
    const ahead = { recordId: '0'.repeat(32) as Id16, upstreamRecordId: done.record.recordId };
    for (const other of [less, ahead]) {
      const verdict = judge([...instant, told(paid, other, stranger)]);
      expect(verdict).toMatchObject({ standing: 'incomplete', faults: [], missing: ['key'] });
    }
  });

  it('T27: names a record that was altered after it was signed', () => {
    const altered = swapped(is('cart-confirmed', 'luna-coffee'), (one) => ({
      ...one,
      record: { ...one.record, eventBody: { ...one.record.eventBody, itemCount: 9 } } as AttestationRecord,
    }));
    const verdict = judge(altered);
    expect(verdict.standing).toBe('broken');
    expect(verdict.links.map(({ conclusion }) => conclusion)).toContain('PAYLOAD_HASH_MISMATCH');
  });

  it('does not believe a place that no proof shows, another record’s anchor, and another node', () => {
    const [first, second] = instant.filter(({ record }) => record.signatures[0]?.signerId === device.agentId);
    if (!first || !second || first.standing.at !== 'anchored') throw new Error('nothing is anchored');
    const moved = { ...first, standing: { ...first.standing, position: first.standing.position + 1 } };
    const lent = { ...first, anchor: second.anchor, standing: second.standing };
    for (const one of [moved, lent]) {
      const verdict = judge(
        swapped(
          (each) => each === first,
          () => one,
        ),
      );
      expect(verdict).toMatchObject({ standing: 'incomplete', missing: ['anchor'] });
    }
    const key = softSigningKey(new Uint8Array(32).fill(9));
    const node = { name: parts.node.name, publicKey: key.publicKey };
    expect(judgeCausalChain(instant, purchase, { ...parts, node })).toMatchObject({ missing: ['anchor'] });
  });

  it('is the same of records that were handed over as text', () => {
    expect(readHanded(handedText(instant))).toEqual(instant);
    const [anchored] = instant;
    const pending = { ...(anchored as Attested), standing: { at: 'pending' } } as const;
    expect(readHanded(handedText([pending]))).toEqual([pending]);
    expect(readHanded('')).toEqual([]);
  });

  it.each<readonly [string, (json: JsonObject) => unknown]>([
    ['no object', () => []],
    ['no record', ({ record: _, ...rest }) => rest],
    ['no anchor', ({ jws: _, ...rest }) => rest],
    ['a record of another shape', (json) => ({ ...json, record: { ...(json.record as JsonObject), salt: 5 } })],
    ['a place without a proof', ({ proof: _, ...rest }) => rest],
    ['a place that is none', (json) => ({ ...json, position: 'first' })],
  ])('is not read out of a file with %s', (_, spoil) => {
    const json = JSON.parse(handedText(instant.slice(0, 1))) as JsonObject;
    expect(() => readHanded(JSON.stringify(spoil(json)))).toThrow(ProtocolError);
  });

  it('T30: is not read out of a file that is too long', () => {
    expect(() => readHanded(handedText(instant.slice(0, 1)).repeat(4_097))).toThrow(ProtocolError);
    expect(toJson(AttestationRecord, (instant[0] as Attested).record, 'record')).toBeDefined();
  });
});
