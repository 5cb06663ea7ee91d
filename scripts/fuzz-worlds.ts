/** `fuzz-worlds.ts N SEED`: plays N random worlds and prints what broke, the endings and the speed. Exit code 1 when anything broke. */
import { performance } from 'node:perf_hooks';
import { createTenant } from '../sim/index.ts';
import { soak } from '../sim/soak.ts';

const [n = '300', first = '1'] = process.argv.slice(2);
const worlds = Number(n);
if (!Number.isInteger(worlds) || worlds < 1) {
  process.stderr.write('soak-usage: the first argument is how many worlds to play, the second the seed\n');
  process.exit(2);
}
const tenant = createTenant(new Uint8Array(32).fill(7));
const endings = new Map<string, number>();
const began = performance.now();
let broken = 0;
for (let i = 0; i < worlds; i += 1) {
  const seed = `${first}-${i}`;
  try {
    const { findings, ending } = soak(seed, tenant);
    endings.set(ending, (endings.get(ending) ?? 0) + 1);
    broken += findings.length > 0 ? 1 : 0;
    for (const finding of findings) process.stdout.write(`seed ${seed}: ${finding}\n`);
  } catch (error) {
    broken += 1;
    process.stdout.write(`seed ${seed}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  }
}
const seconds = (performance.now() - began) / 1_000;
for (const [ending, count] of [...endings].sort((a, b) => b[1] - a[1])) process.stdout.write(`${count} × ${ending}\n`);
process.stdout.write(`${worlds} worlds, ${broken} broken, ${(worlds / seconds).toFixed(1)} a second\n`);
process.exitCode = broken > 0 ? 1 : 0;
