import { describe, expect, it } from 'vitest';
import { deviceTopic, newId, sealFrame, secondsOf } from '../../../protocol/index.ts';
import { Inbox } from '../../../sim/cloud/inbox.ts';
import { keyOf } from '../../../sim/cloud/key-of.ts';
import { DEMO_START } from '../../../sim/world.ts';
import { DEVICE, TENANT } from '../world/play.ts';

const { directory, merchants, devices } = TENANT;
const [mine, theirs] = merchants.map(({ party }) => party) as [string, string];
const [secrets] = devices;
if (!secrets) throw new Error('the tenant is without a device');

const inboxOf = (party: string) => new Inbox({ party, role: 'merchant' }, directory, () => secrets.session);

function question(to: string, number: number): Uint8Array {
  const id = newId(new Uint8Array(16).fill(number));
  const from = { party: DEVICE, role: 'device' } as const;
  return sealFrame(
    { type: 'order-query', body: { requestId: id, orderNo: '1' } },
    { tenant: directory.tenant, from, to: { party: to, role: 'merchant' }, session: secrets?.session as never },
    { iat: secondsOf(DEMO_START), lifetimeS: 60, cti: id },
    keyOf(secrets?.frameSeed as Uint8Array),
  );
}

describe('services that share a process', () => {
  it('T5: judge each frame by its own head, whatever the one before was', () => {
    const topic = deviceTopic(directory.tenant, DEVICE, 'up');
    const inboxes = [inboxOf(mine), inboxOf(theirs)];
    for (const [number, to] of [mine, theirs, mine, theirs].entries()) {
      const frame = question(to, number);
      const taken = inboxes.map((inbox) => !('drop' in inbox.judge(topic, frame.slice(), DEMO_START)));
      expect(taken).toEqual([to === mine, to === theirs]);
    }
  });

  it('T3, T12: know a frame by its bytes, not by the buffer in which the transport hands it over', () => {
    const topic = deviceTopic(directory.tenant, DEVICE, 'up');
    const inbox = inboxOf(mine);
    const [first, second] = [question(mine, 1), question(mine, 2)];
    const buffer = first.slice();
    const opened = inbox.judge(topic, buffer, DEMO_START);
    if ('drop' in opened) throw new Error(opened.drop);
    inbox.remember(opened, DEMO_START);
    buffer.set(second);
    expect(inbox.judge(topic, buffer, DEMO_START)).toMatchObject({ type: 'order-query' });
    buffer.set(first);
    expect(inbox.judge(topic, buffer, DEMO_START)).toEqual({ drop: 'duplicate' });
  });
});
