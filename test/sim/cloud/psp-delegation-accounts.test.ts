import { describe, expect, it } from 'vitest';
import { type FrameBody, openObject, type SubAccountOperation } from '../../../protocol/index.ts';
import { AGENT_ID, principalOf } from '../../../sim/cloud/index.ts';
import { AGENT_KEY, DelegationTill, told } from './delegation-till.ts';
import { DEVICE, deviceHand, id, OTHER_DEVICE, tenant } from './stage.ts';

type Asked = FrameBody<'sub-account-request'>;

class AccountTill extends DelegationTill {
  readonly authorization = this.issue('report', { iac: { delegationMode: 'BOUNDED' } });

  asked(operation: SubAccountOperation, name: string = operation, other: Partial<Asked> = {}): Asked {
    const who = { delegatorIdentity: principalOf(DEVICE), agentId: AGENT_ID };
    const { subAccountId } = this;
    return { requestId: id(name), operation, ...who, subAccountId, currency: 'CNY', createdAt: this.now, ...other };
  }

  /** @returns the state, or the failure. */
  operate(body: Asked, hand = this.device): string {
    return told(this.hear({ type: 'sub-account-request', body }, hand));
  }
}

/** The account that a status names. */
function named(status: Uint8Array): string | undefined {
  return openObject('delegation-status', status, { trust: tenant.directory.trust, tenant: tenant.tenant }).value
    .subAccountId;
}

describe('a sub-account', () => {
  it('is looked at, with what it holds (PSD-AGT-SUB)', () => {
    const till = new AccountTill();
    till.payResource('report', till.authorization, 'r1');
    expect(till.operate(till.asked('QUERY'))).toBe('AVAILABLE');
    expect(till.device.latest('sub-account-result').body.status).toMatchObject({
      keyState: 'ENABLED',
      agentId: AGENT_ID,
      balanceMinor: 9_500,
      asOf: till.now,
    });
  });

  it('is frozen and cancelled at once, and its key with it', () => {
    const till = new AccountTill();
    expect(till.operate(till.asked('FREEZE'))).toBe('FROZEN');
    expect(till.device.latest('sub-account-result').body.status?.keyState).toBe('DISABLED');
    expect(till.operate(till.asked('FREEZE'))).toBe('FROZEN');
    expect(till.operate(till.asked('CANCEL'))).toBe('CANCELLED');
    expect(till.psp.delegations.wallet(DEVICE, 'CNY')).toBe(1_000_000);
    expect(till.operate(till.asked('FREEZE', 'again'))).toBe('CANCELLED');
    expect(till.payResource('report', till.authorization, 'r1')).toBe('SUB_ACCOUNT_INVALID');
  });

  it('that was cancelled is named to nobody any more, and its agent hears of it at once (ACTC-DEL-016)', () => {
    const till = new AccountTill();
    const statuses = () => till.agent.all('delegation-status').map(({ body }) => named(body.status));
    till.operate(till.asked('FREEZE'));
    const before = statuses();
    expect(before.every((account) => account === till.subAccountId)).toBe(true);
    till.operate(till.asked('CANCEL'));
    expect(statuses()).toEqual([...before, undefined]);
    const other = new AccountTill();
    other.store.isDown = 'after';
    expect(other.operate(other.asked('CANCEL'))).toBe('silence');
    other.store.isDown = false;
    other.pass(1_000);
    expect(named(other.agent.latest('delegation-status').body.status)).toBeUndefined();
  });

  it('T30: that was cancelled is looked at without a word to its agent', () => {
    const till = new AccountTill();
    till.operate(till.asked('CANCEL'));
    const before = till.agent.heard.length;
    expect(till.operate(till.asked('QUERY', 'one'))).toBe('CANCELLED');
    expect(till.operate(till.asked('QUERY', 'two'))).toBe('CANCELLED');
    expect(till.agent.heard.length).toBe(before);
  });

  it('T14, T30: is named as what pays to an agent that asks, unless it does not pay', () => {
    const till = new AccountTill();
    const named = () => {
      const before = till.agent.all('instrument').length;
      expect(till.query('report', till.agent)).toBe('Active');
      return till.agent.all('instrument').length - before;
    };
    expect(named()).toBe(1);
    till.operate(till.asked('FREEZE'));
    expect(named()).toBe(0);
    till.operate(till.asked('CANCEL'));
    expect(named()).toBe(0);
  });

  it('T18: is opened, filled and unfrozen by the wearer’s press only', () => {
    const till = new AccountTill();
    till.operate(till.asked('FREEZE'));
    expect(till.operate(till.asked('UNFREEZE'))).toBe('AUTH_FAILED');
    expect(till.operate(till.asked('TOP_UP', 'top', { topUpMinor: 1 }))).toBe('AUTH_FAILED');
    const { subAccountId, ...open } = till.asked('OPEN', 'open', { publicKey: AGENT_KEY.publicKey });
    expect(subAccountId).toBe(till.subAccountId);
    expect(till.operate(open)).toBe('AUTH_FAILED');
    expect(till.operate(till.asked('QUERY'))).toBe('FROZEN');
  });

  it('T18: is stopped also from a device that was reported lost', () => {
    const till = new AccountTill();
    till.command(`lock ${DEVICE}`);
    expect(till.operate(till.asked('FREEZE'))).toBe('FROZEN');
  });

  it('T5: does not exist for another wearer, and is bound to its agent and currency', () => {
    const till = new AccountTill();
    const other = deviceHand(till, OTHER_DEVICE);
    const theirs = { delegatorIdentity: principalOf(OTHER_DEVICE) };
    expect(till.operate(till.asked('QUERY', 'one'), other)).toBe('AUTH_FAILED');
    expect(till.operate(till.asked('CANCEL', 'two', theirs), other)).toBe('NOT_OPENED');
    expect(till.operate(till.asked('CANCEL', 'three', { subAccountId: 'sub-nothing' }))).toBe('NOT_OPENED');
    expect(till.operate(till.asked('CANCEL', 'four', { agentId: 'did:act:example.com/nobody' }))).toBe(
      'BINDING_MISMATCH',
    );
    expect(till.operate(till.asked('CANCEL', 'five', { currency: 'USD' }))).toBe('BINDING_MISMATCH');
    expect(till.operate(till.asked('QUERY'))).toBe('AVAILABLE');
  });

  it('T3: is operated on once for each request', () => {
    const till = new AccountTill();
    const cancel = till.asked('CANCEL');
    expect([till.operate(cancel), till.operate(cancel)]).toEqual(['CANCELLED', 'CANCELLED']);
  });

  it('is answered for once the ledger answers', () => {
    const till = new AccountTill();
    till.store.isDown = 'after';
    expect(till.operate(till.asked('FREEZE'))).toBe('silence');
    till.store.isDown = false;
    till.pass(1_000);
    expect(told(till.device.heard.slice(-1))).toBe('FROZEN');
  });
});
