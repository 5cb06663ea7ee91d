/** The program inside the guest: runs every case and prints one line for each. scripts/kernel-hid.sh starts it. */
import { CASES } from './cases.ts';
import { Rig } from './rig.ts';

// A failure outside every case, an event that somebody threw in, say, fails the run; the case then ends by its deadline.
for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
  process.on(event, (error: unknown) => {
    process.exitCode = 1;
    console.log(`${event}: ${error instanceof Error ? error.stack : String(error)}`);
  });
}

for (const [name, run] of Object.entries(CASES)) {
  const rig = new Rig();
  try {
    await run(rig).finally(() => rig.stop());
    console.log(`ok ${name}`);
  } catch (error) {
    process.exitCode = 1;
    console.log(`not ok ${name}: ${String(error).replace(/\s+/g, ' ').slice(0, 300)}`);
  }
}
