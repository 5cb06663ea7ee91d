/**
 * Runs whole PSPs, two to five over one ledger, one seed after another, and the same seeds over ledgers that are wrong in one
 * thing each: those have to be found out, or the check shows nothing. Signatures are faked.
 * `node dist/scripts/fuzz-gateways.js --seeds 10000 --from 0`: exit code 0 if everything held, 1 if not, 2 for misuse.
 * The wrong ledgers get the first tenth of the seeds.
 */
import { readSeedOptions } from './fuzz/seed-options.ts';
import { useCrypto } from './fuzz/swap-crypto.ts';

async function main(args: string[]): Promise<number> {
  const options = readSeedOptions(args);
  if (!options) return 2;
  const { seeds, from } = options;
  useCrypto('fake');
  // Only now, so that the hook sees the imports.
  const { describeGateways, reportGateways } = await import('../sim/gateways/report.ts');
  const { gatewayTenant } = await import('../sim/gateways/run.ts');
  const { WRONG_RULES } = await import('../sim/gateways/wrong-rules.ts');
  const tenant = gatewayTenant();
  const started = performance.now();
  const right = reportGateways(from, seeds, tenant);
  const seconds = ((performance.now() - started) / 1_000).toFixed(1);
  process.stdout.write(`${describeGateways(`the gateways, ${seconds} s`, right)}\n`);
  let isFound = true;
  for (const [name, rules] of Object.entries(WRONG_RULES)) {
    const wrong = reportGateways(from, Math.ceil(seeds / 10), tenant, rules);
    process.stdout.write(`${describeGateways(name, wrong)}\n`);
    isFound &&= wrong.faulty.length > 0;
  }
  return right.faulty.length === 0 && isFound ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2));
