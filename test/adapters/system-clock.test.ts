import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../device/adapters/system-clock.ts';
import { temporaryDirectory } from '../helpers/temporary.ts';

/** Both ends of a local socket: what one end writes is there to read for the other before `write` returns. */
async function line() {
  const directory = temporaryDirectory();
  const server = createServer();
  server.listen(join(directory.path, 'line'));
  await once(server, 'listening');
  const reader = connect(join(directory.path, 'line'));
  const [writer] = await once(server, 'connection');
  const close = () => {
    for (const end of [reader, writer]) end.destroy();
    server.close();
    directory.remove();
  };
  return { reader, write: (text: string) => void writer.write(text), close };
}

/** The process does nothing at all, as when the machine is busy or suspended. */
function stall(durationMs: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, durationMs);
}

describe('the system clock and a process that stalls', () => {
  let close = () => {};
  afterEach(() => close());

  it('T10: an edge that arrived during the stall comes before the end of the hold', async () => {
    const { reader, write, close: closeLine } = await line();
    close = closeLine;
    const told: string[] = [];
    const both = new Promise<void>((resolve) => {
      const tell = (what: string) => told.push(what) === 2 && resolve();
      reader.once('data', () => tell('up'));
      systemClock().after(1, () => tell('held'));
    });
    write('up');
    stall(20);
    await both;
    expect(told).toEqual(['up', 'held']);
  });

  it('fires nothing that was stopped between its time and its turn', async () => {
    const { reader, write, close: closeLine } = await line();
    close = closeLine;
    const clock = systemClock();
    let fired = false;
    const stop = clock.after(1, () => {
      fired = true;
    });
    const read = once(reader, 'data');
    reader.once('data', () => stop());
    write('up');
    stall(20);
    await read;
    await new Promise<void>((resolve) => clock.after(5, resolve));
    expect(fired).toBe(false);
  });
});
