import { existsSync, statSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type Bridge, openBridge } from '../../device/adapters/bridge-button.ts';
import { MAX_LINE_BYTES } from '../../device/adapters/bridge-lines.ts';
import { buttonContract } from '../contracts/button.contract.ts';
import { watching } from '../contracts/contract.ts';
import { wearSensorContract } from '../contracts/wear-sensor.contract.ts';
import { manualClock } from '../helpers/manual-clock.ts';
import { temporaryDirectory } from '../helpers/temporary.ts';
import { logList } from './device-stand.ts';

const TOKEN = '0123456789abcdef0123456789abcdef';

/** A bridge, everything it tells and logs in one list, and relays that connect to it. */
async function makeStand() {
  const directory = temporaryDirectory();
  const socketFile = join(directory.path, 'button.socket');
  const clock = manualClock();
  const watch = watching();
  const told: string[] = [];
  const hear = (what: string) => {
    told.push(what);
    watch.happened();
  };
  const codes: string[] = [];
  const log = {
    write(_level: string, code: string) {
      codes.push(code);
      hear(code);
    },
  };
  const token = Buffer.from(TOKEN);
  const open = () => openBridge({ socketFile, token, clock, log });
  const bridge: Bridge = await open();
  bridge.button.listen(hear, () => hear('lost'));
  bridge.wear.listen((worn) => hear(worn ? 'worn' : 'off'));
  bridge.words.on('data', (line) => hear(`words ${line}`));
  told.length = 0;
  const sockets: Socket[] = [];
  const until = (what: string, times = 1) => watch.until(() => told.filter((one) => one === what).length >= times);

  /** Connects and says these lines. */
  function relay(...lines: readonly unknown[]): {
    say(...more: readonly unknown[]): void;
    write(text: string): void;
    hangUp(): void;
  } {
    const socket = connect(socketFile);
    socket.on('error', () => {});
    sockets.push(socket);
    const say = (...more: readonly unknown[]) =>
      void socket.write(more.map((one) => `${typeof one === 'string' ? one : JSON.stringify(one)}\n`).join(''));
    say(...lines);
    return { say, write: (text) => void socket.write(text), hangUp: () => void socket.destroy() };
  }
  const dispose = () => {
    bridge.close();
    for (const socket of sockets) socket.destroy();
    directory.remove();
  };
  return { bridge, clock, told, codes, until, relay, open, socketFile, directory: directory.path, dispose };
}

type Stand = Awaited<ReturnType<typeof makeStand>>;

/** A stand whose relay has said who it is and that the button is up. */
async function connected() {
  const stand = await makeStand();
  const { say, hangUp } = stand.relay(TOKEN, { button: 'up' });
  await stand.until('up');
  stand.told.length = 0;
  return { ...stand, say, hangUp };
}

const DOWN = { button: 'down' } as const;
const UP = { button: 'up' } as const;

buttonContract.holdsFor('relayed', async () => {
  const { bridge, say, hangUp, told, until, dispose } = await connected();
  const tell = (message: typeof DOWN | typeof UP) => {
    const before = told.filter((one) => one === message.button).length;
    say(message);
    return until(message.button, before + 1);
  };
  return {
    button: bridge.button,
    press: () => tell(DOWN),
    release: () => tell(UP),
    lose() {
      hangUp();
      return until('lost');
    },
    dispose,
  };
});

wearSensorContract.holdsFor('relayed', async () => {
  const { bridge, say, dispose } = await connected();
  const { happened, until } = watching();
  let now = false;
  bridge.wear.listen((worn) => {
    now = worn;
    happened();
  });
  const set = (worn: boolean) => {
    say({ wear: worn });
    return until(() => now === worn);
  };
  return { sensor: bridge.wear, set, dispose };
});

