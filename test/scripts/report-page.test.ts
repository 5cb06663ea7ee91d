import { describe, expect, it } from 'vitest';
import { encodeBundle } from '../../device/audit/bundle.ts';
import { verifyBundle } from '../../device/audit/bundle-verify.ts';
import { pageScript } from '../../scripts/audit/page-script.ts';
import { storyOf } from '../../scripts/audit/story.ts';
import { CORPUS } from '../device/audit/bundle-corpus.ts';
import { eventful } from '../device/audit/bundle-corpus-after.ts';

type Judge = (bytes: Uint8Array) => Promise<Record<string, readonly string[]>>;

/** The program of the page, as its text says it, without a page. */
function programWith(host: unknown): Judge {
  const program = new Function('crypto', `${pageScript()}\nreturn (bytes) => judgeBytes(t, bytes, tables);`);
  return program(host) as Judge;
}

async function told(judge: Judge, encoded: Uint8Array): Promise<string> {
  try {
    const { standing, unsure = [], faults = [], missing = [] } = await judge(encoded);
    return [standing, ...unsure, ...faults, ...missing].join(' ');
  } catch {
    return 'unreadable';
  }
}

const judge = programWith(globalThis.crypto);
/** A host that knows digests and no Ed25519. */
const older = programWith({
  subtle: {
    digest: (name: string, bytes: Uint8Array) => globalThis.crypto.subtle.digest(name, new Uint8Array(bytes)),
    importKey: () => Promise.reject(new DOMException('no such algorithm', 'NotSupportedError')),
  },
});

describe('the program of a report page', () => {
  it.each(CORPUS.map((one) => [one.name, one] as const))(
    'comes to our verdict on %s',
    async (_, { encoded, expected }) => {
      expect(await told(judge, encoded)).toBe(expected);
    },
  );

  it.each(CORPUS.filter((_, i) => i % 7 === 0).map((one) => [one.name, one] as const))(
    'comes to it on %s where the browser has no Ed25519',
    async (_, { encoded, expected }) => {
      expect(await told(older, encoded)).toBe(expected);
    },
  );

  it('T29: tells refunds, changes, words of the PSP and other payments as we do, in both languages', async () => {
    const program = new Function(
      'crypto',
      `${pageScript()}\nreturn async (bytes) => linesOf((await judgeBytes(t, bytes, tables)).objects);`,
    );
    const lines = (await program(globalThis.crypto)(encodeBundle(eventful))) as readonly unknown[];
    const ours = storyOf({ ...verifyBundle(encodeBundle(eventful)), attested: [] })
      .filter(({ en }) => /gave back|asked to |delegation is|also paid/.test(en))
      .map(({ at, signedBy, en, zh }) => [at, signedBy, en, zh]);
    expect(ours).toHaveLength(6);
    expect(lines).toEqual(expect.arrayContaining(ours));
  });

  it('carries the licence of what is inlined, and no text that would end the script', () => {
    expect(pageScript()).toContain('noble-ed25519 - MIT License (c)');
    expect(pageScript().toLowerCase()).not.toContain('</script');
  });
});
