/** `act-edge signer --emulate`: a signer as a program of its own, for machines without the hardware. */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSecretFile, readSignerConfig } from '../../device/adapters/config-file.ts';
import { openFileJournal } from '../../device/adapters/file-journal.ts';
import { readDirectory } from '../../device/adapters/json-file.ts';
import { jsonLog } from '../../device/adapters/json-log.ts';
import { openKey } from '../../device/adapters/keystore.ts';
import { linuxMachineIdentity } from '../../device/adapters/machine-identity.ts';
import { monotonicClock } from '../../device/adapters/monotonic-clock.ts';
import { serveSocketLink } from '../../device/adapters/socket-link.ts';
import { systemRandom } from '../../device/adapters/system-random.ts';
import { terminalDisplay } from '../../device/adapters/terminal-display.ts';
import { textSpeaker } from '../../device/adapters/text-speaker.ts';
import type { SignerProgramConfig } from '../../device/config.ts';
import { createPeripheral, type Peripheral } from '../../device/hid/peripheral.ts';
import type { ReportLink } from '../../device/hid/report-link.ts';
import { createSignerCore, DeviceError, type Directory, type Journal, PROFILES } from '../../device/index.ts';
import { plugInUhidDevice } from '../../sim/embedded/uhid-device.ts';
import { type AgentButton, openButton } from '../agent-button.ts';
import { defineCommand, EXIT, type Io, required, UsageError } from '../command.ts';
import { stopRequested } from '../until-stopped.ts';

const FIRMWARE = 'act-edge-emulator';
/** The numbers that pid.codes keeps for tests: no device that is sold carries them. */
const UHID_IDENTITY = { name: 'act-edge signer (emulated)', serial: '', vendorId: 0x1209, productId: 0x0001 } as const;

interface Keys {
  readonly confirmation: ReturnType<typeof openKey>;
  readonly identity: ReturnType<typeof openKey>;
}

function openKeys({ keys }: SignerProgramConfig): Keys {
  const by = { passphrase: readSecretFile(keys.passphraseFile), machine: linuxMachineIdentity() };
  try {
    return {
      confirmation: openKey({ path: keys.confirmationKeyFile, purpose: 'confirmation', ...by }),
      identity: openKey({ path: keys.identityKeyFile, purpose: 'identity', ...by }),
    };
  } finally {
    by.passphrase.fill(0);
  }
}

function pspOf(directory: Directory, path: string): string {
  const [psp, ...others] = directory.partiesOf('psp');
  if (psp !== undefined && others.length === 0) return psp;
  throw new DeviceError(
    'config-invalid',
    `${path} does not name exactly one PSP`,
    'take the file again from where it was made',
  );
}

/** The core with this terminal as its display and button, behind the protocol. */
function assemble(
  config: SignerProgramConfig,
  keys: Keys,
  journals: { readonly signer: Journal; readonly hosts: Journal },
  { button, wear }: AgentButton,
  io: Io,
): Peripheral {
  const { device, peers } = config;
  const directory = readDirectory(peers.trustFile);
  const [clock, random, profile] = [monotonicClock(), systemRandom(), PROFILES[device.display]];
  const log = jsonLog({ level: config.log.level, output: io.stderr, clock });
  const display = terminalDisplay({ output: io.stdout, columns: profile.columns });
  const psp = pspOf(directory, peers.trustFile);
  const core = createSignerCore({
    ...{ key: keys.confirmation, device: device.id, psp, directory, profile, clock, log, journal: journals.signer },
    ...{ button, display, speaker: textSpeaker(io.stdout), ...(wear ? { wear } : {}) },
  });
  const { certificateFile } = config.keys;
  return createPeripheral({
    ...{ core, identity: keys.identity, confirmationKey: keys.confirmation.publicKey, firmware: FIRMWARE },
    ...(certificateFile === undefined ? {} : { certificate: new Uint8Array(readFileSync(certificateFile)) }),
    ...{ hosts: journals.hosts, clock, random, locale: device.locale, log },
    wink: () => io.stdout.write('*** here I am ***\n'),
  });
}

interface Plugged {
  readonly link: ReportLink;
  close(): Promise<void> | void;
}

async function plugIn(config: SignerProgramConfig, overUhid: boolean): Promise<Plugged> {
  if (!overUhid) return serveSocketLink(config.socketFile);
  const link = await plugInUhidDevice(UHID_IDENTITY);
  return {
    link,
    close() {
      link.close();
      return link.closed;
    },
  };
}

async function emulate(config: SignerProgramConfig, keys: Keys, overUhid: boolean, io: Io): Promise<number> {
  const stopped = stopRequested();
  const { directory } = config.state;
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const open = (name: string) => openFileJournal(join(directory, `${name}.journal`), systemRandom());
  const journals = { signer: open('signer'), hosts: open('hosts') };
  const clock = monotonicClock();
  const log = jsonLog({ level: config.log.level, output: io.stderr, clock });
  let hand: AgentButton | undefined;
  let plugged: Plugged | undefined;
  try {
    // Raw keys on a terminal, lines in a pipe: nothing else is typed here.
    hand = await openButton(config.button, { voice: { recognizer: 'pocketsphinx' }, clock, log });
    const peripheral = assemble(config, keys, journals, hand, io);
    plugged = await plugIn(config, overUhid);
    const detach = peripheral.attach(plugged.link);
    log.write('info', 'signer-ready');
    await stopped;
    detach();
    return EXIT.held;
  } finally {
    await plugged?.close();
    for (const journal of Object.values(journals)) journal.close();
    hand?.close();
  }
}

export const signer = defineCommand({
  summary: 'run a signer as a program of its own, with this terminal as its display and button',
  help: `Serves the signer's side of ACT-HID at the socket that the configuration names (examples/signer.yaml), or with --uhid as a
USB device that the kernel makes; that takes the module uhid and the right to write to /dev/uhid. A device finds it with
signer: { kind: socket, ... } or { kind: hid, ... } in its configuration, once "act-edge signer pair" has made the two known
to each other. What it asks goes to stdout, the log to stderr. The button is as the configuration says; in a pipe, the lines
hold and click press a keyboard button.
The key is as safe as the file it is in: this program stands in for a signer, it is none to carry about.`,
  options: {
    config: { type: 'string', value: 'FILE', describe: 'the configuration, for example examples/signer.yaml' },
    emulate: { type: 'boolean', describe: 'needed, so that nobody takes this for a real signer' },
    uhid: { type: 'boolean', describe: 'plug it in as a USB HID device instead of the socket' },
  },
  async run(args, io) {
    if (!args.values.emulate)
      throw new UsageError(
        'usage-missing-option',
        '--emulate is needed',
        'there is no other signer to run than an emulated one',
      );
    const config = readSignerConfig(required(args, 'config'));
    const keys = openKeys(config);
    try {
      return await emulate(config, keys, args.values.uhid, io);
    } finally {
      for (const key of Object.values(keys)) key.destroy();
      process.stdin.pause();
    }
  },
});
