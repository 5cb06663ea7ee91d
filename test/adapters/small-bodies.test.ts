import { EventEmitter } from 'node:events';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { jsonLog } from '../../device/adapters/json-log.ts';
import { type KeyInput, keyboardButton } from '../../device/adapters/keyboard-button.ts';
import { systemClock } from '../../device/adapters/system-clock.ts';
import { systemRandom } from '../../device/adapters/system-random.ts';
import { terminalDisplay } from '../../device/adapters/terminal-display.ts';
import { textSpeaker } from '../../device/adapters/text-speaker.ts';
import { DEVICE_ERROR_CODES, DeviceError, StoreError } from '../../device/errors.ts';
import { manualClock } from '../helpers/manual-clock.ts';
import { playTimers, stopPlaying } from '../helpers/played-timers.ts';

function output(): { write(text: string): void; readonly text: () => string } {
  const parts: string[] = [];
  return { write: (text) => parts.push(text), text: () => parts.join('') };
}

describe('errors of the device', () => {
  it('are one line each, begin with their code and say what to do next', () => {
    const error = new StoreError('store-full', 'no\nroom\u001b[2J', 'free\r\nsome');
    expect(error).toBeInstanceOf(DeviceError);
    expect([error.name, error.message, error.hint]).toEqual(['StoreError', 'store-full: no room [2J', 'free some']);
    expect(new Set(DEVICE_ERROR_CODES).size).toBe(DEVICE_ERROR_CODES.length);
  });
});

describe('the system clock', () => {
  afterEach(stopPlaying);

  it('fires once after its delay, not when stopped, and counts delays longer than a timer can hold', () => {
    playTimers();
    const clock = systemClock();
    const fired: string[] = [];
    clock.after(10, () => fired.push('ten'));
    clock.after(-5, () => fired.push('at once'));
    clock.after(20, () => fired.push('never'))();
    const month = 40 * 24 * 3_600_000;
    clock.after(month, () => fired.push('month'));
    const stopLate = clock.after(month, () => fired.push('never'));
    vi.advanceTimersByTime(month - 1);
    stopLate();
    expect(fired).toEqual(['at once', 'ten']);
    vi.advanceTimersByTime(1);
    expect(fired).toEqual(['at once', 'ten', 'month']);
  });

  it('T16: does not fire early or late because the wall clock was set', () => {
    playTimers(1_000_000_000_000);
    const clock = systemClock();
    let fired = false;
    clock.after(1000, () => {
      fired = true;
    });
    vi.setSystemTime(2_000_000_000_000);
    expect(clock.now()).toBe(2_000_000_000_000);
    vi.advanceTimersByTime(999);
    expect(fired).toBe(false);
    vi.advanceTimersByTime(1);
    expect(fired).toBe(true);
  });
});

describe('the system random source', () => {
  it('gives fresh arrays of the wanted length that share no memory', () => {
    const random = systemRandom();
    const [a, b] = [random.bytes(16), random.bytes(16)];
    expect([a.length, b.length, random.bytes(0).length]).toEqual([16, 16, 0]);
    expect(a).not.toEqual(b);
    expect(a.buffer.byteLength).toBe(16);
  });
});

describe('the terminal display', () => {
  it('draws a page in a frame whose right edge is straight, in Chinese too', () => {
    const out = output();
    const page = { lines: ['拿铁 x1', 'CNY 24.80'], index: 0, count: 2, title: '确认' };
    terminalDisplay({ output: out, columns: 12 }).show(page);
    expect(out.text()).toBe(
      ['┌─ 确认 1/2 ───┐', '│ 拿铁 x1      │', '│ CNY 24.80    │', '└──────────────┘', ''].join('\n'),
    );
  });

  it('T8: lets no control character reach the terminal', () => {
    const out = output();
    const display = terminalDisplay({ output: out, columns: 20 });
    display.show({ lines: ['\u001b[2J\u202e 1.00'], index: 0, count: 1, title: '\u0007' });
    textSpeaker(out).say('pay\u001b[1A\n99', 'en-US');
    expect(out.text().replaceAll('\n', '')).not.toMatch(/\p{C}/u);
    expect(out.text()).toContain('[en-US] pay·[1A·99\n');
  });

  it('says that a page no longer counts, once', () => {
    const out = output();
    const display = terminalDisplay({ output: out, columns: 2 });
    display.clear();
    display.show({ lines: [], index: 0, count: 1, title: '' });
    display.clear();
    display.clear();
    expect(out.text()).toBe('┌────┐\n└────┘\n╴╶╶╶╶╴\n');
  });
});

