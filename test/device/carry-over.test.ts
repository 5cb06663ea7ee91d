/** The device's journal stays bounded, and a restart finds in one generation what it would have found in all (T26, T30). */
import { describe, expect, it } from 'vitest';
import { MAX_APPEND_BYTES } from '../../device/adapters/journal-format.ts';
import { DeviceAudit } from '../../device/audit/device-audit.ts';
import { carriedOver, FULL_GENERATION, Generation, KNOWN_FOR_MS } from '../../device/carry-over.ts';
import type { KeptSpend } from '../../device/delegation/book.ts';
import { DelegationMemory } from '../../device/delegation/record.ts';
import { decodeRecord, encodeRecord } from '../../device/journal-record.ts';
import type { Journal } from '../../device/ports.ts';
import { IDLE } from '../../device/purchases.ts';
import { leafHash, MerkleFrontier, peekFrame, secondsOf, softSigningKey } from '../../protocol/index.ts';
import { memoryDisk } from '../../sim/memory-journal.ts';
import { SeededRandom } from '../../sim/seeded-random.ts';
import { VirtualClock } from '../../sim/virtual-clock.ts';
import { type RotatingDisk, rotatingDisk } from '../helpers/rotating-disk.ts';
import { Rig, rigAfter, STORY } from './agent-rig.ts';
import { at, id, MERCHANT, messages, START, sealed } from './builders.ts';
import { spend } from './delegation/builders.ts';
import { active } from './delegation/stage.ts';
import { states } from './states.ts';

const key = softSigningKey(new Uint8Array(32).fill(1));
const signer = { name: 'act-edge/test/glasses-01', publicKey: key.publicKey, sign: (m: Uint8Array) => key.sign(m) };
const PAID = 8;

function receiptOf() {
  const { receipt } = states.following.paid;
  return receipt;
}

/** A device on disks that outlive it. */
class Stand {
  readonly clock = new VirtualClock(START);
  readonly journal: RotatingDisk = rotatingDisk();
  readonly checkpoints: RotatingDisk = rotatingDisk();
  audit: DeviceAudit | undefined;

  rig(): Rig {
    for (const disk of [this.journal, this.checkpoints]) disk.crash();
    const audited = (journal: Journal) => {
      const parts = { checkpoints: this.checkpoints.open(), clock: this.clock, random: new SeededRandom('audit') };
      this.audit = new DeviceAudit({ journal, signer, log: { write: () => {} }, ...parts });
      return this.audit;
    };
    return new Rig({ journal: this.journal, transcripts: memoryDisk() }, this.clock, {}, audited);
  }

  started(): Rig {
    const rig = this.rig();
    rig.agent.start();
    rig.link('online');
    return rig;
  }

  records(): readonly Uint8Array[] {
    this.journal.crash();
    const open = this.journal.open();
    const records = open.read();
    open.close();
    return records;
  }

  /** As if that many steps had come and gone that changed nothing. The device must not run. */
  fill(count: number): void {
    const last = this.records().at(-1);
    const purchases = last ? decodeRecord(last).purchases : IDLE;
    const open = this.journal.open();
    const entry = encodeRecord({ at: this.clock.now(), event: 'tick', sent: [], purchases });
    for (let n = 0; n < count; n++) open.append([entry]);
    open.close();
  }

  get closedOff(): number {
    return this.journal.archived.length;
  }
}

/** A device with the first chapters of a purchase behind it, and a generation that lacks `short` entries of being full. */
function nearlyFull(chapters: number, short: number): Stand {
  const stand = new Stand();
  rigAfter(chapters, stand.rig());
  const { length } = stand.records();
  stand.fill(FULL_GENERATION.entries - length - short);
  return stand;
}

