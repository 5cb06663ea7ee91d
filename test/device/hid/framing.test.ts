import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc32 } from '../../../device/hid/crc32.ts';
import { Assembler, FIRST_PAYLOAD_BYTES, type HidMessage, reportsOf } from '../../../device/hid/framing.ts';
import { ASSEMBLY_MS, BROADCAST, MESSAGE_MAX_BYTES } from '../../../device/hid/limits.ts';
import { REPORT_BYTES } from '../../../device/hid/report-link.ts';
import { concatBytes, equalBytes, utf8 } from '../../../protocol/index.ts';
import { at } from '../builders.ts';

const RUNS = { seed: 64, numRuns: 100 };
const payloads = fc.uint8Array({ maxLength: MESSAGE_MAX_BYTES, size: 'max' });
const channels = fc.integer({ min: 1, max: BROADCAST });
const messages: fc.Arbitrary<HidMessage> = fc.record({
  channel: channels,
  command: fc.integer({ min: 0, max: 0x7f }),
  payload: payloads,
});

const all = () => true;
const assembler = () => new Assembler(all);

/** What comes out of these reports at one instant. */
function heard(reports: readonly Uint8Array[], by = assembler()) {
  return reports.flatMap((report) => by.accept(report, at(0)) ?? []);
}

function message(length: number, channel = 7, command = 9): HidMessage {
  return { channel, command, payload: Uint8Array.from({ length }, (_, i) => i % 251) };
}

