import { describe, expect, it } from 'vitest';
import {
  digestOf,
  type EpochSeconds,
  type FrameBody,
  type SubAccountChange,
  signObject,
  utf8,
} from '../../../protocol/index.ts';
import { AGENT_ID, principalOf } from '../../../sim/cloud/index.ts';
import { DelegationTill, told } from './delegation-till.ts';
import { keyOf } from './hands.ts';
import { DEVICE, deviceHand, id, OTHER_DEVICE, secretsOf } from './stage.ts';

const [SIGNER, OTHER_SIGNER] = [DEVICE, OTHER_DEVICE].map((device) => keyOf(secretsOf(device).confirmationSeed));

/** A report for 100 in all, whose account was filled with 20 at first. */
class OrderTill extends DelegationTill {
  readonly authorization = this.issue('report', {
    iac: { delegationMode: 'BOUNDED' },
    terms: { firstFundMinor: 2_000 },
  });
  readonly account = this.subAccountId;

  wanted(operation: SubAccountChange['operation'], version: number, over: Partial<SubAccountChange> = {}) {
    const filled = operation === 'TOP_UP' ? { amountMinor: 3_000 } : {};
    const about = { delegationId: id('report delegation'), subAccountId: this.account, currency: 'CNY' } as const;
    const changeId = id(`${operation} ${version}`);
    return { changeId, ...about, operation, ...filled, changedAt: this.now, version, ...over };
  }

  pressed(change: SubAccountChange, key = SIGNER, counter = this.count()): Uint8Array {
    const gesture = { viewDigest: digestOf(utf8('what was shown')), method: 'hold-simulated' } as const;
    return signObject('sub-account-order', { change, ...gesture, counter }, key ?? keyOf(new Uint8Array(32)));
  }

  /** @returns the state, the failure, or a refusal's code. */
  brought(order: Uint8Array, by = this.device): string {
    return told(this.hear({ type: 'sub-account-order', body: { requestId: id('order'), order } }, by));
  }

  place(operation: SubAccountChange['operation'], version: number, over: Partial<SubAccountChange> = {}): string {
    return this.brought(this.pressed(this.wanted(operation, version, over)));
  }

  word(operation: 'QUERY' | 'FREEZE' | 'CANCEL', name: string = operation): string {
    const who = { delegatorIdentity: principalOf(DEVICE), agentId: AGENT_ID, subAccountId: this.account };
    const body = { requestId: id(name), operation, ...who, currency: 'CNY', createdAt: this.now } as const;
    return told(this.hear({ type: 'sub-account-request', body }, this.device));
  }

  get known(): NonNullable<FrameBody<'sub-account-result'>['status']> {
    const { status } = this.device.latest('sub-account-result').body;
    if (!status) throw new Error('the last answer is a failure');
    return status;
  }

  spend(resourceId: string, amountMinor: number): string {
    return this.payResource('report', this.authorization, resourceId, { amountMinor, subAccountId: this.account });
  }

  get wallet(): number {
    return this.psp.delegations.wallet(DEVICE, 'CNY');
  }
}