describe('the bridge', () => {
  let stand: Stand | undefined;
  afterEach(() => {
    stand?.dispose();
    stand = undefined;
  });
  const ready = async () => {
    const made = await connected();
    stand = made;
    return made;
  };
  const empty = async () => {
    stand = await makeStand();
    return stand;
  };

  it('T11: is no hardware line, and its socket is for its user alone', async () => {
    const { bridge, socketFile } = await empty();
    expect(bridge.button.assurance).toBe('relayed');
    expect(statSync(socketFile).mode & 0o777).toBe(0o600);
  });

  it('T18: without a relay there is no button and the glasses are off', async () => {
    const { bridge } = await empty();
    const told: string[] = [];
    bridge.button.listen(
      (edge) => told.push(edge),
      () => told.push('lost'),
    );
    bridge.wear.listen((worn) => told.push(worn ? 'worn' : 'off'));
    expect(told).toEqual(['lost', 'off']);
  });

  it('passes on edges, wear and words, and takes repeats for signs of life', async () => {
    const { say, told, until } = await ready();
    const transcript = { results: [[{ transcript: 'yes', confidence: 0.9 }]] };
    say(DOWN, DOWN, { alive: true }, DOWN, UP, { wear: true }, { wake: true }, { transcript });
    await until(`words ${JSON.stringify(transcript)}\n`);
    expect(told).toEqual(['down', 'up', 'worn', 'words wake\n', `words ${JSON.stringify(transcript)}\n`]);
  });

  it('T10, T18: is lost when the relay hangs up in the middle of a hold, and the glasses are off', async () => {
    const { say, hangUp, told, until } = await ready();
    say({ wear: true }, DOWN);
    await until('down');
    hangUp();
    await until('off');
    expect(told).toEqual(['worn', 'down', 'bridge-closed', 'lost', 'off']);
  });

  it('T10: is lost when the relay falls silent in the middle of a hold, long before the hold is complete', async () => {
    const { say, told, until, clock } = await ready();
    say(DOWN);
    await until('down');
    clock.advance(299);
    expect(told).toEqual(['down']);
    clock.advance(1);
    expect(told).toEqual(['down', 'bridge-silent', 'lost']);
  });

  it('holds as long as the relay says that it is held, and waits longer while nothing is pressed', async () => {
    const { say, told, until, clock } = await ready();
    clock.advance(14_999);
    say(DOWN);
    await until('down');
    for (let beat = 0; beat < 5; beat++) {
      clock.advance(299);
      say(DOWN, { wake: true });
      await until('words wake\n', beat + 1);
    }
    say(UP);
    await until('up');
    clock.advance(14_999);
    expect(told.filter((one) => one !== 'words wake\n')).toEqual(['down', 'up']);
    clock.advance(1);
    expect(told.slice(-2)).toEqual(['bridge-silent', 'lost']);
  });

  it('is back with the first level that the next relay tells', async () => {
    const { say, hangUp, until, relay, told } = await ready();
    say(DOWN);
    await until('down');
    hangUp();
    await until('lost');
    relay(TOKEN, DOWN);
    await until('down', 2);
    expect(told).toEqual(['down', 'bridge-closed', 'lost', 'down']);
  });

  it.each([
    ['a wrong token', ['0123456789abcdef0123456789abcdeF'], 'token'],
    ['a part of the token', ['0123456789abcdef'], 'token'],
    ['no token', [DOWN], 'token'],
    ['an empty line', [''], 'token'],
    ['no JSON', [TOKEN, 'down'], 'garbage'],
    ['an empty line for a message', [TOKEN, ''], 'garbage'],
    ['an unknown edge', [TOKEN, { button: 'click' }], 'garbage'],
    ['two messages in one', [TOKEN, { button: 'up', wear: true }], 'garbage'],
    ['a number for a truth', [TOKEN, { wear: 1 }], 'garbage'],
    ['null', [TOKEN, 'null'], 'garbage'],
    ['a list', [TOKEN, [DOWN]], 'garbage'],
    ['deep nesting', [TOKEN, '['.repeat(4_000)], 'garbage'],
    ['a long line', [TOKEN, 'x'.repeat(MAX_LINE_BYTES + 1)], 'line-too-long'],
    ['a long token', ['x'.repeat(MAX_LINE_BYTES + 1)], 'line-too-long'],
    ['a flood', [TOKEN, ...Array.from({ length: 64 }, () => ({ alive: true }))], 'flood'],
  ])('T30: ends with a stable code at %s, and with nothing else', async (_what, lines, code) => {
    const { relay, told, until } = await empty();
    relay(...lines, DOWN, UP);
    await until(`bridge-${code}`);
    expect(told).toEqual([`bridge-${code}`]);
    relay(TOKEN, UP);
    await until('up');
  });

  it('T30: does not wait for the end of a line that is too long', async () => {
    const { relay, until, told } = await empty();
    relay(TOKEN).write('x'.repeat(MAX_LINE_BYTES + 1));
    await until('bridge-line-too-long');
    expect(told).toEqual(['bridge-line-too-long']);
  });

  it('takes as many lines as a long press has, second after second', async () => {
    const { say, until, clock, told } = await ready();
    for (let second = 1; second <= 5; second++) {
      for (let line = 0; line < 29; line++) say(line % 2 ? UP : DOWN);
      say(UP, { wake: true });
      await until('words wake\n', second);
      clock.advance(1_000);
    }
    expect(told.filter((one) => one.startsWith('bridge'))).toEqual([]);
  });

  it('waits two seconds for the token', async () => {
    const { relay, until, clock, told } = await empty();
    relay();
    relay();
    // The second one is turned away when the first is being waited for.
    await until('bridge-busy');
    clock.advance(1_999);
    expect(told).toEqual(['bridge-busy']);
    clock.advance(1);
    expect(told).toEqual(['bridge-busy', 'bridge-token']);
  });

  it('T11: serves one relay at a time: a second one presses nothing, and disturbs nothing', async () => {
    const { relay, say, until, told } = await ready();
    relay(TOKEN, DOWN);
    await until('bridge-busy');
    say(DOWN, UP);
    await until('up');
    expect(told).toEqual(['bridge-busy', 'down', 'up']);
  });

  it('T19: logs neither the token nor the words', async () => {
    const { say, until, codes } = await ready();
    say({ transcript: { text: 'secret words' } }, 'secret words');
    await until('bridge-garbage');
    expect(codes).toEqual(['bridge-garbage']);
  });

  it('takes over the socket of a killed process, never that of a living one nor another file', async () => {
    const { open, socketFile, bridge, directory } = await empty();
    await expect(open()).rejects.toThrow(/^store-locked: /);
    bridge.close();
    writeFileSync(socketFile, 'precious');
    await expect(open()).rejects.toThrow(/^hardware-failed: .*there is a file/);
    const parts = { token: Buffer.from(TOKEN), clock: manualClock(), log: logList() };
    const long = join(directory, 'x'.repeat(108));
    await expect(openBridge({ ...parts, socketFile: long })).rejects.toThrow(/^hardware-failed: .*longer than/);
    const nowhere = join(directory, 'absent/socket');
    await expect(openBridge({ ...parts, socketFile: nowhere })).rejects.toMatchObject({ name: 'StoreError' });
    const other = join(directory, 'other');
    await expect(openBridge({ ...parts, socketFile: other, token: Buffer.from('short') })).rejects.toThrow(
      /^config-invalid: /,
    );
    expect(existsSync(`${long}.lock`) || existsSync(`${socketFile}.lock`)).toBe(false);
  });
});
