import { describe, expect, it } from 'vitest';
import { QUEUE_BATCH } from '../../../device/audit/anchor-queue.ts';
import { indexAttestations } from '../../../device/audit/attestation-index.ts';
import { decodeAttestation, encodeAttestation } from '../../../device/audit/attestations.ts';
import { REPORT_AFTER_MS } from '../../../device/audit/device-reports.ts';
import type { Reported } from '../../../device/audit/reported.ts';
import { SUBMIT_AGAIN_MS } from '../../../device/audit/reporter.ts';
import type { ChainWire } from '../../../device/ports.ts';
import { anchorOf, type Digest, epochMs, openCheckpoint, signAnchor, utf8 } from '../../../protocol/index.ts';
import { type MemoryDisk, memoryDisk, PowerCut } from '../../../sim/memory-journal.ts';
import { SeededRandom } from '../../../sim/seeded-random.ts';
import { VirtualClock } from '../../../sim/virtual-clock.ts';
import { rigAfter, STORY } from '../agent-rig.ts';
import { deviceKey, id, seconds, settings } from '../builders.ts';
import { CHANNEL, checked, freshDisks, nodeSigner, ReportingRig, storedRecords, testNode } from './reporting-rig.ts';

const DAY_MS = 86_400_000;

/** An event of its own for each number. */
function intentOf(n: number): { readonly entry: Uint8Array; readonly reported: readonly Reported[] } {
  const eventBody = { isrDigest: 'ab'.repeat(32) as Digest, maxTotalMinor: n, currency: 'CNY' as const };
  return {
    entry: utf8(`entry ${n}`),
    reported: [
      {
        ...{ eventType: 'act:delegation:intent-created', eventTime: seconds(0), intentId: id(`intent ${n}`) },
        participants: [{ participantId: settings.agentId, role: 'PAYER_AGENT' }],
        eventBody: { ...eventBody, validityEndTime: seconds(900) },
      },
    ],
  };
}

function report(stand: ReportingRig, n: number): boolean {
  const { entry, reported } = intentOf(n);
  return stand.reporter.report(entry, reported);
}

const conclusions = (stand: ReportingRig) => stand.attested().map((one) => checked(one).conclusion);

describe('reporting', () => {
  it('takes no part in a purchase: the device does the same things in the same order, and records come after', () => {
    const alone = rigAfter(0);
    const stand = new ReportingRig().after(0);
    for (const { happen, name } of STORY) {
      const expected = alone.during(() => happen(alone));
      expect([name, stand.rig.during(() => happen(stand.rig))]).toEqual([name, expected]);
      const later = stand.rig.during(() => stand.clock.advance(REPORT_AFTER_MS + 500));
      const own = alone.during(() => alone.clock.advance(REPORT_AFTER_MS + 500));
      expect(later.filter((what) => what !== 'record' && !what.startsWith('ask'))).toEqual(own);
    }
    expect(stand.attested()).toHaveLength(5);
  });

  it('makes a record durable before its anchor is sent', () => {
    const stand = new ReportingRig().after(2);
    const later = stand.rig.during(() => stand.clock.advance(REPORT_AFTER_MS + 100));
    expect(later).toEqual(['record', 'ask POST', 'record']);
  });

  it('goes on while its own store is full, and makes up for it', () => {
    const stand = new ReportingRig();
    stand.disks.attestations.setFull(true);
    stand.after(STORY.length);
    stand.clock.advance(60_000);
    expect(stand.rig.state.at).toBe('ended');
    expect([stand.attested(), stand.asked]).toEqual([[], []]);
    expect(new Set(stand.logged)).toEqual(new Set(['error store-full']));
    stand.disks.attestations.setFull(false);
    stand.clock.advance(60_000);
    expect(conclusions(stand)).toEqual(Array(5).fill('VERIFIED'));
  });

  it('waits for a clock that was never set', () => {
    const clock = new VirtualClock(epochMs(0));
    const stand = new ReportingRig({ clock });
    expect(report(stand, 1)).toBe(false);
    clock.jump(seconds(0) * 1000);
    expect(report(stand, 1)).toBe(true);
  });

  it('dates no record before its event, though the clock was put back', () => {
    const stand = new ReportingRig();
    stand.clock.jump(-3_600_000);
    expect(report(stand, 1)).toBe(true);
    expect(stand.attested()[0]?.record).toMatchObject({ eventTime: seconds(0), createdAt: seconds(0) });
  });

  it('tells of an event that cannot be recorded, and goes on with the next', () => {
    const stand = new ReportingRig();
    const { entry, reported } = intentOf(1);
    const [first] = reported as [Extract<Reported, { eventType: 'act:delegation:intent-created' }>];
    const broken = { ...first, eventBody: { ...first.eventBody, maxTotalMinor: -1 } };
    expect(stand.reporter.report(entry, [broken, first])).toBe(true);
    expect(stand.logged).toEqual(['error record-unmade']);
    expect(stand.attested().map(({ record }) => record.intentId)).toEqual([first.intentId]);
  });

  it('T30: keeps few entries in memory, and reads the journal again when more have come', () => {
    const disks = freshDisks();
    let reads = 0;
    const open = () => {
      const journal = disks.journal.open();
      const read = () => {
        reads += 1;
        return journal.read();
      };
      return { ...journal, read };
    };
    const stand = new ReportingRig({ disks: { ...disks, journal: { ...disks.journal, open } } }).after(STORY.length);
    stand.clock.advance(60_000);
    const journal = stand.reports.follow();
    const last = storedRecords(disks.journal).at(-1) as Uint8Array;
    const append = (count: number) => {
      const before = reads;
      for (let n = 0; n < count; n++) journal.append([last]);
      stand.clock.advance(60_000);
      return reads - before;
    };
    expect([append(64), append(65), append(1)]).toEqual([0, 1, 0]);
    expect(stand.attested()).toHaveLength(5);
  });
});

