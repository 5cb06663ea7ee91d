import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasMosquitto } from '../helpers/mosquitto.ts';
import { debitsOf, endings, receiptOf } from './books.ts';
import { leaks, secretsOf } from './secrets.ts';
import { goOn } from './wearer.ts';
import { BUSY, makeWorld, type TestWorld } from './world.ts';
import { change } from './yaml.ts';

const [ORDER, YES, SECOND] = ['来一杯冰拿铁，三十块以内', '好的', '第二个'] as const;

/** What the speech service of the glasses hands over: the alternatives of one utterance, best first. */
const transcript = (text: string, confidence: number) =>
  JSON.stringify({ results: [[{ transcript: text, confidence }]] });

describe.skipIf(!hasMosquitto)('an agent on a device with a speech service of its own', () => {
  let world: TestWorld;

  beforeAll(async () => {
    world = await makeWorld(['glasses-01']);
    await world.startCloud();
  });
  afterAll(() => world?.end());

  it('buys in Chinese from pushed transcripts, says why it refuses one, and takes no unsure one', BUSY, async () => {
    const { path, run } = world.device('glasses-01');
    change(path, 'voice', { recognizer: 'pushed', rejectBelow: 0.5 });
    change(path, 'device', { locale: 'zh-CN' });
    const agent = run('--once');
    await agent.logged(({ code }) => code === 'link-online');
    agent.type(transcript(ORDER, 0.9));
    await agent.logged(({ code }) => code === 'transcript-not-listening');
    agent.type('wake');
    agent.type(ORDER);
    await agent.logged(({ code }) => code === 'transcript-bad-json');
    agent.type(transcript(ORDER, 0.4));
    await agent.said(/我没有听清/);
    agent.type(transcript(ORDER, 0.9));
    await agent.at('summarising');
    await agent.said(/^\[zh-CN\] 冰拿铁，最多30\.00元/);
    agent.type(transcript(YES, 0.8));
    await agent.at('choosing');
    agent.type(transcript(SECOND, 0.8));
    await agent.at('carting');
    await goOn(agent, 'carting', 'ended');
    expect(await agent.exited).toEqual({ code: 0, signal: null });
    expect(endings(path)).toEqual(['finished: trade-finished']);
    const receipt = receiptOf(world.set, path);
    expect(receipt?.amountMinor).toBeLessThanOrEqual(3_000);
    expect(debitsOf(world.set, 'glasses-01').map(({ tradeNo }) => tradeNo)).toEqual([receipt?.tradeNo]);
    await agent.said(/^\[zh-CN\] 订单已完成/);
  });

  it('T19, T28: prints no secret and no words', () => {
    const { all } = world.programs;
    expect(leaks(all, secretsOf(world.set))).toEqual([]);
    expect(all.flatMap(({ stderr }) => stderr).filter((line) => line.includes(ORDER))).toEqual([]);
    expect(all.flatMap(({ strayed }) => strayed)).toEqual([]);
  });
});