describe('T30: a full generation is closed off', () => {
  it('at start, and the purchase goes on as if nothing had been', () => {
    const stand = nearlyFull(PAID, 0);
    const rig = stand.started();
    expect([stand.closedOff, rig.state.at]).toEqual([1, 'following']);
    for (const { happen, leadsTo } of STORY.slice(PAID)) {
      happen(rig);
      expect(rig.state.at).toBe(leadsTo);
    }
    const { purchases } = rig.agent;
    expect(stand.records().length).toBeLessThan(10);
    expect(stand.started().agent.purchases).toEqual(purchases);
    expect(stand.closedOff).toBe(1);
  });

  it('T26: with the tree of all entries there ever were', () => {
    const stand = nearlyFull(PAID, 0);
    const rig = stand.started();
    STORY[PAID]?.happen(rig);
    const head = stand.audit?.journal.tree.head;
    const all = new MerkleFrontier();
    for (const record of [...stand.journal.archived.flat(), ...stand.records()]) all.append(leafHash(record));
    expect(head).toEqual({ size: all.size, root: all.root() });
    expect(all.size).toBeGreaterThan(FULL_GENERATION.entries);
    stand.rig();
    expect(stand.audit?.history).toMatchObject({ kind: 'sound' });
  });

  it('T3: with the frames that may not have left, which a restart sends again byte for byte, until they are too old', () => {
    const stand = new Stand();
    const rig = rigAfter(PAID, stand.rig());
    const late = rig.published.filter((frame) => peekFrame(frame).exp > secondsOf(stand.clock.now()));
    expect(late.length).toBeGreaterThan(3);
    stand.fill(FULL_GENERATION.entries);
    for (const closedOff of [1, 1]) {
      const again = stand.started();
      expect(stand.closedOff).toBe(closedOff);
      expect(again.published.slice(0, late.length)).toEqual(late);
    }
    stand.clock.advance(121_000);
    const ids = late.map((frame) => peekFrame(frame).cti);
    expect(stand.started().published.filter((frame) => ids.includes(peekFrame(frame).cti))).toEqual([]);
  });

  it('T3: with what came, also in the very step that filled it: neither is acted on again', () => {
    const stand = nearlyFull(PAID, 2);
    const news = sealed(messages.fulfilment(1, 'WAIT_SELLER_FULFILLMENT'), MERCHANT, id('news'), stand.clock.now());
    const more = sealed(messages.fulfilment(2, 'WAIT_SELLER_FULFILLMENT'), MERCHANT, id('more'), stand.clock.now());
    const rig = stand.started();
    expect([rig.deliver(news), rig.deliver(more), stand.closedOff]).toEqual([true, true, 1]);
    for (let life = 0; life < 2; life++) {
      const again = stand.started();
      const { length } = stand.journal.image();
      expect([again.deliver(news), again.deliver(more)]).toEqual([true, true]);
      expect(stand.journal.image().length).toBe(length);
    }
  });

  it('not in the middle of a purchase or of words, but as soon as that is over', () => {
    const stand = new Stand();
    stand.fill(FULL_GENERATION.entries - 1);
    const rig = stand.started();
    rig.agent.wake();
    for (const { happen, leadsTo } of STORY.slice(0, PAID)) {
      expect(stand.closedOff).toBe(0);
      happen(rig);
      expect(rig.state.at).toBe(leadsTo);
    }
    expect(stand.closedOff).toBe(1);
  });

  it('later where there is no room, without a try at every step, and nothing is lost meanwhile', () => {
    const stand = nearlyFull(PAID, 0);
    stand.journal.isTight = true;
    const rig = stand.started();
    expect([stand.closedOff, stand.journal.tries, rig.logged.some((line) => line.startsWith('store-full'))]).toEqual([
      ...[0, 1, true],
    ]);
    for (let n = 1; n <= 64; n++) {
      stand.clock.advance(1_000);
      const cti = id(`late ${n}`);
      rig.deliver(sealed(messages.fulfilment(1, 'WAIT_SELLER_FULFILLMENT'), MERCHANT, cti, stand.clock.now()));
      if (n === 32) stand.journal.isTight = false;
      if (n < 60) expect(stand.journal.tries).toBe(1);
    }
    expect([stand.closedOff, stand.journal.tries]).toEqual([1, 2]);
    expect(stand.started().state.at).toBe('following');
  });

  it('T26: never where the history is broken, so that what is wrong stays as it is', () => {
    const stand = nearlyFull(PAID, 0);
    stand.records();
    stand.journal.replace(memoryDisk().image());
    stand.fill(2 * FULL_GENERATION.entries);
    stand.checkpoints.crash();
    stand.started();
    expect(stand.audit?.history.kind).toBe('broken');
    expect([stand.closedOff, stand.journal.tries]).toEqual([0, 0]);
  });

  it('T27: nor where a witness has seen another one', () => {
    const stand = nearlyFull(PAID, 3);
    const rig = stand.started();
    Object.defineProperty(stand.audit, 'history', { value: { kind: 'broken', fault: 'forked', at: 1 } });
    for (const n of [1, 2, 3, 4]) rig.send(messages.fulfilment(n, 'WAIT_SELLER_FULFILLMENT'), MERCHANT);
    expect(stand.records().length).toBeGreaterThanOrEqual(FULL_GENERATION.entries);
    expect([stand.closedOff, stand.journal.tries]).toEqual([0, 0]);
  });

  it('by its bytes too, and never for those it was begun with', () => {
    const generation = new Generation();
    const entry = { at: START, event: 'tick', sent: [] };
    generation.take(entry, FULL_GENERATION.bytes - 1);
    expect(generation.isFull).toBe(false);
    generation.take(entry, 1);
    expect(generation.isFull).toBe(true);
    generation.take({ ...entry, event: 'carried-over' }, 10 * FULL_GENERATION.bytes);
    expect(generation.isFull).toBe(false);
  });
});

