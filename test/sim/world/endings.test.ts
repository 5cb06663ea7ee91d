import { describe, expect, it } from 'vitest';
import { type Locale, PROFILES, type ProfileId } from '../../../device/index.ts';
import { GESTURES, type Temper } from '../../../sim/person.ts';
import { begin, ending, expectSound } from './play.ts';

const ENDINGS: Readonly<Record<Temper, string>> = {
  buy: 'finished: trade-finished',
  decline: 'declined: clicked',
  cancel: 'cancelled: said-cancel',
  'walk-away': 'timed-out: no-press',
  late: 'timed-out: no-press',
};
const LOCALES: readonly Locale[] = ['en-US', 'zh-CN'];

const cases = LOCALES.flatMap((locale) =>
  (Object.keys(PROFILES) as ProfileId[]).flatMap((display) =>
    (Object.keys(ENDINGS) as Temper[]).map((temper) => ({ locale, display, temper })),
  ),
);

describe('a purchase in a world where nothing fails', () => {
  it.each(cases)('ends as its wearer wants: $temper, $locale, $display', ({ locale, display, temper }) => {
    const play = begin({ seed: `${temper} ${locale} ${display}`, locale, display, temper }).settle();
    play.probeRetained();
    expect(ending(play)).toBe(ENDINGS[temper]);
    const { debits, record } = play.world;
    expect(debits.count).toBe(temper === 'buy' ? 1 : 0);
    expect(record.signatures).toHaveLength(temper === 'buy' ? 1 : 0);
    expectSound(play, temper);
  });

  it('T6: says nothing of an earlier order while the prompt of a later one is open', () => {
    const play = begin({ seed: 'two orders' });
    play.run(() => play.current.at === 'following');
    // So that the rider sets out while the second prompt is open.
    play.pass(7_800);
    play.order();
    play.run(() => play.current.at === 'confirming');
    const openedAt = play.clock.now();
    play.settle();
    const { record, debits } = play.world;
    const [, second] = record.signatures;
    const news = record.steps.filter(
      ({ at, event }) => event.kind === 'frame' && event.frame.type === 'fulfilment' && at > openedAt,
    );
    expect(news[0]?.at).toBeLessThan(second?.at ?? 0);
    expect(debits.count).toBe(2);
    expectSound(play, 'two orders');
  });

  it('covers every temper a wearer has', () => {
    expect(Object.keys(ENDINGS)).toEqual(expect.arrayContaining(Object.keys(GESTURES)));
  });

  it('takes the same course from the same seed, to the last byte on the wire', () => {
    const wireOf = (seed: string) =>
      begin({ seed })
        .settle()
        .world.record.wire.map(({ topic, payload }) => `${topic} ${Buffer.from(payload).toString('hex')}`);
    expect(wireOf('one')).toEqual(wireOf('one'));
    expect(wireOf('one')).not.toEqual(wireOf('two'));
  });
});
