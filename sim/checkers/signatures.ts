/** The confirmation key signs what was shown, while it was held, once, and never after it was too late (design 5, 9; T2, T6, T10, T18). */
import { type Locale, PROFILES, type ProfileId } from '../../device/index.ts';
import { digestOf, encodeCbor, equalBytes, IacPayload, jcsBytes, msOf, toJsonObject } from '../../protocol/index.ts';
import type { Lived, Presented, WorldRecord } from '../world-record.ts';
import type { Circumstances, Findings, Signed } from './facts.ts';
import { ofParty } from './of-party.ts';
import type { Reading, Watching } from './reading.ts';

/** Design 5.3, in numbers of their own: a checker that shared them with the gate could not find them wrong. */
const HOLD_MS = 800;
const DEAD_MS = 1_000;
const QUIET_MS = 50;

/** Judges each signature once. */
function forEach(judge: (reading: Reading, made: Signed) => Findings): Watching {
  return (reading) => {
    let at = 0;
    return () => {
      const fresh = reading.signed.slice(at);
      at = reading.signed.length;
      return fresh.flatMap((made) => judge(reading, made));
    };
  };
}

/** Numbers grow, and no challenge, no nonce and no change of a state is answered twice. */
export const signaturesAreSingle: Watching = (reading) => {
  const answered = new Set<string>();
  const last = new Map<string, number>();
  const judge = forEach((_, made) => {
    const findings: string[] = [];
    const { party, counter } = made;
    const before = last.get(party) ?? 0;
    if (counter <= before) findings.push(`counter ${counter} follows ${before}`);
    last.set(party, counter);
    const nonce = nonceOf(reading, made);
    if (nonce === undefined) findings.push('a challenge was confirmed that no PSP sent');
    else if (answered.has(nonce)) findings.push('a nonce was answered twice');
    else answered.add(nonce);
    return findings;
  });
  return judge(reading);
};

/** What can be answered once: the PSP's nonce, or where the wearer needs none the number of the change. */
function nonceOf(reading: Reading, { type, value }: Signed): string | undefined {
  switch (type) {
    case 'confirmation':
      return reading.objects('challenge').get(value.challengeDigest)?.value.nonce;
    case 'authorization':
      return reading.objects('delegation-challenge').get(value.challengeDigest)?.value.nonce;
    case 'lifecycle-order':
    case 'sub-account-order':
      return value.change.changeId;
    default:
      return value.offerDigest;
  }
}

/** Each signature's view digest is that of what was presented last, in this life of the device. */
export const signedIsShown: Watching = forEach(({ record, about }, made) =>
  digestsOf(presentedBefore(record, made), about).includes(made.viewDigest)
    ? []
    : [`counter ${made.counter} signs what was not shown`],
);

function presentedBefore({ presented }: WorldRecord, { seq, life, party }: Signed): readonly Presented[] {
  return ofParty(presented, party).filter((one) => one.life === life && one.seq < seq);
}

/** A prompt speaks the language in which was ordered, which need not be the device's. */
const LOCALES: readonly Locale[] = ['zh-CN', 'en-US'];

/** The digests of the prompts that what was presented could have been; with a display it is the last. */
function digestsOf(shown: readonly Presented[], { profile }: Circumstances): readonly string[] {
  return LOCALES.flatMap((locale) => digestsIn(locale, shown, profile));
}

/** No array on the wire has more entries, and so no view. */
const MOST_SENTENCES = 64;

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
  const said = sentences(shown).slice(-MOST_SENTENCES);
  return said.map((_, i) => digest([], said.slice(i)));
}

function sentences(shown: readonly Presented[]): readonly string[] {
  return shown.flatMap((one) => ('sentence' in one ? [one.sentence] : []));
}

