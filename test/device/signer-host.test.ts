import { describe, expect, it } from 'vitest';
import type { SignerAnswer } from '../../device/signer/port.ts';
import { type Challenge, digestOf, secondsOf } from '../../protocol/index.ts';
import { SeededRandom } from '../../sim/seeded-random.ts';
import { cartBytes, challenge, challengeBytes, checkedCart, id, OTHER_MERCHANT, START, seconds } from './builders.ts';
import { read, SignerRig } from './signer-rig.ts';

const ATTEMPTS = 10_000;

interface Shown {
  readonly challenge: Challenge;
  readonly digest: string;
  readonly genuine: boolean;
  readonly openedAt: number;
}

/** Carts of several prices, each with challenges; made once, since signing is what takes time. */
const CARTS = Array.from({ length: 8 }, (_, i) =>
  checkedCart({ orderNo: `LC-${i}`, deliveryMinor: 300 + i, totalMinor: 2_480 + i, lockedUntil: seconds(10_000_000) }),
);
const CHALLENGES = CARTS.flatMap((about, i) =>
  Array.from({ length: 24 }, (_, j) => {
    const over = { nonce: id(`host ${i} ${j % 20}`), expiresAt: seconds(j % 6 === 5 ? 40 : 9_000_000 + j) };
    return { cart: about, over, bytes: challengeBytes(over, undefined, about) };
  }),
);
const FOREIGN_CARTS = [
  cartBytes({}, OTHER_MERCHANT),
  cartBytes({ intentId: id('else') }),
  CARTS[0]?.bytes.slice(0, 40) ?? new Uint8Array(),
];

describe('T6, T10, T12: a host that sends anything', () => {
  it(`in ${ATTEMPTS} seeded attempts gets no signature over what was not shown, held, fresh and genuine`, () => {
    const random = new SeededRandom('a host that sends anything');
    const pick = <T>(items: readonly T[]): T => items[random.below(items.length)] as T;
    const rig = new SignerRig();
    const usedNonces = new Set<string>();
    let counter = 0;
    let signed = 0;
    let heldSince: number | undefined;
    let shown: Shown | undefined;
    const heldMs = () => (heldSince === undefined ? 0 : rig.clock.now() - heldSince);

    const press = (ms: number) => {
      heldSince = rig.clock.now();
      rig.button.edge('down');
      rig.clock.advance(ms);
      rig.button.edge('up');
      heldSince = undefined;
      rig.clock.advance(100);
    };
    const check = (about: Shown) => (answer: SignerAnswer) => {
      if (answer.kind !== 'signed') return;
      signed += 1;
      const value = read(answer);
      expect(about).toBe(shown);
      expect(about.genuine).toBe(true);
      expect(value.challengeDigest).toBe(about.digest);
      expect(usedNonces.has(about.challenge.nonce)).toBe(false);
      expect(value.counter).toBe(counter + 1);
      expect(secondsOf(rig.clock.now())).toBeLessThan(about.challenge.expiresAt);
      expect(heldMs()).toBeGreaterThanOrEqual(800);
      expect((heldSince ?? 0) - about.openedAt).toBeGreaterThanOrEqual(1_000);
      const { amountMinor } = about.challenge;
      expect(rig.display.shown.at(-1)?.lines.join(' ')).toContain(`CNY ${(amountMinor / 100).toFixed(2)}`);
      usedNonces.add(about.challenge.nonce);
      counter = value.counter;
    };

    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const { cart, over, bytes } = pick(CHALLENGES);
      const request = {
        kind: 'payment',
        challenge: new Uint8Array(bytes),
        cart: new Uint8Array(cart.bytes),
        locale: 'en-US',
      } as const;
      const spoiled = random.below(10);
      if (spoiled === 0) request.cart.set([random.below(256)], random.below(request.cart.length));
      if (spoiled === 1) request.challenge.set([random.below(256)], random.below(request.challenge.length));
      const sentCart = spoiled === 2 ? pick(FOREIGN_CARTS) : spoiled === 3 ? pick(CARTS).bytes : request.cart;
      const genuine = String(sentCart) === String(cart.bytes) && String(request.challenge) === String(bytes);
      const about = {
        challenge: challenge(over, cart),
        digest: digestOf(request.challenge),
        genuine,
        openedAt: rig.clock.now(),
      };
      shown = about;
      rig.signer.confirm({ ...request, cart: sentCart }, check(about));
      // Whatever the host does with its buffers from here on.
      request.challenge.fill(random.below(256));
      request.cart.fill(random.below(256));
      rig.clock.advance(random.below(1_600));
      const act = random.below(12);
      if (act < 6) press(850 + random.below(500));
      else if (act === 6) press(random.below(800));
      else if (act === 7) rig.signer.withdraw();
      else if (act === 8) {
        rig.wear.set(false);
        press(1_000);
        rig.wear.set(true);
      } else if (act === 9) press(1_000 + random.below(12_000));
      if (act >= 7 && act <= 8) shown = undefined;
    }
    expect(signed).toBe(usedNonces.size);
    // Fresh nonces are few, so that most attempts are replays: all of them that could be signed were, once.
    expect(signed).toBeGreaterThan(100);
    expect(signed).toBeLessThanOrEqual(8 * 20);
    expect(rig.clock.now()).toBeGreaterThan(START);
  });
});
