/** What an agent checks before it takes a task: the credential is genuine, this device's, for this agent's key, and can be acted on. */
import {
  type DelegationTask,
  type Digest,
  type EdgeTerms,
  type EpochMs,
  msOf,
  type ObjectValue,
  type Party,
  ProtocolError,
  secondsOf,
  type TrustSet,
  termsOf,
} from '../../protocol/index.ts';
import { shopVocabulary } from '../shops/index.ts';
import { optionsOf } from './agent-choices.ts';
import type { Mandate } from './agent-task.ts';
import { genuine } from './genuine.ts';

export interface Seller {
  readonly party: string;
  readonly itemIds: ReadonlySet<string>;
}

export interface MandateChecks {
  readonly tenant: string;
  readonly trust: TrustSet;
  /** The identity that is delegated to, and the thumbprint of the one key that pays. */
  readonly agentId: string;
  readonly agentKey: Digest;
  readonly method: string;
  readonly currency: string;
  /** Whom the agent can order what from, and from whom it can buy resources. */
  readonly sellers: readonly Seller[];
  readonly desks: readonly string[];
}

type Authorization = ObjectValue<'authorization'>;

export type MandateFault =
  | 'authorization-unsound'
  | 'agent-mismatch'
  | 'expired'
  | 'terms-unreadable'
  | 'method-unsupported'
  | 'currency-unsupported'
  | 'merchant-unknown'
  | 'choice-unknown'
  | 'category-not-allowed'
  | 'intent-missing';

/** The mandate with the parties it may be carried out with; or why not, with whose it is where that is certain. */
export type Judged =
  | { readonly mandate: Mandate; readonly merchants: readonly string[] }
  | { readonly fault: MandateFault; readonly authorization?: Authorization };

/** T13: a task is judged by the wearer's signature in it and by nothing else in the frame. */
export function judgeTask(task: DelegationTask, device: Party, checks: MandateChecks, now: EpochMs): Judged {
  const opened = genuine('authorization', task.authorization, { ...checks, at: secondsOf(now) });
  if (opened === undefined || opened.signer.party !== device.party) return { fault: 'authorization-unsound' };
  const authorization = opened.value;
  const fault = (code: MandateFault): Judged => ({ fault: code, authorization });
  const { iac, agentKey } = authorization;
  if (iac.agentId !== checks.agentId || agentKey !== checks.agentKey) return fault('agent-mismatch');
  if (now >= msOf(iac.validityEndTime)) return fault('expired');
  const terms = readTerms(authorization);
  if (terms === undefined) return fault('terms-unreadable');
  if (iac.allowedPaymentMethods?.includes(checks.method) === false) return fault('method-unsupported');
  if (iac.currency !== checks.currency) return fault('currency-unsupported');
  if (iac.intentId === undefined) return fault('intent-missing');
  if (!(terms.items ?? []).every(({ itemId, choices }) => optionsOf(itemId, choices))) return fault('choice-unknown');
  if (!isCategoryAllowed(authorization, terms)) return fault('category-not-allowed');
  const merchants = counterpartsOf(authorization, terms, checks);
  if (merchants.length === 0) return fault('merchant-unknown');
  const { locale, place } = task;
  const mandate = { id: iac.delegationId, device, authorization: task.authorization, iac, terms, locale, place };
  return { mandate, merchants };
}

function readTerms({ iac }: Authorization): ReturnType<typeof termsOf> {
  try {
    return termsOf(iac);
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}

/** CID-CART-CFM, dimension CATEGORY: of the things named, or of what the task is for. */
function isCategoryAllowed({ iac }: Authorization, { items = [], purpose }: EdgeTerms): boolean {
  const { allowedCategories, forbiddenCategories = [] } = iac.ext?.commerce ?? {};
  return [...items.map(({ itemId }) => itemId), ...(purpose === undefined ? [] : [purpose])].every((itemId) => {
    const category = shopVocabulary.items.find(({ id }) => id === itemId)?.category;
    if (category === undefined) return false;
    return (allowedCategories?.includes(category) ?? true) && !forbiddenCategories.includes(category);
  });
}

/** Whom the credential allows of those that have what is wanted. */
function counterpartsOf(
  { iac }: Authorization,
  terms: EdgeTerms,
  { sellers, desks }: MandateChecks,
): readonly string[] {
  const { allowedMerchants, forbiddenMerchants = [] } = iac.ext?.commerce ?? {};
  const { items } = terms;
  const able = items
    ? sellers.filter(({ itemIds }) => items.every(({ itemId }) => itemIds.has(itemId))).map(({ party }) => party)
    : desks;
  return able.filter((party) => (allowedMerchants?.includes(party) ?? true) && !forbiddenMerchants.includes(party));
}
