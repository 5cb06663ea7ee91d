import { describe, expect, it } from 'vitest';
import { composeView, PROFILES } from '../../device/confirm/view.ts';
import { StoreError } from '../../device/errors.ts';
import type { Journal } from '../../device/ports.ts';
import { openSignerMemory } from '../../device/signer/memory.ts';
import type { SignerAnswer } from '../../device/signer/port.ts';
import { type Cart, digestOf, encodeCbor, fromHex, hex, type Id16, secondsOf, utf8 } from '../../protocol/index.ts';
import { memoryDisk } from '../../sim/memory-journal.ts';
import {
  cart,
  cartBytes,
  challengeBytes,
  checkedCart,
  confirmationBytes,
  id,
  NAMELESS_MERCHANT,
  OTHER_MERCHANT,
  SIGNER_SEED,
  START,
  seconds,
} from './builders.ts';
import { read, SignerRig } from './signer-rig.ts';

/** A cart and its challenge that fit together but for what `over` says. */
function pair(over: Partial<Cart>, nonce = id('nonce')) {
  return { cart: cartBytes(over), challenge: challengeBytes({ nonce }, undefined, checkedCart(over)) };
}

function fresh(label: string) {
  return { challenge: challengeBytes({ nonce: id(label) }) };
}

function viewOf(about: Cart) {
  const { totalMinor, currency, orderNo, deliveryMinor, etaMin, lines } = about;
  const facts = {
    payeeName: 'Luna Otter Coffee',
    totalMinor,
    currency,
    orderNo,
    deliveryMinor,
    etaMin,
    lines,
    discountMinor: 500,
    locale: 'en-US',
  } as const;
  const composed = composeView(facts, PROFILES['hud-480x640']);
  if (!composed.ok) throw new Error(composed.reason);
  return composed.view;
}

describe('the signer (design 5 and 6)', () => {
  it('shows what it signs and signs what it showed, after a hold', () => {
    const rig = new SignerRig();
    const confirmation = read(rig.ask());
    expect(confirmation).toMatchObject({
      challengeDigest: digestOf(challengeBytes()),
      viewDigest: viewOf(cart()).digest,
      method: 'hold-simulated',
      counter: 1,
    });
    expect(rig.display.shown.map((page) => page.lines)).toEqual(viewOf(cart()).pages.map((page) => page.lines));
    expect(rig.display.shown[0]?.lines.join('\n')).toContain('CNY 24.80');
    expect(rig.display.current).toBeUndefined();
    expect(confirmation.confirmedAt).toBe(secondsOf((START + 1_500 + 800 + 50) as typeof START));
  });

  it('answers a click, a cancelled hold and no press at all without a signature, once each', () => {
    const rig = new SignerRig();
    rig.confirm();
    rig.clock.advance(1_500);
    rig.button.press(200);
    rig.clock.advance(60_000);
    expect(rig.answers).toEqual([{ kind: 'declined' }]);
    rig.confirm({ challenge: challengeBytes({ nonce: id('later'), expiresAt: seconds(600) }) });
    rig.clock.advance(60_000);
    expect(rig.answers.slice(1)).toEqual([{ kind: 'timed-out' }]);
    expect(rig.disk.image().length).toBe(memoryDisk().image().length);
  });

  it('speaks everything where there is no display, and cannot be confirmed before the last sentence was said', () => {
    const rig = new SignerRig({ profile: 'voice' });
    rig.confirm();
    rig.hold();
    expect(rig.answers).toEqual([]);
    rig.clock.advance(50_000);
    const said = rig.speaker.said.map(({ text }) => text);
    expect(said[0]).toBe('Pay CNY 24.80 to Luna Otter Coffee.');
    expect(rig.display.shown).toEqual([]);
    expect(rig.answers).not.toContainEqual(expect.objectContaining({ kind: 'signed' }));
  });
});

