/** Parties of the tenant that say what only others may say, or what they said of something else (T2, T5, T6, T23, T25, T29). */
import {
  deviceTopic,
  FRAMES,
  type FrameType,
  ProtocolError,
  parseSessionId,
  peekFrame,
  type Role,
} from '../../protocol/index.ts';
import { bodyOf, carriedObjects } from '../checkers/facts.ts';
import type { SeededRandom } from '../seeded-random.ts';
import { otherCartAtPrompt } from './faults-prompt.ts';
import { disguised, type Guise, signedByOther } from './forge.ts';
import { liar } from './lie.ts';
import { type FaultRow, nowAndThen, oneOf, type Saying, type Weather } from './weather.ts';

/** Carries what a device believes somebody's signature for. */
const EVIDENCE: ReadonlySet<FrameType> = new Set(['cart', 'challenge', 'receipt', 'pay-status', 'fulfilment']);

/** With another object in place of the one that a frame carries; now and then the true one follows. */
export function withOther(
  { play }: Weather,
  random: SeededRandom,
  payload: Uint8Array,
  other: (type: ReturnType<typeof carriedObjects>[number][0], bytes: Uint8Array) => Uint8Array | undefined,
): readonly Saying[] | undefined {
  const { type, body } = bodyOf(payload);
  if (!EVIDENCE.has(type)) return undefined;
  const [carried] = carriedObjects(type);
  const bytes = carried && body[carried[1]];
  if (!carried || !(bytes instanceof Uint8Array)) return undefined;
  try {
    const forged = other(carried[0], bytes);
    if (!forged) return undefined;
    const said = { payload: liar(play.about.tenant).reseal(payload, { ...body, [carried[1]]: forged }, random) };
    return [{ ...said, afterMs: 0 }, ...(random.chance(0.5) ? [{ payload, afterMs: random.below(3_000) }] : [])];
  } catch (error) {
    // Not everything fits into a frame.
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}

/** Longer than a frame lives, its sender's and its receiver's clocks being as far apart as they may. */
const HELD_BACK_MS = 180_000;

/** What was sent so few frames ago may still be waited for. */
const LATELY = 20;

/** A guise in which nobody may say this to a device. */
function guiseFor({ play }: Weather, payload: Uint8Array, random: SeededRandom): Guise | undefined {
  const { tenant } = play.about;
  const { type, iss, aud } = peekFrame(payload);
  const to = tenant.devices.find(({ device }) => device === aud);
  const roles: readonly Role[] = FRAMES[type].from;
  const services = [
    { ...tenant.psp, role: 'psp' as const },
    { ...tenant.agent, role: 'agent' as const },
    ...tenant.merchants.map((one) => ({ ...one, role: 'merchant' as const })),
  ];
  const author = services.find(({ party }) => party === iss);
  const [others, rest] = [
    services.filter(({ party }) => party !== iss),
    services.filter(({ role }) => !roles.includes(role)),
  ];
  if (!to || !author || rest.length === 0) return undefined;
  const address = {
    tenant: tenant.tenant,
    from: { party: iss, role: author.role },
    to: { party: aud, role: 'device' },
    session: to.session,
  } as const;
  const { party, frameSeed } = oneOf(random, rest);
  return oneOf(random, [
    { address: { ...address, session: parseSessionId('00000000000000ff') }, seed: author.frameSeed },
    { address: { ...address, tenant: 'other' }, seed: author.frameSeed },
    { address: { ...address, from: { party, role: author.role } }, seed: author.frameSeed },
    { address: { ...address, from: { party, role: author.role } }, seed: frameSeed },
    { address, seed: oneOf(random, others).frameSeed },
  ]);
}

export const FORGER_FAULTS = {
  'others-key': {
    odds: 0.3,
    begin(weather, strength, random) {
      const { psp, merchants } = weather.play.about.tenant;
      const isIt = nowAndThen(random, 2 / strength);
      weather.onSay((party, payload) => {
        if (!EVIDENCE.has(peekFrame(payload).type) || !isIt()) return undefined;
        const { objectSeed, party: signer } = oneOf(random, [psp, ...merchants]);
        const said = withOther(weather, random, payload, (type, bytes) => signedByOther(type, bytes, objectSeed));
        if (said) weather.struck(`${party}: under the key of ${signer}`);
        return said;
      });
    },
  },
  'other-deal': {
    odds: 0.3,
    begin(weather, strength, random) {
      const isIt = nowAndThen(random, 2 / strength);
      const seen = new Map<string, Uint8Array[]>();
      weather.onSay((party, payload) => {
        const { type, body } = bodyOf(payload);
        if (!EVIDENCE.has(type)) return undefined;
        for (const [kind, field] of carriedObjects(type)) {
          const bytes = body[field];
          if (bytes instanceof Uint8Array) seen.set(kind, [...(seen.get(kind) ?? []), bytes]);
        }
        if (!isIt()) return undefined;
        const said = withOther(weather, random, payload, (kind) => oneOf(random, seen.get(kind) ?? []));
        if (said) weather.struck(`${party}: ${type}`);
        return said;
      });
    },
  },
  'wrong-terms': {
    odds: 0.3,
    begin(weather, strength, random) {
      const { lie } = liar(weather.play.about.tenant);
      // Not both: where the carts are wrong there are no challenges.
      const target = oneOf(random, ['challenge', 'challenge', 'cart'] as const);
      weather.onSay((party, payload) => {
        if (peekFrame(payload).type !== target || random.chance((1 - strength) / 2)) return undefined;
        const wrong = lie(payload, random);
        if (!wrong) return undefined;
        weather.struck(`${party}: ${wrong.what}`);
        return [{ payload: wrong.payload, afterMs: 0 }];
      });
    },
  },
  'second-cart': {
    odds: 0.25,
    begin(weather, strength, random) {
      const { lie } = liar(weather.play.about.tenant);
      otherCartAtPrompt(weather, strength, random);
      weather.onSay((party, payload) => {
        if (peekFrame(payload).type !== 'cart' || random.chance((1 - strength) / 2)) return undefined;
        const other = lie(payload, random);
        if (!other) return undefined;
        weather.struck(`${party}: ${other.what}`);
        return [
          { payload, afterMs: 0 },
          { payload: other.payload, afterMs: 1_000 + random.below(8_000) },
        ];
      });
    },
  },
  'held-back': {
    odds: 0.25,
    begin(weather, strength, random) {
      const isIt = nowAndThen(random, 6 / strength);
      weather.onDelivery((delivery, delays) => {
        if (!isIt()) return delays;
        weather.struck(`to ${delivery.to}`);
        return delays.map((ms) => ms + HELD_BACK_MS + random.below(HELD_BACK_MS));
      });
    },
  },
  stranger: {
    odds: 0.35,
    begin(weather, strength, random) {
      const { play, devices } = weather;
      const { tenant } = play.about;
      weather.again(600 / strength, () => {
        const { sent } = play.world.record;
        const old = sent[sent.length - 1 - random.below(Math.max(1, Math.min(LATELY, sent.length)))]?.payload;
        const guise = old && guiseFor(weather, old, random);
        if (!guise) return;
        weather.struck(`${peekFrame(old).type} as if from ${guise.address.from.party}`);
        const device = oneOf(random, [peekFrame(old).aud, ...devices]);
        const topic = deviceTopic(tenant.tenant, device, oneOf(random, ['down', 'ctl']));
        play.broker.inject('attacker', topic, disguised(old, guise, random));
      });
    },
  },
} as const satisfies Record<string, FaultRow>;
