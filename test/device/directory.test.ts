import { describe, expect, it } from 'vitest';
import { type DirectoryFile, directorySchema, openDirectory } from '../../device/directory.ts';
import { hex, ProtocolError, publicKeyOf } from '../../protocol/index.ts';

const publicKeyHex = (number: number) => hex(publicKeyOf(new Uint8Array(32).fill(number)));

const FILE: DirectoryFile = {
  tenant: 'demo',
  keys: [
    { party: 'glasses-01', role: 'device', use: 'frame', publicKeyHex: publicKeyHex(1) },
    { party: 'glasses-01', role: 'signer', use: 'object', publicKeyHex: publicKeyHex(2) },
    { party: 'agent', role: 'agent', use: 'frame', publicKeyHex: publicKeyHex(3) },
    { party: 'psp', role: 'psp', use: 'frame', publicKeyHex: publicKeyHex(4) },
    { party: 'psp', role: 'psp', use: 'object', publicKeyHex: publicKeyHex(5) },
    { party: 'luna-coffee', role: 'merchant', use: 'object', publicKeyHex: publicKeyHex(6) },
  ],
  merchants: [{ party: 'luna-coffee', names: { 'zh-CN': ['月獭咖啡', '月獭'], 'en-US': ['Luna Otter Coffee'] } }],
};

function codeOf(file: DirectoryFile): string {
  try {
    openDirectory(file);
  } catch (error) {
    if (error instanceof ProtocolError) return error.code;
    throw error;
  }
  return 'taken';
}

describe('the directory', () => {
  it('T8: knows a payee by the first name it is registered under, in the language asked for, and nobody else', () => {
    const { nameOf } = openDirectory(FILE);
    expect(nameOf('luna-coffee', 'zh-CN')).toBe('月獭咖啡');
    expect(nameOf('luna-coffee', 'en-US')).toBe('Luna Otter Coffee');
    expect(nameOf('luna-cofee', 'en-US')).toBeUndefined();
    expect(nameOf('toString', 'en-US')).toBeUndefined();
  });

  it('lists each holder of a role once, however many keys they have', () => {
    const { partiesOf } = openDirectory(FILE);
    expect(partiesOf('psp')).toEqual(['psp']);
    expect(partiesOf('device')).toEqual(['glasses-01']);
  });

  it('T23: trusts a key for its own tenant, use and role only', () => {
    const { trust, keys } = openDirectory(FILE);
    const kid = keys[4]?.kid ?? new Uint8Array();
    expect(trust.find(kid, { tenant: 'demo', use: 'object', roles: ['psp'] }).party).toBe('psp');
    for (const wanted of [
      { tenant: 'other', use: 'object', roles: ['psp'] },
      { tenant: 'demo', use: 'frame', roles: ['psp'] },
      { tenant: 'demo', use: 'object', roles: ['merchant'] },
    ] as const)
      expect(() => trust.find(kid, wanted)).toThrow(ProtocolError);
  });

  it('T22, T23: refuses a key that stands there twice and one that is no sound key', () => {
    const [first, ...rest] = FILE.keys;
    if (first === undefined) throw new Error('no key');
    expect(codeOf({ ...FILE, keys: [first, ...rest, { ...first, party: 'glasses-02' }] })).toBe('cose-kid');
    expect(codeOf({ ...FILE, keys: [{ ...first, publicKeyHex: '00'.repeat(32) }, ...rest] })).toMatch(/^key-/);
    expect(codeOf({ ...FILE, keys: [{ ...first, publicKeyHex: `01${'00'.repeat(31)}` }, ...rest] })).toMatch(/^key-/);
  });

  it.each([
    ['a tenant that no topic could hold', { tenant: 'a/b' }],
    ['a party that no topic could hold', { keys: [{ ...FILE.keys[0], party: '+' }] }],
    ['capitals in a key', { keys: [{ ...FILE.keys[0], publicKeyHex: publicKeyHex(1).toUpperCase() }] }],
    ['a use nobody knows', { keys: [{ ...FILE.keys[0], use: 'both' }] }],
    ['an empty name', { merchants: [{ party: 'a', names: { 'zh-CN': [''], 'en-US': ['A'] } }] }],
    ['a name in one language only', { merchants: [{ party: 'a', names: { 'en-US': ['A'] } }] }],
    ['a field of its own', { secretKey: 'x' }],
  ])('its file takes no %s', (_what, fault) => {
    expect(directorySchema.safeParse(FILE).success).toBe(true);
    expect(directorySchema.safeParse({ ...FILE, ...fault }).success).toBe(false);
  });
});
