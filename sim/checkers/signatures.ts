/** The confirmation key signs what was shown, while it was held, once, and never after it was too late (design 5, 9; T2, T6, T10, T18). */
import { type Locale, PROFILES, type ProfileId } from '../../device/index.ts';
import { digestOf, encodeCbor, msOf } from '../../protocol/index.ts';
import type { Lived, Presented, WorldRecord } from '../world-record.ts';
import type { Circumstances, Findings, SignedConfirmation } from './facts.ts';
import type { Reading, Watching } from './reading.ts';

/** Design 5.3, in numbers of their own: a checker that shared them with the gate could not find them wrong. */
const HOLD_MS = 800;
const DEAD_MS = 1_000;
const QUIET_MS = 50;

/** Judges each signature once. */
function forEach(judge: (reading: Reading, made: SignedConfirmation) => Findings): Watching {
  return (reading) => {
    let at = 0;
    return () => {
      const fresh = reading.signed.slice(at);
      at = reading.signed.length;
      return fresh.flatMap((made) => judge(reading, made));
    };
  };
}

/** Numbers grow, and no challenge and no nonce is answered twice. */
export const signaturesAreSingle: Watching = (reading) => {
  const nonces = new Set<string>();
  const last = new Map<string, number>();
  const judge = forEach((_, { party, counter, challengeDigest }) => {
    const findings: string[] = [];
    const before = last.get(party) ?? 0;
    if (counter <= before) findings.push(`counter ${counter} follows ${before}`);
    last.set(party, counter);
    const nonce = reading.objects('challenge').get(challengeDigest)?.value.nonce;
    if (nonce === undefined) findings.push('a challenge was confirmed that no PSP sent');
    else if (nonces.has(nonce)) findings.push('a nonce was answered twice');
    else nonces.add(nonce);
    return findings;
  });
  return judge(reading);
};

/** Each signature's view digest is that of what was presented last, in this life of the device. */
export const signedIsShown: Watching = forEach(({ record, about }, made) =>
  digestsOf(presentedBefore(record, made), about).includes(made.viewDigest)
    ? []
    : [`counter ${made.counter} signs what was not shown`],
);

function presentedBefore({ presented }: WorldRecord, { seq, life, party }: SignedConfirmation): readonly Presented[] {
  return presented.filter((one) => one.party === party && one.life === life && one.seq < seq);
}

/** A prompt speaks the language in which was ordered, which need not be the device's. */
const LOCALES: readonly Locale[] = ['zh-CN', 'en-US'];

/** The digests of the prompts that what was presented could have been; with a display it is the last. */
function digestsOf(shown: readonly Presented[], { profile }: Circumstances): readonly string[] {
  return LOCALES.flatMap((locale) => digestsIn(locale, shown, profile));
}

function digestsIn(locale: Locale, shown: readonly Presented[], profile: ProfileId): readonly string[] {
  const start = shown.findLastIndex((one) => 'page' in one && one.page.index === 0);
  const digest = (screens: readonly (readonly string[])[], said: readonly string[]) =>
    digestOf(encodeCbor([PROFILES[profile].id, locale, screens.map((lines) => [...lines]), [...said]]));
  if (PROFILES[profile].columns > 0) {
    if (start < 0) return [];
    const pages = shown.slice(start).flatMap((one) => ('page' in one ? [one.page] : []));
    const whole = pages.every(({ index, count }, i) => index === i && count === pages.length);
    return whole
      ? [
          digest(
            pages.map(({ title, lines }) => [title, ...lines]),
            sentences(shown.slice(start)),
          ),
        ]
      : [];
  }
  const said = sentences(shown);
  return said.map((_, i) => digest([], said.slice(i)));
}

function sentences(shown: readonly Presented[]): readonly string[] {
  return shown.flatMap((one) => ('sentence' in one ? [one.sentence] : []));
}

