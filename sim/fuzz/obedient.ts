/** An agent that obeys whatever a text has told it: its own key signs requests for what nobody held for (T13, T14). */
import {
  type AutonomousPayRequest,
  type DelegatedPayRequest,
  type DelegatedRequestType,
  decodeCbor,
  newId,
  OBJECTS,
  ProtocolError,
  parseSign1,
  peekFrame,
  signObject,
} from '../../protocol/index.ts';
import { bodyOf, genuine } from '../checkers/facts.ts';
import type { DeviceSecrets, Tenant } from '../cloud/index.ts';
import { keyOf } from '../cloud/key-of.ts';
import type { SeededRandom } from '../seeded-random.ts';
import { type Lie, liar } from './lie.ts';

type Request = DelegatedPayRequest;
type Told = (request: Request, random: SeededRandom) => Partial<Record<keyof Request, unknown>>;

/** What such a text may ask for. */
const INJECTED: Readonly<Record<string, Told>> = {
  'a little more': ({ amountMinor }) => ({ amountMinor: amountMinor + 1 }),
  'all there is': () => ({ amountMinor: 900_000 }),
  'somebody else': ({ payee }) => ({ payee: payee === 'far-harbor' ? 'night-owl' : 'far-harbor' }),
  'another order': (_, random) => ({ orderNo: String(1_000_000_000_000 + random.below(1_000_000)) }),
  'another credential': () => ({ delegationId: '00112233445566778899aabbccddeeff' }),
  'another agent': () => ({ agentId: 'did:act:example.com/other' }),
  'another means': () => ({ method: 'urn:act:payment:other' }),
  'another token': () => ({
    paymentToken: '0123456789abcdef0123456789abcdef',
    subAccountId: undefined,
    subAccountAuthorization: undefined,
  }),
  'another sub-account': () => ({
    paymentToken: undefined,
    subAccountId: '0123456789abcdef0123456789abcdef',
    subAccountAuthorization: new Uint8Array(64),
  }),
  'an old request': ({ createdAt }) => ({ createdAt: createdAt - 7_200 }),
  'what no wearer signed': ({ iac }) => ({ iac: iac.with(iac.length - 1, (iac.at(-1) ?? 0) ^ 1) }),
};

/** What only requests of their own ask for. */
const BESIDE: Readonly<Record<string, Told>> = {
  ...INJECTED,
  'another currency': () => ({ currency: 'USD' }),
  'another cart': ({ cartDigest }) => ({ cartDigest: `${cartDigest.slice(0, -1)}${cartDigest.endsWith('0') ? 1 : 0}` }),
  'a request of the future': ({ createdAt }) => ({ createdAt: createdAt + 7_200 }),
};

/** Under a credential that names things, the agent chooses by itself (`MODE_NOT_BOUNDED`). */
const ON_ITS_OWN = 'its own choice';

/** Asks again and again for what it was paid for already. */
const ONCE_MORE = 'once more';
const ONCE_MORE_ODDS = 0.3;

/** The request in a payment of either kind. */
export function requestIn(
  payload: Uint8Array,
  tenant: Tenant<DeviceSecrets>,
): { readonly type: DelegatedRequestType; readonly value: AutonomousPayRequest } | undefined {
  const { type, body } = bodyOf(payload);
  if (type !== 'delegated-pay' || !(body.request instanceof Uint8Array)) return undefined;
  const named = genuine('delegated-pay-request', body.request, tenant);
  if (named) return { type: 'delegated-pay-request', value: named.value };
  const chosen = genuine('autonomous-pay-request', body.request, tenant);
  return chosen && { type: 'autonomous-pay-request', value: chosen.value };
}

export function obedient(tenant: Tenant<DeviceSecrets>) {
  const key = keyOf(tenant.agent.objectSeed);
  const { reseal } = liar(tenant);
  const injected = [...Object.keys(INJECTED), ON_ITS_OWN];
  const toldAs = (payload: Uint8Array, random: SeededRandom, what: string, isNew: boolean): Lie | undefined => {
    const { type, body } = bodyOf(payload);
    if (type !== 'delegated-pay' || !(body.request instanceof Uint8Array)) return undefined;
    try {
      const parsed = decodeCbor(parseSign1(body.request).payload);
      const value = OBJECTS['delegated-pay-request'].body.decode(parsed, 'request');
      const requestId = isNew ? newId(random.bytes(16)) : value.requestId;
      const told = Object.fromEntries(
        Object.entries({ ...value, ...BESIDE[what]?.(value, random), requestId }).filter(
          ([, one]) => one !== undefined,
        ),
      ) as unknown as Request;
      const kind = what === ON_ITS_OWN ? 'autonomous-pay-request' : 'delegated-pay-request';
      const said = { ...body, request: signObject(kind, told, key), ...(isNew && { requestId }) };
      return { payload: reseal(payload, said, random), what };
    } catch (error) {
      // A request of a BOUNDED task is another one, and not every wish can be written.
      if (error instanceof ProtocolError) return undefined;
      throw error;
    }
  };
  return {
    /** What a text has told it. @param isNew whether it is a request of its own, beside the one that it was made of. */
    tell(payload: Uint8Array, random: SeededRandom, isNew = false): Lie | undefined {
      if (peekFrame(payload).type !== 'delegated-pay') return undefined;
      const isOnceMore = isNew && random.chance(ONCE_MORE_ODDS);
      const what = isOnceMore ? ONCE_MORE : (injected[random.below(injected.length)] ?? ON_ITS_OWN);
      return toldAs(payload, random, what, isNew);
    },
    /** The same under another number. */
    onceMore: (payload: Uint8Array, random: SeededRandom) => toldAs(payload, random, ONCE_MORE, true),
    /** Requests of their own that nothing allows, each for another reason, in any order. */
    wrong(payload: Uint8Array, random: SeededRandom): readonly Lie[] {
      if (peekFrame(payload).type !== 'delegated-pay') return [];
      const tales = [...Object.keys(BESIDE), ON_ITS_OWN].map((what) => ({ what, at: random.below(1_000) }));
      const inOrder = tales.sort((one, other) => one.at - other.at);
      return inOrder.flatMap(({ what }) => toldAs(payload, random, what, true) ?? []);
    },
  };
}
