/**
 * A witness that reaches the device over a Unix socket: the app of a paired phone, or what relays it (PORTING.md has the lines).
 * Whoever has the socket learns how long the journal is, and can keep the witness out; to cosign takes the pinned key.
 */
import type { Socket } from 'node:net';
import type { JournalCheckpoint, JournalCosignature, NoteKey } from '../../protocol/index.ts';
import { TokenBuckets } from '../link/token-buckets.ts';
import type { Clock, Cosigner, Log } from '../ports.ts';
import { lineCutter } from './bridge-lines.ts';
import { servePrivateSocket } from './private-socket.ts';
import { offerLine, readAnswer } from './witness-lines.ts';

export interface CosignerOptions {
  /** Where the witness connects; made with mode 0600. */
  readonly socketFile: string;
  /** Pinned when it was paired. */
  readonly key: NoteKey;
  readonly clock: Clock;
  readonly log: Log;
}

export interface SocketCosigner extends Cosigner {
  close(): void;
}

/** One answer for each checkpoint, and a few that were late. Each is verified, so more would cost the device its time (T30). */
const RATE = { burst: 16, perSecond: 4 } as const;
/** What may wait for a witness that does not read. */
const MAX_WAITING_BYTES = 65_536;

interface Listener {
  onAnswer(answer: JournalCosignature): void;
  onHere(isHere: boolean): void;
}

/** @throws DeviceError `hardware-failed` when the socket cannot be made; StoreError `store-locked`. */
export async function openSocketCosigner({ socketFile, key, clock, log }: CosignerOptions): Promise<SocketCosigner> {
  let listener: Listener | undefined;
  let current: Socket | undefined;
  const end = (socket: Socket, why: string) => {
    log.write('warn', `witness-${why}`);
    socket.destroy();
  };
  const stopServing = await servePrivateSocket(socketFile, (socket) => {
    socket.on('error', () => {});
    if (current) return end(socket, 'busy');
    current = socket;
    const rate = new TokenBuckets(RATE);
    const cut = lineCutter((line) => {
      if (socket.destroyed) return;
      const answer = readAnswer(line.toString('utf8'));
      if (!rate.take('lines', clock.now())) end(socket, 'flood');
      else if (!answer) end(socket, 'garbage');
      else listener?.onAnswer(answer);
    });
    socket.on('data', (chunk) => {
      if (!cut(chunk)) end(socket, 'line-too-long');
    });
    socket.on('close', () => {
      current = undefined;
      listener?.onHere(false);
    });
    listener?.onHere(true);
  });
  return {
    key,
    offer(checkpoint: JournalCheckpoint) {
      if (!current?.writable) return;
      if (current.writableLength > MAX_WAITING_BYTES) end(current, 'silent');
      else current.write(offerLine(checkpoint));
    },
    listen(onAnswer, onHere) {
      const mine = { onAnswer, onHere };
      listener = mine;
      onHere(current !== undefined);
      return () => {
        if (listener === mine) listener = undefined;
      };
    },
    close() {
      listener = undefined;
      stopServing();
      current?.destroy();
    },
  };
}
