/** What is not of the profile, orders that no seller can meet, and those that a seller takes back (T13, T20, T21, T24, T29). */
import {
  type CborKey,
  type CborValue,
  decodeCbor,
  deviceTopic,
  encodeCbor,
  fromHex,
  PROFILE,
  PROFILE_VERSION,
  ProtocolError,
  parseSign1,
  peekFrame,
  type Role,
  SERVICE_SESSION,
  serviceTopic,
  signSign1,
} from '../../protocol/index.ts';
import { bodyOf } from '../checkers/facts.ts';
import { keyOf } from '../cloud/key-of.ts';
import type { SeededRandom } from '../seeded-random.ts';
import { command } from './faults-delegated.ts';
import { liar } from './lie.ts';
import { STRANGE_BYTES, STRANGE_KINDS } from './strange-bytes.ts';
import { type FaultRow, nowAndThen, oneOf, type Weather } from './weather.ts';

/** The label of the message type in a COSE header (RFC 9596). */
const TYP = 16;
/** What was sent so few frames ago may still be opened. */
const LATELY = 6;

/** Brings bytes to where a frame was sent. */
function bring({ play }: Weather, like: Uint8Array, bytes: Uint8Array): void {
  const { tenant, devices } = play.about.tenant;
  const { aud, iss } = peekFrame(like);
  const isDevice = (party: string) => devices.some(({ device }) => device === party);
  const topic = isDevice(aud)
    ? deviceTopic(tenant, aud, 'down')
    : isDevice(iss)
      ? deviceTopic(tenant, iss, 'up')
      : serviceTopic(tenant, aud);
  play.broker.inject('attacker', topic, bytes);
}

/** A service's frame once more, under its own key, with nothing where its first field should be. */
function shapeless({ play }: Weather, payload: Uint8Array, random: SeededRandom): Uint8Array | undefined {
  const { tenant } = play.about;
  const { type: _type, version: _version, cti: _cti, ...claims } = peekFrame(payload);
  const services = [
    { ...tenant.psp, role: 'psp' as Role },
    { ...tenant.agent, role: 'agent' as Role },
    ...tenant.merchants.map((one) => ({ ...one, role: 'merchant' as Role })),
  ];
  const from = services.find(({ party }) => party === claims.iss);
  const to = tenant.devices.find(({ device }) => device === claims.aud);
  const role = to ? 'device' : services.find(({ party }) => party === claims.aud)?.role;
  if (!from || !role) return undefined;
  const parsed = parseSign1(payload);
  const typ = Number((decodeCbor(parsed.protectedBytes) as ReadonlyMap<CborKey, CborValue>).get(TYP));
  const body = decodeCbor(parsed.payload) as ReadonlyMap<CborKey, CborValue>;
  const session = fromHex(to?.session ?? SERVICE_SESSION);
  return signSign1({
    payload: encodeCbor(new Map([...body, [1, null]])),
    key: keyOf(from.frameSeed),
    typ,
    version: PROFILE_VERSION,
    claims: { ...claims, cti: random.bytes(16) },
    externalAad: encodeCbor([PROFILE, PROFILE_VERSION, 'frame', typ, role, tenant.tenant, session]),
  });
}

interface Need {
  readonly lines: readonly {
    readonly itemId: string;
    readonly quantity: number;
    readonly options: readonly object[];
  }[];
  readonly wanted?: { readonly from: number; readonly until: number };
}

const LONG_S = 1_000_000;
const AT_SEA = { latitudeE3: 0, longitudeE3: 0 };

/** What is asked of a seller in place of what the wearer wants. */
const ASKED: Readonly<Record<string, (need: Need) => object>> = {
  'what nobody sells': ({ lines }) => ({ lines: lines.map((line) => ({ ...line, itemId: 'moonlight' })) }),
  'what cannot be chosen': ({ lines }) => ({
    lines: lines.map((line) => ({ ...line, options: [{ optionId: 'spice', choiceId: 'mild' }] })),
  }),
  'more than there is': ({ lines }) => ({ lines: lines.map((line) => ({ ...line, quantity: 20 })) }),
  'where nobody goes': () => ({ place: AT_SEA }),
  'long ago': ({ wanted }) =>
    wanted ? { wanted: { from: wanted.from - LONG_S, until: wanted.until - LONG_S } } : { place: AT_SEA },
};

export const STRANGE_FAULTS = {
  'strange-bytes': {
    odds: 0.15,
    begin(weather, strength, random) {
      weather.again(500 / strength, () => {
        const { sent } = weather.play.world.record;
        const like = sent[sent.length - 1 - random.below(Math.max(1, Math.min(LATELY, sent.length)))]?.payload;
        if (!like) return;
        const kind = oneOf(random, STRANGE_KINDS);
        weather.struck(kind);
        bring(weather, like, STRANGE_BYTES[kind](like, random));
      });
    },
  },
  'no-shape': {
    odds: 0.1,
    begin(weather, strength, random) {
      const isIt = nowAndThen(random, 2 / strength);
      weather.onSay((party, payload) => {
        if (!isIt()) return undefined;
        const said = shapeless(weather, payload, random);
        if (!said) return undefined;
        weather.struck(`${party}: ${peekFrame(payload).type}`);
        weather.later(random.below(1_000), () => bring(weather, payload, said));
        return undefined;
      });
    },
  },
  'withdrawn-order': {
    odds: 0.4,
    begin(weather, _strength, random) {
      const { party: psp } = weather.play.about.tenant.psp;
      weather.onSay((party, payload) => {
        const { type, aud } = peekFrame(payload);
        if (party !== psp || type !== 'paid-notice' || (aud !== 'damai' && aud !== 'rail')) return undefined;
        const words = `withdraw ${String(bodyOf(payload).body.orderNo)}`;
        weather.later(100 + random.below(6_000), () => {
          weather.struck(`${aud}: ${words}`);
          command(weather, aud, words);
        });
        return undefined;
      });
    },
  },
  'mad-order': {
    odds: 0.4,
    begin(weather, strength, random) {
      const { tenant } = weather.play.about;
      const isIt = nowAndThen(random, 1 / strength);
      const { reseal } = liar(tenant);
      weather.onSay((party, payload) => {
        if (peekFrame(payload).type !== 'cart-request' || !isIt()) return undefined;
        const { body } = bodyOf(payload);
        const what = oneOf(random, Object.keys(ASKED));
        try {
          const said = reseal(payload, { ...body, ...ASKED[what]?.(body as unknown as Need) }, random);
          weather.struck(`${party}: ${what}`);
          return [{ payload: said, afterMs: 0 }];
        } catch (error) {
          // Not every wish can be written.
          if (error instanceof ProtocolError) return undefined;
          throw error;
        }
      });
    },
  },
} as const satisfies Record<string, FaultRow>;
