/** What no program may ever print: the secrets of a set on disk, and the words that were said. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { readSecretFile } from '../../device/adapters/config-file.ts';
import { openToken } from '../../device/adapters/keystore.ts';
import { linuxMachineIdentity } from '../../device/adapters/machine-identity.ts';
import { fromHex, hex } from '../../protocol/index.ts';
import { createTenant } from '../../sim/index.ts';
import type { Program } from './programs.ts';

const SECRET_FILES: ReadonlySet<string> = new Set(['passphrase', 'broker-password', 'tenant-seed']);
const SEALED_TOKEN = 'payment-token.json';
/** Words of the button and of the input's own language are no transcript. */
const NO_WORDS: ReadonlySet<string> = new Set(['hold', 'click', 'down', 'up', 'wake']);
/** Short answers such as "yes" occur in any text. */
const MIN_WORDS_CHARS = 8;

function secretFiles(directory: string): readonly string[] {
  return readdirSync(directory).flatMap((name) => {
    const path = join(directory, name);
    if (statSync(path).isDirectory()) return secretFiles(path);
    return SECRET_FILES.has(name) || name === SEALED_TOKEN ? [path] : [];
  });
}

function secretIn(path: string): string {
  if (basename(path) !== SEALED_TOKEN) return readFileSync(path, 'utf8').trim();
  return openToken({
    path,
    passphrase: readSecretFile(join(dirname(path), 'passphrase')),
    machine: linuxMachineIdentity(),
  });
}

/** Every secret of the set in `directory`, as text that could turn up in an output. */
export function secretsOf(directory: string): readonly string[] {
  const held = secretFiles(directory).map(secretIn);
  const seed = join(directory, 'cloud/tenant-seed');
  if (!existsSync(seed)) return held;
  const { agent, psp, merchants, counterparts } = createTenant(fromHex(readFileSync(seed, 'utf8').trim()), {
    tenant: 'demo',
    devices: [],
  });
  const derived = [agent, psp, ...merchants, ...counterparts].flatMap(({ frameSeed, recipientSeed, secret }) => [
    frameSeed,
    recipientSeed,
    secret,
  ]);
  return [
    ...held,
    ...[...derived, psp.objectSeed].flatMap((bytes) => [hex(bytes), Buffer.from(bytes).toString('base64')]),
  ];
}

/**
 * Where a secret or what somebody said stands in an output, one line each. What a device shows and says to its wearer goes
 * to stdout and may repeat their words.
 */
export function leaks(programs: readonly Program[], secrets: readonly string[]): readonly string[] {
  return programs.flatMap(({ stdout, stderr, typed }) => {
    const words = typed.filter((line) => !NO_WORDS.has(line) && line.length >= MIN_WORDS_CHARS);
    return [
      ...[...stdout, ...stderr].filter((line) => secrets.some((secret) => line.includes(secret))),
      ...stderr.filter((line) => words.some((said) => line.includes(said))),
    ];
  });
}