describe('T6, T25, T29: a host that asks for something that is not to be signed', () => {
  it.each<readonly [string, Parameters<SignerRig['confirm']>[0], string]>([
    ['a challenge of another PSP', { challenge: challengeBytes({}, 'other-psp') }, 'challenge-signature'],
    ['a challenge signed by the merchant', { challenge: challengeBytes({}, 'luna-coffee') }, 'challenge-signature'],
    ['the cart as a challenge', { challenge: cartBytes() }, 'challenge-signature'],
    ['a confirmation as a challenge', { challenge: confirmationBytes() }, 'challenge-signature'],
    ['a cart signed by another shop', { cart: cartBytes({}, OTHER_MERCHANT) }, 'cart-signature'],
    ['the challenge as a cart', { cart: challengeBytes() }, 'cart-signature'],
    ['nothing', { challenge: new Uint8Array(0), cart: new Uint8Array(0) }, 'challenge-signature'],
    [
      'a genuine cart that is not the challenge’s',
      { cart: cartBytes({ deliveryMinor: 200, totalMinor: 2_380 }) },
      'terms-differ',
    ],
    [
      'a genuine cart with the same terms and other goods',
      { cart: cartBytes({ lines: cart().lines.map((line) => ({ ...line, title: 'Espresso' })) }) },
      'terms-differ',
    ],
    ['a challenge over another amount', { challenge: challengeBytes({ amountMinor: 1 }) }, 'terms-differ'],
    ['a challenge in another currency', { challenge: challengeBytes({ currency: 'USD' }) }, 'terms-differ'],
    ['a challenge for another payee', { challenge: challengeBytes({ payee: OTHER_MERCHANT }) }, 'terms-differ'],
    ['a challenge for another order', { challenge: challengeBytes({ orderNo: 'LC-0043' }) }, 'terms-differ'],
    ['a challenge for another wearer', { challenge: challengeBytes({ payer: 'glasses-02' }) }, 'terms-differ'],
    ['T7: a total its items do not add up to', pair({ totalMinor: 2_481 }), 'terms-differ'],
    ['T8: a payee nobody registered', pair({ merchant: NAMELESS_MERCHANT }), 'payee-unknown'],
    [
      'T8: a title that turns the price around',
      pair({ lines: cart().lines.map((line) => ({ ...line, title: 'Latte \u202e08.42' })) }),
      'text:',
    ],
  ])('%s → refused, nothing shown, nothing signed', (_name, over, code) => {
    const rig = new SignerRig();
    const answer = rig.ask(over);
    expect(answer).toMatchObject({ kind: 'failed' });
    expect(answer?.kind === 'failed' && answer.code.startsWith(code), JSON.stringify(answer)).toBe(true);
    expect(rig.display.shown).toEqual([]);
    expect(rig.answers).toHaveLength(1);
  });

  it('T2: a challenge whose time is over cannot be held', () => {
    const rig = new SignerRig();
    expect(rig.ask({ challenge: challengeBytes({ expiresAt: seconds(0) }) })).toEqual({
      kind: 'void',
      reason: 'expired',
    });
    expect(rig.ask({ challenge: challengeBytes({ nonce: id('soon'), expiresAt: seconds(4) }) })).toEqual({
      kind: 'void',
      reason: 'expired',
    });
    const locked = pair({ lockedUntil: seconds(6) }, id('locked'));
    expect(rig.ask(locked)).toEqual({ kind: 'void', reason: 'expired' });
  });

  it('T2: a challenge that was answered is never answered again, nor is another one with its nonce', () => {
    const rig = new SignerRig();
    expect(rig.ask()?.kind).toBe('signed');
    expect(rig.ask()).toEqual({ kind: 'failed', code: 'nonce-used' });
    expect(rig.ask({ challenge: challengeBytes({ expiresAt: seconds(90) }) })).toEqual({
      kind: 'failed',
      code: 'nonce-used',
    });
    rig.disk.crash();
    const again = new SignerRig({ disk: rig.disk, clock: rig.clock });
    expect(again.ask()).toEqual({ kind: 'failed', code: 'nonce-used' });
    expect(read(again.ask(fresh('next'))).counter).toBe(2);
  });
});

