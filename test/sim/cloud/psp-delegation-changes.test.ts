import { describe, expect, it } from 'vitest';
import type { EpochSeconds, IacState } from '../../../protocol/index.ts';
import { REQUEST_WINDOW_S } from '../../../sim/cloud/index.ts';
import { DAY_S, DelegationTill, told } from './delegation-till.ts';
import { keyOf } from './hands.ts';
import { AGENT, DEVICE, deviceHand, id, OTHER_DEVICE, secretsOf } from './stage.ts';

function issued(): DelegationTill {
  const till = new DelegationTill();
  till.issue('coffee');
  return till;
}

function end(till: DelegationTill, name = 'coffee'): string {
  const body = { requestId: id('end'), delegationId: id(`${name} delegation`) };
  return told(till.hear({ type: 'delegation-end', body }, till.agent));
}

const LIFE = `coffee delegation`;

describe('the wearer', () => {
  it('suspends, resumes and revokes; device and agent hear of each (ADD-IAC-LCM)', () => {
    const till = issued();
    const steps: [IacState, number][] = [
      ['Suspended', 1],
      ['Active', 2],
      ['Revoked', 3],
    ];
    for (const [to, version] of steps) {
      expect(till.change('coffee', to, version)).toBe(to);
      expect(till.status()).toMatchObject({ state: to, version });
      expect(till.status(till.agent)).toMatchObject({ state: to, version });
    }
  });

  it('T3: finds a change made that was made before', () => {
    const till = issued();
    const order = till.wish('coffee', 'Suspended', 1);
    expect([till.bring(order), till.bring(order)]).toEqual(['Suspended', 'Suspended']);
    const resume = till.wish('coffee', 'Active', 2);
    expect([till.bring(resume), till.bring(resume)]).toEqual(['Active', 'Active']);
    expect(till.standing('coffee').version).toBe(2);
  });

  it('T4: is not suspended again by an order of earlier that was carried out then', () => {
    const till = issued();
    const order = till.wish('coffee', 'Suspended', 1);
    till.bring(order);
    till.change('coffee', 'Active', 2);
    expect(till.bring(order)).toBe('Active');
  });

  it('T17: stops whatever was known when the order was given: no version is in the way of that', () => {
    const till = issued();
    till.command(`suspend ${id(LIFE)}`);
    expect(till.change('coffee', 'Revoked', 1)).toBe('Revoked');
  });

  it('T4: does not resume what changed after the order was given', () => {
    const till = issued();
    till.change('coffee', 'Suspended', 1);
    const resume = till.wish('coffee', 'Active', 3);
    expect(till.bring(resume)).toBe('stale-version');
    // And not later either: the wearer was told that nothing comes of it.
    till.change('coffee', 'Active', 2);
    till.change('coffee', 'Suspended', 3);
    expect(till.bring(resume)).toBe('stale-version');
    expect(till.status().state).toBe('Suspended');
  });

  it('is told that nothing can be resumed that is not suspended, with where it stands', () => {
    const till = issued();
    expect(till.change('coffee', 'Active', 1)).toBe('delegation-state');
    expect(till.status().state).toBe('Active');
    till.change('coffee', 'Revoked', 1);
    expect(till.change('coffee', 'Active', 2)).toBe('delegation-state');
    expect(till.status().state).toBe('Revoked');
  });

  it('gets what was wanted where it is stopped already', () => {
    const till = issued();
    till.command(`suspend ${id(LIFE)}`);
    expect(till.change('coffee', 'Suspended', 1)).toBe('Suspended');
    till.change('coffee', 'Revoked', 2);
    expect(till.change('coffee', 'Suspended', 3)).toBe('Revoked');
    expect(till.bring(till.wish('coffee', 'Revoked', 3))).toBe('Revoked');
  });

  it('T5: changes nothing of another device, with its own signer or through it', () => {
    const till = issued();
    const other = deviceHand(till, OTHER_DEVICE);
    expect(till.bring(till.wish('coffee', 'Revoked', 1), other)).toBe('delegation-unknown');
    const forged = till.wish('coffee', 'Revoked', 1, {}, keyOf(secretsOf(OTHER_DEVICE).confirmationSeed));
    expect(till.bring(forged)).toBe('wrong-signer');
    expect(till.standing('coffee').state).toBe('Active');
  });

  it('speaks for nobody else', () => {
    const till = issued();
    const order = till.wish('coffee', 'Suspended', 1, { by: 'RISK_CONTROL' });
    expect(till.bring(order)).toBe('bad-confirmation');
  });

  it('T16: does not resume by an order that was kept, or that is from the future', () => {
    const till = issued();
    till.change('coffee', 'Suspended', 1);
    const old = { changedAt: (till.now - REQUEST_WINDOW_S - 1) as EpochSeconds };
    expect(till.bring(till.wish('coffee', 'Active', 2, old))).toBe('expired-request');
    const early = { changedAt: (till.now + 31) as EpochSeconds, changeId: id('early') };
    expect(till.bring(till.wish('coffee', 'Active', 2, early))).toBe('expired-request');
  });

  it('T4: stops by an order that was overtaken, and does not resume by one', () => {
    const till = issued();
    const [stop, resume] = [till.wish('coffee', 'Suspended', 1), till.wish('coffee', 'Active', 2)];
    till.issue('tea');
    expect(till.bring(stop)).toBe('Suspended');
    expect(till.bring(resume)).toBe('counter-replayed');
    expect(till.bring(resume)).toBe('counter-replayed');
  });
});