describe('ACTC-DEL-018 PSD-AGT-SUB: what the wearer presses for', () => {
  it('fills the account up: what was refused for want of money is paid after that', () => {
    const till = new OrderTill();
    expect([till.word('QUERY'), till.known.balanceMinor, till.known.version, till.wallet]).toEqual([
      ...['AVAILABLE', 2_000, 0, 998_000],
    ]);
    expect(till.spend('r1', 2_500)).toBe('INSUFFICIENT_BALANCE');
    expect(till.place('TOP_UP', 1)).toBe('AVAILABLE');
    expect([till.known.balanceMinor, till.known.version, till.wallet]).toEqual([5_000, 1, 995_000]);
    expect(till.spend('r2', 2_500)).toBe('WAIT_SELLER_FULFILLMENT');
  });

  it('unfreezes it, and the agent is told what pays once more', () => {
    const till = new OrderTill();
    till.word('FREEZE');
    expect(till.spend('r1', 500)).toBe('SUB_ACCOUNT_INVALID');
    const before = till.agent.all('instrument').length;
    expect([till.place('UNFREEZE', 2), till.known.keyState]).toEqual(['AVAILABLE', 'ENABLED']);
    expect(till.agent.all('instrument').length).toBe(before + 1);
    expect(till.spend('r2', 500)).toBe('WAIT_SELLER_FULFILLMENT');
  });

  it('T2: is done once, however often and in whichever life of the PSP the order comes', () => {
    const till = new OrderTill();
    const order = till.pressed(till.wanted('TOP_UP', 1));
    for (let i = 0; i < 3; i += 1) expect(till.brought(order)).toBe('AVAILABLE');
    till.again();
    expect(till.brought(order)).toBe('AVAILABLE');
    till.pass(3_600_000);
    expect(till.brought(order)).toBe('AVAILABLE');
    expect([till.known.balanceMinor, till.wallet]).toEqual([5_000, 995_000]);
  });

  it('T2: stays refused once it was refused', () => {
    const till = new OrderTill();
    const order = till.pressed(till.wanted('TOP_UP', 2));
    expect(till.brought(order)).toBe('stale-version');
    till.place('TOP_UP', 1, { amountMinor: 1 });
    expect(till.brought(order)).toBe('stale-version');
    till.word('QUERY');
    expect(till.known.balanceMinor).toBe(2_001);
  });

  it('T17: is void once anything else was done to the account, also a second freeze of a frozen one', () => {
    const till = new OrderTill();
    till.word('FREEZE');
    const unfreeze = till.pressed(till.wanted('UNFREEZE', 2));
    expect(till.word('FREEZE', 'again')).toBe('FROZEN');
    expect(till.brought(unfreeze)).toBe('stale-version');
    expect([till.word('QUERY'), till.known.version]).toEqual(['FROZEN', 2]);
    expect(till.place('UNFREEZE', 3)).toBe('AVAILABLE');
    expect(till.place('TOP_UP', 4, { amountMinor: 1 })).toBe('AVAILABLE');
    expect(till.place('TOP_UP', 4, { changeId: id('older') })).toBe('stale-version');
  });

  it.each([
    ['wrong-signer', (till: OrderTill) => till.brought(till.pressed(till.wanted('TOP_UP', 1), OTHER_SIGNER))],
    [
      'bad-confirmation',
      (till: OrderTill) => till.brought(till.pressed(till.wanted('TOP_UP', 1), keyOf(new Uint8Array(32).fill(7)))),
    ],
    [
      'expired-request',
      (till: OrderTill) => till.place('TOP_UP', 1, { changedAt: (till.now - 3_600) as EpochSeconds }),
    ],
    [
      'expired-request',
      (till: OrderTill) => till.place('TOP_UP', 1, { changedAt: (till.now + 3_600) as EpochSeconds }),
    ],
    ['delegation-unknown', (till: OrderTill) => till.place('TOP_UP', 1, { delegationId: id('nothing') })],
    ['BINDING_MISMATCH', (till: OrderTill) => till.place('TOP_UP', 1, { subAccountId: 'sub-other' })],
    ['BINDING_MISMATCH', (till: OrderTill) => till.place('TOP_UP', 1, { currency: 'USD' })],
    [
      'counter-forked',
      (till: OrderTill) => {
        till.brought(till.pressed(till.wanted('TOP_UP', 2), SIGNER, 90));
        return till.brought(till.pressed(till.wanted('TOP_UP', 1), SIGNER, 90));
      },
    ],
    [
      'counter-replayed',
      (till: OrderTill) => {
        till.brought(till.pressed(till.wanted('TOP_UP', 2), SIGNER, 90));
        return till.brought(till.pressed(till.wanted('TOP_UP', 1), SIGNER, 89));
      },
    ],
    [
      'device-locked',
      (till: OrderTill) => {
        till.command(`lock ${DEVICE}`);
        return till.place('TOP_UP', 1);
      },
    ],
    [
      'risk-hold',
      (till: OrderTill) => {
        till.command(`suspend ${id('report delegation')}`);
        return till.place('TOP_UP', 1);
      },
    ],
  ] as const)('T5 T8 T18: is refused with %s, and no money moves', (code, attempt) => {
    const till = new OrderTill();
    expect(attempt(till)).toBe(code);
    expect(till.wallet).toBe(998_000);
  });

  it('T5: of one wearer does nothing to the account of another', () => {
    const till = new OrderTill();
    const other = deviceHand(till, OTHER_DEVICE);
    expect(till.brought(till.pressed(till.wanted('TOP_UP', 1), OTHER_SIGNER), other)).toBe('delegation-unknown');
    expect(till.brought(till.pressed(till.wanted('TOP_UP', 1)), other)).toBe('delegation-unknown');
    expect(till.wallet).toBe(998_000);
  });

  it('T8: with another amount than was signed is no order', () => {
    const till = new OrderTill();
    const order = till.pressed(till.wanted('TOP_UP', 1));
    for (let at = 0; at < order.length; at += 7) {
      const altered = order.map((byte, i) => (i === at ? byte ^ 1 : byte));
      expect(['bad-confirmation', 'silence']).toContain(till.brought(altered));
    }
    expect(till.wallet).toBe(998_000);
  });

  it('is carried out once the ledger answers, as it was found when it came', () => {
    const till = new OrderTill();
    till.store.isDown = 'before';
    expect(till.place('TOP_UP', 1)).toBe('silence');
    till.pass(30_000);
    till.store.isDown = false;
    till.pass(60_000);
    expect(told(till.device.heard.slice(-1))).toBe('AVAILABLE');
    expect(till.wallet).toBe(995_000);
  });
});

