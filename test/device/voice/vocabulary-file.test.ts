import { describe, expect, it } from 'vitest';
import { checkVocabulary } from '../../../device/voice/vocabulary-file.ts';
import { shopVocabulary } from '../../../sim/shops/index.ts';

const names = { 'zh-CN': ['拿铁'], 'en-US': ['latte'] };
const LATTE = { id: 'latte', category: 'coffee', names, options: ['size'] };
const SIZE = { id: 'size', names, choices: [{ id: 'large', names }] };
const SMALL = { items: [LATTE], options: [SIZE], merchants: [{ id: 'luna', names }] };

const faultOf = (read: unknown): string => {
  const checked = checkVocabulary(read);
  return checked.ok ? '' : checked.fault;
};

describe('a vocabulary file', () => {
  it('is taken as the shops write it, also after a way through JSON', () => {
    const checked = checkVocabulary(JSON.parse(JSON.stringify(shopVocabulary)));
    expect(checked).toEqual({ ok: true, vocabulary: shopVocabulary });
    expect(faultOf(SMALL)).toBe('');
  });

  it.each([
    ['', undefined],
    ['', 'latte'],
    ['items', { ...SMALL, items: [] }],
    ['items', { ...SMALL, items: undefined }],
    ['items', { ...SMALL, items: Array.from({ length: 2_001 }, () => LATTE) }],
    ['items.0.id', { ...SMALL, items: [{ ...LATTE, id: 'Iced Latte' }] }],
    ['items.0.names.zh-CN', { ...SMALL, items: [{ ...LATTE, names: { ...names, 'zh-CN': [] } }] }],
    ['items.0.names.en-US.0', { ...SMALL, items: [{ ...LATTE, names: { ...names, 'en-US': ['x'.repeat(65)] } }] }],
    ['items.0', { ...SMALL, items: [{ ...LATTE, priceMinor: 1 }] }],
    ['options.0.choices', { ...SMALL, options: [{ ...SIZE, choices: [] }] }],
    ['merchants.0.id', { ...SMALL, merchants: [{ id: '', names }] }],
  ])('names the place of the first fault: %s', (place, read) => {
    const fault = faultOf(read);
    expect(fault.slice(0, fault.indexOf(':'))).toBe(place);
    expect(fault.length).toBeGreaterThan(place.length + 2);
  });
});
