import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseAllDocuments } from 'yaml';
import {
  type AgentConfig,
  type CloudConfig,
  checkAgentConfig,
  checkCloudConfig,
  checkSignerConfig,
  type ResolvePath,
  type SignerProgramConfig,
} from '../config.ts';
import { DeviceError } from '../errors.ts';
import { readPrivateFile } from './private-file.ts';

/** Anchors may shorten a file, not let a few lines grow into gigabytes. */
const MAX_ALIASES = 50;

/** Reads and checks `agent.yaml`. @throws DeviceError `config-unreadable`, `config-invalid` with every problem and its place. */
export function readAgentConfig(path: string): AgentConfig {
  return checkAgentConfig(readYaml(path), besides(path));
}

/** Reads and checks `cloud.yaml`. @throws DeviceError as {@link readAgentConfig}. */
export function readCloudConfig(path: string): CloudConfig {
  return checkCloudConfig(readYaml(path), besides(path));
}

/** Reads and checks `signer.yaml`. @throws DeviceError as {@link readAgentConfig}. */
export function readSignerConfig(path: string): SignerProgramConfig {
  return checkSignerConfig(readYaml(path), besides(path));
}

/**
 * The bytes of a passphrase, password or token file without the line end an editor puts behind them.
 * @throws DeviceError `keystore-permissions`, `config-unreadable` (also for an empty one).
 */
export function readSecretFile(path: string): Uint8Array {
  const bytes = readPrivateFile(path, 'config-unreadable');
  let end = bytes.length;
  if (bytes[end - 1] === 0x0a) end--;
  if (bytes[end - 1] === 0x0d) end--;
  if (end === 0) throw new DeviceError('config-unreadable', `${path} is empty`, 'write the secret into it');
  const secret = new Uint8Array(bytes.subarray(0, end));
  bytes.fill(0);
  return secret;
}

function besides(path: string): ResolvePath {
  const directory = dirname(resolve(path));
  return (inner) => resolve(directory, inner);
}

function readYaml(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code;
    throw new DeviceError(
      'config-unreadable',
      `cannot read ${path} (${reason})`,
      'name a file made from examples/agent.yaml',
    );
  }
  const documents = parseAllDocuments(text, { prettyErrors: false });
  const [document] = documents;
  if (!Array.isArray(documents) || document === undefined || documents.length !== 1) {
    throw new DeviceError('config-invalid', `${path} holds ${documents.length} documents`, 'keep exactly one');
  }
  const [problem] = document.errors;
  // The library's own words quote the line, which may hold a secret someone put in the wrong place.
  if (problem !== undefined) {
    const line = text.slice(0, problem.pos[0]).split('\n').length;
    throw new DeviceError(
      'config-invalid',
      `${path} is no valid YAML at line ${line} (${problem.code})`,
      'correct that line',
    );
  }
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch {
    throw new DeviceError('config-invalid', `${path} uses aliases that do not resolve`, 'write the values out');
  }
}
