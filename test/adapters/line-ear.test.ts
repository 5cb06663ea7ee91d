import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { onLines, pushedEar, typedEar } from '../../device/adapters/line-ear.ts';
import { PushedTranscript } from '../../device/adapters/voice/pushed-transcript.ts';
import type { EarEvent } from '../../device/listening.ts';
import { manualClock } from '../helpers/manual-clock.ts';

const ORDER = JSON.stringify({ results: [[{ transcript: '来一杯拿铁', confidence: 0.9 }]] });
const REQUEST = { expect: 'order', locale: 'zh-CN', offers: 0 } as const;

function lines(): { source: EventEmitter; got: string[] } {
  const source = new EventEmitter();
  const got: string[] = [];
  onLines(source, (line) => got.push(line));
  return { source, got };
}

describe('lines of an input', () => {
  it('come one by one, whatever the chunks, without line ends and blank lines', () => {
    const { source, got } = lines();
    for (const chunk of ['order ', 'a lat', 'te\r\nyes\n', '\n   \n', 'the second one']) source.emit('data', chunk);
    expect(got).toEqual(['order a latte', 'yes']);
    source.emit('data', '\n');
    expect(got).toEqual(['order a latte', 'yes', 'the second one']);
  });

  it('keep characters whole whose bytes arrive apart', () => {
    const { source, got } = lines();
    for (const byte of new TextEncoder().encode('来一杯拿铁\n')) source.emit('data', Uint8Array.of(byte));
    expect(got).toEqual(['来一杯拿铁']);
  });

  it('leave the words of the button to the button', () => {
    const { source, got } = lines();
    source.emit('data', 'hold\nclick\ndown\n up \nhold on\n');
    expect(got).toEqual(['hold on']);
  });

  it('T30: are dropped when they grow beyond the limit, with or without an end, and the next one counts', () => {
    const { source, got } = lines();
    source.emit('data', `${'a'.repeat(8_193)}\nfirst\n`);
    for (let i = 0; i < 100; i++) source.emit('data', 'b'.repeat(1_000));
    source.emit('data', '\nsecond\n');
    expect(got.filter((line) => line.length > 8_192)).toEqual([]);
    expect(got.at(0)).toBe('first');
    expect(got.at(-1)).toBe('second');
  });
});

describe('the typed ear', () => {
  it('hands each line to the agent as words that somebody typed, and opens for nobody', () => {
    const source = new EventEmitter();
    const heard: EarEvent[] = [];
    const ear = typedEar(source, (event) => heard.push(event));
    const stop = ear.listen(REQUEST, () => expect.unreachable());
    source.emit('data', 'order a latte\n');
    stop();
    expect(heard).toEqual([{ kind: 'words', hypotheses: [{ text: 'order a latte', confidence: 1 }], mode: 'TEXT' }]);
  });
});

function pushed() {
  const source = new EventEmitter();
  const clock = manualClock();
  const refused: string[] = [];
  const heard: EarEvent[] = [];
  let woken = 0;
  const onRefused = (outcome: string) => refused.push(outcome);
  const ear = pushedEar(source, new PushedTranscript(), { clock, onRefused, wake: () => woken++ });
  const listen = () => ear.listen(REQUEST, (event) => heard.push(event));
  return {
    push: (line: string) => source.emit('data', `${line}\n`),
    clock,
    refused,
    heard,
    listen,
    woken: () => woken,
  };
}

describe('the ear of a device with a speech service', () => {
  it('takes one transcript while it listens, as spoken words', () => {
    const { push, listen, heard, refused } = pushed();
    listen();
    push(ORDER);
    push(ORDER);
    expect(heard).toEqual([{ kind: 'words', hypotheses: [{ text: '来一杯拿铁', confidence: 0.9 }], mode: 'VOICE' }]);
    expect(refused).toEqual(['not-listening']);
  });

  it('hears nothing while nobody asked it to, or no longer does', () => {
    const { push, listen, heard, refused } = pushed();
    push(ORDER);
    listen()();
    push(ORDER);
    expect(heard).toEqual([]);
    expect(refused).toEqual(['not-listening', 'not-listening']);
  });

  it('says why it refuses a message, and never the message', () => {
    const { push, listen, heard, refused } = pushed();
    listen();
    for (const line of ['来一杯拿铁', '{}', '{"results":[[{"transcript":""}]]}', '[1', 'null']) push(line);
    expect(refused).toEqual(['bad-json', 'unknown-shape', 'unknown-shape', 'bad-json', 'unknown-shape']);
    expect(heard).toEqual([]);
    push(ORDER);
    expect(heard).toHaveLength(1);
  });

  it('opens when the service has heard the wake word', () => {
    const { push, woken, refused } = pushed();
    push('wake');
    expect([woken(), refused]).toEqual([1, []]);
  });

  it('says silence when the service pushes nothing', () => {
    const { clock, listen, heard } = pushed();
    listen();
    clock.advance(6_000);
    expect(heard).toEqual([{ kind: 'unheard', why: 'silence' }]);
  });
});
