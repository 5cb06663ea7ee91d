import { expect, it } from 'vitest';
import { PcmBlocks } from '../../../device/voice/pcm-blocks.ts';

it('gives the same blocks however the samples come, and keeps nothing of the chunks', () => {
  const samples = Int16Array.from({ length: 23 }, (_, i) => i);
  for (const sizes of [[23], [4, 4, 15], [1, 0, 9, 3, 10], Array(23).fill(1)]) {
    const blocks = new PcmBlocks(5);
    const cut: Int16Array[] = [];
    let at = 0;
    for (const size of sizes) {
      const chunk = samples.slice(at, at + size);
      cut.push(...blocks.cut(chunk));
      chunk.fill(-1);
      at += size;
    }
    expect(cut.map((block) => [...block])).toEqual([0, 5, 10, 15].map((from) => [0, 1, 2, 3, 4].map((i) => from + i)));
    blocks.clear();
    expect(blocks.cut(Int16Array.of(7, 7)).length).toBe(0);
    expect([...(blocks.cut(Int16Array.of(8, 8, 8))[0] ?? [])]).toEqual([7, 7, 8, 8, 8]);
  }
});
