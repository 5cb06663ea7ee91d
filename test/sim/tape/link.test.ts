/** A link whose recipient keys are replaced, taken down and played again (SPEC ACTC-SEA-012, ACTC-SEA-015). */
import { describe, expect, it } from 'vitest';
import type { Transport } from '../../../device/index.ts';
import { sealedTransport } from '../../../device/link/sealed-transport.ts';
import { deviceTopic, hex, recipientKeyPair, softSigningKey } from '../../../protocol/index.ts';
import { memoryRecipientStores } from '../../../sim/memory-recipient-stores.ts';
import { type LinkParts, recordedLink } from '../../../sim/tape/record-link.ts';
import { publicPart, replayedClock, replayedKey, replayedLink } from '../../../sim/tape/replay-ports.ts';
import { type Replayed, TapePlayer } from '../../../sim/tape/tape-player.ts';
import { TapeWriter } from '../../../sim/tape/tape-writer.ts';
import { DAY_S, GLASSES, Rig, TENANT } from '../../device/link/rotation-rig.ts';
import { begin } from '../world/play.ts';

const WINDOW_S = 10 * DAY_S;
const [DEVICE] = TENANT.devices;
const settings = begin().world.settings;

/** Two lives of a device that sends and gets frames while keys are replaced on both sides. */
function taken() {
  const rig = new Rig();
  const stores = memoryRecipientStores();
  const lives: string[][] = [];
  let isDead = false;
  const start = () => {
    isDead = false;
    const lines: string[] = [];
    lives.push(lines);
    const tape = new TapeWriter(settings.paymentToken, true, (line) => isDead || lines.push(line));
    const link = (plain: LinkParts) => recordedLink(tape, plain, { ...settings, directory: TENANT.directory });
    const party = rig.start('glasses-01', { windowS: WINDOW_S, stores, recorder: { link } });
    const publish: Transport['publish'] = (topic, frame, acked) =>
      tape.enter('say', [topic, frame], () => party.transport.publish(topic, frame, acked));
    return { ...party, transport: { ...party.transport, publish } };
  };
  const psp = rig.start('psp', { windowS: WINDOW_S });
  let device = start();
  rig.pass(10);
  for (const day of [5, 40, 95, 101]) {
    rig.at(day);
    if (day === 95) {
      isDead = true;
      device.stop();
      rig.pass(10);
      device = start();
      rig.pass(5_000);
    }
    expect(rig.reaches(device, psp)).toBe(true);
    expect(rig.reaches(psp, device)).toBe(true);
  }
  return { lives, logs: device.logs, stores };
}

function again(lines: readonly string[]): Replayed {
  const tape = new TapePlayer(lines);
  return tape.play(() => {
    const { inner, stores, envelopes } = replayedLink(tape);
    const { kid, publicKey } = recipientKeyPair(DEVICE?.recipientSeed as Uint8Array);
    const transport = sealedTransport(inner, {
      ...{ self: GLASSES, directory: TENANT.directory, stores, envelopes, windowS: WINDOW_S },
      frameKey: replayedKey(tape, softSigningKey(DEVICE?.frameSeed as Uint8Array).kid),
      enrolled: { key: publicPart(kid, publicKey), ...TENANT.recipientKeysHold },
      clock: replayedClock(tape),
      random: { bytes: (length) => new Uint8Array(length) },
      log: { write: () => {} },
    });
    transport.start([deviceTopic('demo', 'glasses-01', 'down')], {
      onState: () => {},
      onMessage: (_topic, _payload, ack) => ack(),
    });
    return { say: (topic: string, frame: Uint8Array) => transport.publish(topic, frame, () => {}) };
  });
}

describe('a tape of a sealed link', () => {
  const { lives, stores } = taken();

  it('has keys that were made, announced, learnt and erased', () => {
    const text = lives.flat().join('\n');
    for (const what of [
      'read key-pair',
      'out keep-key',
      'out erase-key',
      'out keep-statements',
      'out seal',
      'read opened',
    ])
      expect(text).toContain(what);
    expect(lives[1]?.join('\n')).toMatch(/^read own-keys \[\[\{/m);
  });

  it('makes the same link do the same again, to the last byte', () => {
    for (const lines of lives) {
      const same = again(lines).lines;
      const at = same.findIndex((line, i) => line !== lines[i]);
      expect([at, same[at], lines[at]]).toEqual([-1, undefined, undefined]);
      expect(same).toHaveLength(lines.length);
    }
  });

  it('T19, T28: holds no private key, of which anybody who has it could read what is sealed later', () => {
    const text = lives.flat().join('\n');
    expect(stores.held.length).toBeGreaterThan(0);
    const seeds = [DEVICE?.recipientSeed, ...stores.own.read().map(({ seed }) => seed)];
    for (const seed of seeds) expect(text).not.toContain(hex(seed as Uint8Array));
  });
});
