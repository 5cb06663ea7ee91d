/** `act-edge cloud lock|unlock|retire|accept-journal DEVICE` and `suspend|resume DELEGATION`: what an operator asks of the PSP (T17, T18, T27). */
import { readCloudConfig } from '../../device/adapters/config-file.ts';
import { systemClock } from '../../device/adapters/system-clock.ts';
import { systemRandom } from '../../device/adapters/system-random.ts';
import { placeOrder } from '../cloud-orders.ts';
import { type Command, CommandError, defineCommand, EXIT, required } from '../command.ts';

const WAIT_MS = 10_000;

/** Why the PSP did not carry an order out, and what to do then. */
const REFUSED: Readonly<Record<string, readonly [why: string, hint: string]>> = {
  'command-unknown': ['that is no id', 'party ids are small letters, digits and dashes, delegations 32 hex digits'],
  'delegation-unknown': ['no delegation of that id was issued', 'act-edge delegations list shows them'],
  'delegation-state': ['it is over', 'a new one takes the wearer’s hold'],
  'device-locked': ['its device was reported lost', 'act-edge cloud unlock, once it is found'],
  'device-unknown': ['no device of that name is enrolled', 'enrolmentsFile of the configuration lists them'],
  'ledger-waits': [
    'it holds in this process; the ledger has not answered, and is told as soon as it does',
    'say it again until it is done: from then on it holds for every process on that ledger',
  ],
  'word-overtaken': [
    'a word that was given later by its clock stands',
    'say it again, and mend the clocks of the gateways if it is still refused',
  ],
  'device-retired': ['it was replaced, which is for good', 'enrol it anew under another name'],
  'key-forked': [
    'its confirmation key was found in two signers',
    'enrol it with new keys: act-edge keys enrol --replace',
  ],
};
const NOT_RUNNING = ['the cloud does not run', 'start it: it carries the order out first'] as const;
const HOW = `A cloud that runs carries it out at once, and this command returns when it has; one that does not
carries it out when it starts. Exit code 1 until then, and for what the PSP refuses.`;

interface LockOrder {
  readonly order: 'lock' | 'unlock' | 'retire' | 'accept-journal' | 'suspend' | 'resume';
  /** What it is about: a device by its party id, or a delegation by its 32 hex digits. */
  readonly of?: 'DEVICE' | 'DELEGATION';
  readonly summary: string;
  /** What it means and what it does not, above what the three have in common. */
  readonly help: string;
  /** Told once it was carried out. */
  readonly done: string;
}

function lockCommand({ order, of = 'DEVICE', summary, help, done }: LockOrder): Command {
  return defineCommand({
    summary,
    help: `${help}\n${of} is its ${of === 'DEVICE' ? 'party id' : 'id, 32 hex digits'}. ${HOW}`,
    operands: [of],
    options: { config: { type: 'string', value: 'FILE', describe: 'the configuration of the cloud' } },
    async run(args, io) {
      const { state } = readCloudConfig(required(args, 'config'));
      const [subject = ''] = args.operands;
      const ports = { clock: systemClock(), random: systemRandom(), waitMs: WAIT_MS };
      const answer = await placeOrder(state.directory, `${order} ${subject}`, ports);
      if (answer !== 'done') throw refusal(subject, answer);
      io.stdout.write(`${subject}: ${done}\n`);
      return EXIT.held;
    },
  });
}

function refusal(subject: string, answer: string | undefined): CommandError {
  if (answer === undefined)
    return new CommandError('cloud-not-running', `${subject}: ${NOT_RUNNING[0]}`, NOT_RUNNING[1]);
  const [why, hint] = REFUSED[answer] ?? ['the PSP did not carry it out', 'look into the log of the cloud'];
  return new CommandError(answer, `${subject}: ${why}`, hint);
}

export const cloudLock = lockCommand({
  order: 'lock',
  summary: 'tell the PSP that a device is lost',
  help: `From then on this process pays nothing for it, and no process on the same ledger pays under its delegations, whether the
device hears of it or not. Others pay what its wearer confirms on the spot until they are told, too. The device is told until it
has acknowledged, and its signer signs nothing until it is unlocked.`,
  done: 'locked; nothing is paid for it here, nor elsewhere on this ledger under its delegations; it is told until it has heard',
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
export const cloudSuspend = lockCommand({
  order: 'suspend',
  of: 'DELEGATION',
  summary: 'stop a delegation from the side of the PSP',
  help: 'Risk control: nothing is paid under it, and its wearer cannot resume it, until the PSP does.',
  done: 'suspended; only the PSP resumes it',
});
export const cloudResume = lockCommand({
  order: 'resume',
  of: 'DELEGATION',
  summary: 'let a delegation go on that the PSP had stopped',
  help: 'Within the bounds that its wearer has signed, as before.',
  done: 'resumed',
});