/** A deliberate hold: released before, pressed after the dead time, down for long enough, down still. */
export const signedIsHeld: Watching = forEach(({ record, about }, made) => {
  const edges = changesOf(ofParty(record.edges, made.party).filter(({ seq }) => seq < made.seq));
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

/** The press that is still going on after the last of these edges, if the line is down then and was up before, and since when it moved no more. */
function pressOf(edges: WorldRecord['edges']): { readonly beganAt: number; readonly settledAt: number } | undefined {
  const last = edges.at(-1);
  if (last?.edge !== 'down') return undefined;
  let first = edges.length - 1;
  const isBounce = (i: number) => (edges[i]?.at ?? 0) - (edges[i - 1]?.at ?? Number.NEGATIVE_INFINITY) < QUIET_MS;
  while (isBounce(first)) first -= 1;
  // A burst that begins with a release is a bounce within a press: not another one, but still the one before it.
  const isWithin = edges[first - 1]?.edge === 'down';
  const beganAt = isWithin ? pressOf(edges.slice(0, first))?.beganAt : edges[first]?.at;
  return { beganAt: beganAt ?? last.at, settledAt: last.at };
}

/** Nothing is signed once challenge or lock are over, or once the wearer or the link has left the prompt. */
export const signedInTime: Watching = forEach((reading, made) => {
  if (made.type === 'confirmation') return paymentInTime(reading, made);
  if (made.type === 'authorization') return delegationInTime(reading, made);
  const { record } = reading;
  const prompt = promptOf(record, made);
  if (!prompt) return [`counter ${made.counter} was signed without a prompt`];
  const within = since(prompt.seq, made);
  // A stop is signed for whether or not there is a link: it is told to the PSP when there is one. Nor does a no that was said to
  // something else take it away: it allows nothing (T17).
  const isStop = made.type === 'lifecycle-order' && made.value.change.to !== 'Active';
  return late(made, [
    ['after the device was taken off', !ofParty(record.worn, made.party).some((one) => within(one) && !one.worn)],
    ['after a cancel', isStop || !isCancelled(record, made, prompt)],
  ]);
});

type Rules = readonly (readonly [what: string, holds: boolean])[];

function late({ counter }: Signed, rules: Rules): Findings {
  return rules.filter(([, holds]) => !holds).map(([what]) => `counter ${counter} was signed ${what}`);
}

const since =
  (from: number, made: Signed) =>
  ({ seq, party }: Lived): boolean =>
    party === made.party && seq > from && seq < made.seq;

/** The last step of this life that such a frame led to. */
function steppedBy(record: WorldRecord, made: Signed, type: string): WorldRecord['steps'][number] | undefined {
  return ofParty(record.steps, made.party).findLast(
    ({ seq, party, life, event }) =>
      seq < made.seq &&
      party === made.party &&
      life === made.life &&
      event.kind === 'frame' &&
      event.frame.type === type,
  );
}

/** The end of what a device without a display says at each prompt. */
const INVITATION = /(Click to cancel\.|单击取消。)$/;

/** When the prompt that was answered began to be shown; without a display, when it had been said. */
function promptOf(record: WorldRecord, made: Signed): Presented | undefined {
  const shown = presentedBefore(record, made);
  return (
    shown.findLast((one) => 'page' in one && one.page.title !== '' && one.page.index === 0) ??
    shown.findLast((one) => 'sentence' in one && INVITATION.test(one.sentence))
  );
}

/** A no to the prompt that stood before this one lets this one come in the same moment: it is no answer to this one. */
function isCancelled(record: WorldRecord, made: Signed, prompt: Presented): boolean {
  return ofParty(record.steps, made.party).some(
    ({ at, seq, event }) => at > prompt.at && seq < made.seq && isCancel(event),
  );
}

function paymentInTime(reading: Reading, made: Extract<Signed, { type: 'confirmation' }>): Findings {
  const { record, about } = reading;
  const challenge = reading.objects('challenge').get(made.value.challengeDigest)?.value;
  const cart = challenge && reading.objects('cart').get(challenge.cartDigest)?.value;
  if (!challenge || !cart) return [`counter ${made.counter} is for a challenge or a cart that nobody sent`];
  const opened = steppedBy(record, made, 'challenge');
  const within = since(opened?.seq ?? made.seq, made);
  const at = made.at - (about.clocksApartMs ?? 0);
  const isCartAgain = ({ event }: WorldRecord['steps'][number]) =>
    isOtherCart(event, cart.intentId, challenge.cartDigest);
  return late(made, [
    ['after the challenge', at < msOf(challenge.expiresAt)],
    ['after the price lock', at < msOf(cart.lockedUntil)],
    ['without an open prompt', opened !== undefined],
    ['after the device was taken off', !ofParty(record.worn, made.party).some((one) => within(one) && !one.worn)],
    ['after the link was lost', !ofParty(record.links, made.party).some((one) => within(one) && !one.online)],
    ['after a cancel', !ofParty(record.steps, made.party).some((one) => within(one) && isCancel(one.event))],
    ['after another cart came', !ofParty(record.steps, made.party).some((one) => within(one) && isCartAgain(one))],
  ]);
}

function delegationInTime(reading: Reading, made: Extract<Signed, { type: 'authorization' }>): Findings {
  const { record, about } = reading;
  const { challengeDigest, iac, agentKey } = made.value;
  const challenge = reading.objects('delegation-challenge').get(challengeDigest)?.value;
  if (!challenge) return [`counter ${made.counter} is for a challenge that nobody sent`];
  const opened = steppedBy(record, made, 'delegation-challenge');
  const prompt = promptOf(record, made);
  if (!prompt) return [`counter ${made.counter} was signed without a prompt`];
  // It may wait for its turn at the signer; from then on the wearer has to stay with it. By ear all of it counts.
  const within = since('page' in prompt ? prompt.seq : (opened ?? prompt).seq, made);
  const at = made.at - (about.clocksApartMs ?? 0);
  return late(made, [
    ['after the challenge', at < msOf(challenge.expiresAt)],
    ['after the end of what it allows', at < msOf(iac.validityEndTime)],
    [
      'for another draft than the PSP had checked',
      challenge.iacDigest === digestOf(encodeCbor(IacPayload.encode(iac, 'iac'))),
    ],
    ['for another agent key than the PSP had checked', challenge.agentKey === agentKey],
    ['for another wearer', challenge.payer === made.party],
    ['without an open prompt', opened !== undefined],
    ['after the device was taken off', !ofParty(record.worn, made.party).some((one) => within(one) && !one.worn)],
    ['after the link was lost', !ofParty(record.links, made.party).some((one) => within(one) && !one.online)],
    ['after a cancel', !isCancelled(record, made, prompt)],
  ]);
}

/** The JSON form is signed only of a credential that was confirmed in COSE before, in the same life: one hold, one set of bounds. */
export const jsonIsOfWhatWasHeld: Watching = (reading) => {
  let at = 0;
  return () => {
    const fresh = reading.signedJson.slice(at);
    at = reading.signedJson.length;
    return fresh.flatMap(({ party, life, seq, toBeSigned }) => {
      const held = reading.signed.findLast((one) => one.party === party && one.life === life && one.seq < seq);
      const isIt =
        held?.type === 'authorization' &&
        equalBytes(jcsBytes(toJsonObject(IacPayload, held.value.iac, 'iac')), toBeSigned);
      return isIt ? [] : ['a credential was signed in JSON that was not held for'];
    });
  };
};

type Event = WorldRecord['steps'][number]['event'];

function isCancel(event: Event): boolean {
  const answer = event.kind === 'delegation' && event.read.kind === 'answer' ? event.read : event;
  return 'reply' in answer && (answer.reply.kind === 'cancel' || answer.reply.kind === 'no');
}

/** The same cart once more, as after an agent's restart, changes nothing. */
function isOtherCart(event: Event, intentId: string, cartDigest: string): boolean {
  if (event.kind !== 'frame' || event.frame.type !== 'cart') return false;
  const { body } = event.frame;
  return body.intentId === intentId && digestOf(body.cart) !== cartDigest;
}
