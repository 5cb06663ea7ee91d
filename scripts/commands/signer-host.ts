/** What a person does with an attached signer from the device's side: `act-edge signer pair`, `info`, `wink` and the rest. */
import { existsSync } from 'node:fs';
import { readAgentConfig, readSecretFile } from '../../device/adapters/config-file.ts';
import { jsonLog } from '../../device/adapters/json-log.ts';
import { createKey, openKey } from '../../device/adapters/keystore.ts';
import { linuxMachineIdentity } from '../../device/adapters/machine-identity.ts';
import { systemClock } from '../../device/adapters/system-clock.ts';
import { systemRandom } from '../../device/adapters/system-random.ts';
import type { AgentConfig, SignerConfig } from '../../device/config.ts';
import type { HidSigner } from '../../device/hid/host.ts';
import type { PairingOutcome } from '../../device/hid/host-handshake.ts';
import type { ReportLink } from '../../device/hid/report-link.ts';
import { type InfoOutcome, pairSigner, readSignerInfo, type WinkOutcome, winkSigner } from '../../device/hid/visit.ts';
import { DeviceError, type NotSigned, type Stop } from '../../device/index.ts';
import { hex } from '../../protocol/index.ts';
import { linksOf, openAttached } from '../agent-signer.ts';
import { type Command, defineCommand, EXIT, type Io, required } from '../command.ts';
import { firstLine } from '../first-line.ts';
import { writePairedSigner } from '../paired-signer.ts';

type Attached = Exclude<SignerConfig, { kind: 'soft' }>;

/** How long a signer is waited for. */
const ABSENT_MS = 5_000;

const CONFIG = { type: 'string', value: 'FILE', describe: 'the configuration of the device' } as const;
const JSON_OPTION = { json: { type: 'boolean', describe: 'print JSON' } } as const;

function attachedIn({ signer }: AgentConfig): Attached {
  if (signer.kind !== 'soft') return signer;
  const hint = 'set signer.kind to hid or socket';
  throw new DeviceError('config-invalid', "the signer of this device is in the device's own process", hint);
}

function portsFor(config: AgentConfig, io: Io) {
  const clock = systemClock();
  return { clock, random: systemRandom(), log: jsonLog({ level: config.log.level, output: io.stderr, clock }) };
}

/** Pairing key of this host; made where there is none yet. */
function pairingKey(config: AgentConfig, { pairingKeyFile: path }: Attached, mayMake: boolean) {
  const by = { passphrase: readSecretFile(config.keys.passphraseFile), machine: linuxMachineIdentity() };
  try {
    if (mayMake && !existsSync(path)) createKey({ path, purpose: 'pairing', random: systemRandom(), ...by });
    return openKey({ path, purpose: 'pairing', ...by });
  } finally {
    by.passphrase.fill(0);
  }
}

const HINTS: Readonly<Record<string, string>> = {
  'signer-absent': 'plug the signer in, or start act-edge signer --emulate',
  'signer-busy': 'stop the program that uses the signer, then try again',
  'signer-unpaired': 'run: act-edge signer pair --config FILE',
  'signer-timed-out': 'plug the signer in again',
  'pairing-declined': 'hold the button, if the digits are the same',
  'pairing-timed-out': 'hold the button within half a minute, if the digits are the same',
};

/** A fault of the signer as one line of an error with a stable code. */
class SignerFault extends Error {
  readonly code: string;
  readonly hint: string;

  constructor(code: string) {
    super('the signer did not do it');
    this.code = code;
    this.hint = HINTS[code] ?? 'see device/ACT-HID.md for what the code means';
  }
}

/** Opens the first signer there is, uses it, and lets it go. */
async function withLink<T>(
  config: AgentConfig,
  io: Io,
  use: (link: ReportLink, ports: ReturnType<typeof portsFor>) => Promise<T>,
): Promise<T> {
  const ports = portsFor(config, io);
  const stops: Stop[] = [];
  try {
    const link = await new Promise<ReportLink>((resolve, reject) => {
      stops.push(ports.clock.after(ABSENT_MS, () => reject(new SignerFault('signer-absent'))));
      stops.push(linksOf(attachedIn(config), ports)(resolve));
    });
    return await use(link, ports);
  } finally {
    for (const stop of stops) stop();
  }
}

function heldOrThrow(outcome: PairingOutcome | InfoOutcome | WinkOutcome): void {
  if (!outcome.ok) throw new SignerFault(outcome.fault);
}