describe('an outage', () => {
  it('of days loses nothing, is asked about ever more slowly, and ends in order', () => {
    const stand = new ReportingRig();
    stand.wire.isUp = false;
    stand.after(STORY.length);
    stand.clock.advance(DAY_MS);
    expect(conclusions(stand)).toEqual(Array(5).fill('ANCHOR_NOT_FOUND'));
    // Four tries each time, and between times up to ten minutes.
    expect(stand.asked.length / 4).toBeLessThan((1.5 * DAY_MS) / (SUBMIT_AGAIN_MS.most / 2));
    expect(stand.asked.length / 4).toBeGreaterThan((0.5 * DAY_MS) / SUBMIT_AGAIN_MS.most);
    stand.wire.isUp = true;
    stand.clock.advance(SUBMIT_AGAIN_MS.most + 60_000);
    expect(conclusions(stand)).toEqual(Array(5).fill('VERIFIED'));
    const positions = stand.attested().map(({ standing }) => (standing.at === 'anchored' ? standing.position : -1));
    expect(positions).toEqual([0, 1, 2, 3, 4]);
  });

  it('with more waiting than memory takes ends with each of them anchored once, in order', () => {
    const stand = new ReportingRig();
    stand.wire.isUp = false;
    stand.reporter.start();
    const count = 3 * QUEUE_BATCH + 5;
    for (let n = 0; n < count; n++) report(stand, n);
    stand.clock.advance(60_000);
    stand.wire.isUp = true;
    stand.clock.advance(SUBMIT_AGAIN_MS.most);
    expect(stand.node.size).toBe(count);
    const amounts = stand
      .attested()
      .map(({ record, standing }) => [
        record.eventType === 'act:delegation:intent-created' && record.eventBody.maxTotalMinor,
        standing.at === 'anchored' && standing.position,
      ]);
    expect(amounts).toEqual(Array.from({ length: count }, (_, n) => [n, n]));
  });

  it('makes two devices come back at different moments', () => {
    const moments = ['a', 'b'].map((seed) => {
      const stand = new ReportingRig({ seed });
      stand.wire.isUp = false;
      stand.reporter.start();
      report(stand, 1);
      stand.clock.advance(DAY_MS / 24);
      return stand.askedAt;
    });
    expect(moments[0]?.length).toBeGreaterThan(20);
    expect(moments[0]).not.toEqual(moments[1]);
  });
});

