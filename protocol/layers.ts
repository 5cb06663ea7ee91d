/**
 * One statement under several signatures, each around the one before it: the inner ones prove possession of the keys that
 * the statement names, the outermost says who stands for it.
 */
import { type CborValue, decodeCbor, encodeCbor } from './cbor.ts';
import { StrictReader } from './cbor-strict.ts';
import { ProtocolError } from './errors.ts';
import { type ParsedSign1, parseSign1, type SigningKey, signSign1, type VerifyingKey, verifyParsed } from './sign1.ts';
import { PROFILE, PROFILE_VERSION } from './version.ts';

/** What kind of statement it is, for whom; and whose signature each layer is, from the innermost. */
export interface Layering {
  readonly name: string;
  readonly typ: number;
  readonly tenant: string;
  readonly layers: readonly string[];
}

function aadOf({ name, typ, tenant }: Layering, layer: string): Uint8Array {
  return encodeCbor([PROFILE, PROFILE_VERSION, name, typ, tenant, layer]);
}

/** Signs with one key for each layer, in their order. */
export function signLayers(body: CborValue, keys: readonly SigningKey[], layering: Layering): Uint8Array {
  return layering.layers.reduce((payload, layer, i) => {
    const key = keys[i];
    if (!key) throw new Error('a layer has no key');
    return signSign1({ payload, key, typ: layering.typ, externalAad: aadOf(layering, layer) });
  }, encodeCbor(body));
}

export interface ParsedLayers {
  /** What the innermost signature is over. Nothing of it is trustworthy before {@link verifyLayers}. */
  readonly body: CborValue;
  /** From the innermost. */
  readonly layers: readonly ParsedSign1[];
}

/** @throws ProtocolError `cose-*`, `cbor-*`. */
export function parseLayers(bytes: Uint8Array, { layers }: Layering): ParsedLayers {
  let rest = new StrictReader(bytes).bytes;
  const parsed: ParsedSign1[] = [];
  for (const _layer of layers) {
    const outermost = parseSign1(rest);
    if (outermost.header.claims !== undefined || outermost.header.version !== undefined)
      throw new ProtocolError('cose-header', 'a statement carries neither claims nor a version');
    parsed.unshift(outermost);
    rest = outermost.payload;
  }
  return { body: decodeCbor(rest), layers: parsed };
}

/** Every layer under its own key. @throws ProtocolError `cose-*`. */
export function verifyLayers({ layers }: ParsedLayers, keys: readonly VerifyingKey[], layering: Layering): void {
  for (const [i, parsed] of layers.entries()) {
    const [key, layer] = [keys[i], layering.layers[i]];
    if (!key || layer === undefined) throw new Error('a layer has no key');
    verifyParsed(parsed, { key, typ: layering.typ, externalAad: aadOf(layering, layer) });
  }
}
