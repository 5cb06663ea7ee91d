import { describe, expect, it } from 'vitest';
import { type DeviceSettings, PROFILES } from '../../../device/index.ts';
import {
  deviceTopic,
  encodeCbor,
  FRAMES,
  newId,
  PROFILE_VERSION,
  parseSign1,
  peekFrame,
  SERVICE_SESSION,
  type SessionId,
  type SigningKey,
  sealFrame,
  secondsOf,
  signSign1,
  softSigningKey,
} from '../../../protocol/index.ts';
import { type DelegatedErrand, delegatedErrand } from '../../../sim/fuzz/delegated-plan.ts';
import type { PlayOptions } from '../../../sim/play.ts';
import { SeededRandom } from '../../../sim/seeded-random.ts';
import { hiddenTokens, withKnownKey } from '../../../sim/tape/hidden-tokens.ts';
import { createRecorder } from '../../../sim/tape/record.ts';
import { playTape } from '../../../sim/tape/replay.ts';
import { maskOf, SecretMask } from '../../../sim/tape/secret-mask.ts';
import { readLine, writeLine } from '../../../sim/tape/tape.ts';
import type { Replayed } from '../../../sim/tape/tape-player.ts';
import { BindingPlay } from '../world/binding-play.ts';
import { begin, TENANT, until } from '../world/play.ts';

const [DEVICE_SECRETS] = TENANT.devices;

interface Taken {
  readonly lines: string[];
  readonly settings: DeviceSettings;
}

/** Takes down each life of a device. */
function recording(withWords = true) {
  const tapes: Taken[] = [];
  const recorderOf = (settings: DeviceSettings) => {
    const lines: string[] = [];
    tapes.push({ lines, settings });
    return createRecorder({ settings, withWords, line: (line) => lines.push(line) });
  };
  return { tapes, recorderOf };
}

/** Plays with a tape in each life of the device. */
function taken(options: Partial<PlayOptions>, withWords = true) {
  const { tapes, recorderOf } = recording(withWords);
  return { play: begin({ ...options, recorderOf }), tapes };
}

function again({ lines, settings }: Taken, isBinding = false): Replayed {
  const directory = withKnownKey(settings.directory, settings.psp);
  const masked = { ...settings, directory, paymentToken: maskOf(settings.paymentToken) };
  const { kid } = softSigningKey(DEVICE_SECRETS?.frameSeed ?? new Uint8Array(32));
  return playTape(lines, { settings: masked, profile: PROFILES['hud-480x640'], kid, isBinding });
}

