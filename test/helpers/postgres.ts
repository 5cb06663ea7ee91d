import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePorts } from './mosquitto.ts';

const DEBIAN = '/usr/lib/postgresql';
const DIRECTORIES = [
  ...(existsSync(DEBIAN) ? readdirSync(DEBIAN).map((version) => join(DEBIAN, version, 'bin')) : []),
  '/usr/local/bin',
  '/opt/homebrew/bin',
];
const PROGRAMS = DIRECTORIES.find((path) => existsSync(join(path, 'initdb')) && existsSync(join(path, 'postgres')));

/** Whether PostgreSQL is here; without it the tests that need it are skipped, and say so. */
export const hasPostgres = PROGRAMS !== undefined;
if (!hasPostgres) console.warn('postgresql is not installed: tests against a real server are skipped');

/** Never in a log line or an error; see the tests. */
export const POSTGRES_PASSWORD = 'gateway-password';

export interface Postgres {
  readonly url: string;
  /** As when the machine dies: nothing is written any more, the next start recovers from the log. */
  crash(): Promise<void>;
  /** Starts it again on the same port with what it had stored. */
  restart(): Promise<void>;
  /** SQL by the server's own client. @returns what it printed. */
  sql(statement: string, database?: string): string;
  stop(): Promise<void>;
}

/** A test that failed or timed out before it could call stop must not leave a server behind. */
const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGQUIT');
});

/** Root may run no server: then it runs as the user that the Debian package has made. */
function serverUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

/** Runs a server of its own on loopback, its data in `directory`, until `stop`. */
export async function startPostgres(directory: string): Promise<Postgres> {
  if (PROGRAMS === undefined) throw new Error('postgresql is not installed');
  const user = serverUser();
  const place = join(directory, 'postgres');
  const [data, secret] = [join(place, 'data'), join(place, 'password')];
  mkdirSync(data, { recursive: true });
  writeFileSync(secret, POSTGRES_PASSWORD);
  if (user !== undefined) {
    // The server's user has to get to its data through a directory that belongs to somebody else.
    chmodSync(directory, 0o711);
    for (const path of [place, data, secret]) chownSync(path, user.uid, user.gid);
  }
  const options = { cwd: place, ...user };
  const asked = [
    '--auth=scram-sha-256',
    `--pwfile=${secret}`,
    '--username=gateway',
    '--no-sync',
    '-E',
    'UTF8',
    '--locale=C',
  ];
  execFileSync(join(PROGRAMS, 'initdb'), ['-D', data, ...asked], { ...options, stdio: 'pipe' });

  const [port = 0] = await freePorts(1);
  const url = `postgres://gateway:${POSTGRES_PASSWORD}@127.0.0.1:${port}/postgres`;
  const settings = { listen_addresses: '127.0.0.1', unix_socket_directories: '', port, shared_buffers: '16MB' };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  let child: ChildProcess;

  async function start(): Promise<void> {
    const log: string[] = [];
    child = spawn(join(PROGRAMS ?? '', 'postgres'), ['-D', data, ...flags], {
      ...options,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const started = child;
    running.add(started);
    await new Promise<void>((resolve, reject) => {
      started.once('exit', () => {
        running.delete(started);
        reject(new Error(`postgres ended:\n${log.join('')}`));
      });
      started.stderr?.setEncoding('utf8').on('data', (text: string) => {
        log.push(text);
        if (log.join('').includes('ready to accept connections')) resolve();
      });
    });
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  }

  await start();
  return {
    url,
    crash: () => end('SIGQUIT'),
    restart: start,
    sql(statement, database = 'postgres') {
      const target = url.replace(/[^/]+$/, database);
      return execFileSync(join(PROGRAMS ?? '', 'psql'), ['-At', '-c', statement, target], { encoding: 'utf8' }).trim();
    },
    stop: () => end('SIGINT'),
  };
}
