import { describe, expect, it } from 'vitest';
import type { Log, Transport, TransportHandlers } from '../../../device/index.ts';
import { LINES_AT_ONCE } from '../../../device/link/drop-log.ts';
import { sealedTransport } from '../../../device/link/sealed-transport.ts';
import {
  deviceTopic,
  type EpochSeconds,
  hex,
  type Message,
  newId,
  peekFrame,
  RECIPIENT_KEY_MAX_WINDOW_S,
  recipientKeyPair,
  SEALED_SIZES,
  sealFrame,
  secondsOf,
  softSigningKey,
} from '../../../protocol/index.ts';
import { createTenant, DEMO_START, type DeviceSecrets, SeededRandom, VirtualClock } from '../../../sim/index.ts';
import { memoryRecipientStores } from '../../../sim/memory-recipient-stores.ts';

const tenant = createTenant(new SeededRandom('sealed transport').bytes(32));
const device = tenant.devices[0] as DeviceSecrets;
const TOPIC = deviceTopic('demo', device.device, 'up');

type Secrets = Pick<DeviceSecrets, 'frameSeed' | 'recipientSeed'>;

/** Two ends of one wire: what one publishes, the other receives, and the test may look at it or change it. */
function wire() {
  const clock = new VirtualClock(DEMO_START);
  const onWire: Uint8Array[] = [];
  const ends: TransportHandlers[] = [];
  const logs: string[] = [];
  const log: Log = { write: (_level, code) => logs.push(code) };
  const inner: Transport = {
    start: (_topics, handlers) => ends.push(handlers),
    publish: (_topic, payload) => onWire.push(payload),
    stop: (closed) => closed(),
  };
  const end = (party: string, role: 'device' | 'psp' | 'agent', secrets: Secrets, name: string) =>
    sealedTransport(inner, {
      self: { party, role },
      directory: tenant.directory,
      frameKey: softSigningKey(secrets.frameSeed),
      enrolled: { key: recipientKeyPair(secrets.recipientSeed), ...tenant.recipientKeysHold },
      stores: memoryRecipientStores(),
      windowS: RECIPIENT_KEY_MAX_WINDOW_S,
      clock,
      random: new SeededRandom(name),
      log,
    });
  return { clock, onWire, ends, logs, end };
}

function frameTo(to: { party: string; role: 'agent' | 'psp' }, now: EpochSeconds): Uint8Array {
  const requestId = newId(new Uint8Array(16).fill(7));
  const select = { requestId, intentId: requestId, offerId: 'offer-1', locale: 'en-US' } as const;
  const message: Message =
    to.role === 'psp' ? { type: 'pay-query', body: { requestId } } : { type: 'select', body: select };
  const from = { party: device.device, role: 'device' } as const;
  const address = { tenant: 'demo', from, to, session: device.session };
  const life = { iat: now, lifetimeS: 60, cti: newId(new Uint8Array(16).fill(9)) };
  return sealFrame(message, address, life, softSigningKey(device.frameSeed));
}

/** Sends one frame from the device to the PSP and says what its receiver gets. */
function send(change: (sealed: Uint8Array) => Uint8Array = (sealed) => sealed) {
  const { clock, onWire, ends, logs, end } = wire();
  const near = end(device.device, 'device', device, 'near');
  const far = end('psp', 'psp', tenant.psp, 'far');
  const frame = frameTo({ party: 'psp', role: 'psp' }, secondsOf(clock.now()));
  near.publish(TOPIC, frame, () => {});
  const got: Uint8Array[] = [];
  let acked = 0;
  far.start([TOPIC], { onState: () => {}, onMessage: (_topic, payload) => got.push(payload) });
  for (const sealed of onWire)
    ends[0]?.onMessage(TOPIC, change(sealed), () => {
      acked += 1;
    });
  return { frame, onWire, got, logs, acked };
}

