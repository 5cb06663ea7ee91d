/**
 * The simulator in a device maker's own vitest suite: a world in one line, a wearer in a few, and everything that was
 * shown, said, signed, sent and paid to look at. Time is virtual, and one seed gives one course of events.
 */
import { perform, readScenario, runScenario, Stage } from 'act-edge/sim';
import { describe, expect, it } from 'vitest';

const ORDER = [
  { say: 'order me a large iced latte, less sugar, under 25 yuan' },
  { say: 'yes' },
  { say: 'the second one' },
] as const;

describe('our glasses', () => {
  it('show the total and the payee before anything can be held', () => {
    const stage = new Stage('a seed', { display: 'oled-3' });
    perform(stage, ...ORDER, { see: 'Total CNY 19.00' });
    const pages = stage.device?.display.shown.filter(({ title }) => title !== '') ?? [];
    expect(pages[0]?.lines).toEqual(['Total CNY 19.00', 'To Luna Otter Coffee']);
    expect(stage.world.record.signatures).toEqual([]);
  });

  it('pay once, however often the confirmation is delivered', () => {
    const stage = new Stage('a seed');
    perform(stage, { duplicate: { frame: 'confirm', copies: 5 } }, ...ORDER, 'hold', { wait: 'ended' });
    expect(stage.current).toMatchObject({ at: 'ended', outcome: 'finished' });
    expect(stage.world.debits).toEqual({ count: 1, totalMinor: 1900 });
    expect(stage.world.frames.filter(({ type }) => type === 'confirm')).toHaveLength(1);
    expect(stage.verdict()).toEqual([]);
  });

  it('pay nothing when they are taken off in the middle of the hold', () => {
    const stage = new Stage('a seed');
    perform(stage, ...ORDER, 'hold', { elapse: '400 ms' }, { wear: 'off' }, { wait: 'ended' });
    expect(stage.current).toMatchObject({ outcome: 'cancelled', reason: 'wear-off' });
    expect(stage.world.debits.count).toBe(0);
  });

  it('say what our testers have written down', () => {
    const text = `
      scenario: Nobody pays with a click, in \${locale}
      table: [{ locale: en-US, order: an iced latte, yes: "yes" }, { locale: zh-CN, order: 一杯冰拿铁, yes: 好的 }]
      world: { locale: "\${locale}" }
      steps: [{ say: "\${order}" }, { say: "\${yes}" }, { say: "\${yes}" }, click]
      expect: { ending: "declined: clicked", debits: 0 }`;
    const results = readScenario('click.yaml', text).map((row) => runScenario(row).result);
    expect(results.map(({ name, failures }) => ({ name, failures }))).toEqual([
      { name: 'Nobody pays with a click, in en-US', failures: [] },
      { name: 'Nobody pays with a click, in zh-CN', failures: [] },
    ]);
  });
});
