import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allDevicesUp, deviceTopic, parseTopic, serviceTopic } from '../../protocol/topics.ts';
import { verdict } from './support.ts';

const RESERVED = ['svc', 'up', 'down', 'ctl'];
const name = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,31}$/).filter((word) => !RESERVED.includes(word));
const direction = fc.constantFrom('up', 'down', 'ctl');
const RUNS = { seed: 5, numRuns: 300 };

/** How MQTT matches a topic against the one filter with a wildcard that we use (MQTT 5 §4.7.1.3). */
function matches(filter: string, topic: string): boolean {
  const [wanted, given] = [filter.split('/'), topic.split('/')];
  return wanted.length === given.length && wanted.every((level, i) => level === '+' || level === given[i]);
}

describe('topics', () => {
  it('come back as what they were made of', () => {
    fc.assert(
      fc.property(name, name, direction, (tenant, party, way) => {
        expect(parseTopic(deviceTopic(tenant, party, way))).toEqual({ tenant, kind: 'device', party, direction: way });
        expect(parseTopic(serviceTopic(tenant, party))).toEqual({ tenant, kind: 'service', party });
      }),
      RUNS,
    );
  });

  it('are read in one way only: what is accepted is written again as it was', () => {
    const level = fc.oneof(name, fc.constantFrom(...RESERVED, 'act', '1', '', '+', '#', 'A'));
    const topic = fc.array(level, { minLength: 3, maxLength: 7 }).map((levels) => levels.join('/'));
    fc.assert(
      fc.property(
        fc.oneof(
          topic,
          topic.map((rest) => `act/1/${rest}`),
          fc.string(),
        ),
        (given) => {
          if (verdict(() => parseTopic(given)) !== 'accepted') return;
          const read = parseTopic(given);
          const again =
            read.kind === 'device'
              ? deviceTopic(read.tenant, read.party, read.direction)
              : serviceTopic(read.tenant, read.party);
          expect(again).toBe(given);
        },
      ),
      { seed: 6, numRuns: 2000 },
    );
  });

  it('T5: let a service hear every device of its own tenant, upwards, and nothing else', () => {
    fc.assert(
      fc.property(name, name, name, direction, (tenant, other, party, way) => {
        expect(matches(allDevicesUp(tenant), deviceTopic(tenant, party, way))).toBe(way === 'up');
        expect(matches(allDevicesUp(tenant), deviceTopic(other, party, 'up'))).toBe(tenant === other);
        expect(matches(allDevicesUp(tenant), serviceTopic(tenant, party))).toBe(false);
      }),
      RUNS,
    );
  });

  it.each([
    '',
    'act',
    'act/1',
    'act/1/t1',
    'act/1/t1/glasses-7',
    'act/1/t1/svc',
    'act/1/t1/svc/',
    'act/1/t1/svc/psp-1/up',
    'act/1/t1/glasses-7/sideways',
    'act/1/t1/glasses-7/up/',
    'act/1/t1/glasses-7/Up',
    'act/2/t1/glasses-7/up',
    'xact/1/t1/glasses-7/up',
    '/act/1/t1/glasses-7/up',
    'act/1//glasses-7/up',
    'act/1/t1//up',
    'act/1/+/glasses-7/up',
    'act/1/t1/+/up',
    'act/1/t1/#',
    'act/1/t1/up/up',
    'act/1/svc/glasses-7/up',
    'act/1/t1/svc/up',
    'act/1/t1/Glasses/up',
    'act/1/t1/glasses-7\n/up',
    'act/1/t1/glasses-7\u0000/up',
    `act/1/t1/${'x'.repeat(33)}/up`,
    '/'.repeat(60_000),
  ])('refuse %j', (topic) => {
    expect(verdict(() => parseTopic(topic))).toBe('topic-syntax');
  });

  it.each(['', 'A', '-a', 'a/b', '+', '#', 'a b', 'a\n', 'x'.repeat(33), ...RESERVED])(
    'take no party or tenant called %j',
    (word) => {
      for (const make of [
        () => deviceTopic(word, 'glasses-7', 'up'),
        () => deviceTopic('t1', word, 'down'),
        () => serviceTopic(word, 'psp-1'),
        () => serviceTopic('t1', word),
        () => allDevicesUp(word),
      ])
        expect(verdict(make)).toBe('topic-syntax');
    },
  );
});
