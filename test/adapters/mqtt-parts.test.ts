import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoffMs } from '../../device/adapters/backoff.ts';
import { errorFault, reasonFault } from '../../device/adapters/mqtt-faults.ts';
import { openInbox } from '../../device/adapters/mqtt-inbox.ts';
import { makeOutbox } from '../../device/adapters/mqtt-outbox.ts';
import { countingRandom } from '../helpers/counting-random.ts';

const silent = { write: () => {} };

describe('the waiting time before a new connection', () => {
  it('stays within its bounds, doubles its spread and differs from device to device', () => {
    for (let attempt = 0; attempt < 40; attempt++) {
      const waits = Array.from({ length: 30 }, (_, i) =>
        backoffMs(attempt, 500, 30_000, countingRandom(`${attempt} ${i}`)),
      );
      expect(Math.min(...waits)).toBeGreaterThanOrEqual(500);
      expect(Math.max(...waits)).toBeLessThanOrEqual(Math.min(30_000, 500 * 2 ** (attempt + 1)));
      expect(new Set(waits).size).toBeGreaterThan(20);
    }
  });
});

describe('the outbox', () => {
  it('keeps order, window and packet ids over any course of sending, answers and losses', () => {
    const step = fc.constantFrom('add', 'send', 'answer', 'lose');
    fc.assert(
      fc.property(fc.array(fc.tuple(step, fc.nat(15)), { maxLength: 80 }), (steps) => {
        const outbox = makeOutbox(silent);
        const idOf = new Map<string, number>();
        const flying: { topic: string; packetId: number }[] = [];
        let added = 0;
        let firstUnsent = 0;
        for (const [kind, number] of steps) {
          if (kind === 'add') outbox.add(String(added++), new Uint8Array(1), () => {});
          if (kind === 'send') {
            for (const { topic, packetId, again } of outbox.due(4)) {
              expect(idOf.get(topic) ?? packetId).toBe(packetId);
              expect(again).toBe(idOf.has(topic));
              idOf.set(topic, packetId);
              flying.push({ topic, packetId });
              if (!again) expect(Number(topic)).toBe(firstUnsent++);
            }
            expect(flying.length).toBeLessThanOrEqual(4);
            expect(new Set(flying.map(({ packetId }) => packetId)).size).toBe(flying.length);
          }
          if (kind === 'answer') for (const { packetId } of flying.splice(number % 4, 1)) outbox.settle(packetId, true);
          if (kind === 'lose') {
            flying.length = 0;
            outbox.rewind();
          }
        }
      }),
      { seed: 20_263, numRuns: 500 },
    );
  });

  it('sends what was on its way again after a loss, first and oldest first', () => {
    const outbox = makeOutbox(silent);
    for (const name of ['a', 'b', 'c']) outbox.add(name, new Uint8Array(), () => {});
    const lost = outbox.due(2);
    expect(outbox.due(2)).toEqual([]);
    outbox.rewind();
    expect(outbox.due(3).map(({ topic, again }) => [topic, again])).toEqual([
      ['a', true],
      ['b', true],
      ['c', false],
    ]);
    expect(lost).toHaveLength(2);
  });

  it('does not give the packet id of an unanswered message to another one when the ids run out', () => {
    const outbox = makeOutbox(silent);
    outbox.add('kept', new Uint8Array(), () => {});
    const [kept] = outbox.due(1);
    for (let i = 0; i < 60_001; i++) {
      outbox.add('other', new Uint8Array(), () => {});
      const [other] = outbox.due(2);
      if (other?.packetId === kept?.packetId) throw new Error('the id was given twice');
      outbox.settle(other?.packetId ?? 0, true);
    }
  });

  it('tells the sender once that the broker took it, and never when it was refused', () => {
    const outbox = makeOutbox(silent);
    const told: string[] = [];
    for (const name of ['taken', 'refused']) outbox.add(name, new Uint8Array(), () => told.push(name));
    const [taken, refused] = outbox.due(2);
    for (let twice = 0; twice < 2; twice++) {
      outbox.settle(taken?.packetId ?? 0, true);
      outbox.settle(refused?.packetId ?? 0, false);
    }
    expect(told).toEqual(['taken']);
    expect(outbox.due(2)).toEqual([]);
  });

  it('T12: sends the bytes it was given, whatever became of them', () => {
    const outbox = makeOutbox(silent);
    const payload = Uint8Array.of(1);
    outbox.add('topic', payload, () => {});
    payload[0] = 2;
    expect(outbox.due(1)[0]?.payload).toEqual(Uint8Array.of(1));
  });
});

describe('the inbox', () => {
  it('acknowledges in order of arrival, nothing twice and nothing on a connection that ended', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([0, 1, 2, 3, 4, 5]), fc.nat(6), (order, lastsFor) => {
        const acks: (() => void)[] = [];
        const written: number[] = [];
        let open = true;
        const receive = openInbox({
          onMessage: (_topic, _payload, ack) => acks.push(ack),
          write: ([type, length, high = 0, low = 0]) => {
            expect([type, length]).toEqual([0x40, 2]);
            written.push(high * 256 + low);
          },
          isOpen: () => open,
          log: silent,
        });
        const base = { cmd: 'publish', topic: 't', payload: Buffer.alloc(1), retain: false, dup: false } as const;
        for (let i = 0; i < 6; i++) receive({ ...base, qos: 1, messageId: 250 + i });
        receive({ ...base, qos: 0 });
        const done = new Set<number>();
        for (const [step, i] of order.entries()) {
          open = step < lastsFor;
          if (open) done.add(i);
          acks[i]?.();
          acks[i]?.();
        }
        acks[6]?.();
        const firstMissing = [0, 1, 2, 3, 4, 5, 6].find((i) => !done.has(i)) ?? 0;
        expect(written).toEqual(Array.from({ length: firstMissing }, (_, i) => 250 + i));
      }),
      { seed: 20_264, numRuns: 500 },
    );
  });
});

describe('faults of a connection', () => {
  it('are named by what a person must do', () => {
    const cases: [unknown, string][] = [
      [{ code: 'ECONNREFUSED' }, 'transport-network'],
      [{ code: 'CERT_HAS_EXPIRED' }, 'transport-tls'],
      [{ code: 'ERR_TLS_CERT_ALTNAME_INVALID' }, 'transport-tls'],
      [{ code: 5 }, 'transport-refused'],
      [{ code: 134 }, 'transport-refused'],
      [{ code: 1 }, 'transport-protocol'],
      [{ code: 3 }, 'transport-network'],
      [new Error('a message with secrets'), 'transport-network'],
      [undefined, 'transport-network'],
    ];
    for (const [error, code] of cases) expect(errorFault(error).code).toBe(code);
    expect(`${errorFault(new Error('a message with secrets'))}`).not.toContain('secrets');
    expect(reasonFault(142)).toMatchObject({
      code: 'transport-refused',
      message: 'transport-refused: MQTT reason 142',
    });
  });
});
