/** T19: a confirmation key that is in two signers, from the PSP's side. */
import { describe, expect, it } from 'vitest';
import { type EpochSeconds, utf8 } from '../../../protocol/index.ts';
import { type Enrolment, enrolledTenant, type FormerKey, startPsp } from '../../../sim/cloud/index.ts';
import { keyOf } from './hands.ts';
import { confirmation, DEVICE, id, OTHER_DEVICE, PSP, SINCE, secretsOf, tenant } from './stage.ts';
import { Till } from './till.ts';
import { portsOf } from './world.ts';

const NEW_SEED = new Uint8Array(32).fill(77);

/** Paid once by the wearer with counter 1; then the copy uses that number for another order. */
function forked(): { readonly till: Till; readonly answer: string } {
  const till = new Till();
  for (const orderNo of ['o1', 'o2', 'o3', 'o4']) till.register(orderNo);
  till.ask('r1', 'o1');
  expect(till.press('r1', { counter: 1 })).toBe('receipt');
  till.ask('r2', 'o2');
  const signed = confirmation(till, till.challenge, { counter: 1 });
  const before = till.device.heard.length;
  till.device.say(PSP, { type: 'confirm', body: { requestId: id('r2'), confirmation: signed } });
  const [refused] = till.device.heard.slice(before);
  return { till, answer: refused?.type === 'refusal' ? refused.body.code : `${refused?.type}` };
}

const forksIn = (lines: readonly string[]) => lines.filter((line) => line.startsWith('error signer-forked'));
const alarmsOf = (till: Till) => forksIn(till.ports('psp').log.lines);

/** The PSP again on its journal, with what is enrolled of the device changed. */
function startAgain(till: Till, change: Partial<Enrolment>) {
  till.stop('psp');
  const devices = tenant.devices.map((one) => (one.device === DEVICE ? { ...one, ...change } : one));
  const other = enrolledTenant(utf8('the tenant of the cloud tests'), 'demo', devices, SINCE);
  const ports = portsOf(PSP.party, till, { journal: till.ports('psp').journal, life: 9 });
  const service = startPsp(other, ports);
  till.broker.settle();
  return { service, alarms: () => forksIn(ports.log.lines) };
}

/** The confirmation key of the tests as a former one, from now on. */
const former = (till: Till, isHandedOver: boolean): FormerKey => ({
  role: 'signer',
  publicKey: secretsOf(DEVICE).confirmationPublicKey,
  until: (till.now + 1) as EpochSeconds,
  isHandedOver,
});

describe('T19: a confirmation key in two signers', () => {
  it('ACTC-ENR-010: is found by the second object with one counter: refused, locked, alarmed, and paid once', () => {
    const { till, answer } = forked();
    expect(answer).toBe('counter-forked');
    expect(till.broker.seen.filter(({ topic }) => topic.endsWith(`/${DEVICE}/ctl`))).toHaveLength(1);
    expect(alarmsOf(till)).toEqual([expect.stringContaining(`"device":"${DEVICE}"`)]);
    expect(till.charges()).toHaveLength(1);
  });

  it('pays nothing more, whichever of the two asks, until it was replaced', () => {
    const { till } = forked();
    till.pass(2_000);
    till.device.heard.splice(0);
    till.device.say(PSP, { type: 'pay-request', body: till.request('r3', 'o3') });
    expect(till.device.all('refusal').at(-1)?.body.code).toBe('device-locked');
    expect(till.charges()).toHaveLength(1);
    expect(till.charges(OTHER_DEVICE)).toEqual([]);
  });

  it('ends what the other signer had open', () => {
    const till = new Till();
    for (const orderNo of ['o1', 'o2', 'o3']) till.register(orderNo);
    till.ask('r1', 'o1');
    till.press('r1', { counter: 1 });
    till.ask('open', 'o3');
    const open = till.challenge;
    till.ask('r2', 'o2');
    till.device.say(PSP, {
      type: 'confirm',
      body: { requestId: id('r2'), confirmation: confirmation(till, till.challenge, { counter: 1 }) },
    });
    expect(till.press('open', { counter: 2 }, open)).toBe('device-locked');
    expect(till.charges()).toHaveLength(1);
  });

  it('T2: still answers what it has answered before', () => {
    const { till } = forked();
    expect(till.press('r1', { counter: 1 })).toBe('receipt');
    expect(till.charges()).toHaveLength(1);
  });

  it('is known after a restart, and the alarm is there again', () => {
    const { till } = forked();
    till.restart('psp');
    expect(alarmsOf(till)).toHaveLength(1);
    till.pass(60_000);
    till.device.heard.splice(0);
    till.device.say(PSP, { type: 'pay-request', body: till.request('r3', 'o3') });
    expect(till.device.all('refusal').at(-1)?.body.code).toBe('device-locked');
  });

  it('is not unlocked while the device has this key', () => {
    const { till } = forked();
    const { service } = startAgain(till, {});
    expect(service.command(`unlock ${DEVICE}`)).toBe('key-forked');
  });

  it('is not unlocked with a key that it has handed over to: the copy could have done that', () => {
    const { till } = forked();
    const confirmationPublicKey = keyOf(NEW_SEED).publicKey;
    const { service, alarms } = startAgain(till, { confirmationPublicKey, formerKeys: [former(till, true)] });
    expect(service.command(`unlock ${DEVICE}`)).toBe('key-forked');
    expect(alarms()).toHaveLength(1);
  });

  it('gives way to a key of a new enrolment: unlocked, paid again, the old key good for nothing', () => {
    const { till } = forked();
    const confirmationPublicKey = keyOf(NEW_SEED).publicKey;
    const { service, alarms } = startAgain(till, { confirmationPublicKey, formerKeys: [former(till, false)] });
    expect(alarms()).toEqual([]);
    expect(service.command(`unlock ${DEVICE}`)).toBe('done');
    till.broker.settle();
    till.pass(2_000);
    till.register('o5');
    till.device.heard.splice(0);
    till.device.say(PSP, { type: 'pay-request', body: till.request('r5', 'o5') });
    const { challenge } = till.device.latest('challenge').body;
    const old = confirmation(till, challenge, { counter: 9 });
    till.device.say(PSP, { type: 'confirm', body: { requestId: id('r5'), confirmation: old } });
    expect(till.device.latest('refusal').body.code).toBe('bad-confirmation');
    till.register('o6');
    till.device.say(PSP, { type: 'pay-request', body: till.request('r6', 'o6') });
    const signed = confirmation(till, till.device.latest('challenge').body.challenge, { counter: 1, seed: NEW_SEED });
    till.device.say(PSP, { type: 'confirm', body: { requestId: id('r6'), confirmation: signed } });
    expect(till.device.latest('receipt').body.requestId).toBe(id('r6'));
    expect(service.ledger.debits(`wearer:${DEVICE}`)).toHaveLength(2);
  });
});
