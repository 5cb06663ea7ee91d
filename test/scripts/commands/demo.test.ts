import { describe, expect, it } from 'vitest';
import { demo } from '../../../scripts/commands/demo.ts';
import { runCommandLine } from '../../../scripts/dispatch.ts';
import type { StoryResult } from '../../../sim/index.ts';

/** Runs the command as the binary does, with everything it writes kept. */
async function run(...argv: readonly string[]) {
  const [stdout, stderr]: [string[], string[]] = [[], []];
  const io = {
    stdout: { write: (text: string) => stdout.push(text) },
    stderr: { write: (text: string) => stderr.push(text) },
  };
  const code = await runCommandLine(['demo', ...argv], io, { demo: async () => demo }, false);
  return { code, stdout: stdout.join(''), stderr: stderr.join('') };
}

async function story(...argv: readonly string[]): Promise<{ code: number; story: StoryResult }> {
  const { code, stdout } = await run('--json', ...argv);
  return { code, story: JSON.parse(stdout) as StoryResult };
}

const ENGLISH = 'order me a large iced latte, less sugar, under 25 yuan';
const CHINESE = '帮我点一杯大杯冰拿铁，少糖，二十五块以内';

describe('the demo, over real MQTT in this process (PSD-PAY-INS, design 3 steps 1 to 11)', () => {
  it.each([ENGLISH, CHINESE])('buys from the words to TRADE_FINISHED, paid once: %s', async (words) => {
    const { code, story: told } = await story('--text', words);
    expect(code).toBe(0);
    expect(told).toMatchObject({ outcome: 'finished', reason: 'trade-finished', debits: 1, currency: 'CNY' });
    expect(told.totalMinor).toBeLessThanOrEqual(2_500);
    expect(told.bytes.confirmation).toBeLessThanOrEqual(180);
    expect(told.bytes.bundle).toBeLessThanOrEqual(900);
    // T28: only whole size classes went over the broker.
    expect(told.bytes.wire).toBe(1_024 * told.frames.length);
    const types = told.frames.map(({ type }) => type);
    const order = [
      'intent',
      'offers',
      'select',
      'cart',
      'pay-request',
      'challenge',
      'confirm',
      'receipt',
      'fulfilment',
    ];
    expect(types.filter((type, i) => order.includes(type) && types.indexOf(type) === i)).toEqual(order);
  });

  it.each([
    ['decline', 'declined'],
    ['cancel', 'cancelled'],
    ['walk-away', 'timed-out'],
    ['late', 'timed-out'],
  ])('--person %s ends as %s, with nothing paid and exit code 1', async (person, outcome) => {
    const { code, story: told } = await story('--text', ENGLISH, '--person', person);
    expect(code).toBe(1);
    expect(told).toMatchObject({ outcome, debits: 0, totalMinor: 0, bytes: { confirmation: 0, bundle: 0 } });
    expect(told.frames.map(({ type }) => type)).not.toContain('confirm');
  });

  it.each([
    ['two', 'silence'],
    ['order me a helicopter', 'silence'],
    ['a latte under 1 yuan', 'over-budget'],
    ['', 'silence'],
  ])('answers “%s” with a question or a refusal, never with an error', async (words, reason) => {
    const { code, story: told } = await story('--text', words);
    expect([code, told.outcome, told.reason, told.debits]).toEqual([1, 'refused', reason, 0]);
    expect(told.steps.filter(({ kind }) => kind === 'voice').length).toBeGreaterThan(0);
  });

  it('tells a person what is shown, signed and sent, and sums up the bytes with what they hold', async () => {
    const { stdout } = await run('--text', ENGLISH);
    for (const part of [
      /HUD/,
      /Total CNY \d+\.\d\d/,
      /Hold to pay/,
      /challenge, \d+ bytes, signed by the PSP/,
      /pressed for 1\.0 s/,
    ])
      expect(stdout).toMatch(part);
    expect(stdout).toMatch(/evidence +\d+ bytes: cart \d+ \+ challenge \d+ \+ confirmation \d+ \+ receipt \d+/);
  });

  it('takes the same course from the same seed', async () => {
    const [one, two] = [await story('--text', ENGLISH, '--seed', '7'), await story('--text', ENGLISH, '--seed', '7')];
    expect(one).toEqual(two);
  });

  it('says what is wrong with its options, with exit code 2', async () => {
    for (const argv of [
      ['--person', 'dance'],
      ['--display', 'wall'],
      ['--audio', 'no such file.wav'],
    ]) {
      const { code, stderr } = await run(...argv);
      expect(code, argv.join(' ')).toBe(2);
      expect(stderr).toMatch(/^act-edge: usage-option-value: /);
    }
  });
});