export const signerInfo = defineCommand({
  summary: 'show what the attached signer says of itself',
  help: 'Nothing of it is proven here; the identity is, whenever the device opens a session.',
  options: { config: CONFIG, ...JSON_OPTION },
  async run(args, io) {
    const config = readAgentConfig(required(args, 'config'));
    const outcome = await withLink(
      config,
      io,
      (link, ports) => new Promise<InfoOutcome>((done) => readSignerInfo(link, ports, done)),
    );
    if (!outcome.ok) throw new SignerFault(outcome.fault);
    const { version, firmware, identity, certificate } = outcome.info;
    const shown = { version, firmware, identity: hex(identity), certificateBytes: certificate?.length ?? 0 };
    if (args.values.json) io.stdout.write(`${JSON.stringify(shown)}\n`);
    else for (const [name, value] of Object.entries(shown)) io.stdout.write(`${name.padEnd(17)} ${value}\n`);
    return EXIT.held;
  },
});

export const signerWink = defineCommand({
  summary: 'have the attached signer show itself',
  options: { config: CONFIG },
  async run(args, io) {
    const config = readAgentConfig(required(args, 'config'));
    heldOrThrow(
      await withLink(config, io, (link, ports) => new Promise<WinkOutcome>((done) => winkSigner(link, ports, done))),
    );
    return EXIT.held;
  },
});

export const signerPair = defineCommand({
  summary: 'pair the device with the attached signer',
  help: `Shows six digits here and on the signer. Only if they are the same on both, hold the button of the signer, and then answer
yes here; the answer is one line on the input. Different digits mean that somebody is between the two: click, and answer no.
The device must not run meanwhile. Its pairing key is made if there is none, and the signer's identity goes into signer.signerFile.`,
  options: { config: CONFIG },
  async run(args, io) {
    const config = readAgentConfig(required(args, 'config'));
    const attached = attachedIn(config);
    const key = pairingKey(config, attached, true);
    const show = (code: string) => io.stdout.write(`${code}\nIf the signer shows the same digits, hold its button.\n`);
    try {
      const outcome = await withLink(
        config,
        io,
        (link, ports) => new Promise<PairingOutcome>((done) => pairSigner(link, { ...ports, key, show }, done)),
      );
      if (!outcome.ok) throw new SignerFault(outcome.fault);
      io.stdout.write('Did both show the same digits? yes or no: ');
      if ((await firstLine(process.stdin)) !== 'yes') throw new SignerFault('pairing-declined');
      writePairedSigner(attached.signerFile, outcome.signer);
      io.stdout.write(`paired with ${hex(outcome.signer)}\n`);
      return EXIT.held;
    } finally {
      key.destroy();
    }
  },
});

/** One thing asked of the paired signer in a session. */
function inSession(
  about: { readonly summary: string; readonly help?: string },
  ask: (signer: HidSigner, config: AgentConfig, done: (answer: { readonly kind: string }) => void) => void,
): Command {
  return defineCommand({
    ...about,
    options: { config: CONFIG },
    async run(args, io) {
      const config = readAgentConfig(required(args, 'config'));
      const attached = attachedIn(config);
      const key = pairingKey(config, attached, false);
      const signer = openAttached(attached, key, portsFor(config, io));
      try {
        const answer = await new Promise<{ readonly kind: string }>((done) => ask(signer, config, done));
        if (answer.kind === 'failed') throw new SignerFault((answer as NotSigned & { kind: 'failed' }).code);
        const { kind, ...facts } = answer;
        io.stdout.write(`${[kind, ...Object.entries(facts).map(([name, value]) => `${name} ${value}`)].join('  ')}\n`);
        return kind === 'done' || kind === 'status' ? EXIT.held : EXIT.fellShort;
      } finally {
        signer.close();
        key.destroy();
      }
    },
  });
}

const ONE_SESSION = 'The device must not run meanwhile: a signer has one session at a time.';

export const signerStatus = inSession(
  { summary: 'show counter, lock and number of paired hosts of the paired signer', help: ONE_SESSION },
  (signer, _config, done) => signer.status(done),
);
export const signerLock = inSession(
  { summary: 'lock the paired signer at once', help: `${ONE_SESSION} Only a hold on the signer lifts the lock.` },
  (signer, _config, done) => signer.lock(done),
);
export const signerUnlock = inSession(
  { summary: 'unlock the paired signer, after a hold on it', help: ONE_SESSION },
  (signer, { device }, done) => signer.unlock(device.locale, done),
);
export const signerReset = inSession(
  {
    summary: 'destroy the key of the paired signer for good, after a hold on it',
    help: `${ONE_SESSION} Every host is forgotten; the wearer has to be enrolled again.`,
  },
  (signer, { device }, done) => signer.reset(device.locale, done),
);
export const signerUnpair = inSession(
  { summary: 'have the paired signer forget this device', help: ONE_SESSION },
  (signer, _config, done) => signer.unpair(done),
);
