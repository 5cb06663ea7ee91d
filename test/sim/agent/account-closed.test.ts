import { describe, expect, it } from 'vitest';
import { ResearchStage } from './research-stage.ts';

describe('an account that does not pay', () => {
  it('PSD-AGT-SUB, ACTC-DEL-016: asks whether the account that does not pay is closed, and gives the credential back if it is', () => {
    const stage = new ResearchStage();
    const iac = stage.report();
    stage.fail('SUB_ACCOUNT_INVALID');
    expect(stage.psp.latest('delegation-query').body.delegationId).toBe(iac.delegationId);
    stage.status(iac, 'Active', 0);
    stage.step();
    expect([stage.news, stage.psp.all('delegation-end')]).toEqual(['buying', []]);
    stage.fail('SUB_ACCOUNT_INVALID');
    stage.status(iac, 'Active', 0, true);
    stage.step();
    expect(stage.news).toBe('ended account-closed');
    expect(stage.psp.latest('delegation-end').body.delegationId).toBe(iac.delegationId);
    const { payments } = stage;
    stage.status(iac, 'Revoked', 1, true);
    stage.pass(48 * 3_600_000);
    expect(stage.payments).toBe(payments);
  });
});
