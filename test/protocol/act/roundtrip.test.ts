import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromJson, toJson } from '../../../protocol/act/json-form.ts';
import { ACT_OBJECTS, type ActObject, declarationOf } from '../../../protocol/act/objects.ts';
import { hex } from '../../../protocol/bytes.ts';
import { decodeCbor, encodeCbor } from '../../../protocol/cbor.ts';
import { jcs } from '../../../protocol/jcs.ts';
import { isJsonObject, type JsonObject, parseJson, writeJson } from '../../../protocol/json.ts';
import { verdict } from '../support.ts';
import { valuesOf } from './derive.ts';

const OBJECTS = Object.keys(ACT_OBJECTS) as ActObject[];
const RUNS = { seed: 20_260_814, numRuns: 40 };

describe('every ACT object', () => {
  it.each(OBJECTS)('%s keeps every bit from CBOR to JSON text and back', (object) => {
    const type = declarationOf(object);
    const check = fc.property(valuesOf(type), (value) => {
      const cbor = encodeCbor(type.encode(value, object));
      const decoded = type.decode(decodeCbor(cbor), object);
      expect(decoded).toEqual(value);
      const text = writeJson(toJson(type, decoded, object));
      const back = fromJson(type, parseJson(text), object);
      expect(hex(encodeCbor(type.encode(back, object)))).toBe(hex(cbor));
      expect(writeJson(toJson(type, back, object))).toBe(text);
      // The canonical form is JSON of the same value: nothing is lost in it, amounts included.
      expect(fromJson(type, parseJson(jcs(parseJson(text))), object)).toEqual(
        jcsKeepsOpaque(text) ? value : expect.anything(),
      );
    });
    fc.assert(check, RUNS);
  });

  it.each(OBJECTS)('%s is spelt in JSON by snake_case names only', (object) => {
    const names = (json: unknown): string[] =>
      isJsonObject(json as JsonObject)
        ? Object.entries(json as JsonObject).flatMap(([name, inner]) =>
            ['vendor_private', 'method', 'details', 'extension'].includes(name) ? [name] : [name, ...names(inner)],
          )
        : Array.isArray(json)
          ? json.flatMap(names)
          : [];
    const check = fc.property(valuesOf(declarationOf(object)), (value) => {
      for (const name of names(toJson(declarationOf(object), value, object))) expect(name).toMatch(/^[a-z0-9_]+$/);
    });
    fc.assert(check, { ...RUNS, numRuns: 10 });
  });

  it.each(OBJECTS)('%s refuses a JSON member nobody declared, and a missing required one', (object) => {
    const type = declarationOf(object);
    const check = fc.property(valuesOf(type), (value) => {
      const json = toJson(type, value, object) as JsonObject;
      expect(verdict(() => fromJson(type, { ...json, surplus: 1 }, object))).toBe('json-unknown-member');
      expect(verdict(() => fromJson(type, { ...json, __proto__: null, constructor: 1 } as never, object))).toBe(
        'json-unknown-member',
      );
      for (const name of Object.keys(json)) {
        const { [name]: _, ...without } = json;
        const result = verdict(() => fromJson(type, without, object));
        if (result === 'accepted')
          expect(verdict(() => toJson(type, fromJson(type, without, object), object))).toBe(result);
        else expect(result).toMatch(/^(message-shape|act-|a402-)/);
      }
    });
    fc.assert(check, { ...RUNS, numRuns: 10 });
  });

  it.each(OBJECTS)('T21: %s answers JSON of any other kind with a code', (object) => {
    const type = declarationOf(object);
    for (const text of ['null', 'true', '1', '1.5', '"x"', '[]', '{}', '[{}]', '{"currency":"ZZZ"}', '{"currency":1}'])
      expect(
        verdict(() => fromJson(type, parseJson(text), object)),
        text,
      ).not.toBe('accepted');
    const change = fc.property(valuesOf(type), fc.jsonValue(), fc.nat(), (value, other, at) => {
      const json = toJson(type, value, object) as JsonObject;
      const names = Object.keys(json);
      const changed = { ...json, [names[at % names.length] as string]: parseOrNull(other) };
      verdict(() => fromJson(type, changed, object));
    });
    fc.assert(change, RUNS);
  });
});

/** Values that fast-check makes as JSON, as our reader would give them. */
function parseOrNull(other: unknown) {
  let text = JSON.stringify(other);
  if (/[^\u0020-\u007e]/.test(text)) text = 'null';
  return parseJson(text);
}

/** Members of opaque objects are sorted by the canonical form, which is another spelling of the same opaque text. */
function jcsKeepsOpaque(text: string): boolean {
  return !/"(vendor_private|method|details|extension)":\{/.test(text);
}