/** One life that was taken down whole. */
function one(options: Partial<PlayOptions> = {}): Taken {
  const { play, tapes } = taken(options);
  play.settle();
  const [first] = tapes;
  if (!first) throw new Error('nothing was taken down');
  return first;
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
    for (const tape of tapes) expect(again(tape)).toEqual({ lines: tape.lines });
  });

  it('of each life, where the device died in the middle and took up its purchase', () => {
    const { play, tapes } = taken({ seed: 'two lives' });
    until(play, 'settling');
    play.world.kill('glasses-01');
    play.attempt(() => {});
    play.settle();
    expect(tapes).toHaveLength(2);
    for (const tape of tapes) expect(again(tape)).toEqual({ lines: tape.lines });
  });

  it('of a device whose disk is full for a while, with what it refused', () => {
    const { play, tapes } = taken({ seed: 'full' });
    const { journal } = play.world.disksOf('glasses-01');
    until(play, 'seeking');
    journal.setFull(true);
    play.pass(8_000);
    journal.setFull(false);
    play.settle();
    const [tape] = tapes;
    expect(tape?.lines).toContain('read thrown ["append","StoreError","store-full"]');
    expect(again(tape as Taken)).toEqual({ lines: tape?.lines });
  });

  it('cut off at any line is played to there, and what the device did next is no difference', () => {
    const { lines, settings } = one();
    for (let at = 1; at < lines.length; at += 7) {
      const cut = lines.slice(0, at);
      expect(again({ lines: cut, settings })).toEqual({ lines: cut });
    }
  });

  it('of a device that was stopped in order ends where it ends', () => {
    const { lines, settings } = one();
    const end = writeLine({ kind: 'end', what: 'closed', values: [] });
    expect(again({ lines: [...lines, end], settings })).toEqual({ lines: [...lines, end] });
    const entry = lines.findLastIndex((line) => line.startsWith('in '));
    const short = [...lines.slice(0, entry + 1), end];
    expect(again({ lines: short, settings }).lines.at(-1)).not.toBe(end);
  });

  it('ends where the device does something else', () => {
    const tape = one();
    const { lines } = again({ ...tape, settings: { ...tape.settings, orderCapMinor: 1 } });
    expect(lines.length).toBeLessThan(tape.lines.length);
    expect(lines.slice(0, -1)).toEqual(tape.lines.slice(0, lines.length - 1));
    expect(lines.at(-1)).not.toBe(tape.lines[lines.length - 1]);
  });

  it('ends where the code throws what it had not thrown, and says where', () => {
    const tape = one();
    const vocabulary = new Proxy(tape.settings.vocabulary, {
      get: (_, name) => {
        throw new TypeError(`nothing is called ${String(name)}`);
      },
    });
    const { lines, thrown } = again({ ...tape, settings: { ...tape.settings, vocabulary } });
    expect(thrown).toMatchObject({ after: lines.length - 1, name: 'TypeError', message: /nothing is called/ });
    expect(lines.at(-1)).toBe('out threw ["TypeError",null]');
    expect(again({ lines: [...lines], settings: { ...tape.settings, vocabulary } })).toEqual({ lines });
  });

  it('T19, T28: holds no payment token, and without being asked no words nor what hides them', () => {
    const { play, tapes } = taken({}, false);
    play.settle();
    const text = tapes.flatMap(({ lines }) => lines).join('\n');
    for (const words of play.person.sayings.filter((said) => said.length > 3)) expect(text).not.toContain(words);
    expect(text).not.toContain(DEVICE_SECRETS?.paymentToken);
    expect(text).not.toMatch(/^read random \[\{/m);
    const { play: whole, tapes: all } = taken({ seed: 'with words' });
    whole.settle();
    const token = DEVICE_SECRETS?.paymentToken ?? '';
    const everything = all.flatMap(({ lines }) => lines).join('\n');
    expect(everything).toContain(whole.person.sayings[0]);
    for (const spelling of [token, Buffer.from(token).toString('hex')]) expect(everything).not.toContain(spelling);
    // In the records that a start reads, frames lie in base64url, in one of three ways.
    const inner = [0, 1, 2].map((start) => Buffer.from(token.slice(start)).toString('base64url').slice(0, 20));
    for (const spelling of inner) expect(everything).not.toContain(Buffer.from(spelling).toString('hex'));
  });
});

/** A report, and what is said of the account that pays for it. */
const REPORT: DelegatedErrand = {
  temper: 'buy',
  order: 'prepare the market report, spend at most 50 on data, start with 20, until friday',
  answers: ['yes'],
  acts: [
    { afterMs: 80_000, words: 'how much is in the account' },
    { afterMs: 90_000, words: 'put 10 yuan into the account' },
    { afterMs: 110_000, words: "freeze the report's account" },
  ],
};

describe('a tape of what is delegated (ACT 2.1 ADD, PSD-PAY-DEL, PSD-PAY-AUP)', () => {
  /** A wearer delegates and says more later; the device dies now and then. Then a day goes by. */
  function delegated(seed: string, { temper, order, answers, acts }: DelegatedErrand, deathsMs: readonly number[]) {
    const { play, tapes } = taken({ seed, temper, script: { order, answers } });
    const say = (text: string) => {
      const words = { kind: 'words', hypotheses: [{ text, confidence: 1 }], mode: 'VOICE' } as const;
      const running = play.wearers[0]?.running;
      if (running && !running.life.isOver) running.agent.hear(words);
    };
    for (const { afterMs, words } of acts) play.clock.after(afterMs, () => play.attempt(() => say(words)));
    for (const afterMs of deathsMs) play.clock.after(afterMs, () => play.attempt(() => play.world.kill('glasses-01')));
    play.settle();
    for (let hours = 0; hours < 26; hours += 1) play.pass(3_600_000);
    return tapes;
  }

  it('is played again in every life, with drafts, orders, statuses, payments, accounts and tasks in it', () => {
    const drawn = [0, 2, 4, 6].map((n) => {
      const random = new SeededRandom(`delegated tape ${n}`);
      const errand = delegatedErrand('en-US', random);
      return delegated(
        `delegated tape ${n}`,
        errand,
        [0, 1].map(() => 5_000 + random.below(60_000)),
      );
    });
    const tapes = [...drawn, delegated('an account', REPORT, [100_000])].flat();
    expect(tapes.length).toBeGreaterThan(10);
    for (const tape of tapes) expect(again(tape)).toEqual({ lines: tape.lines });
    const read = tapes.flatMap(({ lines }) => lines).map(readLine);
    const found = read.flatMap(({ what, values }) => {
      const payload = what === 'message' ? values[2] : what === 'publish' ? values[1] : undefined;
      return payload instanceof Uint8Array ? [peekFrame(payload).type] : [];
    });
    const types = [...new Set(found)];
    const delegations = ['request', 'challenge', 'confirm', 'status', 'query', 'task'];
    for (const type of [...delegations.map((one) => `delegation-${one}`), 'lifecycle', 'spend-notice'])
      expect(types).toContain(type);
    expect(types).toEqual(expect.arrayContaining(['sub-account-request', 'sub-account-order', 'sub-account-result']));
  });
});

