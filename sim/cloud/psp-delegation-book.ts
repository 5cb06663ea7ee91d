/** The delegations that a PSP has issued, as far as its desks need to know them; the money is in the ledger. */
import { type Digest, type EdgeTerms, type EpochMs, type IacPayload, type Id16, msOf } from '../../protocol/index.ts';

/** What pays under a delegation: one of the two (PSD-PMT-BND, PSD-AGT-SUB). */
export type DelegationInstrument = { readonly paymentToken: string } | { readonly subAccountId: string };

export interface Delegation {
  readonly delegationId: Id16;
  /** Whose wearer signed it. */
  readonly device: string;
  /** The wearer's, at the PSP. */
  readonly account: string;
  /** The one party that may pay under it, and the thumbprint of its one key for that. */
  readonly agent: string;
  readonly agentKey: Digest;
  readonly iac: IacPayload;
  readonly terms: EdgeTerms;
  /** Of the signed authorization: a payment request carries exactly this one. */
  readonly authorizationDigest: Digest;
  readonly instrument: DelegationInstrument;
  /** Revoked, or its end was told: nothing changes it any more. */
  isOver: boolean;
  /** Stopped by risk control: until risk control lifts that, the wearer's word does not resume it. */
  isHeld: boolean;
  /** How often risk control has changed it: each change has an id of its own, also within one millisecond. */
  riskChanges: number;
}

export class DelegationBook {
  readonly #delegations = new Map<string, Delegation>();
  readonly #byInstrument = new Map<string, Delegation>();
  /** Those that are not over. */
  readonly #live = new Set<Delegation>();
  #nextEnd: EpochMs | undefined;

  /** Once for each id. */
  add(delegation: Delegation): void {
    const { delegationId, instrument } = delegation;
    if (this.#delegations.has(delegationId)) return;
    this.#delegations.set(delegationId, delegation);
    this.#byInstrument.set(nameOf(instrument), delegation);
    this.#live.add(delegation);
    this.#nextEnd = earlier(this.#nextEnd, endOf(delegation));
  }

  find(delegationId: string): Delegation | undefined {
    return this.#delegations.get(delegationId);
  }

  /** What a payment token or a sub-account stands for. */
  paidBy(instrument: DelegationInstrument): Delegation | undefined {
    return this.#byInstrument.get(nameOf(instrument));
  }

  /** Those of a device that are not over. */
  liveOf(device: string): readonly Delegation[] {
    return [...this.#live].filter((delegation) => delegation.device === device);
  }

  /** It is over, whatever led there. */
  close(delegation: Delegation): void {
    delegation.isOver = true;
    this.#live.delete(delegation);
    this.#nextEnd = undefined;
    for (const one of this.#live) this.#nextEnd = earlier(this.#nextEnd, endOf(one));
  }

  /** When the first of those that are not over ends. */
  nextEnd(): EpochMs | undefined {
    return this.#nextEnd;
  }

  /** Those whose end has come and was not told yet. */
  ended(now: EpochMs): readonly Delegation[] {
    if (this.#nextEnd === undefined || now < this.#nextEnd) return [];
    return [...this.#live].filter((delegation) => endOf(delegation) <= now);
  }
}

function nameOf(instrument: DelegationInstrument): string {
  return 'paymentToken' in instrument ? `token ${instrument.paymentToken}` : `sub-account ${instrument.subAccountId}`;
}

function endOf({ iac }: Delegation): EpochMs {
  return msOf(iac.validityEndTime);
}

function earlier(one: EpochMs | undefined, other: EpochMs): EpochMs {
  return one !== undefined && one < other ? one : other;
}
