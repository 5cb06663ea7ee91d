import { describe, expect, it } from 'vitest';
import { decodeRecord, encodeRecord, type JournalRecord } from '../../device/journal-record.ts';
import { askPsp } from '../../device/purchase/confirming.ts';
import type { Purchase } from '../../device/purchase/state.ts';
import { step } from '../../device/purchase/step.ts';
import { at, confirmationBytes, PAY_ID, START, settings } from './builders.ts';
import { states } from './states.ts';

function record(current: Purchase, over: Partial<JournalRecord> = {}): JournalRecord {
  return { at: START, event: 'tick', sent: [], purchases: { current, background: [] }, ...over };
}

function code(action: () => unknown): string {
  try {
    action();
    return 'accepted';
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}

describe('one entry of the journal (design 8)', () => {
  it('gives every state back as it was; a question without the words it quotes (T28)', () => {
    for (const state of Object.values(states)) {
      const { question: _question, ...expected } = state as { question?: unknown };
      expect(decodeRecord(encodeRecord(record(state))).purchases.current).toEqual(expected);
    }
  });

  it('gives back what came, what was to go and the purchases in the background', () => {
    const sent = [{ to: 'psp', topic: 'act/1/test/glasses-01/up', frame: Uint8Array.of(0, 255) }];
    const full = record(states.idle, {
      received: Uint8Array.of(7),
      sent,
      purchases: { current: states.idle, background: [states.following, states.unknown] },
    });
    expect(decodeRecord(encodeRecord(full))).toEqual({ v: 1, ...full });
  });

  it('keeps bytes as bytes, also those a library hands over as a Node Buffer', () => {
    const confirmation = Buffer.from(confirmationBytes());
    const settling = { ...states.settling, payment: { ...states.settling.payment, confirmation } };
    const restored = decodeRecord(encodeRecord(record(settling))).purchases.current;
    if (restored.at !== 'settling') throw new Error('unreachable');
    expect(restored.payment.confirmation).toEqual(confirmationBytes());
  });

  it('lets a restored state go on exactly as the original would', () => {
    const restored = decodeRecord(encodeRecord(record(states.requesting))).purchases.current;
    expect(step(settings, restored, { kind: 'tick' }, at(4_000))).toEqual(
      step(settings, states.requesting, { kind: 'tick' }, at(4_000)),
    );
    expect(askPsp(states.requesting, settings)).toMatchObject({ message: { body: { requestId: PAY_ID } } });
  });

  it('is refused when it cannot be read, and when another version wrote it', () => {
    const bytes = (text: string) => new TextEncoder().encode(text);
    expect(code(() => decodeRecord(bytes('{')))).toBe('store-altered');
    expect(code(() => decodeRecord(Uint8Array.of(0xff, 0xfe)))).toBe('store-altered');
    expect(code(() => decodeRecord(bytes('{"v":1,"received":{"~":"*"}}')))).toBe('store-altered');
    expect(code(() => decodeRecord(bytes('{"v":2}')))).toBe('store-version');
    expect(code(() => decodeRecord(bytes('{}')))).toBe('store-version');
    expect(code(() => decodeRecord(bytes('null')))).toBe('store-version');
  });
});
