/** What the network and a hostile broker do (T1, T2, T3, T4, T5, T30). */
import { deviceTopic } from '../../protocol/index.ts';
import { type FaultRow, nowAndThen, oneOf } from './weather.ts';

export const NETWORK_FAULTS = {
  delay: {
    odds: 0.5,
    begin(weather, strength, random) {
      const mostMs = oneOf(random, [20, 300, 6_000]) * strength;
      weather.struck(`each up to ${Math.ceil(mostMs)} ms`);
      weather.onDelivery((_delivery, delays) => delays.map((ms) => ms + random.below(1 + Math.ceil(mostMs))));
    },
  },
  reordering: {
    odds: 0.3,
    begin(weather, strength, random) {
      const isIt = nowAndThen(random, 4 / strength);
      weather.onDelivery((delivery, delays) => {
        if (!isIt()) return delays;
        weather.struck(`to ${delivery.to}`);
        return delays.map((ms) => ms + random.below(20_000));
      });
    },
  },
  copy: {
    odds: 0.4,
    begin(weather, strength, random) {
      const isIt = nowAndThen(random, 1 / strength);
      weather.onDelivery((delivery, delays) => {
        if (!isIt()) return delays;
        weather.struck(`to ${delivery.to}`);
        return [...delays, ...Array.from({ length: 1 + random.below(4) }, () => 1 + random.below(3_000))];
      });
    },
  },
  loss: {
    odds: 0.4,
    begin(weather, strength, random) {
      const isIt = nowAndThen(random, 5 / strength);
      weather.onDelivery((delivery, delays) => {
        if (!isIt()) return delays;
        weather.struck(`to ${delivery.to}`);
        return [];
      });
    },
  },
  alteration: {
    odds: 0.3,
    begin(weather, strength, random) {
      const isIt = nowAndThen(random, 5 / strength);
      weather.onCopy((payload) => {
        if (!isIt()) return payload;
        weather.struck('');
        const altered = payload.slice(0, random.chance(0.8) ? payload.length : random.below(payload.length));
        const at = random.below(Math.max(1, altered.length));
        if (at < altered.length) altered[at] = (altered[at] ?? 0) ^ (1 + random.below(255));
        return altered;
      });
    },
  },
  replay: {
    odds: 0.4,
    begin(weather, strength, random) {
      weather.again(500 / strength, () => {
        const { wire } = weather.play.world.record;
        const frame = wire[random.below(Math.max(1, wire.length))];
        if (!frame) return;
        weather.struck(frame.topic);
        weather.play.broker.inject('attacker', frame.topic, frame.payload);
      });
    },
  },
  misdirection: {
    odds: 0.3,
    begin(weather, strength, random) {
      const { play, devices } = weather;
      weather.again(1_000 / strength, () => {
        const { wire } = play.world.record;
        const frame = wire[random.below(Math.max(1, wire.length))];
        if (!frame) return;
        const topics = devices.flatMap((device) =>
          (['up', 'down', 'ctl'] as const).map((way) => deviceTopic(play.about.tenant.tenant, device, way)),
        );
        const topic = oneOf(random, topics);
        weather.struck(topic);
        play.broker.inject('attacker', topic, frame.payload);
      });
    },
  },
  flood: {
    odds: 0.03,
    begin(weather, strength, random) {
      const { play, devices } = weather;
      weather.again(20_000, () => {
        const device = oneOf(random, devices);
        const topic = deviceTopic(play.about.tenant.tenant, device, 'down');
        weather.struck(`to ${device}`);
        const { wire } = play.world.record;
        for (let left = Math.ceil(200 * strength); left > 0; left -= 1)
          weather.later(random.below(5_000), () => {
            const old = wire[random.below(Math.max(1, wire.length))]?.payload;
            const junk = old && random.chance(0.5) ? old : random.bytes(1 + random.below(400));
            play.broker.inject('attacker', topic, junk);
          });
      });
    },
  },
  link: {
    odds: 0.3,
    begin(weather, strength, random) {
      const { broker } = weather.play;
      const parties = [...weather.devices, ...weather.devices, ...weather.services];
      weather.again(4_000 / strength, () => {
        const party = oneOf(random, parties);
        weather.struck(party);
        broker.setOnline(party, false);
        weather.later(1 + random.below(20_000), () => broker.setOnline(party, true));
      });
    },
  },
  partition: {
    odds: 0.15,
    begin(weather, strength, random) {
      const { broker } = weather.play;
      const parties = [...weather.devices, ...weather.services];
      weather.again(20_000 / strength, () => {
        const away = parties.filter(() => random.chance(0.5));
        weather.struck(away.join(' '));
        for (const party of away) broker.setOnline(party, false);
        weather.later(1 + random.below(30_000), () => {
          for (const party of away) broker.setOnline(party, true);
        });
      });
    },
  },
  'broker-restart': {
    odds: 0.1,
    begin(weather, strength, random) {
      weather.again(15_000 / strength, () => {
        weather.struck('with its sessions');
        weather.play.broker.restart(true, 1 + random.below(5_000));
      });
    },
  },
  'broker-forgets': {
    odds: 0.1,
    begin(weather, strength, random) {
      weather.again(15_000 / strength, () => {
        weather.struck('without its sessions');
        weather.play.broker.restart(false, 1 + random.below(5_000));
      });
    },
  },
} as const satisfies Record<string, FaultRow>;