/** A deliberate hold: released before, pressed after the dead time, down for long enough, down still. */
export const signedIsHeld: Watching = forEach(({ record, about }, made) => {
  const edges = changesOf(record.edges.filter(({ party, seq }) => party === made.party && seq < made.seq));
  const burst = pressOf(edges);
  const shown = presentedBefore(record, made);
  const last = PROFILES[about.profile].columns > 0 ? shown.findLast((one) => 'page' in one) : shown.at(-1);
  const broken: readonly (readonly [string, boolean])[] = [
    ['without a press', burst !== undefined],
    ['without a whole hold', burst !== undefined && made.at - burst.settledAt >= HOLD_MS],
    ['by a press that came too early', burst !== undefined && last !== undefined && burst.beganAt - last.at >= DEAD_MS],
  ];
  return broken.filter(([, holds]) => !holds).map(([what]) => `counter ${made.counter} was signed ${what}`);
});

/** A line that is down cannot go down: an edge repeated is none. */
function changesOf(edges: WorldRecord['edges']): WorldRecord['edges'] {
  return edges.filter(({ edge }, i) => edge !== (edges[i - 1]?.edge ?? 'up'));
}

/** The press that is still going on after the last of these edges, if the line is down then and was up before. */
function pressOf(edges: WorldRecord['edges']): { readonly beganAt: number; readonly settledAt: number } | undefined {
  const last = edges.at(-1);
  if (last?.edge !== 'down') return undefined;
  let first = edges.length - 1;
  const isBounce = (i: number) => (edges[i]?.at ?? 0) - (edges[i - 1]?.at ?? Number.NEGATIVE_INFINITY) < QUIET_MS;
  while (isBounce(first)) first -= 1;
  // A burst that begins with a release is a bounce within a press, which may not count as another one.
  const before = edges[first - 1]?.edge ?? 'up';
  return before === 'up' ? { beganAt: edges[first]?.at ?? last.at, settledAt: last.at } : undefined;
}

/** Nothing is signed once challenge or lock are over, or once the wearer or the link has left the prompt. */
export const signedInTime: Watching = forEach((reading, made) => {
  const { record, about } = reading;
  const challenge = reading.objects('challenge').get(made.challengeDigest)?.value;
  const cart = challenge && reading.objects('cart').get(challenge.cartDigest)?.value;
  if (!challenge || !cart) return [`counter ${made.counter} is for a challenge or a cart that nobody sent`];
  const opened = record.steps.findLast(
    ({ seq, party, life, event }) =>
      seq < made.seq &&
      party === made.party &&
      life === made.life &&
      event.kind === 'frame' &&
      event.frame.type === 'challenge',
  );
  const since = opened?.seq ?? made.seq;
  const within = ({ seq, party }: Lived) => party === made.party && seq > since && seq < made.seq;
  const at = made.at - (about.clocksApartMs ?? 0);
  const isCartAgain = ({ event }: WorldRecord['steps'][number]) =>
    isOtherCart(event, cart.intentId, challenge.cartDigest);
  const broken: readonly (readonly [string, boolean])[] = [
    ['after the challenge', at < msOf(challenge.expiresAt)],
    ['after the price lock', at < msOf(cart.lockedUntil)],
    ['without an open prompt', opened !== undefined],
    ['after the device was taken off', !record.worn.some((one) => within(one) && !one.worn)],
    ['after the link was lost', !record.links.some((one) => within(one) && !one.online)],
    ['after a cancel', !record.steps.some((one) => within(one) && isCancel(one.event))],
    ['after another cart came', !record.steps.some((one) => within(one) && isCartAgain(one))],
  ];
  return broken.filter(([, holds]) => !holds).map(([what]) => `counter ${made.counter} was signed ${what}`);
});

type Event = WorldRecord['steps'][number]['event'];

function isCancel(event: Event): boolean {
  return event.kind === 'reply' && (event.reply.kind === 'cancel' || event.reply.kind === 'no');
}

/** The same cart once more, as after an agent's restart, changes nothing. */
function isOtherCart(event: Event, intentId: string, cartDigest: string): boolean {
  if (event.kind !== 'frame' || event.frame.type !== 'cart') return false;
  const { body } = event.frame;
  return body.intentId === intentId && digestOf(body.cart) !== cartDigest;
}
