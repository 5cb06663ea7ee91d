/** Which delegations the wearer means, by what is bought and from whom. */
import type { Id16 } from '../../protocol/index.ts';
import type { AccountCommand } from '../voice/delegation/account-command.ts';
import type { CommandTarget } from '../voice/delegation/hear-command.ts';
import type { DelegationCommand } from '../voice/delegation/parse-command.ts';
import { readTerms } from './bounds.ts';
import { canBecome } from './changing.ts';
import { type HeldDelegation, isRunning, type Wanted } from './state.ts';

export const WANTED: Readonly<Record<'suspend' | 'resume' | 'revoke', Wanted>> = {
  suspend: 'Suspended',
  resume: 'Active',
  revoke: 'Revoked',
};

type ChangeCommand = Extract<DelegationCommand, { kind: keyof typeof WANTED }>;

/** "Everything" is what can change; what was named is answered even where it has changed already. */
export function meant({ kind, what }: ChangeCommand, held: readonly HeldDelegation[]): readonly Id16[] {
  const able = held.filter((one) => canBecome(one, WANTED[kind]));
  if (what === 'all') return able.map(({ id }) => id);
  const named = (list: readonly HeldDelegation[]) => list.filter((one) => isNamed(one, what)).map(({ id }) => id);
  const [now, running] = [named(able), named(held.filter(isRunning))];
  return now.length > 0 ? now : running.length > 0 ? running : named(held).slice(-1);
}

/** Where things and shops were both said, both must fit; what may come from any shop may come from the one that was said. */
export function isNamed({ iac }: HeldDelegation, what: CommandTarget): boolean {
  if (what === 'all') return true;
  const { itemIds, merchantIds } = what;
  const terms = readTerms(iac);
  const items = [...(terms?.items?.map(({ itemId }) => itemId) ?? []), ...(terms?.purpose ? [terms.purpose] : [])];
  const merchants = iac.ext?.commerce?.allowedMerchants ?? [];
  const hasItem = itemIds.length === 0 || itemIds.some((id) => items.includes(id));
  const isFromAny = merchants.length === 0 && itemIds.length > 0;
  const hasMerchant = merchantIds.length === 0 || isFromAny || merchantIds.some((id) => merchants.includes(id));
  return hasItem && hasMerchant && itemIds.length + merchantIds.length > 0;
}

/** `pause`: where there is no account to freeze, what pays is paused. `several`: only one can be meant. */
export interface AccountsMeant {
  readonly kind: 'accounts' | 'pause' | 'several';
  readonly ids: readonly Id16[];
}

/** A question or a stop may be about several accounts; what moves money, or cannot be undone, is about one. */
export function accountsMeant({ operation, what }: AccountCommand, held: readonly HeldDelegation[]): AccountsMeant {
  const named = held.filter((one) => isNamed(one, what));
  const paying = named.filter(({ account }) => account !== undefined);
  const running = paying.filter(isRunning);
  const meantOnes = running.length > 0 || what === 'all' ? running : (paying.length > 0 ? paying : named).slice(-1);
  const ids = meantOnes.map(({ id }) => id);
  const hasAccount = meantOnes.some(({ account }) => account !== undefined);
  if (operation === 'FREEZE' && !hasAccount)
    return { kind: 'pause', ids: named.filter((one) => canBecome(one, 'Suspended')).map(({ id }) => id) };
  const mayBeMany = operation === 'QUERY' || operation === 'FREEZE';
  return mayBeMany || ids.length < 2 ? { kind: 'accounts', ids } : { kind: 'several', ids: [] };
}
