import { describe, expect, it } from 'vitest';
import { demo } from '../../../scripts/commands/demo.ts';
import { tellTaleEnd } from '../../../scripts/demo-story.ts';
import { runCommandLine } from '../../../scripts/dispatch.ts';
import type { StoryResult, TaleResult } from '../../../sim/index.ts';

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

describe('the demo of delegations', () => {
  it.each([
    ['concert', 'en-US'],
    ['train', 'zh-CN'],
    ['report', 'en-US'],
  ])(
    '--scenario %s --locale %s prints one JSON object, with exit code 0 as it came out as told',
    async (scenario, locale) => {
      const { code, stdout } = await run('--scenario', scenario, '--locale', locale, '--json');
      const told = JSON.parse(stdout) as TaleResult;
      expect([code, told.scenario, told.cameTrue, told.otherwise]).toEqual([0, scenario, true, []]);
      expect(told.steps.some(({ kind }) => kind === 'wearer')).toBe(true);
    },
  );

  it.each(['decline', 'cancel', 'walk-away', 'late'])(
    '--person %s at the prompt: nothing is allowed or paid, and exit code 1',
    async (person) => {
      const { code, stdout } = await run('--scenario', 'train', '--person', person, '--json');
      const told = JSON.parse(stdout) as TaleResult;
      expect([code, told.cameTrue, told.state, told.ledger.count]).toEqual([1, false, 'none', 0]);
      expect(told.otherwise).toContain('one ticket was bought');
      expect(told.frames.map(({ type }) => type)).not.toContain('delegation-confirm');
    },
  );

  it('tells a week with its days, and sums it up', async () => {
    const { code, stdout } = await run('--scenario', 'weekday-coffee');
    expect(code).toBe(0);
    for (const part of [
      /^Mon 09:30:00 {2}wearer {4}“order my coffee every weekday before nine/m,
      /^Tue 07:00:00 {2}device {4}iced latte: paid \d+\.\d\d yuan to Luna Otter Coffee/m,
      /^Tue 15:00:00 {2}operator {2}Luna Otter Coffee now asks 19\.00/m,
      /signed by the agent \(kid [0-9a-f]{8}…\), verified/,
      /^outcome +as told; the delegation is Revoked$/m,
      /^debits +3, \d+ of 30000 minor units of CNY$/m,
      /^on the device +3 receipts verified, \d+ spent, 0 paid back$/m,
      /^ +wire +… and \d+ more of these$/m,
      /^evidence +\d+ bytes at most: cart \d+ \+ request \d+ \+ receipt \d+,/m,
    ])
      expect(stdout).toMatch(part);
    expect(stdout).not.toContain('not so');
  });

  it('names what was not as told', async () => {
    const { stdout } = await run('--scenario', 'train', '--json');
    const told = { ...(JSON.parse(stdout) as TaleResult), cameTrue: false, otherwise: ['one ticket was bought'] };
    expect(tellTaleEnd(told)).toMatch(/^outcome +not as told; .*\nnot so +one ticket was bought$/m);
  });

  it('refuses what belongs to the purchase on the spot, with exit code 2', async () => {
    for (const [option, value] of [
      ['--text', 'a latte'],
      ['--audio', 'order.wav'],
      ['--sherpa-model', 'model'],
    ] as const) {
      const { code, stderr } = await run('--scenario', 'train', option, value);
      expect([code, stderr.includes(`${option} is for --scenario coffee only`)]).toEqual([2, true]);
    }
    expect((await run('--scenario', 'opera')).code).toBe(2);
  });
});