describe('framing (ACT-HID §3)', () => {
  it('computes the CRC that ISO 3309 gives', () => {
    expect(crc32(utf8('123456789'))).toBe(0xcbf4_3926);
    expect(crc32(utf8('12345'), utf8('6789'))).toBe(0xcbf4_3926);
    expect(crc32(new Uint8Array(0))).toBe(0);
  });

  it('brings every message through, whole, in reports of 64 bytes', () => {
    fc.assert(
      fc.property(messages, (sent) => {
        const reports = reportsOf(sent);
        expect(reports.every(({ length }) => length === REPORT_BYTES)).toBe(true);
        expect(heard(reports)).toEqual([{ kind: 'message', ...sent }]);
      }),
      RUNS,
    );
  });

  it('has room for the longest message, and none for a longer one', () => {
    expect(heard(reportsOf(message(MESSAGE_MAX_BYTES)))).toHaveLength(1);
    expect(() => reportsOf(message(MESSAGE_MAX_BYTES + 1))).toThrow(RangeError);
    const [first] = reportsOf(message(0));
    const tooLong = new Uint8Array(first as Uint8Array);
    new DataView(tooLong.buffer).setUint16(5, MESSAGE_MAX_BYTES + 1);
    expect(heard([tooLong])).toEqual([{ kind: 'fault', channel: 7, fault: 'length' }]);
  });

  it('keeps messages on different channels apart, however their reports mix', () => {
    const two = fc.tuple(messages, messages).filter(([a, b]) => a.channel !== b.channel);
    fc.assert(
      fc.property(two, fc.infiniteStream(fc.boolean()), ([a, b], picks) => {
        const queues: readonly [Uint8Array[], Uint8Array[]] = [[...reportsOf(a)], [...reportsOf(b)]];
        const mixed: Uint8Array[] = [];
        while (queues[0].length + queues[1].length > 0) {
          const queue = queues[picks.next().value ? 0 : 1];
          const other = queue === queues[0] ? queues[1] : queues[0];
          mixed.push((queue.shift() ?? other.shift()) as Uint8Array);
        }
        expect(heard(mixed).sort((x, y) => x.channel - y.channel)).toEqual(
          [a, b].sort((x, y) => x.channel - y.channel).map((one) => ({ kind: 'message', ...one })),
        );
      }),
      RUNS,
    );
  });

  it('gives no message with anything wrong in it: a report lost, doubled, out of order or with a bit turned', () => {
    const long = messages.filter(({ payload }) => payload.length > FIRST_PAYLOAD_BYTES);
    const faults = fc.record({
      kind: fc.constantFrom('lose', 'double', 'swap', 'flip'),
      which: fc.nat(),
      bit: fc.nat(511),
    });
    fc.assert(
      fc.property(long, faults, (sent, { kind, which, bit }) => {
        const reports = [...reportsOf(sent)];
        const i = which % reports.length;
        const one = reports[i] as Uint8Array;
        if (kind === 'lose') reports.splice(i, 1);
        if (kind === 'double') reports.splice(i, 0, one);
        if (kind === 'swap') reports.splice(i, 2, ...reports.slice(i, i + 2).reverse());
        if (kind === 'flip') reports[i] = one.map((byte, n) => (n === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
        const same = heard(reports).filter((one) => one.kind === 'message');
        // What still comes out is the message itself: the last report doubled, a first one that begins anew, a bit of the filling.
        for (const got of same) {
          if (got.channel !== sent.channel) continue;
          expect(got.command).toBe(sent.command);
          expect(equalBytes(got.payload, sent.payload)).toBe(true);
        }
      }),
      { ...RUNS, numRuns: 1_000 },
    );
  });

  it('says so when a number is out of turn, and then nothing more until a message begins', () => {
    const reports = reportsOf(message(300));
    const gap = [...reports.slice(0, 2), ...reports.slice(3)];
    expect(heard(gap)).toEqual([{ kind: 'fault', channel: 7, fault: 'sequence' }]);
    expect(heard([...gap, ...reports])).toHaveLength(2);
  });

  it('says so when the CRC is wrong', () => {
    const [first, ...rest] = reportsOf(message(300));
    const flipped = new Uint8Array(first as Uint8Array);
    flipped[20] = (flipped[20] as number) ^ 1;
    expect(heard([flipped, ...rest])).toEqual([{ kind: 'fault', channel: 7, fault: 'crc' }]);
  });

  it('begins anew with a first report, as a peer does that asks again', () => {
    const reports = reportsOf(message(300));
    expect(heard([...reports.slice(0, 3), ...reports])).toEqual([{ kind: 'message', ...message(300) }]);
  });

  it('takes nothing on a channel that nobody has, and says so once a message', () => {
    const deaf = new Assembler((channel) => channel === 8);
    expect(heard(reportsOf(message(300)), deaf)).toEqual([{ kind: 'fault', channel: 7, fault: 'channel' }]);
    expect(heard(reportsOf(message(300, 8)), deaf)).toHaveLength(1);
  });

  it('gives a message 500 ms from its first report to its last', () => {
    const reports = reportsOf(message(100));
    const late = assembler();
    late.accept(reports[0] as Uint8Array, at(0));
    expect(late.dueAt).toBe(at(ASSEMBLY_MS));
    expect(late.expire(at(ASSEMBLY_MS - 1))).toEqual([]);
    expect(late.accept(reports[1] as Uint8Array, at(ASSEMBLY_MS))).toBeUndefined();
    expect(late.expire(at(ASSEMBLY_MS))).toEqual([7]);
    expect(late.dueAt).toBeUndefined();
    const timely = assembler();
    timely.accept(reports[0] as Uint8Array, at(0));
    expect(timely.accept(reports[1] as Uint8Array, at(ASSEMBLY_MS - 1))).toMatchObject({ kind: 'message' });
  });

  it('T12: shares no memory with the reports it was given', () => {
    const reports = reportsOf(message(100)).map((one) => one.slice());
    const by = assembler();
    by.accept(reports[0] as Uint8Array, at(0));
    reports[0]?.fill(0xff);
    expect(by.accept(reports[1] as Uint8Array, at(1))).toEqual({ kind: 'message', ...message(100) });
  });

  it('T21: never throws for any reports of any length', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 80 }), { maxLength: 40 }), (reports) => {
        const by = new Assembler((channel) => channel % 2 === 0);
        for (const report of reports) by.accept(report, at(0));
        by.accept(concatBytes(...reports).slice(0, REPORT_BYTES), at(0));
      }),
      RUNS,
    );
  });
});
