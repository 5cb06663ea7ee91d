/** `act-edge cloud lock|unlock|retire|accept-journal DEVICE`: what is asked of the PSP when a device is lost, found, replaced or restored (T18, T27). */
import { readCloudConfig } from '../../device/adapters/config-file.ts';
import { systemClock } from '../../device/adapters/system-clock.ts';
import { systemRandom } from '../../device/adapters/system-random.ts';
import { placeOrder } from '../cloud-orders.ts';
import { type Command, CommandError, defineCommand, EXIT, required } from '../command.ts';

const WAIT_MS = 10_000;

/** Why the PSP did not carry an order out, and what to do then. */
const REFUSED: Readonly<Record<string, readonly [why: string, hint: string]>> = {
  'command-unknown': ['that is no party id', 'party ids are small letters, digits and dashes'],
  'device-unknown': ['no device of that name is enrolled', 'enrolmentsFile of the configuration lists them'],
  'device-retired': ['it was replaced, which is for good', 'enrol it anew under another name'],
  'key-forked': [
    'its confirmation key was found in two signers',
    'enrol it with new keys: act-edge keys enrol --replace',
  ],
};
const NOT_RUNNING = ['the cloud does not run', 'start it: it carries the order out first'] as const;
const HOW = `DEVICE is its party id. A cloud that runs carries it out at once, and this command returns when it has; one that does not
carries it out when it starts. Exit code 1 until then, and for what the PSP refuses.`;

interface LockOrder {
  readonly order: 'lock' | 'unlock' | 'retire' | 'accept-journal';
  readonly summary: string;
  /** What it means and what it does not, above what the three have in common. */
  readonly help: string;
  /** Told once it was carried out. */
  readonly done: string;
}

function lockCommand({ order, summary, help, done }: LockOrder): Command {
  return defineCommand({
    summary,
    help: `${help}\n${HOW}`,
    operands: ['DEVICE'],
    options: { config: { type: 'string', value: 'FILE', describe: 'the configuration of the cloud' } },
    async run(args, io) {
      const { state } = readCloudConfig(required(args, 'config'));
      const [device = ''] = args.operands;
      const ports = { clock: systemClock(), random: systemRandom(), waitMs: WAIT_MS };
      const answer = await placeOrder(state.directory, `${order} ${device}`, ports);
      if (answer !== 'done') throw refusal(device, answer);
      io.stdout.write(`${device}: ${done}\n`);
      return EXIT.held;
    },
  });
}

function refusal(device: string, answer: string | undefined): CommandError {
  if (answer === undefined)
    return new CommandError('cloud-not-running', `${device}: ${NOT_RUNNING[0]}`, NOT_RUNNING[1]);
  const [why, hint] = REFUSED[answer] ?? ['the PSP did not carry it out', 'look into the log of the cloud'];
  return new CommandError(answer, `${device}: ${why}`, hint);
}

export const cloudLock = lockCommand({
  order: 'lock',
  summary: 'tell the PSP that a device is lost',
  help: `From then on the PSP pays nothing for it, whether the device hears of it or not; the device is told until it has acknowledged,
and its signer signs nothing until it is unlocked.`,
  done: 'locked; from now on the PSP pays nothing for it, and tells it so until it has heard',
});
export const cloudUnlock = lockCommand({
  order: 'unlock',
  summary: 'tell the PSP that a lost device was found',
  help: 'It can pay again as before. A device whose key was found in two signers needs new keys first.',
  done: 'unlocked',
});
export const cloudRetire = lockCommand({
  order: 'retire',
  summary: 'tell the PSP that a device was replaced',
  help: 'Locks it for good: its payment tokens are dead, and nothing unlocks it.',
  done: 'locked for good; its payment tokens are dead',
});
export const cloudAcceptJournal = lockCommand({
  order: 'accept-journal',
  summary: 'tell the PSP that a device goes on with the journal it has',
  help: `For a device whose journal contradicts what the PSP has cosigned, once somebody has found out why: a disk was restored, for
example. The next checkpoint it shows is taken as its first. What was cosigned before stays proof of what it was then.`,
  done: 'its next checkpoint is taken as its first',
});
