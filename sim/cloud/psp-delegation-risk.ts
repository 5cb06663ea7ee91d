/**
 * What an operator says: risk control suspends a delegation and lets it go on, a device is reported lost and found (T17, T18).
 * This gateway pays nothing from the moment it is told; the others from the moment the ledger has it, which is when the word
 * counts as carried out.
 */
import type { EpochMs, Id16 } from '../../protocol/index.ts';
import { type Books, LedgerUnavailable } from '../ledger/store.ts';
import { derivedId } from './derive.ts';
import type { Drop, Outgoing, Reaction } from './handler.ts';
import type { Delegation } from './psp-delegation-book.ts';
import { changeIn, newsOf, type Wish } from './psp-delegation-change.ts';
import {
  type HaltVerdict,
  type HaltWord,
  haltIn,
  holdOf,
  isNewest,
  lockOf,
  writeHalt,
} from './psp-delegation-halts.ts';
import type { DelegationParts } from './psp-delegation-parts.ts';

export class RiskControl {
  readonly #parts: DelegationParts;
  /** How many words operators have said to this gateway. */
  #turn = 0;
  /** The latest time of a word that was said here or read in the ledger. */
  #latest = 0;
  /** The newest word that was said here about each delegation. */
  readonly #newest = new Map<string, Id16>();

  constructor(parts: DelegationParts) {
    this.#parts = parts;
  }

  /** The wearer's word does not lift it. `ledger-waits` where the ledger has not answered yet. */
  suspend(delegationId: string, now: EpochMs): Reaction {
    return this.#order(delegationId, 'Suspended', now);
  }

  resume(delegationId: string, now: EpochMs): Reaction {
    return this.#order(delegationId, 'Active', now);
  }

  /** A device was reported lost: what its wearer has delegated stops with it. The wearer resumes it once it is found. */
  lockdown(device: string, now: EpochMs, isForGood: boolean): readonly Outgoing[] {
    const { book, retries } = this.#parts;
    const key = lockOf(device);
    const word = this.#word(isForGood ? `${key} for good` : key, true, now);
    const write = this.#writer(key, { ...word, isForGood });
    return retries.insist(lockKey(device), now, () => {
      const live = write(({ books, isNewest }) => (isNewest ? book.liveOfIn(books, device) : []));
      return live.flatMap((delegation) =>
        this.#carryOut(delegation, this.#changeId(delegation, 'Suspended', now), 'Suspended', now),
      );
    });
  }

  /** It was found. @returns why it stays locked all the same, as far as the ledger has answered. */
  unlocked(device: string, now: EpochMs): Drop | undefined {
    const key = lockOf(device);
    const write = this.#writer(key, this.#word(key, false, now));
    let code: HaltVerdict['code'];
    this.#parts.retries.insist(lockKey(device), now, () => {
      code = write(({ verdict }) => verdict).code;
      return [];
    });
    return code && { drop: code };
  }

  /** Whether other gateways cannot know yet that a device was lost, or found. */
  isWaiting(device: string): boolean {
    return this.#parts.retries.isWaiting(lockKey(device));
  }

  #order(delegationId: string, to: 'Suspended' | 'Active', now: EpochMs): Reaction {
    const { isLocked, retries } = this.#parts;
    const word = this.#word(holdOf(delegationId), to === 'Suspended', now);
    const delegation = this.#found(delegationId);
    if (delegation === 'silence') return { drop: 'ledger-waits' };
    if (!delegation) return { drop: 'delegation-unknown' };
    if (delegation.isOver) return { drop: 'delegation-state' };
    if (to === 'Active' && isLocked(delegation.device)) return { drop: 'device-locked' };
    if (to === 'Suspended') delegation.isHeld = true;
    const changeId = this.#changeId(delegation, to, now);
    this.#newest.set(delegationId, word.id);
    const said: Said = { word };
    const also = this.#carryOut(delegation, changeId, to, now, said);
    const drop = retries.isWaiting(changeKey(changeId)) ? 'ledger-waits' : said.code;
    return drop === undefined ? also : { drop, also };
  }

  #found(delegationId: string): Delegation | 'silence' | undefined {
    try {
      return this.#parts.book.find(delegationId);
    } catch (error) {
      if (error instanceof LedgerUnavailable) return 'silence';
      throw error;
    }
  }

  #changeId(delegation: Delegation, to: 'Suspended' | 'Active', now: EpochMs): Id16 {
    delegation.riskChanges += 1;
    const { delegationId, riskChanges } = delegation;
    return derivedId(this.#parts.secret, 'risk', delegationId, to, String(now), String(riskChanges));
  }

  /** @param about what it is about, and how. */
  #word(about: string, isOn: boolean, now: EpochMs): HaltWord {
    this.#turn += 1;
    const id = derivedId(this.#parts.secret, 'word', about, String(isOn), String(now), String(this.#turn));
    const at = Math.max(now, this.#latest + 1) as EpochMs;
    this.#latest = at;
    return { id, isOn, at };
  }

  /** Says a word in one transaction with what follows from it; one that had to wait keeps its place among what was said since. */
  #writer(key: string, word: HaltWord): <T>(work: (written: Written) => T) => T {
    let isNew = true;
    return (work) => {
      const isFirst = isNew;
      isNew = false;
      const [verdict, result] = this.#parts.store.transact((books) => {
        const verdict = writeHalt(books, key, word, isFirst);
        return [verdict, work({ books, verdict, isNewest: isNewest(books, key, word) })] as const;
      });
      this.#latest = Math.max(this.#latest, verdict.at);
      return result;
    };
  }

  /** @param said stands until risk control says otherwise; absent where the wearer may resume. */
  #carryOut(
    delegation: Delegation,
    changeId: Id16,
    to: 'Suspended' | 'Active',
    now: EpochMs,
    said?: Said,
  ): readonly Outgoing[] {
    const { retries, store } = this.#parts;
    const { delegationId } = delegation;
    const wish: Wish = { changeId, to, by: 'RISK_CONTROL' };
    const write = said && this.#writer(holdOf(delegationId), said.word);
    return retries.insist(changeKey(changeId), now, (at) => {
      const outcome =
        write?.(({ books, verdict, isNewest }) =>
          isNewest ? outcomeIn(books, delegation, wish, at) : (verdict.code ?? 'word-overtaken'),
        ) ?? store.transact((books) => outcomeIn(books, delegation, wish, at));
      // A newer word may wait for the ledger still.
      if (said && this.#newest.get(delegationId) === said.word.id) delegation.isHeld = false;
      if (said && outcome !== 'done' && outcome !== 'as-it-was') said.code = outcome;
      return outcome === 'done' ? newsOf(this.#parts, delegation, at) : [];
    });
  }
}

interface Said {
  readonly word: HaltWord;
  /** Why it was not carried out, once the ledger has refused it. */
  code?: string;
}

interface Written {
  readonly books: Books;
  readonly verdict: HaltVerdict;
  readonly isNewest: boolean;
}

/** What comes of a word that stands; `as-it-was` where what it asks for holds already. */
function outcomeIn(books: Books, delegation: Delegation, wish: Wish, at: EpochMs): string {
  const halt = wish.to === 'Active' ? haltIn(books, delegation) : undefined;
  if (halt) return halt;
  const { kind, isOver } = changeIn(books, delegation, wish, at);
  if (kind === 'done') return kind;
  return isOver ? 'delegation-state' : 'as-it-was';
}

const lockKey = (device: string): string => `lock/${device}`;
const changeKey = (changeId: Id16): string => `change/${changeId}`;
