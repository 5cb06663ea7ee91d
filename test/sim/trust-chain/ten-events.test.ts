/** Who reports which of ACT's ten events, in one instant and one delegated story (ACT 2.1 TSD-ATT-EVT). */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Attested } from '../../../device/audit/attestations.ts';
import {
  AttestationRecord,
  checkRecord,
  EVENTS,
  type Id16,
  leafHash,
  openAnchor,
  openCheckpoint,
  toJson,
  utf8,
  type VerifyingKey,
  verifyInclusion,
  writeJson,
} from '../../../protocol/index.ts';
import { chainSigner } from '../../../sim/trust-chain/tenant-chain.ts';
import { begin, DEVICE, TENANT } from '../world/play.ts';
import { canaries, PASSED_MS, playDelegated, playInstant, type ReportedWorld } from './reported-stories.ts';

const KINDS: Readonly<Record<string, string>> = { [DEVICE]: 'device', agent: 'agent', psp: 'psp' };
const kindOf = (party: string) => KINDS[party] ?? 'merchant';
const short = (eventType: string) => eventType.split(':').at(-1) ?? '';

/** The table of README, by event. */
const WHO: Readonly<Record<keyof typeof EVENTS, readonly string[]>> = {
  'act:delegation:intent-created': ['device'],
  'act:delegation:delegation-issued': ['psp'],
  'act:delegation:delegation-suspended': ['psp'],
  'act:delegation:delegation-resumed': ['psp'],
  'act:delegation:delegation-revoked': ['psp'],
  'act:delegation:delegation-expired': ['psp'],
  'act:commerce:decision-logged': ['agent', 'device'],
  'act:commerce:cart-confirmed': ['device', 'merchant'],
  'act:payment:transaction-completed': ['device', 'psp'],
  'act:commerce:fulfillment-completed': ['device', 'merchant'],
};

interface Said extends Attested {
  readonly party: string;
}

function saidIn(world: ReportedWorld): readonly Said[] {
  return [...world.disks.keys()].flatMap((party) => world.attested(party).map((one) => ({ ...one, party })));
}

/** For each record of a party what it follows: the event of its upstream record, or nothing. */
function followsIn(world: ReportedWorld, party: string): readonly (readonly [string, string | undefined])[] {
  const records = world.attested(party).map(({ record }) => record);
  const eventOf = (id: Id16 | undefined) => records.find(({ recordId }) => recordId === id)?.eventType;
  return records.map((one) => {
    const before = eventOf(one.upstreamRecordId);
    return [short(one.eventType), before && short(before)];
  });
}

/** TSD-ATT-SVF with the tenant's public directory and the node's public key. */
function conclusionOn({ party, record, anchor, standing }: Said): string {
  if (standing.at !== 'anchored') return standing.at;
  const use = party === DEVICE ? 'frame' : 'object';
  const key = TENANT.directory.keys.find((one) => one.party === party && one.use === use) as VerifyingKey;
  const head = openCheckpoint(standing.proof.checkpoint, chainSigner(TENANT));
  const isIn = verifyInclusion(leafHash(utf8(anchor)), standing.position, head, standing.proof.hashes);
  const { payloadHash } = openAnchor(anchor, key);
  return checkRecord(record, () => key.publicKey, isIn ? { payloadHash } : 'not-found').conclusion;
}

