/** A service that dies with everything unreported, over books that have gone on: none lost, none twice. */
import { beforeAll, describe, expect, it } from 'vitest';
import { playDelegated, ReportedWorld } from './reported-stories.ts';

describe('a service that is started again', () => {
  let story: Awaited<ReturnType<typeof playDelegated>>;
  beforeAll(async () => {
    story = await playDelegated();
  }, 60_000);

  const PARTIES = ['psp', 'agent', 'luna-coffee', 'damai'];
  const told = (world: ReportedWorld, party: string) =>
    world
      .attested(party)
      .map(({ record: { salt: _, createdAt: __, signatures: ___, payloadHash: ____, ...rest } }) => rest);

  it.each(PARTIES)('T27: reports nothing twice: %s', (party) => {
    const { reported, restart } = story;
    const [before, size] = [told(reported, party), reported.node.size];
    expect(before.length).toBeGreaterThan(1);
    restart(party, reported);
    expect(told(reported, party)).toEqual(before);
    expect(reported.node.size).toBe(size);
  });

  it.each(PARTIES)(
    'T27: loses nothing that it had not reported yet, and tells it as it would have then: %s',
    (party) => {
      const { reported, restart } = story;
      const second = new ReportedWorld();
      restart(party, second);
      expect(told(second, party)).toEqual(told(reported, party));
      expect(second.node.size).toBe(told(reported, party).length);
    },
  );
});
