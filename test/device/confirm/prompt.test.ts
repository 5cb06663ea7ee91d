import { describe, expect, it } from 'vitest';
import { restingLine } from '../../../device/confirm/button.ts';
import {
  type Confirmed,
  consume,
  type GateState,
  gateStep,
  isConfirmed,
  openGate,
} from '../../../device/confirm/gate.ts';
import { freezePrompt, type Prompt } from '../../../device/confirm/prompt.ts';
import { PROFILES } from '../../../device/confirm/view.ts';
import { hex } from '../../../protocol/bytes.ts';
import { digestOf } from '../../../protocol/ids.ts';
import { at, facts, OPENED, prompt, viewOf } from './facts.fixture.ts';
import { down, drive } from './gate-driver.fixture.ts';

const view = viewOf(facts(), PROFILES.phone);

/** Holds the button for one prompt as a wearer would. */
function confirm(about: Prompt): Confirmed {
  const { outcome } = drive(about, [down(1_000)]);
  if (outcome?.kind !== 'confirmed') throw new Error('expected a confirmation');
  return outcome.confirmed;
}

describe('freezePrompt', () => {
  it('T12: digests, renders and gives back what the sources held at that moment, 10,000 times', () => {
    const challengeBytes = Buffer.alloc(64);
    const cartBytes = new Uint8Array(new SharedArrayBuffer(64));
    for (let run = 0; run < 10_000; run += 1) {
      challengeBytes.fill(run & 0xff);
      cartBytes.fill((run >> 3) & 0xff);
      const expected = [hex(challengeBytes), hex(cartBytes)];
      let seen: string[] = [];
      const frozen = freezePrompt([challengeBytes, cartBytes], 'hold-simulated', (bytes) => {
        challengeBytes[run % 64] = ~run;
        cartBytes.fill(0xff);
        seen = bytes.map(hex);
        bytes[0]?.fill(0xee);
        return { ok: true, view, expiresAt: at(60_000) };
      });
      if (!frozen.ok) throw new Error('unreachable');
      const { prompt: made } = frozen;
      made.documents[1]?.fill(0xdd);
      expect(made.documents.map(hex)).toEqual(expected);
      expect(seen).toEqual(expected);
      expect(made.digests).toEqual(made.documents.map(digestOf));
    }
  });

  it('hands on why there is nothing to show', () => {
    const sources = [Uint8Array.of(1), Uint8Array.of(2)];
    const refused = freezePrompt(
      sources,
      'hold-keyboard',
      () => ({ ok: false, reason: 'payee-does-not-fit' }) as const,
    );
    expect(refused).toEqual({ ok: false, reason: 'payee-does-not-fit' });
  });

  it('T6: cannot be changed or imitated afterwards', () => {
    const made = prompt();
    expect(() => Object.assign(made, { view })).toThrow(TypeError);
    expect(() => Reflect.construct(made.constructor, [Symbol('freezePrompt'), [], {}])).toThrow(/freezePrompt/);
    // @ts-expect-error a literal of the same shape is no prompt
    const imitation: Prompt = { ...made, documents: made.documents };
    expect(imitation).not.toBeInstanceOf(made.constructor);
  });
});

describe('Confirmed', () => {
  it('T6: carries the digests of exactly the frozen bytes and of the view that was shown', () => {
    const made = prompt();
    expect({ ...confirm(made) }).toEqual({
      digests: [digestOf(Uint8Array.of(1, 2, 3)), digestOf(Uint8Array.of(4, 5, 6))],
      viewDigest: made.view.digest,
      method: 'hold-simulated',
      confirmedAt: at(1_800),
    });
  });

  it('is known by where it came from, not by its shape', () => {
    const genuine = confirm(prompt());
    expect(isConfirmed(genuine)).toBe(true);
    const imitations = [
      { ...genuine },
      structuredClone(genuine),
      Object.create(genuine),
      Object.setPrototypeOf({ ...genuine }, Object.getPrototypeOf(genuine)),
      new Proxy(genuine, {}),
      JSON.parse(JSON.stringify(genuine)),
      genuine.constructor,
      null,
      undefined,
      'confirmed',
    ];
    for (const imitation of imitations) {
      expect(isConfirmed(imitation)).toBe(false);
      expect(() => consume(imitation)).toThrow('not a confirmation of this gate');
    }
  });

  it('cannot be built elsewhere', () => {
    const genuine = confirm(prompt());
    for (const token of [undefined, Symbol('gate'), Symbol.for('gate')]) {
      expect(() => Reflect.construct(genuine.constructor, [token, prompt(), OPENED])).toThrow('only the gate confirms');
    }
    // @ts-expect-error a literal of the same shape does not compile
    const literal: Confirmed = { ...genuine };
    // @ts-expect-error nor does a call of the constructor
    expect(() => new genuine.constructor(Symbol('gate'), prompt(), OPENED)).toThrow('only the gate confirms');
    expect(isConfirmed(literal)).toBe(false);
    expect(() => Object.assign(genuine, { viewDigest: '00' })).toThrow(TypeError);
  });

  it('cannot be had from a state put together by hand', () => {
    const genuine = openGate(prompt(), OPENED, restingLine('up', OPENED));
    expect(() => Reflect.construct(genuine.constructor, [Symbol('gate'), {}])).toThrow('opened by openGate only');
    // @ts-expect-error a state is opaque
    const imitation: GateState = { ...genuine };
    expect(() => gateStep(imitation, { kind: 'tick' }, at(1_800))).toThrow(TypeError);
  });

  it('T2: authorises one thing once, even if an old state of the gate is stepped again', () => {
    const made = prompt();
    const [first, again] = [confirm(made), confirm(made)];
    consume(first);
    expect(() => consume(first)).toThrow('each confirmation authorises one thing once');
    expect(() => consume(again)).toThrow('each confirmation authorises one thing once');
    expect(() => consume(confirm(prompt()))).not.toThrow();
  });
});
