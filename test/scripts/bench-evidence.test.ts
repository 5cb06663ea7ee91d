import { describe, expect, it } from 'vitest';
import { playPurchase } from '../../scripts/bench/purchase.ts';
import { tellWholeEvidence, wholeEvidence } from '../../scripts/bench/whole-evidence.ts';

describe('the whole evidence of a played purchase', () => {
  it('verifies, holds a record of each of the five events, and is told by its parts', () => {
    const purchase = playPurchase('bench');
    const whole = wholeEvidence(purchase);
    expect(whole.counts).toEqual({ records: 5, entries: purchase.entries.length, anchors: 5 });
    expect(Object.values(whole.parts).reduce((sum, bytes) => sum + bytes, 0)).toBe(whole.bytes);
    expect(Object.values(whole.parts).every((bytes) => bytes > 0)).toBe(true);
    expect(whole.parts.objects).toBeGreaterThan(purchase.bundle.length - 40);
    expect(wholeEvidence(purchase)).toEqual(whole);
    expect(tellWholeEvidence(whole)).toContain(`${whole.bytes}\n`);
  });
});
