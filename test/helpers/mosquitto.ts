import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const PROGRAM = ['/usr/sbin/mosquitto', '/usr/local/sbin/mosquitto', '/opt/homebrew/sbin/mosquitto'].find(existsSync);
const EXAMPLES = fileURLToPath(new URL('../../examples/mosquitto/', import.meta.url));

/** Whether Mosquitto is here; without it the tests that need it are skipped, and say so. */
export const hasMosquitto = PROGRAM !== undefined;
if (!hasMosquitto) console.warn('mosquitto is not installed: tests against a real broker are skipped');

export interface Broker {
  /** Every line of its log so far; with `log_type all` each packet is one. */
  readonly log: string[];
  /** Waits for a log line; one that came already counts. */
  logged(pattern: RegExp): Promise<string>;
  /** SIGKILL, as when the machine dies. */
  kill(): Promise<void>;
  /** Starts it again on the same ports with what it had stored. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** A test that failed or timed out before it could call stop must not leave a broker behind. */
const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Runs Mosquitto in `directory` with this configuration until `stop`. */
export async function startMosquitto(directory: string, config: string): Promise<Broker> {
  if (PROGRAM === undefined) throw new Error('mosquitto is not installed');
  const program = PROGRAM;
  const file = join(directory, 'mosquitto.conf');
  // Started by root, Mosquitto would become another user, who cannot read a private temporary directory.
  const user = process.getuid?.() === 0 ? 'user root\n' : '';
  writeFileSync(file, `${user}log_dest stderr\nlog_type all\n${config}`);
  const log: string[] = [];
  const waiting = new Set<() => void>();
  let child: ChildProcess;
  function logged(pattern: RegExp, from = 0): Promise<string> {
    return new Promise((resolve) => {
      const look = () => {
        const line = log.slice(from).find((text) => pattern.test(text));
        if (line === undefined) return;
        waiting.delete(look);
        resolve(line);
      };
      waiting.add(look);
      look();
    });
  }

  async function start(): Promise<void> {
    const from = log.length;
    child = spawn(program, ['-c', file], { cwd: directory, stdio: ['ignore', 'ignore', 'pipe'] });
    running.add(child);
    child.once('exit', () => running.delete(child));
    const lines = createInterface({ input: child.stderr ?? process.stdin });
    lines.on('line', (line) => {
      log.push(line);
      for (const look of waiting) look();
    });
    const exited = once(child, 'exit').then(() => {
      throw new Error(`mosquitto ended:\n${log.slice(from).join('\n')}`);
    });
    await Promise.race([logged(/ running$/, from), exited]);
    exited.catch(() => {});
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  }

  await start();
  return { log, logged, kill: () => end('SIGKILL'), restart: start, stop: () => end('SIGTERM') };
}

/** Free loopback ports, all different. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/** A configuration of one open TCP listener. */
export function openConfig(port: number): string {
  return `set_tcp_nodelay true\nallow_anonymous true\nlistener ${port} 127.0.0.1\n`;
}

export interface ExamplePorts {
  readonly tcp: number;
  readonly tls: number;
  readonly webSocket: number;
}

/**
 * The published example, with its paths and ports moved into `directory`; makes passwords (each user's is its name and
 * `-password`) and, as its README says, certificates.
 */
export async function exampleConfig(
  directory: string,
  users: readonly string[],
): Promise<{ config: string; ports: ExamplePorts }> {
  const [tcp = 0, tls = 0, webSocket = 0] = await freePorts(3);
  const passwords = join(directory, 'act-edge.passwd');
  for (const [i, user] of users.entries()) {
    const flags = i === 0 ? ['-c', '-b'] : ['-b'];
    execFileSync('mosquitto_passwd', [...flags, passwords, user, `${user}-password`], { stdio: 'pipe' });
  }
  makeCertificates(directory, users);
  writeFileSync(join(directory, 'acl'), readFileSync(join(EXAMPLES, 'acl')), { mode: 0o600 });
  const config = readFileSync(join(EXAMPLES, 'mosquitto.conf'), 'utf8')
    .replaceAll('/etc/mosquitto/certs/', `${directory}/`)
    .replaceAll('/etc/mosquitto/', `${directory}/`)
    .replaceAll('/var/lib/mosquitto/', `${directory}/`)
    .replace('listener 1883', `listener ${tcp}`)
    .replace('listener 8883', `listener ${tls} 127.0.0.1`)
    .replace('listener 9001', `listener ${webSocket}`);
  return { config, ports: { tcp, tls, webSocket } };
}

function makeCertificates(directory: string, users: readonly string[]): void {
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: directory, stdio: 'pipe' });
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-noenc'];
  for (const authority of ['ca', 'strange-ca']) {
    openssl(
      'req',
      '-x509',
      ...newKey,
      '-days',
      '2',
      '-subj',
      `/CN=${authority}`,
      '-keyout',
      `${authority}.key`,
      '-out',
      `${authority}.crt`,
    );
  }
  writeFileSync(join(directory, 'server.ext'), 'subjectAltName=DNS:localhost,IP:127.0.0.1');
  for (const name of ['server', ...users]) {
    openssl('req', ...newKey, '-subj', `/CN=${name}`, '-keyout', `${name}.key`, '-out', `${name}.csr`);
    const extension = name === 'server' ? ['-extfile', 'server.ext'] : [];
    const signing = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2'];
    openssl('x509', '-req', '-in', `${name}.csr`, ...signing, ...extension, '-out', `${name}.crt`);
  }
}