describe('what is carried over of delegations', () => {
  /** A delegation with three payments. */
  function bought() {
    const stage = active();
    for (const n of [1, 2, 3]) stage.frame(spend(stage.held.authorization, n, 1_000 * n));
    return stage;
  }

  function readBack(memory: DelegationMemory, now = START) {
    const entries = carriedOver({ at: now, purchases: IDLE, memory, sent: [], seen: [] });
    const again = new DelegationMemory();
    for (const bytes of entries.map(encodeRecord)) {
      expect(bytes.length).toBeLessThan(MAX_APPEND_BYTES / 2);
      again.take(decodeRecord(bytes));
    }
    return again;
  }

  it('is where each stands, what it counted, every payment and every receipt that can be refunded', () => {
    const stage = bought();
    const { memory } = stage.desk;
    const receipt = { ...receiptOf(), tradeNo: 'T-instant' };
    memory.book.note(receipt);
    const again = readBack(memory);
    expect(again.book.trade('T-instant')).toEqual(receipt);
    expect([...again.items]).toEqual([...memory.items]);
    expect(again.book.all).toEqual(memory.book.all);
    expect(again.book.all).toHaveLength(3);
    expect(again.book.under(stage.held.id)).toHaveLength(3);
  });

  it('is left to the archive 400 days after the last day of the delegation and after the payment, not before', () => {
    const stage = bought();
    const [memory, held] = [stage.desk.memory, stage.held];
    const end = held.iac.validityEndTime * 1_000;
    expect(readBack(memory, (end + KNOWN_FOR_MS - 1) as typeof START).book.all).toHaveLength(3);
    const over = new DelegationMemory();
    const kept = memory.book.all as readonly KeptSpend[];
    over.take({ purchases: IDLE, delegations: { changed: [{ ...held, at: 'expired', nextAt: START }], kept } });
    const known = (now: number) => {
      const { items, book } = readBack(over, now as typeof START);
      return [items.size, book.all.length];
    };
    expect(known(end + KNOWN_FOR_MS - 1)).toEqual([1, 3]);
    expect(known(end + KNOWN_FOR_MS)).toEqual([0, 0]);
  });

  it('fits into entries of less than half of what one may take, however much it is', () => {
    const stage = bought();
    const [memory, held] = [stage.desk.memory, stage.held];
    const [one] = memory.book.all as readonly [KeptSpend];
    const many = new DelegationMemory();
    const kept = Array.from({ length: 3_000 }, (_, n) => ({ ...one, tradeNo: `T${n}`, digest: id(`d${n}`) as never }));
    const changed = Array.from({ length: 100 }, (_, n) => ({ ...held, id: id(`delegation ${n}`) }));
    many.take({ purchases: IDLE, delegations: { changed, kept } });
    const again = readBack(many, at(0));
    expect([again.items.size, again.book.all.length]).toEqual([100, 3_000]);
  });
});
