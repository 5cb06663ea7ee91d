import { describe, expect, it } from 'vitest';
import type { SignerAnswer } from '../../../device/signer/port.ts';
import { type IacState, openObject } from '../../../protocol/index.ts';
import { DEVICE, id, PSP, seconds, TENANT } from '../builders.ts';
import { directory, signed, spend, statusOf } from './builders.ts';
import { active, atPrompt, issuing, requested, Stage } from './stage.ts';

function stateOf(stage: Stage, state: IacState, version: number, at = 20 + version): readonly string[] {
  return stage.frame(statusOf(stage.held.id, state, { version, asOf: seconds(at) }));
}

/** Two delegations in force. */
function both(): Stage {
  const stage = active();
  return active(issuing(atPrompt(requested(stage, 'an iced latte every weekday'))));
}

describe('ADD-IAC-LCM: suspend, resume, revoke by voice and press', () => {
  it('T17: "stopped" is said only when the PSP has acknowledged it', () => {
    const stage = active();
    expect(stage.say('cancel the concert tickets')).toEqual(['prompt lifecycle', 'listen reply']);
    expect(stage.press()).toEqual(['send lifecycle to psp', 'say delegation-pending']);
    expect(stage.said.at(-1)).toMatch(/not confirmed yet/);
    expect(stage.only.at).toBe('active');
    expect(stateOf(stage, 'Revoked', 1)).toEqual(['say delegation-changed']);
    expect(stage.said.at(-1)).toMatch(/stopped for good/);
    expect([stage.only.at, stage.held.change]).toEqual(['revoked', undefined]);
  });

  it('T17: a later change is known whichever gateway tells of it: their clocks differ, its number does not', () => {
    const stage = active();
    stateOf(stage, 'Suspended', 1, 40);
    stateOf(stage, 'Active', 2, 41);
    stateOf(stage, 'Revoked', 3, 39);
    expect([stage.only.at, stage.held.status?.version]).toEqual(['revoked', 3]);
    const late = active();
    stateOf(late, 'Suspended', 2, 40);
    stateOf(late, 'Active', 1, 50);
    expect(late.only.at).toBe('suspended');
    stateOf(late, 'Active', 2, 39);
    expect(late.only.at).toBe('suspended');
  });

  it('the order is the wearer’s, one version after the last one known', () => {
    const stage = active();
    stateOf(stage, 'Suspended', 4);
    stage.say('resume everything');
    stage.press();
    const { value, signer } = openObject('lifecycle-order', stage.last('lifecycle').body.order, {
      trust: directory.trust,
      tenant: TENANT,
    });
    expect(signer.party).toBe(DEVICE);
    expect(value.change).toMatchObject({ from: 'Suspended', to: 'Active', by: 'PRINCIPAL', version: 5 });
  });

  it('every legal way is open and no other', () => {
    for (const [from, words, isOpen] of [
      ['Active', 'pause everything', true],
      ['Active', 'resume everything', false],
      ['Active', 'cancel the concert tickets', true],
      ['Suspended', 'pause everything', false],
      ['Suspended', 'resume everything', true],
      ['Suspended', 'cancel the concert tickets', true],
      ['Revoked', 'pause everything', false],
      ['Revoked', 'resume everything', false],
      ['Revoked', 'cancel the concert tickets', false],
      ['Expired', 'pause everything', false],
      ['Expired', 'resume everything', false],
      ['Expired', 'cancel the concert tickets', false],
    ] as const) {
      const stage = active();
      stateOf(stage, from, 1);
      stage.say(words);
      expect([from, words, stage.prompt !== undefined]).toEqual([from, words, isOpen]);
    }
  });

  it('a revoke is told again, over restarts and a lost link, until it is acknowledged, byte for byte', () => {
    const stage = active();
    stage.say('cancel the concert tickets');
    stage.press();
    stage.event({ kind: 'link', online: false });
    stage.pass(30_000);
    stage.crash();
    stage.pass(30_000);
    stage.event({ kind: 'link', online: true });
    stage.pass(3_600_000);
    const orders = stage.sent.filter(({ type }) => type === 'lifecycle').map(({ body }) => body);
    expect(orders.length).toBeGreaterThan(10);
    expect(orders.length).toBeLessThan(40);
    for (const one of orders) expect(one).toEqual(orders[0]);
    stateOf(stage, 'Revoked', 1, 5_000);
    const before = stage.count('lifecycle');
    stage.pass(3_600_000);
    expect(stage.count('lifecycle')).toBe(before);
  });

  it('T4: an older status acknowledges nothing, and nothing leads out of a final state', () => {
    const stage = active();
    stateOf(stage, 'Active', 2);
    stage.say('cancel the concert tickets');
    stage.press();
    // An older version with a newer clock, and the same version with an older clock.
    expect(stateOf(stage, 'Revoked', 1, 40)).toEqual([]);
    expect(stateOf(stage, 'Revoked', 2, 20)).toEqual([]);
    stateOf(stage, 'Active', 2, 23);
    expect(stage.held.change?.step).toBe('telling');
    stateOf(stage, 'Revoked', 3);
    stateOf(stage, 'Active', 4);
    expect(stage.only.at).toBe('revoked');
  });

  it('T5: a status that another PSP signed or brought means nothing', () => {
    const stage = active();
    const forged = statusOf(stage.held.id, 'Revoked', { version: 1, asOf: seconds(30) }, 'other-psp');
    const genuine = statusOf(stage.held.id, 'Revoked', { version: 1, asOf: seconds(30) });
    expect([stage.frame(forged), stage.frame(forged, 'other-psp'), stage.frame(genuine, 'other-psp')]).toEqual([
      [],
      [],
      [],
    ]);
    expect(stage.only.at).toBe('active');
  });

  it('asks for another press where risk control took the version first, and leaves off after three', () => {
    const stage = active();
    stage.say('cancel the concert tickets');
    for (const version of [1, 2]) {
      stage.press();
      stateOf(stage, 'Suspended', version);
      expect(stage.prompt?.request.kind).toBe('lifecycle');
    }
    stage.press();
    stateOf(stage, 'Active', 3);
    expect([stage.prompt, stage.held.change]).toEqual([undefined, undefined]);
    expect(stage.said.at(-1)).toMatch(/not stopped; it is still in force/);
  });

  it('a refusal is no acknowledgement: it goes on being told, and the wearer hears of it once', () => {
    const stage = active();
    stage.say('cancel the concert tickets');
    stage.press();
    const { requestId } = stage.last('lifecycle').body;
    const refusal = (of = requestId) =>
      ({ type: 'refusal', body: { requestId: of, category: 'STATE_CONFLICT', code: 'counter-forked' } }) as const;
    expect(stage.frame(refusal(id('another')))).toEqual([]);
    expect(stage.frame(refusal())).toEqual(['send delegation-query to psp', 'say delegation-pending']);
    expect(stage.said.at(-1)).toMatch(/has not accepted to stop it/);
    stage.pass(10_000);
    expect(stage.frame(refusal())).toEqual(['send delegation-query to psp']);
    expect(stage.held.change?.step).toBe('telling');
  });

  it('ADD-IAC-LCM: a resumption that the PSP refuses is over, and the wearer can press for another', () => {
    const stage = active();
    stateOf(stage, 'Suspended', 1);
    stage.say('resume everything');
    stage.press();
    const { requestId } = stage.last('lifecycle').body;
    const refusal = { type: 'refusal', body: { requestId, category: 'STATE_CONFLICT', code: 'risk-hold' } } as const;
    expect(stage.frame(refusal)).toEqual(['send delegation-query to psp', 'say delegation-unchanged']);
    expect(stage.held.change).toBeUndefined();
    stage.pass(60_000);
    expect(stage.held.at).toBe('suspended');
    stage.say('resume everything');
    expect(stage.prompt?.request.kind).toBe('lifecycle');
  });

  it.each<readonly [string, SignerAnswer]>([
    ['declined', { kind: 'declined' }],
    ['T18: taken off', { kind: 'void', reason: 'wear-off' }],
    ['timed out', { kind: 'timed-out' }],
    ['failed', { kind: 'failed', code: 'signer-locked' }],
  ])('nothing is sent when it was %s, and the wearer hears that it goes on', (_how, answer) => {
    const stage = active();
    stage.say('cancel the concert tickets');
    stage.answer(answer);
    expect([stage.count('lifecycle'), stage.held.change]).toEqual([0, undefined]);
    expect(stage.said.at(-1)).toMatch(/not stopped/);
  });

  it('T2: an order for another change, or by another signer, is not sent', () => {
    for (const by of [DEVICE, 'glasses-02']) {
      const stage = active();
      stage.say('pause everything');
      const { request } = stage.prompt ?? expect.fail();
      const other = active();
      other.say('cancel the concert tickets');
      stage.answer(signed(by === DEVICE ? (other.prompt?.request ?? request) : request, {}, by));
      expect(stage.count('lifecycle')).toBe(0);
    }
  });

  it('"no" takes the prompt away, and a restart opens it again', () => {
    const stage = active();
    stage.say('pause everything');
    expect(stage.crash()).toContain('prompt lifecycle');
    stage.say('no');
    expect([stage.prompt, stage.held.change]).toEqual([undefined, undefined]);
  });

  it('"pause everything" asks for one press after the other, and a stop goes before what is to be allowed', () => {
    const stage = both();
    stage.say('pause everything');
    const first = stage.prompt?.id;
    stage.press();
    expect(stage.prompt?.id).not.toBe(first);
    stage.press();
    expect([stage.count('lifecycle'), stage.prompt]).toEqual([2, undefined]);
  });

  it('only what was named is stopped; what is not there is said not to be', () => {
    const stage = both();
    stage.say('stop the coffee');
    stage.press();
    expect(stage.all.map((one) => 'change' in one && one.change?.to)).toEqual([false, 'Revoked']);
    const empty = new Stage();
    expect(empty.say('stop the coffee')).toEqual(['say delegation-none']);
  });

  it('what the PSP, the agent or the clock has stopped is told as theirs', () => {
    const stage = active();
    stateOf(stage, 'Suspended', 1);
    expect(stage.said.at(-1)).toBe('The payment service says: concert ticket is paused.');
    stateOf(stage, 'Active', 2);
    expect(stage.said.at(-1)).toBe('The payment service says: concert ticket is running again.');
  });

  it('can be stopped while it is still on its way to the PSP', () => {
    const stage = issuing();
    stage.say('cancel the concert tickets');
    stage.press();
    stateOf(stage, 'Active', 0);
    expect(stage.held.change?.step).toBe('telling');
    stateOf(stage, 'Revoked', 1);
    expect(stage.only.at).toBe('revoked');
  });

  it('T16: an order that the end came before is settled by the PSP’s word, not by this clock', () => {
    const stage = active();
    stage.pass(7 * 86_400_000 - 1_000);
    stage.say('cancel the concert tickets');
    stage.press();
    stage.pass(60_000);
    expect([stage.only.at, stage.held.change?.step]).toEqual(['expired', 'telling']);
    stateOf(stage, 'Expired', 0, 7 * 86_400);
    expect(stage.held.change).toBeUndefined();
    const sent = stage.count('lifecycle');
    stage.pass(86_400_000);
    expect(stage.count('lifecycle')).toBe(sent);
  });

  it('an alarm does not ask for a pause where a stop is on its way', () => {
    const stage = active();
    stage.say('cancel the concert tickets');
    stage.press();
    stage.frame(spend(stage.held.authorization, 1, 256_001));
    expect(stage.prompt).toBeUndefined();
    expect(stage.held.change?.to).toBe('Revoked');
    expect(PSP).toBe('psp');
  });
});
