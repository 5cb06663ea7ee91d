import { expect, it } from 'vitest';
import { createTenant } from '../../../sim/cloud/index.ts';
import { MemoryBroker } from '../../../sim/memory-broker.ts';
import { CHINESE, ENGLISH, Person } from '../../../sim/person.ts';
import { VirtualClock } from '../../../sim/virtual-clock.ts';
import { DEMO_START, World } from '../../../sim/world.ts';

const TENANT = createTenant(new Uint8Array(32).fill(9));

it.each([
  [
    'en-US',
    ENGLISH,
    'every weekday before nine order an iced latte, at most 30 a day, for four weeks',
    'pause everything',
  ],
  ['zh-CN', CHINESE, '以后每个工作日九点前帮我点一杯冰拿铁，每天最多三十块，四周内', '全部暂停'],
] as const)(
  'a wearer without a display holds for a delegation and its pause by ear alone, %s',
  (locale, script, wish, stop) => {
    const clock = new VirtualClock(DEMO_START);
    const net = new MemoryBroker(clock);
    const world = new World({ seed: 'by ear', clock, net, tenant: TENANT, locale, minuteMs: 1_000, display: 'voice' });
    const device = world.startDevice(() => ({ listen: () => () => {} }));
    new Person({ ...script, temper: 'buy' }, clock).watch(device.display, device.speaker, device.button);
    for (let i = 0; i < 10_000 && !world.isReady; i += 1) clock.step();
    const say = (text: string, waitMs: number): string | undefined => {
      device.agent.hear({ kind: 'words', hypotheses: [{ text, confidence: 1 }], mode: 'VOICE' });
      clock.advance(waitMs);
      return [...device.agent.delegations.values()][0]?.at;
    };
    expect([say(wish, 1_000), say(script.yes, 240_000), say(stop, 60_000)]).toEqual([
      'summarising',
      'active',
      'suspended',
    ]);
  },
);
