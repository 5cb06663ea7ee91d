/**
 * The delegations that a PSP has issued, as far as its desks need to know them. They stand in the ledger beside the money, so
 * that each gateway finds what any other has issued; what was found once is remembered.
 */
import {
  type Digest,
  decodeCbor,
  type EdgeTerms,
  type EpochMs,
  encodeCbor,
  fromHex,
  hex,
  IacPayload,
  type Id16,
  msOf,
  termsOf,
} from '../../protocol/index.ts';
import type { Books, LedgerStore } from '../ledger/store.ts';

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
  /** Stopped by risk control, and the ledger has not answered yet: nothing is paid here meanwhile. */
  isHeld: boolean;
  /** How often risk control has changed it: each change has an id of its own, also within one millisecond. */
  riskChanges: number;
}

/** How it stands in the ledger. */
interface IssuedRecord extends Pick<Delegation, 'device' | 'account' | 'agent' | 'agentKey' | 'authorizationDigest'> {
  readonly iac: string;
  readonly instrument: DelegationInstrument;
  /** Of the request that it was issued for. */
  readonly requestKey: string;
}

export class DelegationBook {
  readonly #store: LedgerStore;
  readonly #delegations = new Map<string, Delegation>();
  readonly #byInstrument = new Map<string, Delegation>();
  /** Those that are not over. */
  readonly #live = new Set<Delegation>();
  #nextEnd: EpochMs | undefined;

  constructor(store: LedgerStore) {
    this.#store = store;
  }

  /** Once for each id. @returns the one that stands for it. */
  add(delegation: Delegation): Delegation {
    const { delegationId, instrument } = delegation;
    const known = this.#delegations.get(delegationId);
    if (known) return known;
    this.#delegations.set(delegationId, delegation);
    this.#byInstrument.set(nameOf(instrument), delegation);
    this.#live.add(delegation);
    this.#nextEnd = earlier(this.#nextEnd, endOf(delegation));
    return delegation;
  }

  /** In the transaction that opens it. */
  keepIn(books: Books, delegation: Delegation, requestKey: string): void {
    const { delegationId, device, account, agent, agentKey, authorizationDigest, instrument } = delegation;
    const iac = hex(encodeCbor(IacPayload.encode(delegation.iac, 'iac')));
    const record: IssuedRecord = { device, account, agent, agentKey, authorizationDigest, instrument, iac, requestKey };
    books.put(issuedKey(delegationId), record);
    books.put(`instrument/${nameOf(instrument)}`, delegationId);
    books.put(ofDevice(device) + delegationId, true);
  }

  /** For which request something was issued under an id, by whichever gateway. */
  issuedFor(books: Books, delegationId: string): string | undefined {
    return (books.get(issuedKey(delegationId)) as IssuedRecord | undefined)?.requestKey;
  }

  /** What this gateway remembers. */
  known(delegationId: string): Delegation | undefined {
    return this.#delegations.get(delegationId);
  }

  /** @throws LedgerUnavailable for one that is not remembered. */
  find(delegationId: string): Delegation | undefined {
    return this.known(delegationId) ?? this.#store.transact((books) => this.findIn(books, delegationId));
  }

  findIn(books: Books, delegationId: string): Delegation | undefined {
    const known = this.known(delegationId);
    if (known) return known;
    const record = books.get(issuedKey(delegationId)) as IssuedRecord | undefined;
    return record && this.add(readBack(delegationId as Id16, record));
  }

  /** What a payment token or a sub-account stands for. */
  paidBy(instrument: DelegationInstrument): Delegation | undefined {
    return this.#store.transact((books) => this.paidByIn(books, instrument));
  }

  paidByIn(books: Books, instrument: DelegationInstrument): Delegation | undefined {
    const known = this.#byInstrument.get(nameOf(instrument));
    if (known) return known;
    const delegationId = books.get(`instrument/${nameOf(instrument)}`) as Id16 | undefined;
    return delegationId && this.findIn(books, delegationId);
  }

  /** Those of a device that are not over, whichever gateway has issued them. */
  liveOfIn(books: Books, device: string): readonly Delegation[] {
    const ids = books.list(ofDevice(device)).map((key) => key.slice(ofDevice(device).length));
    const all = ids.map((delegationId) => this.findIn(books, delegationId));
    return all.filter((delegation) => delegation !== undefined).filter((delegation) => this.#live.has(delegation));
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

function readBack(
  delegationId: Id16,
  { device, account, agent, agentKey, authorizationDigest, instrument, iac: text }: IssuedRecord,
): Delegation {
  const iac = IacPayload.decode(decodeCbor(fromHex(text)), 'iac');
  const terms = termsOf(iac);
  if (!terms) throw new Error('what was issued has terms');
  const bound = { device, account, agent, agentKey, authorizationDigest, instrument };
  return { delegationId, ...bound, iac, terms, isOver: false, isHeld: false, riskChanges: 0 };
}

const issuedKey = (delegationId: string): string => `issued/${delegationId}`;
const ofDevice = (device: string): string => `issued-of/${device}/`;

function nameOf(instrument: DelegationInstrument): string {
  return 'paymentToken' in instrument ? `token ${instrument.paymentToken}` : `sub-account ${instrument.subAccountId}`;
}

function endOf({ iac }: Delegation): EpochMs {
  return msOf(iac.validityEndTime);
}

function earlier(one: EpochMs | undefined, other: EpochMs): EpochMs {
  return one !== undefined && one < other ? one : other;
}