describe('T18: a device that was reported lost', () => {
  it('has its delegations suspended in the same command, and others have not', () => {
    const till = issued();
    till.issue('tea');
    expect(till.command(`lock ${DEVICE}`)).toBe('done');
    expect([till.standing('coffee').state, till.standing('tea').state]).toEqual(['Suspended', 'Suspended']);
    expect(till.agent.all('delegation-status')).toHaveLength(2);
    till.command(`lock ${DEVICE}`);
    expect(till.agent.all('delegation-status')).toHaveLength(2);
  });

  it('T17: is promised nothing from then on, also where the ledger did not answer', () => {
    const till = new DelegationTill();
    const authorization = till.issue('coffee');
    till.command('execution-late');
    till.store.isDown = 'before';
    till.command(`lock ${DEVICE}`);
    till.store.isDown = false;
    expect(till.buy('coffee', authorization, 'o1')).toBe('IAC_SUSPENDED');
    till.pass(1_000);
    expect(till.standing('coffee').state).toBe('Suspended');
  });

  it('T17: pays nothing from then on of what was promised, also where the ledger did not answer', () => {
    const till = new DelegationTill();
    const authorization = till.issue('coffee');
    till.command('execution-late');
    till.buy('coffee', authorization, 'o1');
    till.store.isDown = 'before';
    till.command(`lock ${DEVICE}`);
    till.store.isDown = false;
    till.command('execution-done');
    expect(till.outcome('o1')).toBe('IAC_SUSPENDED');
    expect(till.standing('coffee')).toMatchObject({ spentMinor: 0, reservedMinor: 0 });
  });

  it('still stops what it may, as a thief that stops does no harm, and resumes nothing', () => {
    const till = issued();
    till.issue('tea');
    till.command(`lock ${DEVICE}`);
    expect(till.change('coffee', 'Active', 2)).toBe('device-locked');
    expect(till.change('tea', 'Revoked', 2)).toBe('Revoked');
    expect(till.command(`resume ${id(LIFE)}`)).toBe('device-locked');
  });

  it('resumes by the wearer’s press once it is found', () => {
    const till = issued();
    till.command(`lock ${DEVICE}`);
    till.command(`unlock ${DEVICE}`);
    expect(till.standing('coffee').state).toBe('Suspended');
    expect(till.change('coffee', 'Active', 2)).toBe('Active');
  });
});

describe('risk control', () => {
  it('suspends and resumes by an operator’s command; everybody hears of it', () => {
    const till = issued();
    expect(till.command(`suspend ${id(LIFE)}`)).toBe('done');
    expect([till.status().state, till.status(till.agent).state]).toEqual(['Suspended', 'Suspended']);
    expect(till.command(`resume ${id(LIFE)}`)).toBe('done');
    expect([till.status().state, till.status(till.agent).state]).toEqual(['Active', 'Active']);
  });

  it('is not overruled by the wearer', () => {
    const till = issued();
    till.command(`suspend ${id(LIFE)}`);
    expect(till.change('coffee', 'Active', 2)).toBe('risk-hold');
    till.command(`resume ${id(LIFE)}`);
    till.change('coffee', 'Suspended', 3);
    expect(till.change('coffee', 'Active', 4)).toBe('Active');
  });

  it('T17: pays nothing from the command on, also where the ledger did not answer', () => {
    const till = new DelegationTill();
    const authorization = till.issue('coffee');
    till.store.isDown = 'after';
    till.command(`suspend ${id(LIFE)}`);
    till.store.isDown = false;
    expect(till.buy('coffee', authorization, 'o1')).toBe('IAC_SUSPENDED');
  });

  it('is told where there is nothing to be done', () => {
    const till = issued();
    expect(till.command(`suspend ${id('nothing')}`)).toBe('delegation-unknown');
    expect(till.command(`resume ${id('nothing')}`)).toBe('delegation-unknown');
    till.change('coffee', 'Revoked', 1);
    expect(till.command(`suspend ${id(LIFE)}`)).toBe('delegation-state');
    expect(till.command(`resume ${id(LIFE)}`)).toBe('delegation-state');
    expect(till.command('suspend everything')).toBe('command-unknown');
  });
});