describe('design 5.3: what voids a prompt', () => {
  it('T18: the glasses come off', () => {
    const rig = new SignerRig();
    rig.confirm();
    rig.clock.advance(1_500);
    rig.button.edge('down');
    rig.clock.advance(700);
    rig.wear.set(false);
    rig.clock.advance(5_000);
    expect(rig.answers).toEqual([{ kind: 'void', reason: 'wear-off' }]);
    expect(rig.ask(fresh('off the head'))).toEqual({ kind: 'void', reason: 'wear-off' });
    rig.wear.set(true);
    expect(rig.ask(fresh('on again'))?.kind).toBe('signed');
  });

  it('it is withdrawn: nothing is signed afterwards and no answer follows', () => {
    const rig = new SignerRig();
    rig.confirm();
    rig.clock.advance(1_500);
    rig.button.edge('down');
    rig.clock.advance(700);
    rig.signer.withdraw();
    rig.clock.advance(60_000);
    expect(rig.answers).toEqual([]);
    expect(rig.display.current).toBeUndefined();
    rig.signer.withdraw();
  });

  it('T6: another prompt, even in the middle of a hold; the hold does not carry over', () => {
    const rig = new SignerRig();
    rig.confirm();
    rig.clock.advance(1_500);
    rig.button.edge('down');
    rig.clock.advance(700);
    rig.confirm(pair({ deliveryMinor: 200, totalMinor: 2_380 }, id('second')));
    expect(rig.answers).toEqual([{ kind: 'void', reason: 'new-cart' }]);
    rig.clock.advance(20_000);
    expect(rig.answers).toHaveLength(1);
    rig.button.edge('up');
    rig.clock.advance(20_000);
    expect(rig.answers.slice(1)).toEqual([{ kind: 'timed-out' }]);
  });

  it('a prompt opened while another is told that it is void: both end, each is answered once', () => {
    const rig = new SignerRig();
    const answers: string[] = [];
    const on = (name: string, then?: () => void) => (answer: SignerAnswer) => {
      answers.push(`${name} ${answer.kind}`);
      then?.();
    };
    const request = (label: string) =>
      ({ kind: 'payment', cart: cartBytes(), locale: 'en-US', ...fresh(label) }) as const;
    rig.signer.confirm(
      request('a'),
      on('a', () => rig.signer.confirm(request('b'), on('b'))),
    );
    rig.signer.confirm(request('c'), on('c'));
    rig.hold();
    expect(answers).toEqual(['a void', 'b void', 'c signed']);
  });

  it('T10: a button that was down before the prompt opened does not confirm it when its contact chatters', () => {
    const rig = new SignerRig();
    rig.signer.confirm(
      {
        kind: 'payment',
        challenge: challengeBytes({ nonce: id('first'), expiresAt: seconds(600) }),
        cart: cartBytes(),
        locale: 'en-US',
      },
      () => rig.confirm({ challenge: challengeBytes({ nonce: id('second'), expiresAt: seconds(600) }) }),
    );
    // The first prompt is over when the finger arrives; the second opens in that very moment.
    rig.clock.jump(40_000);
    rig.button.edge('down');
    rig.clock.advance(2_000);
    rig.button.edge('up');
    rig.clock.advance(10);
    rig.button.edge('down');
    rig.clock.advance(5_000);
    expect(rig.answers).toEqual([]);
  });
});

describe('T12: the bytes may change in every callback', () => {
  it('and what is signed is still what was shown', () => {
    const mutations: Uint8Array[] = [];
    const spoil = () => {
      for (const bytes of mutations) bytes.fill(0x5a);
    };
    const rig = new SignerRig({
      journal: (journal) => ({
        ...journal,
        append: (records) => {
          spoil();
          journal.append(records);
        },
      }),
      watch: (clock) => ({
        now: () => {
          spoil();
          return clock.now();
        },
        after: (delayMs, fire) => clock.after(delayMs, fire),
      }),
    });
    rig.display.listen(spoil);
    for (let i = 0; i < 200; i += 1) {
      const about = checkedCart({ orderNo: `LC-${i}`, lockedUntil: seconds(1_000_000) });
      const challenge = Buffer.from(
        challengeBytes({ nonce: id(`mutated ${i}`), expiresAt: seconds(1_000_000) }, undefined, about),
      );
      const request = { kind: 'payment', challenge, cart: Buffer.from(about.bytes), locale: 'en-US' } as const;
      const digest = digestOf(new Uint8Array(challenge));
      mutations.splice(0, mutations.length);
      rig.signer.confirm(request, (answer) => {
        rig.answers.push(answer);
        spoil();
      });
      mutations.push(challenge, request.cart);
      spoil();
      rig.hold();
      expect(read(rig.answers[i])).toMatchObject({
        challengeDigest: digest,
        viewDigest: viewOf(about.cart).digest,
        counter: i + 1,
      });
    }
  });

  it('also when the answer to the prompt before changes them', () => {
    const rig = new SignerRig();
    const challenge = challengeBytes({ nonce: id('changed') });
    const request = { kind: 'payment', challenge, cart: cartBytes(), locale: 'en-US' } as const;
    rig.signer.confirm({ ...request, ...fresh('before') }, () => challenge.fill(0));
    rig.signer.confirm(request, (answer) => rig.answers.push(answer));
    rig.hold();
    expect(rig.answers).toEqual([{ kind: 'failed', code: 'challenge-signature' }]);
  });
});