describe('the JSON log', () => {
  it('writes one line for each entry at or above its level', () => {
    const out = output();
    const log = jsonLog({ level: 'warn', output: out, clock: manualClock(1_700_000_000_000) });
    log.write('info', 'transport-online');
    log.write('warn', 'transport-network', { reason: 'two\nlines', retryMs: 5 });
    log.write('error', 'store-full');
    const lines = out.text().trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      {
        time: '2023-11-14T22:13:20.000Z',
        level: 'warn',
        code: 'transport-network',
        detail: { reason: 'two\nlines', retryMs: 5 },
      },
      { time: '2023-11-14T22:13:20.000Z', level: 'error', code: 'store-full' },
    ]);
  });
});

class Keys extends EventEmitter implements KeyInput {
  readonly isTTY: boolean;
  readonly calls: string[] = [];
  constructor(isTTY: boolean) {
    super();
    this.isTTY = isTTY;
  }
  setRawMode = (raw: boolean) => this.calls.push(`raw ${raw}`);
  resume = () => this.calls.push('resume');
  pause = () => this.calls.push('pause');
}

function listening(isTTY: boolean) {
  const input = new Keys(isTTY);
  const clock = manualClock();
  const edges: [string, number][] = [];
  let interrupts = 0;
  const button = keyboardButton({ input, clock, onInterrupt: () => interrupts++ });
  const losses: number[] = [];
  const stop = button.listen(
    (edge) => edges.push([edge, clock.now()]),
    () => losses.push(clock.now()),
  );
  const type = (text: string) => input.emit('data', Buffer.from(text));
  return { input, clock, edges, losses, type, stop, button, interrupts: () => interrupts };
}

describe('the keyboard button', () => {
  it('T10: a tap is down and up, and never long enough for a hold', () => {
    const { clock, edges, type, button } = listening(true);
    type(' ');
    clock.advance(5000);
    expect(edges).toEqual([
      ['down', 0],
      ['up', 700],
    ]);
    expect(button.assurance).toBe('keyboard');
  });

  it('a held key stays down as long as the system repeats it', () => {
    const { clock, edges, type } = listening(true);
    type(' ');
    clock.advance(500);
    for (let repeat = 0; repeat < 20; repeat++) {
      type(' ');
      clock.advance(30);
    }
    clock.advance(5000);
    expect(edges).toEqual([
      ['down', 0],
      ['up', 500 + 19 * 30 + 100],
    ]);
  });

  it('ignores other keys and hands Ctrl-C on, which raw mode would swallow', () => {
    const { edges, type, interrupts } = listening(true);
    type('abc\u001b[A');
    expect(edges).toEqual([]);
    type('\u0003');
    expect(interrupts()).toBe(1);
  });

  it('gives the terminal back when it stops, and no edge follows', () => {
    const { input, clock, edges, type, stop } = listening(true);
    type(' ');
    stop();
    clock.advance(5000);
    type(' ');
    expect(edges).toEqual([['down', 0]]);
    expect(input.calls).toEqual(['raw true', 'resume', 'raw false', 'pause']);
  });

  it.each([true, false])(
    'T10: is lost with its input, in the middle of a hold: no edge follows (terminal: %s)',
    (isTTY) => {
      const { input, clock, edges, losses, type } = listening(isTTY);
      type(isTTY ? ' ' : 'hold\n');
      clock.advance(100);
      input.emit('end');
      input.emit('close');
      clock.advance(5000);
      expect([edges, losses]).toEqual([[['down', 0]], [100]]);
    },
  );

  it('takes lines where there is no terminal, split anywhere, and leaves other lines alone', () => {
    const { input, clock, edges, type, stop } = listening(false);
    type('do');
    type('wn\r\nup\norder a latte\ntoString\n');
    clock.advance(1000);
    type('click\n');
    clock.advance(1000);
    type('hold\n');
    clock.advance(2000);
    type('hold\n');
    stop();
    clock.advance(5000);
    const expected = [
      ['down', 0],
      ['up', 0],
      ['down', 1000],
      ['up', 1120],
      ['down', 2000],
      ['up', 3500],
      ['down', 4000],
    ];
    expect(edges).toEqual(expected);
    expect(input.calls).toEqual(['resume', 'pause']);
  });
});
