/** Random worlds in which wearers speak of the accounts of their agents (PSD-AGT-SUB; T2, T3, T14, T17, T18). */
import { describe, expect, it, vi } from 'vitest';
import { parseAccountCommand } from '../../../device/voice/delegation/account-command.ts';
import { type FrameBody, peekFrame } from '../../../protocol/index.ts';
import { bodyOf } from '../../../sim/checkers/facts.ts';
import { accountErrand } from '../../../sim/fuzz/account-plan.ts';
import { ACCOUNT_FAULT_KINDS } from '../../../sim/fuzz/faults.ts';
import { planOf } from '../../../sim/fuzz/plan.ts';
import { fuzzTenant } from '../../../sim/fuzz/seed-report.ts';
import { type StormResult, storm } from '../../../sim/fuzz/storm.ts';
import { SeededRandom } from '../../../sim/seeded-random.ts';
import { shopVocabulary } from '../../../sim/shops/index.ts';

vi.mock('../../../protocol/ed25519.ts', () => import('../../../sim/fuzz/fake-ed25519.ts'));

const TENANT = fuzzTenant(1);
const WORLDS = 40;

const seeds = (run: string, most: number, kind = 'sd') => Array.from({ length: most }, (_, i) => `${run}-${i}${kind}`);
const speaksOfAccounts = (seed: string) =>
  planOf(seed).errands.some(({ acts = [] }) => acts.some(({ words }) => /account|账户/u.test(words)));

/** The operation that the device makes of words, with its amount. */
function meant(words: string): string {
  const command = parseAccountCommand(words, shopVocabulary);
  if (!command) return 'none';
  return command.operation === 'TOP_UP' ? `TOP_UP ${command.amountMinor}` : command.operation;
}

/** What was asked of accounts and what came of it, and how money went in and out of them. */
function* marks({ play, strikes }: StormResult): Generator<string> {
  const { sent, movements } = play.world.record;
  for (const { payload } of sent) {
    const { type } = peekFrame(payload);
    if (type !== 'sub-account-result') continue;
    const { status, failure } = bodyOf(payload).body as FrameBody<'sub-account-result'>;
    yield `told:${status?.state ?? failure}`;
  }
  const orders = movements.filter(({ id }) => id.startsWith('top-up'));
  if (orders.length > 0) yield 'filled';
  if (orders.length > 1) yield 'filled twice';
  if (movements.some(({ id }) => id.startsWith('return'))) yield 'given back';
  for (const { kind } of strikes) yield `fault:${kind}`;
}

describe('random worlds about accounts', { timeout: 600_000 }, () => {
  it(`hold every invariant: ${WORLDS} seeds`, () => {
    const reached = new Set<string>();
    for (const seed of seeds('accounts', 400).filter(speaksOfAccounts).slice(0, WORLDS)) {
      const result = storm(planOf(seed), TENANT);
      expect({ seed, found: result.findings }).toEqual({ seed, found: [] });
      for (const mark of marks(result)) reached.add(mark);
    }
    const wanted = ['told:AVAILABLE', 'told:FROZEN', 'told:CANCELLED', 'filled', 'filled twice', 'given back'];
    const faults = ACCOUNT_FAULT_KINDS.map((kind) => `fault:${kind}`);
    expect([...wanted, ...faults].filter((mark) => !reached.has(mark))).toEqual([]);
  });

  it('are a share of the small worlds with delegations, and change none of the others', () => {
    const share = seeds('share', 400).filter(speaksOfAccounts).length;
    expect(share).toBeGreaterThan(60);
    expect(share).toBeLessThan(140);
    for (const kind of ['', 'a', 'd', 'ad', 's']) {
      const others = seeds('share', 100, kind);
      expect(others.filter(speaksOfAccounts)).toEqual([]);
      const drawn = others.flatMap((seed) => Object.keys(planOf(seed).faults));
      expect(drawn.filter((name) => ACCOUNT_FAULT_KINDS.some((one) => one === name))).toEqual([]);
    }
  });

  it('say every kind of word in both languages, at the moment of another one and long after it', () => {
    for (const locale of ['en-US', 'zh-CN'] as const) {
      const random = new SeededRandom(`words ${locale}`);
      const acts = Array.from({ length: 300 }, () => accountErrand(locale, random)).flatMap((one) => one.acts);
      const commands = new Set(acts.map(({ words }) => meant(words)));
      const wanted = ['QUERY', 'FREEZE', 'UNFREEZE', 'CANCEL', 'TOP_UP 500', 'TOP_UP 4000', 'none'];
      expect(wanted.filter((one) => !commands.has(one))).toEqual([]);
      expect(acts.some(({ afterMs }) => afterMs > 12 * 3_600_000)).toBe(true);
    }
  });
});
