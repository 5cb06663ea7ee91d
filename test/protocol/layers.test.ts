import { describe, expect, it } from 'vitest';
import { encodeCbor } from '../../protocol/cbor.ts';
import { type Layering, parseLayers, signLayers, verifyLayers } from '../../protocol/layers.ts';
import { signSign1 } from '../../protocol/sign1.ts';
import { keyOf } from './builders.ts';
import { verdict } from './support.ts';

const LAYERING: Layering = { name: 'statement', typ: 99, tenant: 'tenant-1', layers: ['inner', 'outer'] };
const INNER = keyOf('the inner key');
const OUTER = keyOf('the outer key');
const SIGNED = signLayers('said', [INNER, OUTER], LAYERING);

const checked = (bytes: Uint8Array, keys = [INNER, OUTER], layering = LAYERING) =>
  verdict(() => verifyLayers(parseLayers(bytes, layering), keys, layering));

describe('a statement under several signatures', () => {
  it('is signed by one key around the other, and read from the inside', () => {
    const { body, layers } = parseLayers(SIGNED, LAYERING);
    expect(body).toBe('said');
    expect(layers.map(({ header }) => header.kid)).toEqual([INNER.kid, OUTER.kid]);
    expect(checked(SIGNED)).toBe('accepted');
  });

  it('T25: holds for its own name, type, tenant and order of layers only', () => {
    for (const changes of [{ name: 'other' }, { typ: 98 }, { tenant: 'tenant-2' }, { layers: ['outer', 'inner'] }])
      expect(checked(SIGNED, [INNER, OUTER], { ...LAYERING, ...changes }), JSON.stringify(changes)).toMatch(/^cose-/);
    expect(checked(SIGNED, [OUTER, INNER])).toMatch(/^cose-/);
  });

  it('T16: is refused with claims or a version in any layer: they would be a second opinion', () => {
    const plain = { typ: 99, externalAad: new Uint8Array() };
    const claims = { iss: 'somebody' };
    for (const odd of [{ claims }, { version: 1 }]) {
      const inside = signSign1({ ...plain, ...odd, payload: encodeCbor('said'), key: INNER });
      expect(checked(signSign1({ ...plain, payload: inside, key: OUTER }))).toBe('cose-header');
      expect(checked(signSign1({ ...plain, ...odd, payload: SIGNED, key: OUTER }))).toBe('cose-header');
    }
  });

  it('is never signed or verified with a layer left out: that would be a mistake of ours', () => {
    expect(() => signLayers('said', [INNER], LAYERING)).toThrow('a layer has no key');
    expect(() => verifyLayers(parseLayers(SIGNED, LAYERING), [INNER], LAYERING)).toThrow('a layer has no key');
    const fewer = { ...LAYERING, layers: ['inner'] };
    expect(() => verifyLayers(parseLayers(SIGNED, LAYERING), [INNER, OUTER], fewer)).toThrow('a layer has no key');
  });
});