describe('an answer that was lost', () => {
  it('leads to the same anchor again, which is known by then and answered with its position', () => {
    let lost = 0;
    const lossy = (wire: ChainWire): ChainWire => ({
      ask: (request, done) =>
        wire.ask(request, (answer) => done(request.method === 'POST' && lost++ % 2 === 0 ? undefined : answer)),
    });
    const stand = new ReportingRig({}, lossy).after(STORY.length);
    stand.clock.advance(120_000);
    expect(stand.node.size).toBe(5);
    expect(conclusions(stand)).toEqual(Array(5).fill('VERIFIED'));
    expect(new Set(stand.asked.filter((asked) => asked.includes('POST'))).size).toBe(5);
  });
});

describe('a refused anchor', () => {
  it('is kept and told once, over restarts too, and holds up nothing behind it', () => {
    const stand = new ReportingRig();
    const stranger = testNode(memoryDisk(), nodeSigner);
    stand.node.answer = (request) =>
      request.method === 'POST' && request.body && stand.asked.length === 1
        ? { status: 403, type: 'application/json', body: '{"code":"submitter-unknown"}' }
        : stranger.answer(request);
    stand.reporter.start();
    report(stand, 1);
    report(stand, 2);
    stand.clock.advance(DAY_MS);
    expect(stand.logged).toEqual(['warn anchor-refused']);
    expect(stand.attested().map(({ standing }) => standing.at)).toEqual(['refused', 'anchored']);
    expect(stand.asked).toHaveLength(2);
    // Whoever runs the node may have put it right: it is tried once in each life.
    const second = new ReportingRig({ disks: stand.crash(), node: stranger, clock: stand.clock });
    second.reporter.start();
    second.clock.advance(60_000);
    expect(second.attested().map(({ standing }) => standing.at)).toEqual(['anchored', 'anchored']);
    expect(second.logged).toEqual([]);
  });

  it('is not told again when the next life is refused the same, and not asked again when its id is taken', () => {
    const refusing = (code: string) => (): ChainWire => ({
      ask: (_, done) => {
        done({ status: 403, body: utf8(JSON.stringify({ code })) });
        return () => {};
      },
    });
    const first = new ReportingRig({}, refusing('channel-unknown'));
    first.reporter.start();
    report(first, 1);
    first.clock.advance(60_000);
    const second = new ReportingRig({ ...first, disks: first.crash() }, refusing('channel-unknown'));
    second.reporter.start();
    second.clock.advance(60_000);
    expect([first.logged, second.logged]).toEqual([['warn anchor-refused'], []]);
    expect(storedRecords(second.disks.attestations)).toHaveLength(2);
    const third = new ReportingRig({ ...second, disks: second.crash() }, refusing('record-id-taken'));
    third.reporter.start();
    third.clock.advance(60_000);
    expect(third.logged).toEqual(['warn anchor-refused']);
    expect(indexAttestations({ read: () => storedRecords(third.disks.attestations) }).waiting).toEqual([]);
  });

  it('is one whose record id stands with other content: the position that stands is proved, and nothing is overwritten', () => {
    const stand = new ReportingRig();
    report(stand, 1);
    const [one] = stand.attested();
    if (!one) throw new Error('no record');
    const other = anchorOf(one.record, { submitterId: settings.agentId, iat: seconds(99), privacyChannel: CHANNEL });
    expect(stand.node.answer({ method: 'POST', path: '/anchors', body: signAnchor(other, deviceKey) }).status).toBe(
      201,
    );
    stand.reporter.start();
    stand.clock.advance(DAY_MS);
    expect(stand.attested()[0]?.standing).toEqual({ at: 'refused', code: 'record-id-taken' });
    expect([stand.node.size, stand.asked.length]).toEqual([1, 1]);
  });
});

describe('T27: a node that lies', () => {
  it('is told once over all lives, with the heads that show it kept, and gets its anchors when it is honest again', () => {
    const [honest, other] = [testNode(), testNode()];
    const first = new ReportingRig({ node: honest });
    first.reporter.start();
    report(first, 1);
    report(first, 2);
    first.clock.advance(1_000);
    const stored = () => storedRecords(first.disks.attestations);
    const { newestHead: seen = '' } = indexAttestations({ read: stored });
    const second = new ReportingRig({ disks: first.crash(), node: other, clock: first.clock, seen });
    second.reporter.start();
    for (const n of [3, 4, 5]) report(second, n);
    second.clock.advance(DAY_MS);
    expect(second.logged).toEqual(['error chain-log-shrunk']);
    expect(
      stored()
        .map(decodeAttestation)
        .filter(({ kind }) => kind === 'fault'),
    ).toEqual([{ kind: 'fault', fault: 'log-shrunk', checkpoints: [seen, expect.stringContaining(nodeSigner.name)] }]);
    const third = new ReportingRig({ disks: second.crash(), node: other, clock: first.clock, seen });
    third.reporter.start();
    third.clock.advance(DAY_MS);
    expect(third.logged).toEqual([]);
    const fourth = new ReportingRig({ disks: third.crash(), node: honest, clock: first.clock, seen });
    fourth.reporter.start();
    fourth.clock.advance(DAY_MS);
    expect(conclusions(fourth)).toEqual(Array(5).fill('VERIFIED'));
  });
});

