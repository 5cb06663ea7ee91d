import { describe, expect, it } from 'vitest';
import { PROFILES } from '../../../device/confirm/view.ts';
import { readLifecycle } from '../../../device/signer/read-lifecycle.ts';
import { encodeCbor, LifecycleChange, openObject, utf8 } from '../../../protocol/index.ts';
import { cartBytes, directory, id, MERCHANT, NAMELESS_MERCHANT, OTHER_MERCHANT, TENANT } from '../builders.ts';
import { SignerRig } from '../signer-rig.ts';
import { ask, authorizationBytes, change, changeBytes, settings, textOf, verdict, viewOf } from './documents.ts';

const authorization = authorizationBytes();
const STATES = {
  Suspended: { from: 'Active' },
  Active: { from: 'Suspended' },
  Revoked: { from: 'Suspended' },
} as const;
const SAID = {
  'en-US': { Suspended: 'Pause payments', Active: 'Resume payments', Revoked: 'Revoke for good' },
  'zh-CN': { Suspended: '暂停付款', Active: '恢复付款', Revoked: '永久撤销' },
} as const;

/** A change with a field that its declaration does not allow. */
function altered(key: number, value: number): Uint8Array {
  const map = LifecycleChange.encode(change(), 'change') as Map<number, never>;
  return encodeCbor(new Map([...map, [key, value]]));
}

describe('a change of a delegation, as the signer reads it (ACT 2.1 ADD-IAC-LCM)', () => {
  it('T17: signs the change it showed, without waiting for anybody', () => {
    const rig = new SignerRig();
    const answer = ask(rig, { kind: 'lifecycle', change: changeBytes(), authorization, locale: 'en-US' });
    if (answer?.kind !== 'signed') throw new Error(JSON.stringify(answer));
    const { value } = openObject('lifecycle-order', answer.signed, { trust: directory.trust, tenant: TENANT });
    const view = viewOf(readLifecycle, [changeBytes(), authorization]);
    expect(value).toEqual({ change: change(), viewDigest: view.digest, method: 'hold-simulated', counter: 1 });
    expect(rig.display.shown).toEqual(view.pages);
    expect(answer.jsonSignature).toBeUndefined();
  });

  it.each(Object.entries(STATES))(
    'says on every profile what happens to which delegation: to %s',
    (state, { from }) => {
      const to = state as keyof typeof STATES;
      for (const profile of Object.values(PROFILES))
        for (const locale of ['zh-CN', 'en-US'] as const) {
          const view = viewOf(readLifecycle, [changeBytes({ from, to }), authorization], { profile, locale });
          const first = view.pages[0]?.lines.join('\n') ?? view.spoken[0];
          expect(first).toContain(SAID[locale][to]);
          expect(first).toContain('CNY 200.00');
          const text = textOf(view).replace(/\n[>|] /g, '');
          for (const merchant of [MERCHANT, OTHER_MERCHANT]) expect(text).toContain(directory.nameOf(merchant, locale));
          expect(text).toContain('did:act:example.com/agent-7');
          expect(text).toContain('02:10 UTC');
          const others = Object.values(SAID[locale]).filter((said) => said !== SAID[locale][to]);
          for (const said of others) expect(text).not.toContain(said);
        }
    },
  );

  it.each<[string, readonly Uint8Array[], string]>([
    ['no documents', [], 'draft-malformed'],
    ['a change that is no CBOR', [utf8('no'), authorization], 'draft-malformed'],
    ['a field nobody declared', [altered(9, 1), authorization], 'draft-malformed'],
    ['T4: a transition that there is not', [altered(3, 3), authorization], 'draft-malformed'],
    ['T7: version 0', [altered(7, 0), authorization], 'draft-malformed'],
    ['a change without its authorization', [changeBytes()], 'authorization-signature'],
    [
      'T5: what another wearer authorized',
      [changeBytes(), authorizationBytes({}, 'glasses-02')],
      'authorization-signature',
    ],
    ['T25: a cart in place of the authorization', [changeBytes(), cartBytes()], 'authorization-signature'],
    ['a change of another delegation', [changeBytes({ delegationId: id('other') }), authorization], 'terms-differ'],
    ['a change by the agent', [changeBytes({ by: 'AGENT' }), authorization], 'terms-differ'],
    [
      'a suspension by risk control',
      [changeBytes({ to: 'Suspended', by: 'RISK_CONTROL' }), authorization],
      'terms-differ',
    ],
    ['an expiry, which nobody orders', [changeBytes({ to: 'Expired', by: 'SYSTEM' }), authorization], 'terms-differ'],
  ])('refuses %s', (_what, documents, reason) => {
    expect(verdict(readLifecycle, documents)).toBe(reason);
  });

  it('T17: stops payments also to a merchant that has left the registry, and resumes none', () => {
    const gone = authorizationBytes({ ext: { commerce: { allowedMerchants: [NAMELESS_MERCHANT] } } });
    expect(textOf(viewOf(readLifecycle, [changeBytes(), gone]))).toContain(`> ${NAMELESS_MERCHANT}`);
    expect(verdict(readLifecycle, [changeBytes({ to: 'Suspended' }), gone])).toBe('read');
    expect(verdict(readLifecycle, [changeBytes({ from: 'Suspended', to: 'Active' }), gone])).toBe('payee-unknown');
  });

  it('has neither a nonce nor an end: a version makes a repeated order harmless', () => {
    const reading = readLifecycle([changeBytes(), authorization], settings);
    expect(reading.ok && [reading.nonce, reading.expiresAt, reading.issuedAt]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('gives the reason as a quotation', () => {
    const documents = [changeBytes({ reason: 'hold-to-pay' }), authorization];
    expect(textOf(viewOf(readLifecycle, documents))).toContain('Reason\n> hold-to-pay\n');
  });
});
