/** Vectors of the ACT objects: CBOR and JSON of the same value. */
import { type ActObject, declarationOf } from '../../protocol/act/objects.ts';
import { type CborKey, type CborValue, decodeCbor, encodeCbor } from '../../protocol/cbor.ts';
import { ACT_OBJECTS, hex, toJson, writeJson } from '../../protocol/index.ts';
import type { WireType } from '../../protocol/wire.ts';
import { type Extent, Sampler } from './act-samples.ts';
import { plain, type Vector } from './vector.ts';

/** The declarations of an object: its cases, where its fields depend on a type in it. */
function casesOf(type: WireType<unknown>): readonly (readonly [name: string, type: WireType<unknown>])[] {
  return type.kind?.is === 'variant' ? [...type.kind.cases] : [['', type]];
}

function valid(object: ActObject, name: string, type: WireType<unknown>, extent: Extent): Vector {
  const value = new Sampler(extent).of(type);
  const input = hex(encodeCbor(type.encode(value, object) as CborValue));
  const json = writeJson(toJson(type, value, object));
  const title = [object, name, extent].filter((part) => part !== '').join(', ');
  return { name: title, proves: ['ACTC-OBJ-012', 'ACTC-OBJ-013'], object, input, json, decoded: plain(value) };
}

function invalid(object: ActObject): Vector[] {
  const type = declarationOf(object);
  const [, sampled] = casesOf(type)[0] ?? ['', type];
  const whole = sampled.encode(new Sampler('full').of(sampled), object) as ReadonlyMap<CborKey, CborValue>;
  const short = sampled.encode(new Sampler('short').of(sampled), object) as ReadonlyMap<CborKey, CborValue>;
  const [needed] = short.keys();
  const cases: readonly (readonly [string, string, ReadonlyMap<CborKey, CborValue>])[] = [
    ['an unknown key', 'ACTC-MSG-001', new Map([...whole, [99, 1]])],
    ['an extension', 'ACTC-VER-004', new Map([...whole, [-1, 1]])],
    ['a value of another type', 'ACTC-MSG-002', new Map([...short, [needed ?? 1, true]])],
  ];
  return cases.map(([name, proves, map]): Vector => {
    const input = hex(encodeCbor(decodeCbor(encodeCbor(map))));
    return { name: `${object}: ${name}`, proves: [proves], object, input, code: 'message-shape' };
  });
}

/** `object`, `input`: an ACT object in CBOR; `decoded`: its value; `json`: the same in ACT's JSON. */
export function actVectors(): Vector[] {
  return (Object.keys(ACT_OBJECTS) as ActObject[]).flatMap((object) => [
    ...casesOf(declarationOf(object)).flatMap(([name, type]) => [
      valid(object, name, type, 'full'),
      valid(object, name, type, 'short'),
    ]),
    ...invalid(object),
  ]);
}
