import { existsSync, statSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { attend } from '../../device/adapters/attend-socket.ts';
import { MAX_LINE_BYTES } from '../../device/adapters/bridge-lines.ts';
import { openFileJournal } from '../../device/adapters/file-journal.ts';
import { openSocketCosigner, type SocketCosigner } from '../../device/adapters/socket-cosigner.ts';
import { systemClock } from '../../device/adapters/system-clock.ts';
import { answerLine, offerLine, readAnswer, readOffer } from '../../device/adapters/witness-lines.ts';
import { PairedWitness } from '../../device/audit/paired-witness.ts';
import {
  type Id16,
  type JournalCheckpoint,
  type JournalCosignature,
  type NoteSigner,
  openCheckpoint,
  signCheckpoint,
  softSigningKey,
} from '../../protocol/index.ts';
import { watching } from '../contracts/contract.ts';
import { countingRandom } from '../helpers/counting-random.ts';
import { manualClock } from '../helpers/manual-clock.ts';
import { temporaryDirectory } from '../helpers/temporary.ts';

function signerOf(name: string, fill: number): NoteSigner {
  const key = softSigningKey(new Uint8Array(32).fill(fill));
  return { name, publicKey: key.publicKey, sign: (message) => key.sign(message) };
}
const own = signerOf('act-edge/demo/glasses-01', 1);
const phone = signerOf('paired-phone', 3);
const requestId = '00112233445566778899aabbccddeeff' as Id16;
const offer: JournalCheckpoint = {
  requestId,
  note: signCheckpoint({ origin: own.name, size: 1, root: new Uint8Array(32).fill(5) }, own),
  from: 0,
  proof: [],
};

async function makeStand() {
  const directory = temporaryDirectory();
  const socketFile = join(directory.path, 'witness.socket');
  const clock = manualClock(1_795_000_000_000);
  const watch = watching();
  const told: string[] = [];
  const hear = (what: string) => {
    told.push(what);
    watch.happened();
  };
  const log = { write: (_level: string, code: string) => hear(code) };
  const cosigner: SocketCosigner = await openSocketCosigner({ socketFile, key: phone, clock, log });
  const answers: JournalCosignature[] = [];
  cosigner.listen(
    (answer) => {
      answers.push(answer);
      hear('answer');
    },
    (isHere) => hear(isHere ? 'here' : 'away'),
  );
  const sockets: Socket[] = [];
  const dial = () => {
    const socket = connect(socketFile);
    socket.on('error', () => {});
    socket.on('data', (chunk) => hear(`got ${chunk}`));
    sockets.push(socket);
    return socket;
  };
  const until = (what: string, times = 1) => watch.until(() => told.filter((one) => one === what).length >= times);
  const dispose = () => {
    cosigner.close();
    for (const socket of sockets) socket.destroy();
    directory.remove();
  };
  return { directory, socketFile, clock, log, told, cosigner, answers, dial, until, dispose };
}

let stand: Awaited<ReturnType<typeof makeStand>> | undefined;
afterEach(() => stand?.dispose());

describe('the lines between a device and a paired witness', () => {
  it('say what was meant, both ways', () => {
    const proved = { ...offer, from: 3, proof: [new Uint8Array(32).fill(1), new Uint8Array(32).fill(255)] };
    for (const one of [offer, proved]) expect(readOffer(offerLine(one).trimEnd())).toEqual(one);
    for (const answer of [
      { requestId, line: '— paired-phone AAAA' },
      { requestId, newest: offer.note },
    ])
      expect(readAnswer(answerLine(answer).trimEnd())).toEqual(answer);
  });

  it('fit the bound of a line, however long the journal is', () => {
    const longest = { ...offer, note: 'x'.repeat(1_024), proof: Array.from({ length: 64 }, () => new Uint8Array(32)) };
    expect(offerLine(longest).length).toBeLessThan(MAX_LINE_BYTES);
  });

  it.each([
    'null',
    '{}',
    '[]',
    'nothing',
    `{"requestId":"${requestId}"}`,
    `{"requestId":"${requestId}","line":"a","newest":"b"}`,
    `{"requestId":"${requestId}","line":"a","more":1}`,
    `{"requestId":"${requestId.toUpperCase()}","line":"a"}`,
    `{"requestId":"${requestId}","line":"${'a'.repeat(257)}"}`,
    `{"requestId":"${requestId}","newest":"${'a'.repeat(2_049)}"}`,
  ])('are of a closed set: %s is no answer', (line) => {
    expect(readAnswer(line)).toBeUndefined();
    expect(readOffer(line)).toBeUndefined();
  });
});

describe('a witness at a socket', () => {
  it('gets offers and gives answers; the socket is its owner’s only and goes with the device', async () => {
    stand = await makeStand();
    expect([stand.told, statSync(stand.socketFile).mode & 0o777]).toEqual([['away'], 0o600]);
    stand.cosigner.offer(offer);
    const socket = stand.dial();
    await stand.until('here');
    stand.cosigner.offer(offer);
    await stand.until(`got ${offerLine(offer)}`);
    socket.write(answerLine({ requestId, line: 'a line' }));
    await stand.until('answer');
    expect(stand.answers).toEqual([{ requestId, line: 'a line' }]);
    socket.destroy();
    await stand.until('away', 2);
    stand.cosigner.offer(offer);
    stand.cosigner.close();
    expect(existsSync(`${stand.socketFile}.lock`)).toBe(false);
  });

  it.each([
    ['witness-garbage', '{"requestId":1}\n'],
    ['witness-garbage', '\n'],
    ['witness-line-too-long', 'x'.repeat(MAX_LINE_BYTES + 1)],
    ['witness-flood', answerLine({ requestId, line: 'a' }).repeat(17)],
  ])('T30: is hung up on with %s, and may come again', async (code, said) => {
    stand = await makeStand();
    stand.dial().write(said);
    await stand.until(code);
    await stand.until('away', 2);
    expect(stand.told.filter((one) => one === 'answer').length).toBeLessThanOrEqual(16);
    stand.dial();
    await stand.until('here', 2);
  });

  it('is alone: a second one is turned away and the first goes on', async () => {
    stand = await makeStand();
    const first = stand.dial();
    await stand.until('here');
    stand.dial();
    await stand.until('witness-busy');
    first.write(answerLine({ requestId, line: 'a' }));
    await stand.until('answer');
  });

  it('T30: is hung up on when it reads nothing: what waits for it is bounded', async () => {
    stand = await makeStand();
    const socket = stand.dial();
    socket.pause();
    socket.removeAllListeners('data');
    await stand.until('here');
    const long = { ...offer, proof: Array.from({ length: 64 }, () => new Uint8Array(32)) };
    for (let n = 0; n < 10_000 && !stand.told.includes('witness-silent'); n++) stand.cosigner.offer(long);
    expect(stand.told).toContain('witness-silent');
    await stand.until('away', 2);
  });

  it('cosigns with the example of a phone, which comes again by itself', async () => {
    stand = await makeStand();
    const { socketFile, clock, log, directory, cosigner, answers } = stand;
    const store = openFileJournal(join(directory.path, 'phone'), countingRandom('phone'));
    const witness = new PairedWitness({ store, signer: phone, journals: [own], clock, log });
    const stop = attend(witness, socketFile, clock);
    await stand.until('here');
    cosigner.offer(offer);
    await stand.until('answer');
    expect(openCheckpoint(offer.note + (answers[0]?.line ?? ''), own).cosignedAt(phone)).toBeDefined();
    stop();
    await stand.until('away', 2);
    // It was there before the device: only a later attempt gets through.
    const elsewhere = join(directory.path, 'later.socket');
    const stopLater = attend(witness, elsewhere, { ...clock, after: (_ms, fire) => systemClock().after(1, fire) });
    const later = await openSocketCosigner({ socketFile: elsewhere, key: phone, clock, log });
    await new Promise<void>((resolve) => {
      later.listen(
        () => {},
        (isHere) => isHere && resolve(),
      );
    });
    stopLater();
    later.close();
    store.close();
  });
});
