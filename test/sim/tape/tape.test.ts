import { describe, expect, it } from 'vitest';
import { type DeviceSettings, PROFILES } from '../../../device/index.ts';
import { keyOf } from '../../../sim/cloud/key-of.ts';
import type { PlayOptions } from '../../../sim/play.ts';
import { createRecorder, type Recorder } from '../../../sim/tape/record.ts';
import { playTape } from '../../../sim/tape/replay.ts';
import { maskOf, readLine, SecretMask, writeLine } from '../../../sim/tape/tape.ts';
import { begin, TENANT, until } from '../world/play.ts';

const [DEVICE_SECRETS] = TENANT.devices;

interface Taken {
  readonly recorder: Recorder;
  readonly settings: DeviceSettings;
}

/** Plays with a tape in each life of the device. */
function taken(options: Partial<PlayOptions>, withWords = true) {
  const tapes: Taken[] = [];
  const recorderOf = (settings: DeviceSettings) => {
    const recorder = createRecorder({ settings, withWords });
    tapes.push({ recorder, settings });
    return recorder;
  };
  return { play: begin({ ...options, recorderOf }), tapes };
}

function again({ recorder, settings }: Taken): readonly string[] {
  const masked = { ...settings, paymentToken: maskOf(settings.paymentToken) };
  const { kid } = keyOf(DEVICE_SECRETS?.frameSeed ?? new Uint8Array(32));
  return playTape(recorder.lines, { settings: masked, profile: PROFILES['hud-480x640'], kid });
}

describe('a tape of what passed the ports of a device', () => {
  it.each([
    ['a purchase', {}],
    ['a purchase that is declined', { temper: 'decline' }],
    ['a purchase in Chinese that is cancelled', { temper: 'cancel', locale: 'zh-CN' }],
  ] as const)('makes the same code do the same again, to the last byte: %s', (_, options) => {
    const { play, tapes } = taken(options);
    play.settle();
    expect(tapes).toHaveLength(1);
    for (const one of tapes) expect(again(one)).toEqual(one.recorder.lines);
  });

  it('of each life, where the device died and took up its purchase', () => {
    const { play, tapes } = taken({ seed: 'two lives' });
    until(play, 'settling');
    play.world.kill('glasses-01');
    play.attempt(() => {});
    play.settle();
    expect(tapes).toHaveLength(2);
    expect(again(tapes[1] as Taken)).toEqual(tapes[1]?.recorder.lines);
  });

  it('ends where the device does something else', () => {
    const { play, tapes } = taken({});
    play.settle();
    const [one] = tapes;
    if (!one) throw new Error('nothing was taken down');
    const other = { ...one, settings: { ...one.settings, orderCapMinor: 1 } };
    const lines = again(other);
    expect(lines.length).toBeLessThan(one.recorder.lines.length);
    expect(lines.slice(0, -1)).toEqual(one.recorder.lines.slice(0, lines.length - 1));
    expect(lines.at(-1)).not.toBe(one.recorder.lines[lines.length - 1]);
  });

  it('T19, T28: holds no payment token, and without being asked no words nor what hides them', () => {
    const { play, tapes } = taken({}, false);
    play.settle();
    const text = tapes.flatMap(({ recorder }) => recorder.lines).join('\n');
    for (const words of play.person.sayings.filter((one) => one.length > 3)) expect(text).not.toContain(words);
    expect(text).not.toContain(DEVICE_SECRETS?.paymentToken);
    expect(text).not.toMatch(/^read random \[\{/m);
    const { play: whole, tapes: all } = taken({ seed: 'with words' });
    whole.settle();
    const token = DEVICE_SECRETS?.paymentToken ?? '';
    const everything = all.flatMap(({ recorder }) => recorder.lines).join('\n');
    expect(everything).toContain(whole.person.sayings[0]);
    for (const spelling of [token, Buffer.from(token).toString('hex')]) expect(everything).not.toContain(spelling);
    // In the records that a start reads, frames lie in base64url, in one of three ways.
    const inner = [0, 1, 2].map((start) => Buffer.from(token.slice(start)).toString('base64url').slice(0, 20));
    for (const spelling of inner) expect(everything).not.toContain(Buffer.from(spelling).toString('hex'));
  });
});

describe('a line of a tape', () => {
  it('is read as it was written, bytes included', () => {
    const line = { kind: 'out', what: 'publish', values: ['a/b', new Uint8Array([1, 2]), null] } as const;
    expect(readLine(writeLine(line))).toEqual(line);
    expect(() => readLine('out of order')).toThrow(SyntaxError);
  });

  it('T19: keeps its length without a secret, wherever it lies in base64url', () => {
    expect(new SecretMask('7').text('a7c')).toBe('a0c');
    const mask = new SecretMask('token-of-somebody');
    for (const [before, after] of [
      ['', ''],
      ['a', 'bc'],
      ['ab', 'c'],
      ['abc', ''],
      ['abcd', 'efgh'],
    ]) {
      const plain = `${before}token-of-somebody${after}`;
      const masked = `${before}00000000000000000${after}`;
      const spelt = (text: string) => Buffer.from(text).toString('base64url');
      expect(mask.text(`{"x":"${spelt(plain)}"} ${plain}`)).toBe(`{"x":"${spelt(masked)}"} ${masked}`);
      expect(mask.value([{ bytes: new TextEncoder().encode(spelt(plain)) }])).toEqual([
        { bytes: new TextEncoder().encode(spelt(masked)) },
      ]);
    }
  });
});
