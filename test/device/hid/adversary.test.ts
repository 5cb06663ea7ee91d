import { describe, expect, it } from 'vitest';
import { PROFILES } from '../../../device/confirm/profiles.ts';
import { COMMANDS } from '../../../device/hid/commands.ts';
import { BROADCAST, MAX_CHANNELS } from '../../../device/hid/limits.ts';
import { decodeAnswer, encodeRequest, type HidAnswer, type HidRequest } from '../../../device/hid/messages.ts';
import type { ReportLink } from '../../../device/hid/report-link.ts';
import { concatBytes, digestOf, encodeCbor, equalBytes, openObject } from '../../../protocol/index.ts';
import { SeededRandom } from '../../../sim/seeded-random.ts';
import { cartBytes, challengeBytes, confirmationBytes, directory, receiptBytes, TENANT } from '../builders.ts';
import { fresh, HidRig } from './hid-rig.ts';
import { openRawSession, RawOpener, type RawSession } from './raw-opener.ts';

/** Cheap ones at most: reports are what an attacker has most of. */
const ATTEMPTS = 110_000;
/** Genuine ones: signing them is what would take the time. */
const DOCUMENTS = [challengeBytes(), cartBytes(), confirmationBytes(), receiptBytes()];
/** A host that unpairs itself or locks the signer attacks nobody any more. */
const ENDING = [encodeRequest({ kind: 'unpair' }), encodeRequest({ kind: 'lock' })];
/** How often the wearer holds the button for what she sees, in the midst of it. */
const HOLDS = 12;

function pick<T>(random: SeededRandom, from: readonly T[]): T {
  return from[random.below(from.length)] as T;
}

/** A cable without delay: what is sent arrives before the call returns. */
function directLinks(): { readonly signer: ReportLink; readonly host: ReportLink } {
  const listeners: Partial<Record<'signer' | 'host', (report: Uint8Array) => void>> = {};
  const end = (own: 'signer' | 'host', other: 'signer' | 'host'): ReportLink => ({
    send: (report) => listeners[other]?.(report),
    listen(onReport) {
      listeners[own] = onReport;
      return () => {};
    },
    close() {},
  });
  return { signer: end('signer', 'host'), host: end('host', 'signer') };
}

/** The paired host itself: it has the session's keys and does what it likes with them. */
class Adversary {
  readonly rig = new HidRig();
  readonly opener: RawOpener;
  readonly random: SeededRandom;
  readonly answers: HidAnswer[] = [];
  readonly #sent: { channel: number; payload: Uint8Array }[] = [];
  #session: RawSession;
  #made = 0;

  constructor(seed: string) {
    this.random = new SeededRandom(seed);
    const links = directLinks();
    this.rig.peripheral.attach(links.signer);
    this.opener = new RawOpener(links.host, this.rig.clock);
    this.#session = this.#open();
  }

  #open(): RawSession {
    this.#made += 1;
    return openRawSession(this.opener, undefined, 1 + (this.#made % 200), 0);
  }

  /** One attempt. */
  attack(): void {
    const roll = this.random.below(10_000);
    if (roll < 6_000) this.#report();
    else if (roll < 7_500) this.#message();
    else if (roll < 8_500) this.#replay();
    else if (roll < 9_750) this.#garbled();
    else if (roll < 9_990) this.#request();
    else this.#session = this.#open();
  }

  /** Any 64 bytes, half of them on a channel that is open. */
  #report(): void {
    const report = this.random.bytes(64);
    if (this.random.below(2)) new DataView(report.buffer).setUint32(0, this.#channel());
    this.opener.link.send(report);
  }

  #channel(): number {
    return this.random.below(8) === 0 ? BROADCAST : this.#session.channel;
  }

  /** A whole message of any command. */
  #message(): void {
    const commands = Object.values(COMMANDS).filter((one) => one !== COMMANDS.hello && one !== COMMANDS.sealed);
    const command = pick(this.random, commands);
    this.opener.send(this.#channel(), command, this.random.bytes(this.random.below(200)));
  }

  #replay(): void {
    if (this.#sent.length === 0) return;
    const { channel, payload } = pick(this.random, this.#sent);
    this.opener.send(channel, 'sealed', payload);
  }

  /** Sealed as it should be, with something else inside. */
  #garbled(): void {
    const bytes = encodeRequest(this.#anyRequest());
    const at = this.random.below(bytes.length);
    const garbled = bytes.map((byte, i) => (i === at ? byte ^ (1 + this.random.below(255)) : byte));
    if (!ENDING.some((end) => equalBytes(end, garbled))) this.#seal(garbled);
  }

  #request(): void {
    this.#seal(encodeRequest(this.#anyRequest()));
  }

  #seal(plaintext: Uint8Array): void {
    const { channel, secure } = this.#session;
    const { sealed } = secure.seal(plaintext);
    this.#sent.push({ channel, payload: sealed });
    if (this.#sent.length > 50) this.#sent.shift();
    this.opener.send(channel, 'sealed', sealed);
  }

