/** Field types that several ACT objects share, each with its form in JSON. */

import { ProtocolError } from '../errors.ts';
import { currency, epochSeconds, minor, paidMinor } from '../fields.ts';
import { digest, partyId } from '../ids.ts';
import { isJsonObject, JsonDecimal, type JsonValue, jsonNumber, parseJson, writeJson } from '../json.ts';
import { type CURRENCY_EXPONENTS, type Currency, formatAmount, parseAmount } from '../money.ts';
import { type EpochSeconds, fromIsoUtc, toIsoUtc } from '../time.ts';
import { bytes, type JsonCodec, type JsonScope, oneOf, refuse, text, uint, type WireType } from '../wire.ts';
import { located } from './json-form.ts';

export { currency, digest, partyId };

/** Epoch seconds in the program and on the wire, `YYYY-MM-DDTHH:MM:SSZ` in JSON (ACT 2.1: ISO 8601 UTC). */
export const time: WireType<EpochSeconds> = {
  ...epochSeconds,
  json: {
    write: (value) => toIsoUtc(value),
    read: (json, path) =>
      typeof json === 'string' ? located(path, () => fromIsoUtc(json)) : refuse(path, 'expected a time'),
  },
};

/** The currency beside an amount. A declaration with an amount and no currency around it is a defect of ours (T7). */
function currencyOf(scope: JsonScope, path: string): Currency {
  return scope.currency ?? refuse(path, 'an amount has no currency beside it');
}

/** The plain spelling of a JSON number, `600.50`; powers of ten are none (T7). */
function spellingOf(json: JsonValue, path: string): string {
  if (Number.isSafeInteger(json)) return String(json);
  return json instanceof JsonDecimal ? json.text : refuse(path, 'expected a number');
}

const IN_NUMBER: JsonCodec<number> = {
  write: (value, path, scope) => jsonNumber(formatAmount(value, currencyOf(scope, path))),
  read: (json, path, scope) => located(path, () => parseAmount(spellingOf(json, path), currencyOf(scope, path))),
};
const IN_TEXT: JsonCodec<number> = {
  write: (value, path, scope) => formatAmount(value, currencyOf(scope, path)),
  read: (json, path, scope) =>
    typeof json === 'string'
      ? located(path, () => parseAmount(json, currencyOf(scope, path)))
      : refuse(path, 'expected an amount as text'),
};

/** Minor units from 0; in JSON a number with all decimals of the currency, `600.00` (ADD `max_total_amount`). */
export const amountNumber: WireType<number> = { ...minor, json: IN_NUMBER };
/** The same from one minor unit. */
export const paidNumber: WireType<number> = { ...paidMinor, json: IN_NUMBER };
/** Minor units from 1; in JSON a text, `"600.00"` (PSD-PAY-A402 `amount`). */
export const paidText: WireType<number> = { ...paidMinor, json: IN_TEXT };
/** Minor units from 0 as text. */
export const amountText: WireType<number> = { ...minor, json: IN_TEXT };

/** Hundredths of a percent, 0 to 100 %; in JSON a number of percent such as `2.5` (ADD `price_deviation_tolerance`). */
export const percentE2: WireType<number> = {
  ...uint(10_000),
  json: {
    write: (value) => jsonNumber(formatAmount(value, TWO_DECIMALS).replace(/\.?0+$/, '')),
    read: (json, path) => located(path, () => parseAmount(spellingOf(json, path), TWO_DECIMALS)),
  },
};
/** Percent is read and written with the two decimals this currency has. */
const TWO_DECIMALS = 'CNY' satisfies keyof typeof CURRENCY_EXPONENTS;

/**
 * A JSON object that is not ours to understand (`ext.vendor_private`, A402 `method`): its text without spaces in the
 * program and on the wire, the object itself in JSON. Numbers keep their spelling.
 * @throws ProtocolError `json-not-compact` for another spelling of an object, or what is none.
 */
export function opaque(maxLength: number): WireType<string> {
  const bounded = text(maxLength);
  const check = (value: string, path: string): string => {
    const json = located(path, () => parseJson(value));
    if (isJsonObject(json) && writeJson(json) === value) return value;
    throw new ProtocolError('json-not-compact', 'expected a JSON object without spaces', { path });
  };
  return {
    encode: (value, path) => check(bounded.encode(value, path) as string, path),
    decode: (value, path) => check(bounded.decode(value, path), path),
    cddl: `${bounded.cddl} ; a JSON object without spaces`,
    json: { write: (value) => parseJson(value), read: (json) => writeJson(json) },
  };
}

/** A whole signed object inside another one: a credential, for example. */
export const signedObject = bytes(1536);
/** 64 bytes of an Ed25519 signature. */
export const signature = bytes(64, 64);
/** 32 bytes of SHA-256 or SM3, base64url in JSON (TSD-ATT-OFF). */
export const hash32 = bytes(32, 32);
/** Any identifier that others chose: visible ASCII, so that nothing invisible can hide in it (T8). */
export const identifier = text(96, /^[!-~]+$/);
/** Where something is asked or fetched. */
export const url = text(256, /^https:\/\/[a-z0-9.-]+(?::[0-9]+)?(?:\/[!-~]*)?$/);
/** A payment method as ACT's own examples spell it; wider than ours, as they use `credit_card` (CID-PCA-NEG). */
export const methodUrn = text(64, /^urn:act:payment:[a-z0-9_-]+$/);
/** A payment service provider, for example `urn:act:psp:alipay-official` (CID-PCA-NEG). */
export const pspUrn = text(64, /^urn:act:psp:[a-z0-9_-]+$/);
/** A decentralised identifier of the principal, for example `did:act:example.com/person-1` (ADD `delegator_identity`). */
export const principalId = text(96, /^did:[a-z0-9]+:[!-~]+$/);
/** A category of goods or services; the deployment defines which there are. */
export const category = text(32, /^[a-z0-9][a-z0-9._-]*$/);

export const delegationMode = oneOf({ SPECIFIED: 1, BOUNDED: 2 });
/** How the principal confirmed; ACT leaves the names to who implements it. */
export const userConfirmationMethod = oneOf({ VOICE: 1, BUTTON: 2 });
/** What happens when a price leaves the tolerance, or a pre-check fails (ADD `ext.agent_behavior`, CID-CART-CFM). */
export const deviationAction = oneOf({ PAUSE_AND_NOTIFY: 1, AUTO_CANCEL: 2 });