describe('the parties of one instant and one delegated story', () => {
  let instant: ReturnType<typeof playInstant>;
  let delegated: Awaited<ReturnType<typeof playDelegated>>;
  let worlds: readonly ReportedWorld[];
  let all: readonly Said[];
  const recordsOf = (world: ReportedWorld, party: string) => world.attested(party).map(({ record }) => record);

  beforeAll(async () => {
    instant = playInstant();
    delegated = await playDelegated();
    worlds = [instant.reported, delegated.reported];
    all = worlds.flatMap(saidIn);
  }, 60_000);

  it('report each of the ten events, each by whom it is of and by nobody else', () => {
    const who = Object.keys(EVENTS).map((event) => {
      const by = all.filter(({ record }) => record.eventType === event).map(({ party }) => kindOf(party));
      return [event, [...new Set(by)].sort()];
    });
    expect(Object.fromEntries(who)).toEqual(WHO);
  });

  it('TSD-ATT-SVF: each record is anchored, once, and verifies with public keys alone', () => {
    expect(new Set(all.map(conclusionOn))).toEqual(new Set(['VERIFIED']));
    const sizes = worlds.map((world) => [world.node.size, saidIn(world).length]);
    expect(sizes).toEqual([
      [9, 9],
      [expect.any(Number), delegated.reported.node.size],
    ]);
  });

  it('T27: of the purchase by hand all name one intent, and each follows the record before it of its maker', () => {
    const { current } = instant.play;
    const paid = current.at === 'ended' ? current.paid : undefined;
    expect(new Set(saidIn(instant.reported).map(({ record }) => record.intentId))).toEqual(
      new Set([paid?.intent.intentId]),
    );
    expect(followsIn(instant.reported, DEVICE)).toEqual([
      ['intent-created', undefined],
      ['decision-logged', 'intent-created'],
      ['cart-confirmed', 'decision-logged'],
      ['transaction-completed', 'cart-confirmed'],
      ['fulfillment-completed', 'transaction-completed'],
    ]);
    expect(followsIn(instant.reported, 'psp')).toEqual([['transaction-completed', undefined]]);
    expect(followsIn(instant.reported, paid?.receipt.payee ?? '')).toEqual([
      ['cart-confirmed', undefined],
      ['fulfillment-completed', 'cart-confirmed'],
    ]);
  });

  it('T16, T17: of the delegations each state follows the one before it, by whom it was asked for', () => {
    const { reported } = delegated;
    expect(followsIn(reported, 'psp')).toEqual([
      ['delegation-issued', undefined],
      ['transaction-completed', 'delegation-issued'],
      ['delegation-suspended', 'delegation-issued'],
      ['delegation-resumed', 'delegation-suspended'],
      ['delegation-revoked', 'delegation-resumed'],
      ['delegation-issued', undefined],
      ['transaction-completed', 'delegation-issued'],
      ['delegation-revoked', 'delegation-issued'],
      ['delegation-issued', undefined],
      ['delegation-suspended', 'delegation-issued'],
      ['delegation-expired', 'delegation-suspended'],
    ]);
    const by = recordsOf(reported, 'psp').flatMap(({ eventBody }) => ('by' in eventBody ? [eventBody.by] : []));
    expect(by).toEqual(['PRINCIPAL', 'PRINCIPAL', 'PRINCIPAL', 'AGENT', 'PRINCIPAL', 'SYSTEM']);
    expect(followsIn(reported, DEVICE)).toEqual(Array(3).fill(['intent-created', undefined]));
  });

  it('T27: of a payment under a delegation agent, shop and PSP name the same intent and order', () => {
    const { reported, told } = delegated;
    const { spends, refunds } = told.soFar;
    expect([spends.length, refunds.length]).toEqual([2, 1]);
    for (const { orderNo, payee } of spends) {
      const said = saidIn(reported).filter(({ record }) => record.orderNo === orderNo);
      expect(said.map(({ party, record }) => `${party} ${short(record.eventType)}`).sort()).toEqual(
        [
          'agent decision-logged',
          `${payee} cart-confirmed`,
          `${payee} fulfillment-completed`,
          'psp transaction-completed',
        ].sort(),
      );
      expect(new Set(said.map(({ record }) => record.intentId)).size).toBe(1);
      const intents = recordsOf(reported, DEVICE).map(({ intentId }) => intentId);
      expect(intents).toContain(said[0]?.record.intentId);
    }
  });

  it('T28: tell neither node nor reader who the wearer is, what pays, where to, what was said or bought', () => {
    const records = all.map(({ record }) => writeJson(toJson(AttestationRecord, record, 'record')));
    const anchors = all.map(({ anchor }) => Buffer.from(anchor.split('.')[1] ?? '', 'base64url').toString());
    const told = [...records, ...anchors, ...worlds.flatMap(({ asked }) => asked)].join('\n');
    for (const canary of canaries()) {
      expect(canary.length).toBeGreaterThan(3);
      expect(told).not.toContain(canary);
    }
    expect(told).toContain('luna-coffee');
  });

  it('T27: do nothing otherwise or later for it, also while the node is away, and report then', () => {
    const quiet = begin({ seed: 'reported instant' }).settle();
    quiet.pass(PASSED_MS);
    const { reported, play } = playInstant(false);
    expect(play.world.record.wire).toEqual(quiet.world.record.wire);
    expect(play.clock.now()).toBe(quiet.clock.now());
    expect(reported.node.size).toBe(0);
    expect(saidIn(reported).filter(({ standing }) => standing.at === 'pending')).toHaveLength(9);
    reported.isUp = true;
    play.pass(3_600_000);
    expect(reported.node.size).toBe(4);
  });
});
