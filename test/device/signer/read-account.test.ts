import { describe, expect, it } from 'vitest';
import { PROFILES } from '../../../device/confirm/view.ts';
import { readAccount } from '../../../device/signer/read-account.ts';
import { encodeCbor, openObject, SubAccountChange, utf8 } from '../../../protocol/index.ts';
import { cartBytes, directory, id, MERCHANT, NAMELESS_MERCHANT, OTHER_MERCHANT, TENANT } from '../builders.ts';
import { SignerRig } from '../signer-rig.ts';
import {
  accountChange,
  accountChangeBytes,
  ask,
  authorizationBytes,
  changeBytes,
  settings,
  textOf,
  verdict,
  viewOf,
} from './documents.ts';

const authorization = authorizationBytes();
const { amountMinor: _none, ...unfilled } = accountChange();
const unfreezing = encodeCbor(SubAccountChange.encode({ ...unfilled, operation: 'UNFREEZE' }, 'change'));

/** A change with a field that its declaration does not allow. */
function altered(key: number, value: number): Uint8Array {
  const map = SubAccountChange.encode(accountChange(), 'change') as Map<number, never>;
  return encodeCbor(new Map([...map, [key, value]]));
}

describe('a change of a sub-account, as the signer reads it (ACT 2.1 PSD-AGT-SUB)', () => {
  it('T18: signs the change it showed, after a hold', () => {
    const rig = new SignerRig();
    const answer = ask(rig, { kind: 'account', change: accountChangeBytes(), authorization, locale: 'en-US' });
    if (answer?.kind !== 'signed') throw new Error(JSON.stringify(answer));
    const { value } = openObject('sub-account-order', answer.signed, { trust: directory.trust, tenant: TENANT });
    const view = viewOf(readAccount, [accountChangeBytes(), authorization]);
    expect(value).toEqual({ change: accountChange(), viewDigest: view.digest, method: 'hold-simulated', counter: 1 });
    expect(rig.display.shown).toEqual(view.pages);
    expect(answer.jsonSignature).toBeUndefined();
  });

  it('T9: the amount stands whole on the first page of every profile, and the bounds on the pages', () => {
    for (const profile of Object.values(PROFILES))
      for (const locale of ['zh-CN', 'en-US'] as const) {
        const view = viewOf(readAccount, [accountChangeBytes(), authorization], { profile, locale });
        const first = view.pages[0]?.lines.join('\n') ?? view.spoken[0];
        expect(first).toContain('CNY 20.00');
        expect(first).toContain(locale === 'en-US' ? 'Fill agent account' : '充值代理账户');
        const text = textOf(view).replace(/\n[>|] /g, '');
        expect(text).toContain('CNY 200.00');
        for (const merchant of [MERCHANT, OTHER_MERCHANT]) expect(text).toContain(directory.nameOf(merchant, locale));
        expect(text).toContain('did:act:example.com/agent-7');
        expect(text).toContain('02:10 UTC');
      }
  });

  it('T6: unfreezing shows what may be spent then, and no amount that is put in', () => {
    const text = textOf(viewOf(readAccount, [unfreezing, authorization]));
    expect(text).toMatch(/^Change account +1\/1\nUnfreeze account\nTotal max CNY 200.00\n/);
    expect(text).not.toContain('Put in');
  });

  it.each<[string, readonly Uint8Array[], string]>([
    ['no documents', [], 'draft-malformed'],
    ['a change that is no CBOR', [utf8('no'), authorization], 'draft-malformed'],
    ['a field nobody declared', [altered(9, 1), authorization], 'draft-malformed'],
    ['T7: nothing to put in', [altered(5, 0), authorization], 'draft-malformed'],
    ['an operation that a word is enough for', [altered(3 + 1, 3), authorization], 'draft-malformed'],
    ['T4: version 0', [altered(8, 0), authorization], 'draft-malformed'],
    ['a change without its authorization', [accountChangeBytes()], 'authorization-signature'],
    [
      'T5: what another wearer authorized',
      [accountChangeBytes(), authorizationBytes({}, 'glasses-02')],
      'authorization-signature',
    ],
    ['T25: a cart in place of the authorization', [accountChangeBytes(), cartBytes()], 'authorization-signature'],
    ['T25: a change of the delegation in its place', [changeBytes(), authorization], 'draft-malformed'],
    [
      'an account of another delegation',
      [accountChangeBytes({ delegationId: id('other') }), authorization],
      'terms-differ',
    ],
    [
      'T7: another currency than that of the bounds',
      [accountChangeBytes({ currency: 'USD' }), authorization],
      'cannot-show',
    ],
    [
      'T9: bounds that nobody can show',
      [accountChangeBytes(), authorizationBytes({ ext: { vendorPrivate: '{"max":1}' } })],
      'cannot-show',
    ],
    [
      'a merchant that has left the registry',
      [accountChangeBytes(), authorizationBytes({ ext: { commerce: { allowedMerchants: [NAMELESS_MERCHANT] } } })],
      'payee-unknown',
    ],
  ])('refuses %s', (_what, documents, reason) => {
    expect(verdict(readAccount, documents)).toBe(reason);
  });

  it('T18: a locked signer signs none', () => {
    const rig = new SignerRig();
    rig.signer.lockNow();
    const answer = ask(rig, { kind: 'account', change: accountChangeBytes(), authorization, locale: 'en-US' });
    expect(answer).toEqual({ kind: 'failed', code: 'signer-locked' });
  });

  it('has neither a nonce nor an end: a version makes a repeated order harmless', () => {
    const reading = readAccount([accountChangeBytes(), authorization], settings);
    expect(reading.ok && [reading.nonce, reading.expiresAt, reading.issuedAt]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});
