import { describe, expect, it } from 'vitest';
import { ResearchStage, reportChange } from './research-stage.ts';

const HOUR_MS = 3_600_000;

describe('an account that does not pay', () => {
  it('PSD-AGT-SUB, ACTC-DEL-016: asks whether the account that does not pay is closed, and gives the credential back if it is', () => {
    const stage = new ResearchStage();
    const iac = stage.report();
    stage.fail('SUB_ACCOUNT_INVALID');
    expect(stage.psp.latest('delegation-query').body.delegationId).toBe(iac.delegationId);
    stage.status(iac, 'Active', 0);
    stage.step();
    expect([stage.news, stage.psp.all('delegation-end')]).toEqual(['watching sub-account-invalid', []]);
    stage.status(iac, 'Active', 0, true);
    stage.step();
    expect(stage.news).toBe('ended account-closed');
    expect(stage.psp.latest('delegation-end').body.delegationId).toBe(iac.delegationId);
    const { payments } = stage;
    stage.status(iac, 'Revoked', 1, true);
    stage.pass(48 * HOUR_MS);
    expect(stage.payments).toBe(payments);
  });

  it('T14, T30: a status that tells nothing new cuts no wait short, and a newer one does', () => {
    const stage = new ResearchStage();
    const iac = stage.report();
    stage.fail('SUB_ACCOUNT_INVALID');
    for (let again = 0; again < 20; again += 1) {
      stage.status(iac, 'Active', 0);
      stage.step();
    }
    expect([stage.news, stage.payments]).toEqual(['watching sub-account-invalid', 1]);
    stage.pass(HOUR_MS);
    expect([stage.news, stage.payments]).toEqual(['buying', 2]);
    stage.fail('SUB_ACCOUNT_INVALID');
    stage.status(iac, 'Active', 2);
    stage.step();
    expect([stage.news, stage.payments]).toEqual(['buying', 3]);
  });

  it('PSD-AGT-SUB: gives up also where the account was closed before the agent was told of it', () => {
    const stage = new ResearchStage();
    const iac = stage.iac('report', reportChange());
    stage.task('report', stage.authorization(iac));
    stage.status(iac, 'Active', 0, true);
    stage.step();
    expect([stage.news, stage.payments]).toEqual(['ended account-closed', 0]);
  });
});