describe('the agent', () => {
  it('gives back what it was given, and both hear of it', () => {
    const till = issued();
    expect(end(till)).toBe('Revoked');
    expect(till.status().state).toBe('Revoked');
    expect(end(till)).toBe('Revoked');
  });

  it('T5: gives back nothing that is not its own', () => {
    const till = issued();
    expect(end(till, 'tea')).toBe('delegation-unknown');
    expect(till.agent.self).toEqual(AGENT);
  });

  it('returns to the wallet what was not spent (PSD-AGT-SUB)', () => {
    const till = new DelegationTill();
    till.issue('report', { iac: { delegationMode: 'BOUNDED' } });
    end(till, 'report');
    expect(till.psp.delegations.wallet(DEVICE, 'CNY')).toBe(1_000_000);
  });
});

describe('the clock', () => {
  it('expires a delegation at its end, and tells so once', () => {
    const till = issued();
    till.pass(7 * DAY_S * 1_000 - 1);
    expect(till.status().state).toBe('Active');
    till.pass(1);
    expect([till.status().state, till.status(till.agent).state]).toEqual(['Expired', 'Expired']);
    const heard = till.device.all('delegation-status').length;
    till.pass(DAY_S * 1_000);
    expect(till.device.all('delegation-status')).toHaveLength(heard);
  });

  it('does not tell it of one that was revoked before', () => {
    const till = issued();
    till.change('coffee', 'Revoked', 1);
    const heard = till.device.all('delegation-status').length;
    till.pass(8 * DAY_S * 1_000);
    expect(till.device.all('delegation-status')).toHaveLength(heard);
    expect(till.standing('coffee').state).toBe('Revoked');
  });

  it('tells it later where the ledger does not answer, and T16: never takes it back', () => {
    const till = issued();
    till.store.isDown = 'before';
    till.pass(7 * DAY_S * 1_000);
    expect(till.status().state).toBe('Active');
    till.store.isDown = false;
    till.pass(60_000);
    expect(till.status().state).toBe('Expired');
    till.clock.advance(-DAY_S * 1_000);
    expect(till.query('coffee')).toBe('Expired');
    expect(till.change('coffee', 'Active', 2)).toBe('delegation-state');
  });
});

it('T18: resumes nothing by an order that was on its way to the ledger when the device was locked, or when it was held', () => {
  const stops = [`lock ${DEVICE}`, `suspend ${id(LIFE)}`];
  for (const [i, stop] of stops.entries()) {
    const till = issued();
    till.change('coffee', 'Suspended', 1);
    till.store.isDown = 'before';
    expect(till.change('coffee', 'Active', 2)).toBe('silence');
    till.command(stop);
    till.store.isDown = false;
    till.pass(10_000);
    expect(told(till.device.heard.filter(({ type }) => type === 'refusal'))).toBe(['device-locked', 'risk-hold'][i]);
    expect(till.standing('coffee').state).toBe('Suspended');
  }
});

it('T18: resumes nothing by an order of the operator that was overtaken by one to stop', () => {
  const till = issued();
  till.command(`suspend ${id(LIFE)}`);
  till.store.isDown = 'before';
  till.command(`resume ${id(LIFE)}`);
  till.store.isDown = false;
  till.command(`suspend ${id(LIFE)}`);
  till.pass(10_000);
  expect(till.standing('coffee').state).toBe('Suspended');
});

it('T5: looks at an order as closely when another device has brought it before', () => {
  const till = issued();
  till.command(`suspend ${id(LIFE)}`);
  const resume = till.wish('coffee', 'Active', 2);
  expect(till.bring(resume, deviceHand(till, OTHER_DEVICE))).toBe('delegation-unknown');
  expect(till.bring(resume)).toBe('risk-hold');
});

it('T17: acknowledges no revocation that the ledger has not taken, and every one that it has', () => {
  for (const isDown of ['before', 'after'] as const) {
    const till = issued();
    till.store.isDown = isDown;
    expect(till.change('coffee', 'Revoked', 1)).toBe('silence');
    till.store.isDown = false;
    till.pass(1_000);
    expect(till.status()).toMatchObject({ state: 'Revoked', version: 1 });
  }
});
