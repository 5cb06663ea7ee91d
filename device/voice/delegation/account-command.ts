/**
 * What is said about the sub-account of a delegation (ACT 2.1 PSD-AGT-SUB): how much is in it, freeze it, close it, go on with
 * it, put more into it. What stops is understood generously; all else only when said outright and of an account.
 */
import { catalogueOf } from '../catalogue.ts';
import { candidatesFor } from '../near-items.ts';
import type { Vocabulary } from '../vocabulary.ts';
import { phrasesFor } from './command-words.ts';
import { type CommandTarget, type CommonWord, type Heard as HeardOf, hear } from './hear-command.ts';
import { phraseTable } from './phrase-table.ts';

/** One of ACT's operations on the accounts that are meant; `amountMinor`, in fen, stands with `TOP_UP` only. */
export type AccountCommand =
  | {
      readonly kind: 'account';
      readonly operation: 'QUERY' | 'FREEZE' | 'CANCEL' | 'UNFREEZE';
      readonly what: CommandTarget;
    }
  | {
      readonly kind: 'account';
      readonly operation: 'TOP_UP';
      readonly what: CommandTarget;
      readonly amountMinor: number;
    };

type Deed = 'stop' | 'freeze' | 'go-on' | 'close' | 'add' | 'holds';
type Word = Deed | 'account' | 'not' | 'ask' | 'spend' | CommonWord;
type Heard = HeardOf<Word>;

const WORDS = phraseTable<Word>([
  ['account', 'account|sub account|subaccount|账户|帐户|账号|子账户|子帐户|子账号|专户'],
  ['freeze', 'freeze|lock|冻结|冻住|锁定|锁住|锁上'],
  ['stop', phrasesFor('stop')],
  ['go-on', `${phrasesFor('resume')}|unlock|thaw|reopen|open again|解锁`],
  ['close', `${phrasesFor('revoke')}|close|close down|shut|shut down|关闭|关掉|关了|注销|销户|销掉`],
  [
    'add',
    'put|add|top up|load|transfer|move|deposit|recharge|充值|充|存|存入|存进|打|打入|打进|放|放进|放入|转|转入|转进|加|追加|补|补充',
  ],
  [
    'holds',
    `${phrasesFor('left')}|how much is in|how much money is in|how much is there in|how much has|how much does|how much money|how much|` +
      "what is in|what's in|balance|the balance|有多少|有多少钱|多少钱|多少|查询|查一下|查看|查|看看",
  ],
  ['spend', phrasesFor('spend')],
  ['not', phrasesFor('not')],
  ['ask', phrasesFor('ask')],
  ['all', phrasesFor('all')],
  [
    'filler',
    `${phrasesFor('filler')}|more|hold|into|inside|has|money|got|still|there|another|extra|one|tell|show|里|里面|里边|中|上|用|钱|多|进|进去|到|往|给|还|有|看`,
  ],
]);

/** Of which the first that was said is carried out; what stops stands before what lets go on. */
const OPERATIONS: readonly (readonly [Deed, AccountCommand['operation']])[] = [
  ['close', 'CANCEL'],
  ['go-on', 'UNFREEZE'],
  ['add', 'TOP_UP'],
  ['holds', 'QUERY'],
];

/** The command in `words`, or undefined where none is said of an account. Total: never throws. */
export function parseAccountCommand(words: string, vocabulary: Vocabulary): AccountCommand | undefined {
  const heard: Heard = hear(words, vocabulary, WORDS, true);
  if (!heard.said.has('account')) return undefined;
  const target = targetOf(heard, vocabulary);
  if (stops(heard))
    return target && isAboutAccounts(heard) ? { kind: 'account', operation: 'FREEZE', what: target } : undefined;
  return target && outright(heard, target);
}

/** Named outright, nearly named, or not named at all; `undefined` where something else was meant. */
function targetOf({ target, unknown }: Heard, vocabulary: Vocabulary): CommandTarget | undefined {
  if (unknown.length === 0) return target ?? 'all';
  if (target !== undefined && target !== 'all') return undefined;
  const said = unknown.map((word) => word.replace(/'s$/u, '')).join(' ');
  const itemIds = candidatesFor(said, catalogueOf(vocabulary));
  return itemIds.length === 0 ? undefined : { itemIds, merchantIds: [] };
}

function stops({ said, order }: Heard): boolean {
  const at = order.findIndex((word) => word === 'freeze' || word === 'stop');
  return (said.has('freeze') || said.has('stop')) && order[at - 1] !== 'not';
}

/** "Stop all payments from my account" stops more than accounts: it is no command to one. */
function isAboutAccounts({ said }: Heard): boolean {
  return !said.has('spend') && (said.has('freeze') || !said.has('all'));
}

/** One thing is to be done, nothing refuses it, and nothing but a question for the balance asks. */
function outright({ said, amountsMinor }: Heard, what: CommandTarget): AccountCommand | undefined {
  const deeds = OPERATIONS.filter(([deed]) => said.has(deed));
  const operation = deeds[0]?.[1];
  const [amountMinor, another] = amountsMinor;
  if (deeds.length !== 1 || operation === undefined || said.has('not') || said.has('stop')) return undefined;
  if (operation === 'QUERY') return amountMinor === undefined ? { kind: 'account', operation, what } : undefined;
  if (said.has('ask')) return undefined;
  if (operation !== 'TOP_UP') return amountMinor === undefined ? { kind: 'account', operation, what } : undefined;
  const isAmount = amountMinor !== undefined && amountMinor > 0 && another === undefined;
  return isAmount ? { kind: 'account', operation, what, amountMinor } : undefined;
}
