import { describe, expect, it } from 'vitest';
import { step } from '../../../device/purchase/step.ts';
import { type Challenge, digestOf, utf8 } from '../../../protocol/index.ts';
import {
  at,
  cartBytes,
  challengeBytes,
  checkedCart,
  checkedChallenge,
  confirmationBytes,
  id,
  messages,
  PAY_ID,
  PSP,
  seconds,
  settings,
} from '../builders.ts';
import { states } from '../states.ts';
import { frame, told } from './happenings.ts';

function receive(bytes: Uint8Array) {
  return step(settings, states.requesting, frame(messages.challenge(bytes), PSP), at(0));
}

describe('the PSP’s challenge (ACT 2.1 PSD-PAY-INS steps 2 and 3)', () => {
  it('leads to a prompt over the very bytes that came', () => {
    const { state, effects } = receive(challengeBytes());
    expect(state).toMatchObject({ at: 'confirming', challenge: checkedChallenge() });
    expect(effects[0]).toEqual({ do: 'confirm', challenge: challengeBytes(), cart: cartBytes(), locale: 'en-US' });
  });

  it.each<readonly [string, Partial<Challenge>]>([
    ['amount', { amountMinor: 2_481 }],
    ['currency', { currency: 'USD' }],
    ['payee', { payee: 'paper-crane' }],
    ['order number', { orderNo: 'LC-0043' }],
    ['cart digest', { cartDigest: digestOf(utf8('another cart')) }],
    ['payer', { payer: 'glasses-02' }],
  ])('T6: refuses a challenge with another %s than the cart’s', (_name, over) => {
    expect(told(receive(challengeBytes(over)))).toBe('ended refused (challenge-terms): pay-cancel to psp, say refused');
  });

  it.each([
    ['another PSP of the same tenant', challengeBytes({}, 'other-psp')],
    ['the merchant', challengeBytes({}, 'luna-coffee')],
    ['nobody', new Uint8Array(80)],
  ])('T1: refuses a challenge signed by %s', (_name, bytes) => {
    expect(told(receive(bytes))).toBe('ended refused (challenge-signature): pay-cancel to psp, say refused');
  });

  it('T2: refuses a challenge whose time is over, to the second', () => {
    expect(told(receive(challengeBytes({ expiresAt: seconds(0) })))).toContain('challenge-expired');
    expect(receive(challengeBytes({ expiresAt: seconds(1) })).state.at).toBe('confirming');
  });

  it('repeats the payment request with the same id and content until there is a challenge', () => {
    const first = step(settings, states.requesting, { kind: 'tick' }, at(4_000));
    const second = step(settings, first.state, { kind: 'tick' }, at(8_000));
    expect(second.effects).toEqual(first.effects);
    expect(first.effects[0]).toMatchObject({ message: { body: { requestId: PAY_ID } } });
  });
});

describe('the signer’s answer', () => {
  const answer = (confirmation: Uint8Array) =>
    step(
      settings,
      states.confirming,
      { kind: 'signer', answer: { kind: 'signed', signed: confirmation, method: 'hold-keyboard' } },
      at(3_000),
    );

  it('goes to the PSP as it is', () => {
    const { state, effects } = answer(confirmationBytes());
    expect(state).toMatchObject({ at: 'settling', payment: { confirmation: confirmationBytes(), attempts: 0 } });
    expect(effects[0]).toEqual({
      do: 'send',
      to: PSP,
      message: { type: 'confirm', body: { requestId: PAY_ID, confirmation: confirmationBytes() } },
    });
  });

  it.each([
    ['for another challenge', confirmationBytes({ challengeDigest: checkedCart().digest })],
    ['of another device', confirmationBytes({}, 'glasses-02')],
    ['that is none', Uint8Array.of(1)],
  ])('T2: a confirmation %s never leaves the device', (_name, confirmation) => {
    expect(told(answer(confirmation))).toBe(
      'ended refused (signer-mismatch): withdraw, pay-cancel to psp, say refused',
    );
  });

  it('design 5.6: declined, cancelled, timed out, void and failed are different endings, and each tells the PSP', () => {
    const answers = [
      { kind: 'declined' },
      { kind: 'cancelled' },
      { kind: 'timed-out' },
      { kind: 'void', reason: 'expired' },
      { kind: 'failed', code: 'store-full' },
    ] as const;
    const endings = answers.map((one) =>
      told(step(settings, states.confirming, { kind: 'signer', answer: one }, at(0))),
    );
    expect(new Set(endings.map((ending) => ending.split(':')[0])).size).toBe(5);
    for (const ending of endings) expect(ending).toContain('pay-cancel to psp');
  });

  it('an answer that comes after the prompt was given up is worth nothing', () => {
    const late = {
      kind: 'signer',
      answer: { kind: 'signed', signed: confirmationBytes(), method: 'hold-keyboard' },
    } as const;
    for (const why of [{ kind: 'link', online: false }, { kind: 'restarted' }] as const) {
      const ended = step(settings, states.confirming, why, at(0)).state;
      expect(step(settings, ended, late, at(1))).toEqual({ state: ended, effects: [] });
    }
  });

  it('a refusal that came before the order was known does not end the prompt, one that is final does', () => {
    const refusal = (code: string) =>
      step(settings, states.confirming, frame(messages.refusal(PAY_ID, code), PSP), at(0));
    expect(refusal('order-unknown').state).toBe(states.confirming);
    expect(refusal('order-state').state).toMatchObject({ at: 'ended', reason: 'order-state' });
    expect(
      step(settings, states.confirming, frame(messages.refusal(id('else'), 'order-state'), PSP), at(0)).state,
    ).toBe(states.confirming);
  });
});