describe('a sealed transport', () => {
  it('brings the signed frame to its receiver byte for byte', () => {
    const { frame, got, logs } = send();
    expect(got.map(hex)).toEqual([hex(frame)]);
    expect(logs).toEqual([]);
  });

  it('T28: shows the broker a size class and no run of the frame', () => {
    const { frame, onWire } = send();
    const sealed = hex(onWire[0] ?? new Uint8Array(0));
    expect(SEALED_SIZES).toContain(sealed.length / 2);
    for (let at = 0; at + 8 <= frame.length; at += 1) expect(sealed).not.toContain(hex(frame.slice(at, at + 8)));
  });

  it('T20: drops a frame that came without its envelope, and says so', () => {
    const { frame } = send();
    const { got, logs, acked } = send(() => frame);
    expect(got).toEqual([]);
    expect(logs).toEqual(['seal-plain']);
    expect(acked).toBe(1);
  });

  it('T30: says so ten times and then in sums, however many unsealed frames come', () => {
    const { clock, ends, logs, end } = wire();
    end('psp', 'psp', tenant.psp, 'far').start([TOPIC], { onState: () => {}, onMessage: () => {} });
    const plain = frameTo({ party: 'psp', role: 'psp' }, secondsOf(clock.now()));
    for (let i = 0; i < 1_000; i += 1) ends[0]?.onMessage(TOPIC, plain, () => {});
    expect(logs).toEqual(Array(LINES_AT_ONCE).fill('seal-plain'));
  });

  it('T1: drops and acknowledges an envelope in which any byte was changed', () => {
    for (const at of [0, 5, 40, 100, 1_000]) {
      const { got, logs, acked } = send((sealed) => sealed.map((byte, i) => (i === at ? byte ^ 1 : byte)));
      expect(got).toEqual([]);
      expect(logs.length + acked).toBeGreaterThan(0);
    }
  });

  it('T5: passes over what is sealed for somebody else without a word, for such frames are most of a shared topic', () => {
    const { clock, onWire, ends, logs, end } = wire();
    const near = end(device.device, 'device', device, 'near');
    near.publish(TOPIC, frameTo({ party: 'agent', role: 'agent' }, secondsOf(clock.now())), () => {});
    const psp = end('psp', 'psp', tenant.psp, 'psp');
    const got: Uint8Array[] = [];
    let acked = 0;
    psp.start([TOPIC], { onState: () => {}, onMessage: (_topic, payload) => got.push(payload) });
    ends[0]?.onMessage(TOPIC, onWire[0] ?? new Uint8Array(0), () => {
      acked += 1;
    });
    expect([got, logs, acked]).toEqual([[], [], 1]);
  });

  it('T20: sends nothing at all once the receiver has no key that holds', () => {
    const { clock, onWire, logs, end } = wire();
    const near = end(device.device, 'device', device, 'near');
    clock.jump(91 * 86_400_000);
    near.publish(TOPIC, frameTo({ party: 'psp', role: 'psp' }, secondsOf(clock.now())), () => {});
    expect(onWire).toEqual([]);
    expect(logs).toEqual(['seal-no-recipient-key']);
  });

  it('seals one frame twice into two different envelopes', () => {
    const { clock, onWire, end } = wire();
    const near = end(device.device, 'device', device, 'near');
    const frame = frameTo({ party: 'psp', role: 'psp' }, secondsOf(clock.now()));
    near.publish(TOPIC, frame, () => {});
    near.publish(TOPIC, frame, () => {});
    expect(hex(onWire[0] ?? new Uint8Array(0))).not.toBe(hex(onWire[1] ?? new Uint8Array(0)));
    expect(peekFrame(frame).aud).toBe('psp');
  });

  it('sets no alarm any more once it is stopped, whatever its connection still says', () => {
    const { clock, ends, end } = wire();
    const near = end(device.device, 'device', device, 'near');
    near.start([TOPIC], { onState: () => {}, onMessage: () => {} });
    ends[0]?.onState('online');
    expect(clock.nextAt()).toBeDefined();
    near.stop(() => {});
    ends[0]?.onState('offline');
    expect(clock.nextAt()).toBeUndefined();
  });
});