  /** Asks for what is to be confirmed, rightly. */
  ask(label: string): void {
    this.#seal(encodeRequest({ kind: 'payment', ...fresh(label), locale: 'en-US' }));
  }

  #anyRequest(): HidRequest {
    const { random } = this;
    const locale = pick(random, ['zh-CN', 'en-US'] as const);
    const document = () => {
      const bytes = pick(random, DOCUMENTS);
      const at = random.below(bytes.length);
      return random.below(2) ? bytes : bytes.map((byte, i) => (i === at ? byte ^ (1 << random.below(8)) : byte));
    };
    return pick<() => HidRequest>(random, [
      () => ({ kind: 'status' }),
      () => ({ kind: 'payment', challenge: document(), cart: document(), locale }),
      () => ({ kind: 'delegation', challenge: document(), iac: document(), locale }),
      () => ({ kind: 'lifecycle', change: document(), authorization: document(), locale }),
      () => ({ kind: 'account', change: document(), authorization: document(), locale }),
      () => ({ kind: 'binding', offer: document(), locale }),
      () => ({ kind: 'cancel', request: 1 + random.below(5_000) }),
      () => ({ kind: 'obey', order: document() }),
      () => ({ kind: 'alive' }),
    ])();
  }

  /** Everything the signer sealed for this host since the last look. */
  collect(): HidAnswer[] {
    const { secure, channel } = this.#session;
    const said = this.opener.said.splice(0);
    this.opener.reports.length = 0;
    return said.flatMap((one) => {
      const opened = one.command === 'sealed' && one.channel === channel ? secure.open(one.payload) : undefined;
      return opened ? [decodeAnswer(opened.plaintext).answer] : [];
    });
  }
}

/** The digest, in either language, of the pages that the display shows one after another, as an inspector would compute it. */
function digestsOfShown({ soft: { display, speaker } }: HidRig, saidBefore: number): readonly string[] {
  const start = display.shown.findLastIndex(({ index, title }) => index === 0 && title !== '');
  const screens = display.shown.slice(start).map(({ title, lines }) => [title, ...lines]);
  const said = speaker.said.slice(saidBefore).map(({ text }) => text);
  const { id } = PROFILES['hud-480x640'];
  return ['zh-CN', 'en-US'].map((locale) => digestOf(encodeCbor([id, locale, screens, said])));
}

describe('T6, T10, T12: the paired host is hostile and has every key it can have', () => {
  it(`${ATTEMPTS} attempts bring about no signature but those that the wearer saw and held for`, {
    timeout: 300_000,
  }, () => {
    const adversary = new Adversary('adversary');
    const { rig } = adversary;
    const { clock, soft } = rig;
    let seen = 0;
    let answers = 0;
    for (let n = 0; n < ATTEMPTS; n += 1) {
      adversary.attack();
      if (n % 64 === 0) {
        clock.advance(rig.random.below(20));
        answers += adversary.collect().length;
        expect(soft.signer.counter).toBe(seen);
      }
      if (n % Math.ceil(ATTEMPTS / HOLDS) !== 1) continue;
      // The wearer wants this one; she holds, and all the while the attacks go on.
      clock.advance(40_000);
      adversary.collect();
      const saidBefore = soft.speaker.said.length;
      adversary.ask(`wanted ${n}`);
      for (let i = 0; i < 40; i += 1) {
        clock.advance(40);
        adversary.attack();
      }
      const shown = digestsOfShown(rig, saidBefore);
      soft.button.edge('down');
      clock.advance(1_000);
      soft.button.edge('up');
      clock.advance(100);
      for (const answer of adversary.collect()) {
        if (answer.kind !== 'signed') continue;
        seen += 1;
        const { value } = openObject('confirmation', answer.signed, { trust: directory.trust, tenant: TENANT });
        expect(shown).toContain(value.viewDigest);
        expect(value.counter).toBe(seen);
      }
      seen = Math.max(seen, soft.signer.counter);
    }
    console.info(`${ATTEMPTS} attempts, ${answers} answers, ${seen} signatures, each seen and held`);
    expect(answers).toBeGreaterThan(500);
    expect(seen).toBeGreaterThan(5);
    expect(seen).toBeLessThanOrEqual(HOLDS);
  });

  it('T30: reports of any kind leave no more behind than the channels that may be open', () => {
    const adversary = new Adversary('memory');
    for (let n = 0; n < 2_000; n += 1) {
      adversary.opener.open(adversary.random.bytes(8).slice());
      adversary.attack();
    }
    adversary.rig.clock.advance(10_000);
    const alive = [...new Set(adversary.opener.said.map(({ channel }) => channel))];
    const before = adversary.opener.said.length;
    for (const channel of alive) adversary.opener.send(channel, 'ping', concatBytes(Uint8Array.of(1)));
    const pinged = adversary.opener.said.slice(before).filter(({ command }) => command === 'ping');
    expect(pinged.length).toBeLessThanOrEqual(MAX_CHANNELS);
  });
});
