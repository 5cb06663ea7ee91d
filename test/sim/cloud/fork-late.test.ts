/** T19: a counter counts as used also in what came too late to authorise anything. */
import { describe, expect, it } from 'vitest';
import { BindingTill } from './binding-desk.ts';
import { confirmation } from './stage.ts';

function withOrders(): BindingTill {
  const till = new BindingTill();
  for (const orderNo of ['o1', 'o2']) till.register(orderNo);
  return till;
}

describe('T19: a copy of a confirmation key is found by a counter', () => {
  it('that the wearer’s signer used for a payment that was cancelled meanwhile', () => {
    const till = withOrders();
    till.ask('r1', 'o1');
    const late = confirmation(till, till.challenge, { counter: 1 });
    till.cancel('r1');
    expect(till.confirm('r1', late)).toBe('cancelled');
    expect(till.confirm('r1', late)).toBe('cancelled');
    till.ask('r2', 'o2');
    const signed = confirmation(till, till.challenge, { counter: 1 });
    till.device.heard.splice(0);
    till.confirm('r2', signed);
    expect(till.device.heard[0]).toMatchObject({ type: 'refusal', body: { code: 'counter-forked' } });
    expect(till.charges()).toEqual([]);
  });

  it('that it used for a consent after the end of the offer', () => {
    const till = withOrders();
    till.bindRequest(till.wish('b1'));
    const late = till.consentTo(till.offer, { counter: 1 });
    till.pass(61_000);
    expect(till.consent('b1', late)).toBe('AUTH_FAILED');
    till.ask('r2', 'o2');
    const signed = confirmation(till, till.challenge, { counter: 1 });
    till.device.heard.splice(0);
    till.confirm('r2', signed);
    expect(till.device.heard[0]).toMatchObject({ type: 'refusal', body: { code: 'counter-forked' } });
  });
});
