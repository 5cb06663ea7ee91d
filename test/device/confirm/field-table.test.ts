import { describe, expect, it } from 'vitest';
import { OFFER_FIELDS } from '../../../device/confirm/binding-view.ts';
import { composeBounds, IAC_FIELDS } from '../../../device/confirm/bounds-view.ts';
import { CHANGE_FIELDS, composeChange } from '../../../device/confirm/change-view.ts';
import { type FieldTable, quotedNames, tellerOf, toldBy } from '../../../device/confirm/field-table.ts';
import { TERM_FIELDS } from '../../../device/confirm/terms-view.ts';
import { PROFILES } from '../../../device/confirm/view.ts';
import { EdgeTerms, IacPayload, LifecycleChange } from '../../../protocol/index.ts';
import { BindingOffer } from '../../../protocol/messages/signer.ts';
import type { WireType } from '../../../protocol/wire.ts';
import { SAMPLE_IAC } from '../../../scripts/make-page-gallery/samples.ts';
import { change } from '../signer/documents.ts';

const HUD = PROFILES['hud-480x640'];

type AnyTable = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Every field of a declaration, with those of the maps inside it. */
function declared({ kind }: WireType<unknown>, path = ''): string[] {
  if (kind?.is === 'ruled') return declared(kind.of, path);
  if (kind?.is !== 'map') return [];
  return kind.fields.flatMap(({ name, type }) => [`${path}${name}`, ...declared(type, `${path}${name}.`)]);
}

function listed(table: AnyTable, path = ''): string[] {
  return Object.entries(table).flatMap(([name, treatment]) => {
    const inner = 'within' in treatment ? listed(treatment.within as AnyTable, `${path}${name}.`) : [];
    return [`${path}${name}`, ...inner];
  });
}

/** How each field is treated: `shown`, `first`, or the reason why it is not. */
function treatments(table: AnyTable, path = ''): [string, string][] {
  return Object.entries(table).flatMap(([name, treatment]): [string, string][] => {
    if ('within' in treatment) return treatments(treatment.within as AnyTable, `${path}${name}.`);
    const how = 'tell' in treatment ? 'shown' : 'isFirst' in treatment ? 'first' : Object.keys(treatment).join();
    return [[`${path}${name}`, how]];
  });
}

describe('the tables of what is shown (T9)', () => {
  it.each<[string, WireType<unknown>, unknown]>([
    ['the terms of a delegation', EdgeTerms, TERM_FIELDS],
    ['a lifecycle change', LifecycleChange, CHANGE_FIELDS],
    ['a binding offer', BindingOffer, OFFER_FIELDS],
  ])('name every declared field of %s, and no other', (_what, type, table) => {
    expect(listed(table as AnyTable).sort()).toEqual(declared(type).sort());
  });

  it('name every declared field of an IAC payload, and every term in the place of its private part', () => {
    const terms = declared(EdgeTerms, 'ext.vendorPrivate.');
    expect(listed(IAC_FIELDS as unknown as AnyTable).sort()).toEqual([...declared(IacPayload), ...terms].sort());
  });

  it('leave out of sight only references, and sign nothing that only others understand', () => {
    const hidden = treatments(IAC_FIELDS as unknown as AnyTable).filter(([, how]) => !/shown|first/.test(how));
    expect(hidden).toEqual([
      ['ext.vendorPrivate.currency', 'unseen'],
      ['delegationId', 'unseen'],
      ['intentId', 'unseen'],
      ['sourceIsrDigest', 'unseen'],
      ['conversationHistory.userIntentRawDigest', 'unseen'],
      ['conversationHistory.contextRef', 'unseen'],
      ['conversationHistory.inputMode', 'unseen'],
      ['conversationHistory.userIntentRaw', 'refused'],
    ]);
  });

  it('refuse a field that stands in no table, at any depth, whatever its value', () => {
    const nameOf = (merchant: string) => merchant;
    const reason = (iac: object) => {
      const composed = composeBounds({ iac: iac as IacPayload, locale: 'en-US', nameOf }, HUD);
      return composed.ok ? 'composed' : composed.reason;
    };
    expect(reason(SAMPLE_IAC)).toBe('composed');
    expect(reason({ ...SAMPLE_IAC, maxPerDayMinor: 100 })).toBe('cannot-show');
    expect(reason({ ...SAMPLE_IAC, toString: 1 })).toBe('cannot-show');
    const { ext } = SAMPLE_IAC;
    expect(reason({ ...SAMPLE_IAC, ext: { ...ext, more: {} } })).toBe('cannot-show');
    expect(reason({ ...SAMPLE_IAC, ext: { ...ext, commerce: { ...ext?.commerce, maxCount: 1 } } })).toBe('cannot-show');
  });

  it('T8: hold registered names to the rules for payees', () => {
    const told = (name: string) =>
      quotedNames(
        'Only from',
        ['m'],
        tellerOf('CNY', 'en-US', () => name),
      );
    expect(told('Luna Coffee')).toEqual([{ kind: 'quoted', label: 'Only from', texts: ['Luna Coffee'] }]);
    expect(told('Luna\u202E')).toBe('payee-text:bidi-control');
    expect(told('二ロ工坊')).toBe('payee-text:mixed-script');
    expect(told('x'.repeat(97))).toBe('payee-text:too-long');
    expect(
      quotedNames(
        'Only from',
        [],
        tellerOf('CNY', 'en-US', () => 'x'),
      ),
    ).toBe('cannot-show');
  });

  it('tell fields in the order of the table, and absences where they mean something', () => {
    const table: FieldTable<{ a?: string; b: number; c?: number }> = {
      b: { tell: (b) => [{ kind: 'value', label: 'b', value: String(b) }] },
      a: { tell: () => 'too-long', absent: () => [{ kind: 'sentence', text: 'no a' }] },
      c: { unseen: 'for this test' },
    };
    const teller = tellerOf('CNY', 'en-US', (merchant) => merchant);
    expect(toldBy(table, { b: 1, c: 2 }, teller)).toEqual([
      { kind: 'value', label: 'b', value: '1' },
      { kind: 'sentence', text: 'no a' },
    ]);
    expect(toldBy(table, { a: '', b: 1 }, teller)).toBe('too-long');
  });
});

