import { describe, expect, it } from 'vitest';
import { openPairedHosts } from '../../../device/hid/paired-hosts.ts';
import { pairSigner } from '../../../device/hid/visit.ts';
import { memoryDisk, PowerCut } from '../../../sim/memory-journal.ts';
import { SeededRandom } from '../../../sim/seeded-random.ts';
import { fresh, HidRig, HOST_KEY } from './hid-rig.ts';

/** What becomes of the reports of one confirmation when the n-th of them meets with something. */
function withReport(n: number, fate: (report: Uint8Array) => readonly Uint8Array[]) {
  const rig = new HidRig();
  let count = 0;
  rig.cable.onTransfer = (_direction, report) => {
    count += 1;
    return count === n ? fate(report) : [report];
  };
  rig.confirm(fresh('a'));
  // Long enough for all the asking again.
  rig.clock.advance(2_500);
  const firstReports = count;
  rig.soft.hold();
  rig.clock.advance(5_000);
  return { rig, firstReports };
}

describe('reports on a bad cable', () => {
  it.each<readonly [string, (report: Uint8Array) => readonly Uint8Array[]]>([
    ['lost', () => []],
    ['doubled', (report) => [report, report]],
    ['damaged', (report) => [report.map((byte, i) => (i === 40 ? byte ^ 0x10 : byte))]],
    ['damaged in its head', (report) => [report.map((byte, i) => (i === 4 ? byte ^ 0x02 : byte))]],
  ])('one of them %s: the host asks again, and one prompt leads to one signature', (_what, fate) => {
    const ends = new Map<string, number>();
    for (let n = 1; n <= 24; n += 1) {
      const { rig } = withReport(n, fate);
      expect(rig.answers).toHaveLength(1);
      const [answer] = rig.answers;
      ends.set(answer?.kind ?? '', (ends.get(answer?.kind ?? '') ?? 0) + 1);
      expect(rig.soft.signer.counter).toBe(answer?.kind === 'signed' ? 1 : rig.soft.signer.counter);
      expect(rig.ask(fresh(`after ${n}`))).toMatchObject({ kind: 'signed' });
    }
    expect(ends.get('signed')).toBe(24);
  });

  /** A hold whose answer does not come through for so long. */
  function holdUnheard(deafMs: number): HidRig {
    const rig = new HidRig();
    let isDeaf = false;
    rig.cable.onTransfer = (direction, report) => (isDeaf && direction === 'to-host' ? [] : [report]);
    rig.confirm(fresh('a'));
    rig.clock.advance(1_600);
    isDeaf = true;
    rig.soft.button.press(1_000);
    rig.clock.advance(deafMs);
    isDeaf = false;
    rig.clock.advance(10_000);
    return rig;
  }

  it('the answer itself lost: it is asked for and sent again, and no second signature is made', () => {
    const rig = holdUnheard(1_100);
    expect(rig.answers).toMatchObject([{ kind: 'signed' }]);
    expect(rig.soft.signer.counter).toBe(1);
    expect(rig.ask(fresh('b'))).toMatchObject({ kind: 'signed' });
    expect(rig.soft.signer.counter).toBe(2);
  });

  it('nothing of the answer ever comes: the request fails in time, and the next one works', () => {
    const rig = holdUnheard(6_000);
    expect([rig.answers, rig.soft.signer.counter]).toEqual([[{ kind: 'failed', code: 'signer-timed-out' }], 1]);
    expect(rig.ask(fresh('b'))).toMatchObject({ kind: 'signed' });
  });

  it('any part of them lost, doubled, swapped or damaged by a seed: every request is answered once, nothing is signed twice', () => {
    for (let seed = 0; seed < 12; seed += 1) {
      const random = new SeededRandom(`cable ${seed}`);
      const rig = new HidRig({ seed: `${seed}` });
      let held: Uint8Array | undefined;
      rig.cable.onTransfer = (_direction, report) => {
        const now = held ? [report, held] : [report];
        held = undefined;
        const what = random.below(200);
        if (what === 0) return now.slice(1);
        if (what === 1) return [...now, report];
        if (what === 2) return [report.map((byte, i) => (i === random.below(64) ? byte ^ 1 : byte)), ...now.slice(1)];
        if (what === 3) {
          held = report;
          return now.slice(1);
        }
        return now;
      };
      for (let n = 0; n < 6; n += 1) {
        rig.confirm(fresh(`${seed} ${n}`));
        rig.clock.advance(2_500);
        rig.soft.hold();
        rig.clock.advance(15_000);
      }
      expect(rig.answers).toHaveLength(6);
      const signed = rig.answers.filter(({ kind }) => kind === 'signed').length;
      expect(rig.soft.signer.counter).toBeGreaterThanOrEqual(signed);
    }
  });
});

describe('T19, T26: the power goes', () => {
  it('while a host is being paired: it is paired or it is not, before the host is told', () => {
    for (let at = 0; at < 15; at += 1) {
      const hosts = memoryDisk();
      const random = new SeededRandom(`cut ${at}`);
      const rig = new HidRig({ hosts });
      const outcomes: { readonly ok: boolean }[] = [];
      const ports = { clock: rig.clock, random: rig.random, key: HOST_KEY, show: () => {} };
      pairSigner(rig.cable.open(), ports, (outcome) => outcomes.push(outcome));
      rig.clock.advance(50);
      hosts.crashInNextAppend((bound) => random.below(bound));
      expect(() => rig.hold()).toThrow(PowerCut);
      expect(outcomes).toEqual([]);
      expect(openPairedHosts(hosts.open()).count).toBeLessThanOrEqual(1);
    }
  });

  it('while the signer makes its counter durable: nothing is signed, and the number is not used twice', () => {
    for (let at = 0; at < 8; at += 1) {
      const disk = memoryDisk();
      const random = new SeededRandom(`cut ${at}`);
      const rig = new HidRig({ disk });
      rig.ask(fresh('a'));
      rig.confirm(fresh('b'));
      rig.clock.advance(50);
      disk.crashInNextAppend((bound) => random.below(bound));
      expect(() => rig.soft.hold()).toThrow(PowerCut);
      expect(rig.answers).toHaveLength(1);
      const again = new HidRig({ disk });
      expect(again.soft.signer.counter).toBeGreaterThanOrEqual(1);
      const before = again.soft.signer.counter;
      expect(again.ask(fresh('c'))).toMatchObject({ kind: 'signed' });
      expect(again.soft.signer.counter).toBe(before + 1);
    }
  });

  it('a full disk: pairing is refused and said so, and the signer goes on', () => {
    const rig = new HidRig({ hosts: memoryDisk(80) });
    const outcomes: unknown[] = [];
    const ports = { clock: rig.clock, random: rig.random, key: HOST_KEY, show: () => {} };
    pairSigner(rig.cable.open(), ports, (outcome) => outcomes.push(outcome));
    rig.clock.advance(50);
    rig.hold();
    expect(outcomes).toEqual([{ ok: false, fault: 'signer-refused' }]);
  });
});