describe('ACTC-DEL-019 T14: what is put in never makes more of the bounds', () => {
  it('is at most what they still let the account pay: what is spent or promised gives no room, nor does a refund', () => {
    const till = new OrderTill();
    expect(till.place('TOP_UP', 1, { amountMinor: 8_001 })).toBe('LIMIT_EXCEEDED');
    expect(till.place('TOP_UP', 1, { amountMinor: 8_000, changeId: id('all') })).toBe('AVAILABLE');
    expect(till.spend('r1', 2_500)).toBe('WAIT_SELLER_FULFILLMENT');
    expect(till.place('TOP_UP', 2, { amountMinor: 1 })).toBe('LIMIT_EXCEEDED');
    till.command('execution-late');
    till.spend('r2', 500);
    expect(till.place('TOP_UP', 2, { amountMinor: 1, changeId: id('more') })).toBe('LIMIT_EXCEEDED');
    expect(till.wallet).toBe(990_000);
  });

  it.each([
    ['FROZEN', (till: OrderTill) => till.word('FREEZE')],
    ['CANCELLED', (till: OrderTill) => till.word('CANCEL')],
  ] as const)('is nothing where the account is %s', (failure, stop) => {
    const till = new OrderTill();
    stop(till);
    const { wallet } = till;
    expect(till.place('TOP_UP', 2)).toBe(failure);
    expect(till.place('TOP_UP', 1, { changeId: id('older') })).toBe(failure);
    expect(till.wallet).toBe(wallet);
  });

  it('is nothing where the wallet has less, and no account that is open is unfrozen', () => {
    const till = new OrderTill();
    expect(till.place('UNFREEZE', 1)).toBe('BINDING_MISMATCH');
    const poor = new OrderTill();
    poor.issue('rich', { iac: { delegationMode: 'BOUNDED', maxTotalMinor: 995_500 } });
    expect(poor.place('TOP_UP', 1)).toBe('INSUFFICIENT_BALANCE');
    expect(poor.wallet).toBe(2_500);
  });

  it('is nothing after the end of the delegation, whose account is closed with it', () => {
    const till = new OrderTill();
    const revoke = till.wish('report', 'Revoked', 1);
    till.hear({ type: 'lifecycle', body: { requestId: id('lifecycle'), order: revoke } }, till.device);
    expect(till.place('TOP_UP', 2)).toBe('CANCELLED');
    expect(till.wallet).toBe(1_000_000);
  });
});

describe('ACTC-DEL-016: a status names the account', () => {
  it('of a BOUNDED credential, and none where a token pays', () => {
    const till = new OrderTill();
    till.query('report');
    expect(till.status().subAccountId).toBe(till.account);
    const fresh = new DelegationTill();
    fresh.issue('coffee');
    expect(fresh.status().subAccountId).toBeUndefined();
    fresh.issue('report', { iac: { delegationMode: 'BOUNDED' } });
    expect(fresh.status().subAccountId).toBe(fresh.subAccountId);
  });
});
