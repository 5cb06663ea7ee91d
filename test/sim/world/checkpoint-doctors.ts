/** What can be wrong with what a device signs about its journal, for the test of the checkers. */
import {
  fromUtf8,
  openCheckpoint,
  peekFrame,
  type SigningKey,
  signCheckpoint,
  softSigningKey,
  utf8,
} from '../../../protocol/index.ts';
import type { StoredRecords, WorldRecord } from '../../../sim/world-record.ts';
import { DEVICE, TENANT } from './play.ts';

const NAME = `act-edge/${TENANT.tenant}/${DEVICE}`;

const isOn = (wanted: string) => (one: StoredRecords) => one.party === DEVICE && one.disk === wanted;
const isJournal = isOn('journal');
const isCheckpoint = isOn('checkpoints');

function without<T>(list: T[], isIt: (one: T) => boolean): void {
  list.splice(0, list.length, ...list.filter((one) => !isIt(one)));
}

function lastNote({ stored }: WorldRecord): StoredRecords {
  const last = stored.findLast(isCheckpoint);
  if (!last) throw new Error('nothing was signed for');
  return last;
}

/** The newest checkpoint once more, with another root or by another key. */
function signedAgain(record: WorldRecord, root: 'same' | 'other', seed: Uint8Array): void {
  const last = lastNote(record);
  const [secrets] = TENANT.devices;
  const own: SigningKey & { readonly publicKey: Uint8Array } = softSigningKey(secrets?.frameSeed ?? new Uint8Array());
  const head = openCheckpoint(fromUtf8(last.records[0] as Uint8Array), { name: NAME, publicKey: own.publicKey });
  const key = softSigningKey(seed);
  const signer = { name: NAME, publicKey: key.publicKey, sign: (message: Uint8Array) => key.sign(message) };
  const other = root === 'same' ? head.root : head.root.map((byte) => byte ^ 1);
  const note = signCheckpoint({ origin: NAME, size: head.size, root: other }, signer);
  record.stored.push({ ...last, seq: last.seq + 0.5, records: [utf8(note)] });
}

function startsWith(record: WorldRecord, most: number): void {
  const records = record.stored
    .filter(isJournal)
    .flatMap((one) => one.records)
    .slice(0, most);
  const { seq } = record.steps.at(-1) ?? { seq: 0 };
  record.found.push({ at: 0, seq: seq + 1_000, party: DEVICE, life: 2, disk: 'journal', records });
}

const ownSeed = () => TENANT.devices[0]?.frameSeed ?? new Uint8Array();
const strangersSeed = () => new Uint8Array(32).fill(99);

export const CHECKPOINT_DOCTORED = [
  [
    'checkpointsAreTrue',
    'T26: a checkpoint of more records than there are',
    (record: WorldRecord) => without(record.stored, isJournal),
    /has signed for \d+ records and holds \d+/,
  ],
  [
    'checkpointsAreTrue',
    'T26: records in another order than they were signed in',
    (record: WorldRecord) => {
      const [first, second] = record.stored.filter(isJournal);
      if (!first || !second) throw new Error('nothing was stored');
      record.stored[record.stored.indexOf(second)] = { ...second, records: first.records };
      record.stored[record.stored.indexOf(first)] = { ...first, records: second.records };
    },
    /has signed a root that is not of its records/,
  ],
  [
    'checkpointsAreTrue',
    'T27: two roots for one size',
    (record: WorldRecord) => signedAgain(record, 'other', ownSeed()),
    /has signed two roots for \d+ records/,
  ],
  [
    'checkpointsAreTrue',
    'T27: a checkpoint that a stranger has signed',
    (record: WorldRecord) => signedAgain(record, 'same', strangersSeed()),
    /keeps or shows a checkpoint that it has not signed/,
  ],
  [
    'checkpointsAreTrue',
    'T26: a checkpoint that is shown and nowhere kept',
    (record: WorldRecord) => without(record.stored, isCheckpoint),
    /showed a checkpoint before it was durable/,
  ],
  [
    'checkpointsAreTrue',
    'T26: a start with less than was cosigned',
    (record: WorldRecord) => startsWith(record, 3),
    /is not the one a witness has cosigned/,
  ],
  [
    'checkpointsAreTrue',
    'T26: a start with less than was signed for, cosigned or not',
    (record: WorldRecord) => {
      without(record.sent, ({ payload }) => peekFrame(payload).type === 'journal-cosignature');
      startsWith(record, 3);
    },
    /is not the one it had signed for/,
  ],
] as const;
