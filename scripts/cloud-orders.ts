/**
 * How an operator reaches a running cloud: an order is a file in its state directory, taken away when it was carried out.
 * One that was placed while nothing ran is carried out at the next start, and a second time does no harm.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { eraseFile, makeDirectory, readIfThere, writeDurably } from '../device/adapters/durable-file.ts';
import { type Clock, type Random, type Stop, StoreError } from '../device/index.ts';
import { hex } from '../protocol/index.ts';

const LOOK_MS = 250;
const ORDER = '.order';
const ANSWER = '.answer';

function folderIn(stateDirectory: string): string {
  return join(stateDirectory, 'psp.orders');
}

/** Carries out what lies there and what comes, oldest first, until stopped. @param command answers `done` or a code. */
export function followOrders(stateDirectory: string, clock: Clock, command: (words: string) => string): Stop {
  const folder = folderIn(stateDirectory);
  makeDirectory(folder);
  let stop: Stop = () => {};
  const look = () => {
    for (const name of readdirSync(folder).sort()) if (name.endsWith(ORDER)) carryOut(join(folder, name), command);
    stop = clock.after(LOOK_MS, look);
  };
  look();
  return () => stop();
}

function carryOut(path: string, command: (words: string) => string): void {
  const answer = command(readIfThere(path)?.trim() ?? '');
  // Not durable yet: it is tried again.
  if (answer === 'store-failed') return;
  writeDurably(`${path}${ANSWER}`, answer);
  eraseFile(path);
}

/**
 * Places an order and waits until it was carried out.
 * @returns `done`, the code of why not, or `undefined` when nobody took it within `waitMs`; then it stays.
 * @throws StoreError when it cannot be placed.
 */
export async function placeOrder(
  stateDirectory: string,
  words: string,
  { clock, random, waitMs }: { readonly clock: Clock; readonly random: Random; readonly waitMs: number },
): Promise<string | undefined> {
  const folder = folderIn(stateDirectory);
  if (!existsSync(stateDirectory))
    throw new StoreError('store-unreadable', `${stateDirectory} is not there`, 'start the cloud once');
  makeDirectory(folder);
  const path = join(folder, `${clock.now()}-${hex(random.bytes(4))}${ORDER}`);
  writeDurably(path, words);
  for (const until = clock.now() + waitMs; existsSync(path); ) {
    if (clock.now() >= until) return undefined;
    await new Promise<void>((next) => clock.after(LOOK_MS, next));
  }
  const answer = readIfThere(`${path}${ANSWER}`);
  eraseFile(`${path}${ANSWER}`);
  return answer;
}