describe('power that goes', () => {
  const whole = new ReportingRig().after(STORY.length);
  whole.clock.advance(60_000);
  const appends = storedRecords(whole.disks.attestations).length;

  it.each(Array.from({ length: appends }, (_, nth) => nth))(
    'in write %i of the store loses and doubles nothing',
    (nth) => {
      for (const seed of ['a', 'b']) {
        const disks = freshDisks();
        const node = testNode();
        const random = new SeededRandom(`${seed} ${nth}`);
        const first = new ReportingRig({
          disks: { ...disks, attestations: cutIn(disks.attestations, nth, random) },
          node,
        });
        expect(() => {
          first.after(STORY.length);
          first.clock.advance(60_000);
        }).toThrow(PowerCut);
        first.crash();
        const second = new ReportingRig({ disks, node, clock: first.clock });
        second.reports.start();
        second.clock.advance(60_000);
        expect(conclusions(second)).toEqual(Array(5).fill('VERIFIED'));
        expect(node.size).toBe(5);
      }
    },
  );

  it('between any two moments of submitting does neither', () => {
    for (let stepped = 0; ; stepped++) {
      const disks = freshDisks();
      const node = testNode();
      const first = new ReportingRig({ disks, node }).after(STORY.length);
      let isOver = false;
      for (let n = 0; n < stepped && !isOver; n++) isOver = !first.clock.step();
      first.crash();
      const second = new ReportingRig({ disks, node, clock: first.clock });
      second.reports.start();
      second.clock.advance(60_000);
      expect(conclusions(second)).toEqual(Array(5).fill('VERIFIED'));
      expect(node.size).toBe(5);
      if (isOver || stepped > 40) break;
    }
  });
});

/** The power goes in the n-th append. */
function cutIn(disk: MemoryDisk, nth: number, random: SeededRandom): MemoryDisk {
  let count = 0;
  return {
    ...disk,
    open: () => {
      const journal = disk.open();
      return {
        ...journal,
        append: (records) => {
          if (count++ === nth) disk.crashInNextAppend((bound) => random.below(bound));
          journal.append(records);
        },
      };
    },
  };
}

describe('the store', () => {
  it('knows the newest head that was believed, for the next life', () => {
    const stand = new ReportingRig().after(STORY.length);
    stand.clock.advance(60_000);
    const { newestHead = '' } = indexAttestations({ read: () => storedRecords(stand.disks.attestations) });
    expect(openCheckpoint(newestHead, nodeSigner).size).toBe(5);
  });

  it('spells each kind of entry in one way and reads it back', () => {
    const stand = new ReportingRig().after(STORY.length);
    stand.clock.advance(60_000);
    const stored = storedRecords(stand.disks.attestations);
    const others = [
      { kind: 'refused', recordId: id('r'), code: 'channel-unknown' },
      { kind: 'fault', fault: 'log-forked', checkpoints: ['a', 'b'] },
    ] as const;
    for (const bytes of [...stored, ...others.map(encodeAttestation)])
      expect(encodeAttestation(decodeAttestation(bytes))).toEqual(bytes);
    expect(stored).toHaveLength(10);
  });

  it.each([
    ['another version', '{"v":2,"refused":"00","code":"x"}', 'store-version'],
    ['no JSON', '{"v":1', 'store-altered'],
    ['no object', '[1]', 'store-altered'],
    ['no kind', '{"v":1}', 'store-altered'],
    ['no record', '{"v":1,"record":{"record_id":"00"},"anchor":"a.b.c"}', 'store-altered'],
  ])('refuses an entry of %s', (_, text, code) => {
    expect(() => decodeAttestation(utf8(text))).toThrow(expect.objectContaining({ code }));
  });
});
