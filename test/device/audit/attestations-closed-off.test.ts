/** T30, T26: a store of records that begins anew: nothing of it is lost or made twice, whenever the power goes. */
import { ftruncateSync, linkSync, readdirSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FileJournal, type JournalIo, openFileJournal } from '../../../device/adapters/file-journal.ts';
import { carriedAttestations, KNOWN_RECORDS } from '../../../device/audit/attestation-closing.ts';
import { indexAttestations } from '../../../device/audit/attestation-index.ts';
import { readAttestations } from '../../../device/audit/attestations.ts';
import type { Reported } from '../../../device/audit/reported.ts';
import { Reporter } from '../../../device/audit/reporter.ts';
import { trustChain } from '../../../device/audit/trust-chain.ts';
import type { Journal } from '../../../device/ports.ts';
import { type Id16, utf8 } from '../../../protocol/index.ts';
import { memoryDisk } from '../../../sim/memory-journal.ts';
import { SeededRandom } from '../../../sim/seeded-random.ts';
import { simulatedWire } from '../../../sim/trust-chain/simulated-wire.ts';
import { VirtualClock } from '../../../sim/virtual-clock.ts';
import { countingRandom } from '../../helpers/counting-random.ts';
import { temporaryDirectory } from '../../helpers/temporary.ts';
import { deviceKey, id, START, seconds, settings } from '../builders.ts';
import { CHANNEL, checked, nodeSigner, testNode } from './reporting-rig.ts';

const QUICK_IO = {
  ...{ writeSync, ftruncateSync, linkSync, renameSync },
  fdatasyncSync: () => {},
  syncDirectory: () => {},
} satisfies JournalIo;
const random = countingRandom('attestations-closed-off');

let directory: ReturnType<typeof temporaryDirectory>;
let path: string;
beforeEach(() => {
  directory = temporaryDirectory();
  path = join(directory.path, 'attestations.journal');
});
afterEach(() => directory.remove());

/** An entry of the device's journal and what it reports: an intent, and every third time what came of one long before. */
function eventOf(n: number): { readonly entry: Uint8Array; readonly reported: readonly Reported[] } {
  const isLater = n % 3 === 2;
  const common = {
    ...{ eventTime: seconds(n), intentId: id(`intent ${isLater ? n - 14 : n}`) },
    participants: [{ participantId: settings.agentId, role: 'PAYER_AGENT' }],
  };
  const digest = n.toString(16).padStart(64, '0');
  const eventBody = isLater
    ? { candidates: 2, currency: 'CNY', reasons: ['cheapest'], offersDigest: digest }
    : { isrDigest: digest, maxTotalMinor: 100, currency: 'CNY', validityEndTime: seconds(900) };
  const eventType = isLater ? 'act:commerce:decision-logged' : 'act:delegation:intent-created';
  return { entry: utf8(`entry ${n}`), reported: [{ ...common, eventType, eventBody } as unknown as Reported] };
}

/** A node that outlives the device's lives, and whether it can be reached. */
class World {
  readonly clock = new VirtualClock(START);
  readonly node = testNode();
  readonly logged: string[] = [];
  isAway = false;
  #lives = 0;

  live(store: Journal, closesOffAfter?: number): Reporter {
    const wire = simulatedWire(this.node, this.clock);
    const { newestHead } = indexAttestations(store);
    const reporter = new Reporter({
      store,
      chain: trustChain({
        wire: {
          ask: (request, done) => (this.isAway ? this.clock.after(10, () => done(undefined)) : wire.ask(request, done)),
        },
        ...{ node: nodeSigner, clock: this.clock, ...(newestHead !== undefined && { seen: newestHead }) },
      }),
      self: { id: settings.agentId, key: deviceKey },
      ...{ privacyChannel: CHANNEL, clock: this.clock, random: new SeededRandom(`life ${this.#lives++}`) },
      log: { write: (_level, code) => void this.logged.push(code) },
      ...(closesOffAfter !== undefined && { closesOffAfter }),
    });
    reporter.start();
    return reporter;
  }

  /** Reports the events up to this one, as a device does that reads its journal again. */
  report(reporter: Reporter, count: number, from = 0): void {
    for (let n = from; n < count; n++) {
      const { entry, reported } = eventOf(n);
      reporter.report(entry, reported);
      this.clock.advance(2_000);
    }
  }
}

/** All that is there, archives and all, as `audit` reads it. */
function everything(store: Journal) {
  const entries = [...[...(store.archives?.() ?? [])].flat(), ...store.read()];
  return [...readAttestations({ read: () => entries }).values()];
}

const open = (io: JournalIo = QUICK_IO): FileJournal => openFileJournal(path, random, io);

