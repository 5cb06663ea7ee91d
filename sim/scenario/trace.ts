/** Everything that happened in a world, one line each, and one hash over all of it: two runs are the same if their hashes are. */
import { hex, ProtocolError, peekFrame, sha256, utf8 } from '../../protocol/index.ts';
import type { WorldRecord } from '../world-record.ts';

/** Hex of a SHA-256. */
export type TraceHash = string;

export interface Trace {
  readonly hash: TraceHash;
  /** In the order in which things happened. */
  readonly lines: readonly string[];
}

interface Happened {
  readonly at: number;
  readonly seq: number;
  readonly party: string;
  readonly life: number;
}

const digest = (...parts: readonly Uint8Array[]): string =>
  parts.map((part) => hex(sha256(part)).slice(0, 16)).join(' ');

/** A frame by what it says of itself, and by its bytes. */
function frameOf(payload: Uint8Array): string {
  try {
    const { type, iss, aud } = peekFrame(payload);
    return `${type} from ${iss} to ${aud}, ${payload.length} bytes, ${digest(payload)}`;
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    return `no frame, ${payload.length} bytes, ${digest(payload)}`;
  }
}

/** The same record gives the same lines and the same hash on every machine. */
export function traceOf(record: WorldRecord): Trace {
  const of = <T extends Happened>(all: readonly T[], say: (one: T) => string) =>
    all.map((one) => [one, say(one)] as const);
  const happened: (readonly [Happened, string])[] = [
    ...of(record.sent, ({ payload }) => `sends ${frameOf(payload)}`),
    ...of(record.acked, ({ payload }) => `has taken ${frameOf(payload)}`),
    ...of(record.stored, ({ disk, records }) => `stores on ${disk} ${digest(...records)}`),
    ...of(record.presented, (one) => ('page' in one ? `shows ${one.page.lines.join(' / ')}` : `says ${one.sentence}`)),
    ...of(record.edges, ({ edge }) => `button ${edge}`),
    ...of(record.worn, ({ worn }) => (worn ? 'is put on' : 'is taken off')),
    ...of(record.links, ({ online }) => (online ? 'is online' : 'is offline')),
    ...of(record.signatures, ({ toBeSigned }) => `signs ${digest(toBeSigned)}`),
    ...of(record.crashes, () => 'dies'),
  ];
  const lines = happened
    .sort(([a], [b]) => a.seq - b.seq)
    .map(([{ at, party, life }, what]) => `${at} ${party}/${life} ${what}`);
  return { hash: hex(sha256(utf8(lines.join('\n')))), lines };
}