describe('a tape of a binding (ACT 2.1 PSD-PMT-BND)', () => {
  it('is played again in each life, and T19: holds no token, neither the old nor the new one', () => {
    const { tapes, recorderOf } = recording();
    const play = new BindingPlay({ recorderOf }).begin();
    play.run(() => play.state.at === 'confirming');
    play.kill();
    play.settle();
    expect(play.ending).toBe('bound');
    play.end();
    expect(tapes).toHaveLength(2);
    for (const tape of tapes) expect(again(tape, true)).toEqual({ lines: tape.lines });
    const text = tapes.flatMap(({ lines }) => lines).join('\n');
    expect(text).toContain('out keep-token');
    for (const token of [DEVICE_SECRETS?.paymentToken ?? '', play.token ?? '']) {
      expect(token.length).toBeGreaterThan(8);
      for (const spelling of [token, Buffer.from(token).toString('hex')]) expect(text).not.toContain(spelling);
    }
  });
});

describe('a frame with a token that its device does not take', () => {
  const token = 'token-that-nobody-reads';
  const { settings } = begin().world;
  const iat = secondsOf(begin().clock.now());
  const stranger = softSigningKey(new Uint8Array(32).fill(7));
  const psp = softSigningKey(TENANT.psp.frameSeed);
  const limits = { currency: 'CNY', maxTotalMinor: 1 } as const;
  const requestId = newId(new Uint8Array(16));
  const body = { requestId, agentId: settings.agentId, paymentToken: token, limits, decidedAt: iat };
  const to = { party: settings.device, role: 'device' } as const;
  const address = { tenant: settings.directory.tenant, from: { party: settings.psp, role: 'psp' }, to } as const;
  const sealed = (key: SigningKey, session: SessionId) =>
    sealFrame({ type: 'bind-result', body }, { ...address, session }, { iat, lifetimeS: 60, cti: requestId }, key);
  const { typ } = FRAMES['bind-result'];
  const claims = { iss: settings.psp, aud: settings.device, iat, exp: iat + 60, cti: new Uint8Array(16) };
  const shapeless = (version: number) => {
    const externalAad = new Uint8Array();
    return signSign1({ payload: encodeCbor({ 99: token }), key: psp, typ, version, claims, externalAad });
  };

  it.each([
    ["under a key of its PSP's that is not known yet", sealed(stranger, settings.session)],
    ['in another session', sealed(psp, SERVICE_SESSION)],
    ['with a body that is none', shapeless(PROFILE_VERSION)],
    ['of a version that is not read here', shapeless(PROFILE_VERSION + 1)],
  ])('T19: has zeros in place of all that it brings: %s', (_, frame) => {
    const hidden = hiddenTokens(new SecretMask(''), frame, settings);
    expect(Buffer.from(frame).includes(token)).toBe(true);
    expect(Buffer.from(hidden).includes(token)).toBe(false);
    expect(hidden).toHaveLength(frame.length);
    const { payload, ...rest } = parseSign1(hidden);
    expect(payload.every((byte) => byte === 0)).toBe(true);
    expect(rest).toEqual((({ payload: _payload, ...others }) => others)(parseSign1(frame)));
  });

  it('is dropped again when it is played', () => {
    const { tapes, recorderOf } = recording();
    const play = new BindingPlay({ recorderOf }).begin();
    play.run(() => play.state.at === 'consenting');
    const topic = deviceTopic(TENANT.tenant, settings.device, 'down');
    play.broker.inject('psp', topic, sealed(stranger, settings.session));
    play.settle();
    play.end();
    const text = tapes.flatMap(({ lines }) => lines).join('\n');
    expect(text).not.toContain(Buffer.from(token).toString('hex'));
    expect(text).toContain('00'.repeat(40));
    for (const tape of tapes) expect(again(tape, true)).toEqual({ lines: tape.lines });
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
