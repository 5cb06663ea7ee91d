import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { StoreError } from '../errors.ts';
import type { Stop } from '../ports.ts';

const ATTEMPTS = 3;

/**
 * Holds `path` for this process until the returned function runs. The lock file names its holder by process id, start time
 * and boot, so that one left behind by a killed process, or by a machine that lost power, is recognised and replaced even
 * when the process id is in use again.
 * @throws StoreError `store-locked` while another holder, this process included, is alive; `store-unreadable`.
 */
export function holdLock(path: string): Stop {
  const ours = describeProcess(process.pid);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (create(path, ours)) {
      return () => {
        // Deleting a lock that somebody else holds by now would let a third process in.
        if (read(path) === ours) rmSync(path, { force: true });
      };
    }
    const holder = read(path);
    if (holder !== undefined && isAlive(holder)) throw locked(path, holder);
    if (holder !== undefined) removeStale(path, holder);
  }
  throw locked(path, read(path) ?? '');
}

function locked(path: string, holder: string): StoreError {
  const [pid = 'unknown'] = holder.split(' ');
  return new StoreError(
    'store-locked',
    `${path} is held by process ${pid}`,
    'stop that process; two programs must not share one state',
  );
}

/** The file appears with its content in one step, so nobody ever reads a half-written holder. */
function create(path: string, content: string): boolean {
  const draft = `${path}.${process.pid}.new`;
  try {
    writeFileSync(draft, content, { mode: 0o600 });
    linkSync(draft, path);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    const hint = 'check that the state directory exists and belongs to this user';
    throw new StoreError('store-unreadable', `cannot make ${path} (${code})`, hint);
  } finally {
    rmSync(draft, { force: true });
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/**
 * Takes the lock file away under a name of our own before judging it again: between reading and removing, another process
 * may have replaced the stale lock by its own, which then goes back where it was.
 */
function removeStale(path: string, judged: string): void {
  const aside = `${path}.${process.pid}`;
  try {
    renameSync(path, aside);
    if (read(aside) !== judged) linkSync(aside, path);
  } catch {
    // Somebody else was faster: the next attempt sees their lock.
  } finally {
    rmSync(aside, { force: true });
  }
}

function isAlive(holder: string): boolean {
  const pid = Number(holder.split(' ')[0]);
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return describeProcess(pid) === holder;
}

/** `pid startTicks bootId`; where the system has no /proc, the process id alone decides. */
function describeProcess(pid: number): string {
  // proc(5): the command name, which may hold spaces and brackets, ends at the last bracket; state and start time follow.
  const stat = read(`/proc/${pid}/stat`);
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? [];
  // A zombie holds nothing any more, though its parent may never fetch it.
  const startTicks = fields[0] === 'Z' ? 'ended' : (fields[19] ?? '-');
  const bootId = read('/proc/sys/kernel/random/boot_id')?.trim() ?? '-';
  return `${pid} ${startTicks} ${bootId}`;
}
