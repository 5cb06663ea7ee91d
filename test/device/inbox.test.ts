import { describe, expect, it } from 'vitest';
import { FRAMES_PER_SENDER, Inbox } from '../../device/link/inbox.ts';
import { SeenFrames } from '../../device/link/seen-frames.ts';
import { CLOCK_SKEW_S, type EpochMs, FRAME_MAX_BYTES, type FrameReader } from '../../protocol/index.ts';
import {
  AGENT,
  at,
  DEVICE,
  directory,
  id,
  messages,
  PSP,
  SESSION,
  START,
  sealed,
  seconds,
  TENANT,
} from './builders.ts';

const reader: FrameReader = {
  tenant: TENANT,
  self: { party: DEVICE, role: 'device' },
  trust: directory.trust,
  sessionOf: (sender) => (sender === AGENT || sender === PSP ? SESSION : undefined),
};

const inbox = () => new Inbox(reader);
const frame = (label = 'one') => sealed(messages.offers(), AGENT, id(label));

describe('what comes in (T1 to T5, T30)', () => {
  it('is opened when it is genuine, ours and fresh, and remembered only when it is told to', () => {
    const box = inbox();
    const first = box.open(frame(), START);
    expect(first).toMatchObject({ kind: 'frame', frame: { type: 'offers', from: { party: AGENT, role: 'agent' } } });
    expect(box.open(frame(), START).kind).toBe('frame');
    if (first.kind === 'frame') box.remember(first.frame, START);
    expect(box.open(frame(), START)).toEqual({ kind: 'seen' });
    expect(box.open(frame('two'), START).kind).toBe('frame');
  });

  it('T1: any bit turned over is refused with a stable code', () => {
    const bytes = frame();
    for (let i = 0; i < bytes.length; i += 5) {
      const altered = new Uint8Array(bytes);
      altered[i] = (altered[i] ?? 0) ^ (1 << (i % 8));
      expect(inbox().open(altered, START)).toMatchObject({
        kind: 'dropped',
        code: expect.stringMatching(/^(frame|cose|cbor)-/),
      });
    }
  });

  it('T5: frames for another device, of a sender without a session, or of another tenant are refused', () => {
    const other = new Inbox({ ...reader, self: { party: 'glasses-02', role: 'device' } });
    expect(other.open(frame(), START)).toEqual({ kind: 'dropped', code: 'frame-not-for-me' });
    expect(inbox().open(sealed(messages.challenge(), 'other-psp', id('x')), START)).toEqual({
      kind: 'dropped',
      code: 'frame-wrong-sender',
    });
    expect(new Inbox({ ...reader, tenant: 'elsewhere' }).open(frame(), START)).toMatchObject({
      kind: 'dropped',
    });
  });

  it('T2, T16: a frame is refused after its time, and from a future beyond the skew', () => {
    expect(inbox().open(frame(), at((120 + CLOCK_SKEW_S) * 1000))).toEqual({ kind: 'dropped', code: 'frame-expired' });
    expect(inbox().open(frame(), at(-(CLOCK_SKEW_S + 1) * 1000))).toEqual({
      kind: 'dropped',
      code: 'frame-not-yet-valid',
    });
    expect(inbox().open(frame(), 0 as EpochMs)).toMatchObject({ kind: 'dropped' });
  });

  it('T21: nothing, too much and noise are dropped, never thrown', () => {
    const noise = [
      new Uint8Array(0),
      new Uint8Array(FRAME_MAX_BYTES + 1),
      Uint8Array.of(0xd2, 0x84),
      new Uint8Array(300).fill(0x9f),
    ];
    for (const bytes of noise)
      expect(inbox().open(bytes, START)).toMatchObject({ kind: 'dropped', code: expect.any(String) });
  });
});

describe('T2: the memory of frames', () => {
  it('keeps a frame for as long as it could be taken again, and not for ever', () => {
    const seen = new SeenFrames();
    const one = { iss: AGENT, cti: id('one'), exp: seconds(60) };
    seen.add(one, START);
    expect(seen.has(one)).toBe(true);
    expect(seen.has({ ...one, iss: PSP })).toBe(false);
    for (const second of [60, 60 + CLOCK_SKEW_S]) {
      seen.add({ ...one, cti: id(`at ${second}`) }, at(second * 1000));
      expect(seen.has(one), `after ${second} s`).toBe(true);
    }
    seen.add({ ...one, cti: id('late'), exp: seconds(600) }, at(400_000));
    expect([seen.has(one), seen.size]).toEqual([false, 1]);
  });

  it('covers the whole time in which the frame itself would be accepted', () => {
    const box = inbox();
    const bytes = frame();
    box.remember({ iss: AGENT, cti: id('one'), exp: seconds(120) }, START);
    for (const second of [0, 60, 120, 149]) {
      box.remember({ iss: AGENT, cti: id(`other ${second}`), exp: seconds(second + 120) }, at(second * 1000));
      expect(box.open(bytes, at(second * 1000))).toEqual({ kind: 'seen' });
    }
    expect(box.open(bytes, at(150_000))).toEqual({ kind: 'dropped', code: 'frame-expired' });
  });
});

describe('T30: floods', () => {
  it('are dropped before a signature is verified once a burst is used up, and let frames through again with time', () => {
    const box = inbox();
    const forged = frame();
    forged[forged.length - 1] = (forged.at(-1) ?? 0) ^ 1;
    for (let i = 0; i < FRAMES_PER_SENDER.burst; i += 1)
      expect(box.open(forged, START)).toEqual({ kind: 'dropped', code: 'cose-signature' });
    expect(box.open(forged, START)).toEqual({ kind: 'dropped', code: 'link-flooded' });
    expect(box.open(frame(), at(1_000)).kind).toBe('frame');
    for (let i = 1; i < FRAMES_PER_SENDER.perSecond; i += 1) box.open(forged, at(1_000));
    expect(box.open(frame(), at(1_000))).toEqual({ kind: 'dropped', code: 'link-flooded' });
  });

  it('of frames for others take nothing from this device, and a clock set back gives no new burst (T16)', () => {
    const other = new Inbox({ ...reader, self: { party: 'glasses-02', role: 'device' } });
    for (let i = 0; i < 3 * FRAMES_PER_SENDER.burst; i += 1)
      expect(other.open(frame(), START)).toMatchObject({ code: 'frame-not-for-me' });
    const box = inbox();
    for (let i = 0; i < FRAMES_PER_SENDER.burst; i += 1) box.open(frame(), START);
    expect(box.open(frame(), at(-10_000))).toEqual({ kind: 'dropped', code: 'link-flooded' });
  });
});
