/** The signer that a device configuration asks for: in this process, on USB, or another program on this machine. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { openFileJournal } from '../device/adapters/file-journal.ts';
import { monotonicClock } from '../device/adapters/monotonic-clock.ts';
import { watchHid } from '../device/adapters/node-hid-watch.ts';
import { socketLinks } from '../device/adapters/socket-link.ts';
import { systemRandom } from '../device/adapters/system-random.ts';
import type { AgentConfig, SignerConfig } from '../device/config.ts';
import { type HidSigner, hidSigner, type LinkSource } from '../device/hid/host.ts';
import {
  type Clock,
  createSignerCore,
  type Log,
  type Random,
  type Signer,
  type SignerCoreParts,
} from '../device/index.ts';
import { lockable } from '../device/signer/lockable.ts';
import type { AgentParts } from './agent-parts.ts';
import { readPairedSigner } from './paired-signer.ts';

export interface AgentSigner {
  readonly signer: Required<Signer>;
  /** Gives back what it holds open. */
  close(): void;
}

interface Ports {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

type Attached = Exclude<SignerConfig, { kind: 'soft' }>;

/** Where a signer that is attached comes and goes. What keeps one from coming is logged by its code. */
export function linksOf(config: Attached, { clock, log }: Omit<Ports, 'random'>): LinkSource {
  if (config.kind === 'socket') return socketLinks(config.socketFile, clock);
  return (onLink) => watchHid({ clock }, { onLink, onAbsent: ({ code }) => log.write('warn', code) });
}

/** @throws DeviceError `config-*` for the file that names the signer. */
export function openAttached(config: Attached, key: AgentParts['keys']['signer'], ports: Ports): HidSigner {
  return hidSigner({ links: linksOf(config, ports), key, signer: readPairedSigner(config.signerFile), ...ports });
}

/**
 * @param prompt what the device itself has for showing and holding; only a signer in this process uses it.
 * @throws StoreError `store-*`; DeviceError `config-*`.
 */
export function openSigner(
  config: AgentConfig,
  { settings, keys }: AgentParts,
  ports: Ports,
  prompt: Pick<SignerCoreParts, 'button' | 'display' | 'speaker' | 'profile' | 'wear'>,
): AgentSigner {
  if (config.signer.kind !== 'soft') {
    const signer = openAttached(config.signer, keys.signer, ports);
    return { signer, close: () => signer.close() };
  }
  const { device, psp, directory } = settings;
  mkdirSync(config.state.directory, { recursive: true, mode: 0o700 });
  const journal = openFileJournal(join(config.state.directory, 'signer.journal'), systemRandom());
  const { log } = ports;
  // Its own: the clock of the agent is the wall clock, which others set (T16).
  const clock = monotonicClock();
  const core = createSignerCore({ key: keys.signer, device, psp, directory, journal, clock, log, ...prompt });
  return { signer: lockable(core, log), close: () => journal.close() };
}
