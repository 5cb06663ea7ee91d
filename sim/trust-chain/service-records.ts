/**
 * What the services report, from what they take in and send out: the same inputs give the same reports, so that a service
 * that is started again reports nothing twice (ACT 2.1 TSD-ATT-EVT). Each is given every step of its service, in order.
 */
import { type KeptObject, keptObject } from '../../device/audit/kept-object.ts';
import type { Reported } from '../../device/audit/reported.ts';
import {
  type EpochMs,
  type FrameBody,
  type FrameType,
  type IacPayload,
  type OpenFrame,
  parseSign1,
} from '../../protocol/index.ts';
import type { Handler, Outgoing } from '../cloud/handler.ts';

/** One step of a service: a frame it was given, or time alone, and what it sent. */
export interface ServiceStep {
  readonly at: EpochMs;
  readonly frame?: OpenFrame;
  readonly sent: readonly Outgoing[];
  /** Of the PSP: what its ledger has of a delegation, which outlives its services. */
  readonly delegations?: Handler['delegations'];
}

export interface ServiceReports {
  take(step: ServiceStep): readonly Reported[];
}

/** The body of each message of one type among those that were sent. */
export function bodiesOf<T extends FrameType>(sent: readonly Outgoing[], type: T): readonly FrameBody<T>[] {
  return sent.flatMap(({ message }) => (message.type === type ? [message.body as FrameBody<T>] : []));
}

export type DelegatedRequest = KeptObject<'delegated-pay-request'> | KeptObject<'autonomous-pay-request'>;

const AUTONOMOUS_TYP = 15;

/** An agent's signed request to pay, of either kind. */
export function requestIn(bytes: Uint8Array): DelegatedRequest {
  return parseSign1(bytes).header.typ === AUTONOMOUS_TYP
    ? keptObject('autonomous-pay-request', bytes)
    : keptObject('delegated-pay-request', bytes);
}

/** The credential that a request carries. */
export function iacIn({ value }: DelegatedRequest): IacPayload {
  return keptObject('authorization', value.iac).value.iac;
}

/** Ids that are known already: nothing is reported twice within one life either. */
export class Once {
  readonly #known = new Set<string>();

  isNew(id: string): boolean {
    if (this.#known.has(id)) return false;
    this.#known.add(id);
    return true;
  }
}
