import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasMosquitto } from '../helpers/mosquitto.ts';
import { debitsOf, endings, receiptOf } from './books.ts';
import type { Program } from './programs.ts';
import { leaks, secretsOf } from './secrets.ts';
import { ORDER, SHOP } from './wearer.ts';
import { BUSY, makeWorld, type TestWorld } from './world.ts';
import { change } from './yaml.ts';

const TOKEN = 'f'.repeat(64);
/** The gate's dead time is 1,000 ms; a machine that is busy shows the page later. */
const READING_MS = 1_500;
const HOLDING_MS = 1_500;
const BEAT_MS = 50;

const after = (delayMs: number) => new Promise<void>((resolve) => setTimeout(resolve, delayMs));

/** What the phone's app does: it relays words, the wear sensor, and the button with its signs of life. */
function relayTo(socketFile: string) {
  const socket = connect(socketFile);
  socket.on('error', () => {});
  const say = (message: unknown) => void socket.write(`${JSON.stringify(message)}\n`);
  socket.write(`${TOKEN}\n`);
  say({ button: 'up' });
  say({ wear: true });
  return {
    words: (text: string) => say({ transcript: { results: [[{ transcript: text, confidence: 0.9 }]] } }),
    wake: () => say({ wake: true }),
    /** Presses; the answer lets go. */
    press() {
      const down = () => say({ button: 'down' });
      down();
      const beat = setInterval(down, BEAT_MS);
      return () => {
        clearInterval(beat);
        say({ button: 'up' });
      };
    },
    hangUp: () => void socket.destroy(),
  };
}

type Relay = ReturnType<typeof relayTo>;

/** Orders by relayed words, until the page is shown and has been read. */
async function toConfirming(agent: Program, relay: Relay): Promise<void> {
  await agent.logged(({ code }) => code === 'link-online');
  relay.wake();
  relay.words(ORDER);
  await agent.at('summarising');
  relay.words('yes');
  await agent.at('choosing');
  relay.words(SHOP.words);
  await agent.at('confirming');
  await after(READING_MS);
}

describe.skipIf(!hasMosquitto)('an agent whose button and words an app relays', () => {
  let world: TestWorld;
  let socketFile: string;

  beforeAll(async () => {
    world = await makeWorld(['glasses-01']);
    await world.startCloud();
    const { path } = world.device('glasses-01');
    socketFile = join(dirname(path), 'button.socket');
    writeFileSync(join(dirname(path), 'bridge-token'), `${TOKEN}\n`, { mode: 0o600 });
    change(path, 'voice', { recognizer: 'pushed' });
    change(path, 'button', { kind: 'bridge', socketFile: 'button.socket', tokenFile: 'bridge-token', wear: true });
  });
  afterAll(() => world?.end());

  it('T10: pays nothing when the app is gone in the middle of the hold', BUSY, async () => {
    const { path, run } = world.device('glasses-01');
    const agent = run('--once');
    await agent.logged(({ code }) => code === 'link-online');
    const relay = relayTo(socketFile);
    await toConfirming(agent, relay);
    const release = relay.press();
    await after(BEAT_MS);
    relay.hangUp();
    await agent.logged(({ code }) => code === 'bridge-closed');
    release();
    expect(await agent.exited).toMatchObject({ code: 1 });
    expect(debitsOf(world.set, 'glasses-01')).toEqual([]);
    expect(endings(path)).toHaveLength(1);
  });

  it('buys by relayed words and a relayed hold, and lets go of the socket', BUSY, async () => {
    const { path, run } = world.device('glasses-01');
    const buy = async () => {
      const agent = run('--once');
      await agent.logged(({ code }) => code === 'link-online');
      const relay = relayTo(socketFile);
      await toConfirming(agent, relay);
      const release = relay.press();
      await after(HOLDING_MS);
      release();
      return agent.exited;
    };
    let exit = await buy();
    // On a machine so busy that the app's signs of life stay away for 300 ms, the prompt is void, as it should be.
    for (let again = 0; again < 2 && exit.code === 1; again++) exit = await buy();
    expect(exit).toEqual({ code: 0, signal: null });
    const debits = debitsOf(world.set, 'glasses-01').map(({ tradeNo }) => tradeNo);
    expect(debits).toEqual([receiptOf(world.set, path)?.tradeNo]);
  });

  it('T11: does not start with a button that is not there', BUSY, async () => {
    const { path, run } = world.device('glasses-01');
    const bridge = { socketFile: undefined, tokenFile: undefined, wear: undefined };
    change(path, 'button', { ...bridge, kind: 'gpio', chip: 'gpiochip9999', line: 1, devicePath: '/sys/devices/none' });
    const agent = run('--once');
    expect(await agent.exited).toEqual({ code: 1, signal: null });
    expect(agent.strayed.join()).toContain('hardware-absent: no GPIO chip');
  });

  it('T19, T28: prints neither the token nor any words', () => {
    const { all } = world.programs;
    expect(leaks(all, secretsOf(world.set))).toEqual([]);
    const lines = all.flatMap(({ stdout, stderr }) => [...stdout, ...stderr]);
    expect(lines.filter((line) => line.includes(TOKEN))).toEqual([]);
    expect(all.flatMap(({ stderr }) => stderr).filter((line) => line.includes(ORDER))).toEqual([]);
    expect(all.flatMap(({ strayed }) => strayed)).toHaveLength(1);
  });
});
