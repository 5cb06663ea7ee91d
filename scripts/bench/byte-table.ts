/** How many bytes the things of one purchase take: as this binding writes them, and as ACT JSON with detached signatures. */
import { ENVELOPE_OVERHEAD_BYTES, type Evidence, encodeCbor, peekFrame, SEALED_SIZES } from '../../protocol/index.ts';
import { actJsonBundle, actJsonOf } from './act-json.ts';
import { type Delegation, delegationOf } from './delegation.ts';
import type { PlayedPurchase } from './purchase.ts';

export interface ByteRow {
  readonly name: string;
  readonly bytes: number;
  /** Length of the JSON text in UTF-8. */
  readonly jsonBytes: number;
  /** Only where a budget is set (design 4). */
  readonly budget?: number;
}

const BUDGETS: Readonly<Record<string, number>> = {
  confirmation: 180,
  'evidence bundle': 900,
  'delegated bundle': 1500,
};

export function byteTable(purchase: PlayedPurchase): ByteRow[] {
  const { evidence, bundle, frames, tenant } = purchase;
  const devices = tenant.devices.map(({ device }) => device);
  const parts = Object.keys(evidence) as (keyof Evidence)[];
  const rows = [
    ...parts.map((part) => ({
      name: part,
      bytes: evidence[part].length,
      jsonBytes: utf8Length(actJsonOf(evidence[part])),
    })),
    { name: 'evidence bundle', bytes: bundle.length, jsonBytes: utf8Length(actJsonBundle({ ...evidence })) },
    ...delegatedRows(delegationOf(purchase)),
    framesRow(
      `device's frames`,
      frames.filter((frame) => isOf(devices, frame)),
    ),
    framesRow('all frames', frames),
  ];
  return rows.map((row) => ({
    ...row,
    ...(BUDGETS[row.name] !== undefined && { budget: BUDGETS[row.name] as number }),
  }));
}

/**
 * The bundle of a delegated purchase is cart, request with the authorization and its terms inside, and receipt: enough to
 * judge the payment by. The challenge also shows that the authorization was fresh; it is one for all payments under it.
 */
function delegatedRows(delegation: Delegation): ByteRow[] {
  const { 'delegation-challenge': challenge, authorization, ...bundle } = delegation;
  const rows = [
    ['delegation challenge', challenge],
    ['authorization', authorization],
    ['delegated pay request', bundle['delegated-pay-request']],
  ] as const;
  const bundles = [
    ['delegated bundle', bundle],
    ['with its challenge', { challenge, ...bundle }],
  ] as const;
  return [
    ...rows.map(([name, signed]) => ({ name, bytes: signed.length, jsonBytes: utf8Length(actJsonOf(signed)) })),
    ...bundles.map(([name, parts]) => ({
      name,
      bytes: encodeCbor(new Map(Object.values(parts).map((signed, i) => [i + 1, signed]))).length,
      jsonBytes: utf8Length(actJsonBundle(parts)),
    })),
  ];
}

function framesRow(name: string, frames: readonly Uint8Array[]): ByteRow {
  const sum = (lengths: readonly number[]) => lengths.reduce((total, length) => total + length, 0);
  return {
    name: `${name} (${frames.length})`,
    bytes: sum(frames.map(({ length }) => length)),
    jsonBytes: sum(frames.map((frame) => utf8Length(actJsonOf(frame)))),
  };
}

/** What the frames take once each is padded and sealed, and the broker can tell none from another (T28). */
export function sealedBytes(frames: readonly Uint8Array[]): number {
  const sizes = frames.map(
    ({ length }) => SEALED_SIZES.find((size) => length < size - ENVELOPE_OVERHEAD_BYTES) ?? Number.NaN,
  );
  return sizes.reduce<number>((sum, size) => sum + size, 0);
}

/** Sent or received by a device: what its radio carries. */
function isOf(devices: readonly string[], frame: Uint8Array): boolean {
  const { iss, aud } = peekFrame(frame);
  return devices.includes(iss) || devices.includes(aud);
}

function utf8Length(text: string): number {
  return new TextEncoder().encode(text).length;
}