describe('views of what is no payment', () => {
  it('have no view of an expiry, which nobody orders', () => {
    const facts = { change: change({ to: 'Expired', by: 'SYSTEM' }), iac: SAMPLE_IAC, locale: 'en-US' } as const;
    expect(composeChange({ ...facts, nameOf: (one) => one }, HUD)).toEqual({ ok: false, reason: 'cannot-show' });
  });

  it('T7: write a tolerance exactly, in percent', () => {
    const rows = [0, 1, 10, 50, 100, 250, 1_000, 9_999, 10_000].map((priceDeviationToleranceE2) => {
      const iac = { ...SAMPLE_IAC, ext: { agentBehavior: { priceDeviationToleranceE2 } } };
      const composed = composeBounds({ iac, locale: 'zh-CN', nameOf: (one) => one }, PROFILES.phone);
      const lines = composed.ok ? composed.view.pages.flatMap((page) => page.lines) : [];
      return lines.find((line) => line.startsWith('价格浮动最多'))?.replace(/^\S+ +/, '');
    });
    expect(rows).toEqual(['0%', '0.01%', '0.1%', '0.5%', '1%', '2.5%', '10%', '99.99%', '100%']);
  });

  it('T6: are different for different bounds, however small the difference', () => {
    const nameOf = (merchant: string) => merchant;
    const variants: IacPayload[] = [
      SAMPLE_IAC,
      { ...SAMPLE_IAC, maxTotalMinor: 60_001 },
      { ...SAMPLE_IAC, currency: 'HKD' },
      { ...SAMPLE_IAC, validityEndTime: (SAMPLE_IAC.validityEndTime + 1) as never },
      { ...SAMPLE_IAC, validityStartTime: (SAMPLE_IAC.validityStartTime + 1) as never },
      { ...SAMPLE_IAC, delegationMode: 'BOUNDED' },
      { ...SAMPLE_IAC, agentId: 'did:act:platform.example.com/Agent-alice-00l' },
      { ...SAMPLE_IAC, ext: { ...SAMPLE_IAC.ext, commerce: { allowedMerchants: ['rail-1', 'rail-2'] } } },
      { ...SAMPLE_IAC, ext: { ...SAMPLE_IAC.ext, commerce: { allowedMerchants: ['rail-1 rail-2'] } } },
      { ...SAMPLE_IAC, ext: { ...SAMPLE_IAC.ext, commerce: { forbiddenMerchants: ['rail-1', 'rail-2'] } } },
    ];
    for (const profile of Object.values(PROFILES)) {
      const digests = variants.map((iac) => {
        const composed = composeBounds({ iac, locale: 'en-US', nameOf }, profile);
        return composed.ok ? composed.view.digest : composed.reason;
      });
      expect(new Set(digests).size).toBe(variants.length);
    }
  });
});