describe('the counter and the nonces (design 5.4)', () => {
  it('are never used twice, wherever the power goes', () => {
    const disk = memoryDisk();
    const counters: number[] = [];
    const arrivals = [0, 1, 7, 19, 20, 21, 30, 1_000];
    for (const [i, arrived] of arrivals.entries()) {
      const before = new SignerRig({ disk });
      counters.push(read(before.ask(fresh(`whole ${i}`))).counter);
      before.confirm(fresh(`cut ${i}`));
      disk.crashInNextAppend((bound) => Math.min(arrived, bound - 1));
      expect(() => before.hold()).toThrow('power cut');
      expect(before.answers).toHaveLength(1);
      const after = new SignerRig({ disk });
      const again = after.ask(fresh(`cut ${i}`));
      // Either the number was wasted with its nonce, or neither had become durable.
      if (again?.kind === 'signed') counters.push(read(again).counter);
      else expect(again).toEqual({ kind: 'failed', code: 'nonce-used' });
      disk.crash();
    }
    expect(counters).toEqual([...new Set(counters)].sort((a, b) => a - b));
    expect(counters.length).toBeGreaterThan(arrivals.length);
  });

  it('a store that refuses means no signature, and the number is not lost', () => {
    let isFull = true;
    const rig = new SignerRig({
      journal: (journal): Journal => ({
        ...journal,
        append: (records) => {
          if (isFull) throw new StoreError('store-full', 'the disk', 'make room');
          journal.append(records);
        },
      }),
    });
    expect(rig.ask()).toEqual({ kind: 'failed', code: 'store-full' });
    expect(rig.logged).toEqual(['error store-full {}']);
    isFull = false;
    expect(read(rig.ask()).counter).toBe(1);
  });

  it.each<readonly [string, readonly Uint8Array[]]>([
    ['that stands still', [entry(1, 'a'), entry(1, 'b')]],
    ['that goes back', [entry(2, 'a'), entry(1, 'b')]],
    ['that starts at nothing', [entry(0, 'a')]],
    ['with half a nonce', [encodeCbor([1, 1, START / 1_000, fromHex('0011')])]],
    ['without a time', [encodeCbor([1, 1])]],
    ['that is no list', [encodeCbor(1)]],
    ['that is no CBOR', [Uint8Array.of(0xff)]],
  ])('a journal with a counter %s is not opened', (_name, records) => {
    const journal = memoryDisk().open();
    journal.append(records);
    expect(() => openSignerMemory(journal)).toThrow('store-altered');
  });
});

function entry(counter: number, nonce: string): Uint8Array {
  return encodeCbor([1, counter, START / 1_000, fromHex(id(nonce) as Id16), START / 1_000 + 120]);
}

describe('T19: secrets', () => {
  it('neither the seed nor the words of a cart are in a log line, an error, an answer or the signer itself', () => {
    const rig = new SignerRig({
      journal: (journal): Journal => ({
        ...journal,
        append: () => {
          throw new StoreError('store-failed', 'the disk', 'look at it');
        },
      }),
    });
    rig.ask();
    rig.ask({ cart: new Uint8Array(3) });
    const told = JSON.stringify([rig.logged, rig.answers, rig.signer, String(rig.signer)]);
    for (const secret of [
      hex(SIGNER_SEED),
      Buffer.from(SIGNER_SEED).toString('base64'),
      'Iced latte',
      'LC-0042',
      'token-0001',
    ])
      expect(told).not.toContain(secret);
    expect(hex(rig.disk.image())).not.toContain(hex(SIGNER_SEED));
    expect(hex(rig.disk.image())).not.toContain(hex(utf8('LC-0042')));
  });
});