describe('a store of records', () => {
  it('T30: is closed off when it is full, and everything stays provable', () => {
    const world = new World();
    const store = open();
    const reporter = world.live(store, 20);
    world.report(reporter, 60);
    expect(store.read().length).toBeLessThan(30);
    const archives = [...(store.archives?.() ?? [])].length;
    expect(archives).toBeGreaterThan(3);
    const all = everything(store);
    expect(all.map((one) => checked(one).conclusion)).toEqual(Array(60).fill('VERIFIED'));
    expect([world.node.size, world.logged]).toEqual([60, []]);
    store.close();
  });

  it('makes nothing twice and links as ever after a start that reads one generation only', () => {
    const [one, other] = [new World(), new World()];
    const store = open();
    const whole = memoryDisk().open();
    one.report(one.live(store, 20), 29);
    other.report(other.live(whole), 29);
    // A new life reads its journal from the start: what is in the archive is known by its id.
    const again = one.live(store, 20);
    one.report(again, 30);
    other.report(other.live(whole), 30);
    expect(one.node.size).toBe(30);
    const upstream = (from: Journal) =>
      everything(from).map(({ record }) => [record.recordId, record.upstreamRecordId] as const);
    expect(upstream(store)).toEqual(upstream(whole));
    expect(upstream(store).at(-1)?.[1]).toBeDefined();
    store.close();
  });

  it('keeps all that waits, and does not begin anew while most of it does', () => {
    const world = new World();
    const store = open();
    const reporter = world.live(store, 20);
    world.report(reporter, 5);
    world.isAway = true;
    world.report(reporter, 40, 5);
    world.isAway = false;
    world.clock.advance(3_600_000);
    expect([world.node.size, world.logged]).toEqual([40, []]);
    expect(everything(store).map((one) => checked(one).conclusion)).toEqual(Array(40).fill('VERIFIED'));
    store.close();
    const waiting = memoryDisk().open();
    const away = new World();
    away.isAway = true;
    away.report(away.live(waiting, 4), 20);
    expect([carriedAttestations(waiting), waiting.read().length]).toEqual([undefined, 20]);
  });

  it('goes on as it is where there is no room for a new generation', () => {
    const world = new World();
    const store = open({
      ...QUICK_IO,
      linkSync: () => {
        throw Object.assign(new Error('full'), { code: 'ENOSPC' });
      },
    });
    world.report(world.live(store, 10), 20);
    expect([store.read().length, world.node.size]).toEqual([40, 20]);
    expect(new Set(world.logged)).toEqual(new Set(['store-full']));
    store.close();
  });

  it('stays in one generation for whoever makes the records of its whole past again', () => {
    const world = new World();
    const store = open();
    world.report(world.live(store), 40);
    expect([store.read().length, readdirSync(directory.path)]).toEqual([80, expect.not.arrayContaining([`${path}.1`])]);
    store.close();
  });

  it('T26: loses nothing, makes nothing twice and anchors each once, whichever call the power goes in', () => {
    const EVENTS = 9;
    class PowerCut extends Error {}
    for (let cut = 0; ; cut++) {
      directory.remove();
      directory = temporaryDirectory();
      path = join(directory.path, 'attestations.journal');
      const world = new World();
      let calls = -1;
      const alive = <A extends readonly unknown[], R>(call: (...args: A) => R) =>
        ((...args: A) => {
          if (++calls >= cut) throw new PowerCut();
          return call(...args);
        }) as never;
      const io: JournalIo = {
        ...{
          writeSync: alive(writeSync),
          fdatasyncSync: alive(QUICK_IO.fdatasyncSync),
          ftruncateSync: alive(ftruncateSync),
        },
        ...{ linkSync: alive(linkSync), renameSync: alive(renameSync), syncDirectory: alive(QUICK_IO.syncDirectory) },
      };
      let first: FileJournal | undefined;
      let isDone = false;
      try {
        first = open(io);
        const reporter = world.live(first, 6);
        world.report(reporter, EVENTS);
        reporter.stop();
        isDone = calls < cut;
      } catch {
        // What it says is the business of other tests: the power is gone.
      } finally {
        first?.close();
      }
      const store = open();
      const reporter = world.live(store, 6);
      world.report(reporter, EVENTS);
      world.clock.advance(3_600_000);
      const all = everything(store);
      expect(
        all.map((one) => checked(one).conclusion),
        `cut ${cut}`,
      ).toEqual(Array(EVENTS).fill('VERIFIED'));
      expect([world.node.size, new Set(all.map(({ record }) => record.recordId)).size]).toEqual([EVENTS, EVENTS]);
      expect(world.logged.filter((code) => code.startsWith('anchor') || code.startsWith('chain'))).toEqual([]);
      reporter.stop();
      store.close();
      if (isDone) break;
    }
  }, 120_000);

  it('carries so many ids as a full generation of a journal can ask for, and no more', () => {
    const store = memoryDisk().open();
    const ids = Array.from({ length: KNOWN_RECORDS + 100 }, (_, n) => n.toString(16).padStart(32, '0') as Id16);
    for (let at = 0; at < ids.length; at += 1_000)
      store.append([utf8(JSON.stringify({ v: 1, made: ids.slice(at, at + 1_000) }))]);
    const carried = carriedAttestations(store) ?? [];
    expect(indexAttestations({ read: () => [...carried] }).made).toEqual(ids.slice(100));
    expect(Math.max(...carried.map(({ length }) => length))).toBeLessThan(64_000);
  });
});
