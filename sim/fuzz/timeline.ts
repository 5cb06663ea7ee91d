/** What happened in a world, line by line, for whoever has to find out why it broke. */
import { peekFrame } from '../../protocol/index.ts';
import type { Lived } from '../world-record.ts';
import type { StormResult } from './storm.ts';

interface Line {
  readonly at: number;
  readonly seq: number;
  readonly text: string;
}

/** One line a happening, oldest first, with the time since the beginning. @param most lines; the oldest are left out. */
export function timelineOf({ play, strikes }: StormResult, most = 200): readonly string[] {
  const { record } = play.world;
  const lines: Line[] = [];
  const add = <T extends { readonly at: number; readonly seq: number }>(
    list: readonly T[],
    tell: (one: T) => string,
  ) => {
    for (const one of list) lines.push({ at: one.at, seq: one.seq, text: tell(one) });
  };
  const who = ({ party, life }: Lived) => (life > 1 ? `${party} (life ${life})` : party);
  add(strikes, ({ kind, detail }) => `FAULT ${kind}${detail === '' ? '' : `: ${detail}`}`);
  add(record.sent, (one) => `${who(one)} → ${peekFrame(one.payload).aud}: ${peekFrame(one.payload).type}`);
  const meant = record.acked.filter(({ party, payload }) => isFor(party, payload));
  add(meant, (one) => `${who(one)} acknowledges ${typeOf(one.payload)}`);
  add(record.presented, (one) => `${who(one)} ${'page' in one ? `shows “${one.page.title}”` : 'speaks'}`);
  add(record.edges, (one) => `button ${one.edge}`);
  add(record.worn, (one) => `${who(one)} is ${one.worn ? 'put on' : 'taken off'}`);
  add(record.links, (one) => `${who(one)} is ${one.online ? 'online' : 'offline'}`);
  add(record.crashes, (one) => `${who(one)} dies`);
  add(record.signatures, (one) => `${who(one)} SIGNS with the confirmation key`);
  add(record.steps, (one) => `${who(one)} is ${one.purchases.current.at} after ${one.event.kind}`);
  lines.sort((a, b) => a.seq - b.seq);
  const start = lines[0]?.at ?? 0;
  const told = lines.map(({ at, text }) => `${((at - start) / 1000).toFixed(3).padStart(9)} s  ${text}`);
  return told.length <= most ? told : [`… ${told.length - most} earlier lines`, ...told.slice(-most)];
}

/** Every service is brought what a device sends; whom it is not for acknowledges it and passes it over. */
function isFor(party: string, payload: Uint8Array): boolean {
  try {
    return peekFrame(payload).aud === party;
  } catch {
    return true;
  }
}

/** What a receiver got may be no frame at all. */
function typeOf(payload: Uint8Array): string {
  try {
    return peekFrame(payload).type;
  } catch {
    return 'what is no frame';
  }
}
