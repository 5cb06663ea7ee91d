import { describe, expect, it } from 'vitest';
import { nodeHidLink } from '../../device/adapters/node-hid-link.ts';
import { FakeHandle, reportOf, settled } from './node-hid-fake.ts';

async function opened() {
  const handle = new FakeHandle();
  const { link, ended } = await nodeHidLink(handle);
  const reports: Uint8Array[] = [];
  let goneCount = 0;
  const listen = () =>
    link.listen(
      (report) => reports.push(report),
      () => goneCount++,
    );
  let end: string | undefined;
  void ended.then((how) => {
    end = how;
  });
  return { handle, link, reports, listen, stop: listen(), goneCount: () => goneCount, end: () => end };
}

describe('a link over node-hid', () => {
  it('writes a report with the id 0 in front, and hands on what it reads as it is', async () => {
    const { handle, link, reports } = await opened();
    link.send(reportOf(7));
    await settled();
    expect(handle.written).toEqual([Uint8Array.of(0, ...reportOf(7))]);
    handle.emit('data', Buffer.from(reportOf(9)));
    await settled();
    expect(reports).toEqual([reportOf(9)]);
    // Not a Buffer: that encodes and compares otherwise.
    expect(reports[0]?.constructor).toBe(Uint8Array);
  });

  it('T12: keeps reports in memory of its own, both ways', async () => {
    const { handle, link, reports } = await opened();
    const [out, back] = [reportOf(1), Buffer.from(reportOf(2))];
    let finish = (_written: number) => {};
    handle.onWrite = () => new Promise((resolve) => (finish = resolve));
    link.send(out);
    link.send(out);
    handle.emit('data', back);
    out.fill(0);
    back.fill(0);
    finish(65);
    await settled();
    expect(handle.written).toEqual([Uint8Array.of(0, ...reportOf(1)), Uint8Array.of(0, ...reportOf(1))]);
    expect(reports).toEqual([reportOf(2)]);
  });

  it('begins a write when the one before is over, so that none overtakes another', async () => {
    const { handle, link } = await opened();
    const finish: ((written: number) => void)[] = [];
    handle.onWrite = () => new Promise((resolve) => finish.push(resolve));
    for (const byte of [1, 2, 3]) link.send(reportOf(byte));
    await settled();
    expect(handle.written.map((report) => report[1])).toEqual([1]);
    finish[0]?.(65);
    await settled();
    expect(handle.written.map((report) => report[1])).toEqual([1, 2]);
    finish[1]?.(65);
    await settled();
    expect(handle.written.map((report) => report[1])).toEqual([1, 2, 3]);
  });

  it('T21: drops reports that are shorter or longer than they have to be', async () => {
    const { handle, reports, goneCount } = await opened();
    for (const length of [0, 1, 63, 65, 4096]) handle.emit('data', Buffer.alloc(length));
    handle.emit('data', Buffer.from(reportOf(1)));
    await settled();
    expect([reports, goneCount()]).toEqual([[reportOf(1)], 0]);
  });

  it.each([
    ['fails', () => Promise.reject(new Error('No such device'))],
    ['falls short', () => Promise.resolve(63)],
  ])('is gone, once, when a write %s, and sends nothing more', async (_how, onWrite) => {
    const { handle, link, reports, goneCount, end } = await opened();
    handle.onWrite = onWrite;
    for (const byte of [1, 2, 3]) link.send(reportOf(byte));
    await settled();
    link.send(reportOf(4));
    handle.emit('data', Buffer.from(reportOf(5)));
    await settled();
    expect([handle.written.length, goneCount(), handle.closes, end()]).toEqual([1, 1, 1, 'gone']);
    expect(reports).toEqual([]);
  });

  it('is gone, once, when reading fails, and tells a listener that comes too late', async () => {
    const { handle, link, listen, goneCount, end } = await opened();
    handle.onWrite = () => Promise.reject(new Error('No such device'));
    link.send(reportOf(1));
    handle.emit('error', 'device disconnected');
    handle.emit('error', 'device disconnected');
    await settled();
    expect([goneCount(), handle.closes, end()]).toEqual([1, 1, 'gone']);
    listen();
    await settled();
    expect(goneCount()).toBe(2);
    link.close();
    await settled();
    expect([goneCount(), handle.closes]).toEqual([2, 1]);
  });

  it('T30: is gone when 256 reports wait and the device takes none', async () => {
    const { handle, link, goneCount } = await opened();
    handle.onWrite = () => new Promise(() => {});
    for (let n = 0; n < 257; n++) link.send(reportOf(1));
    await settled();
    expect(goneCount()).toBe(0);
    link.send(reportOf(1));
    link.send(reportOf(1));
    await settled();
    expect([goneCount(), handle.written.length]).toEqual([1, 1]);
  });

  it('writes what was sent before it was closed, then closes; the listener hears nothing more', async () => {
    const { handle, link, reports, goneCount, end } = await opened();
    let finish = (_written: number) => {};
    handle.onWrite = (report) => (report[1] === 1 ? new Promise((resolve) => (finish = resolve)) : Promise.resolve(65));
    for (const byte of [1, 2]) link.send(reportOf(byte));
    handle.emit('data', Buffer.from(reportOf(9)));
    link.close();
    link.close();
    link.send(reportOf(3));
    await settled();
    expect([handle.closes, end()]).toEqual([0, undefined]);
    finish(65);
    await settled();
    expect(handle.written.map((report) => report[1])).toEqual([1, 2]);
    expect([handle.closes, end(), reports, goneCount()]).toEqual([1, 'closed', [], 0]);
  });

  it('closes also when the last writes fail, and when closing does', async () => {
    const { handle, link, goneCount, end } = await opened();
    handle.onClose = () => Promise.reject(new Error('No such device'));
    handle.onWrite = () => Promise.reject(new Error('No such device'));
    for (const byte of [1, 2]) link.send(reportOf(byte));
    link.close();
    await settled();
    expect([handle.closes, goneCount(), end()]).toEqual([1, 0, 'closed']);
  });

  it('calls only the newest listener, and none after its Stop', async () => {
    const { handle, link, reports, stop } = await opened();
    const later: Uint8Array[] = [];
    const stopLater = link.listen(
      (report) => later.push(report),
      () => {},
    );
    stop();
    handle.emit('data', Buffer.from(reportOf(1)));
    await settled();
    stopLater();
    handle.emit('data', Buffer.from(reportOf(2)));
    await settled();
    expect([reports, later]).toEqual([[], [reportOf(1)]]);
  });

  it('refuses a report of the wrong length, which only a bug of ours can send', async () => {
    const { handle, link } = await opened();
    for (const length of [0, 63, 65]) expect(() => link.send(new Uint8Array(length))).toThrow(RangeError);
    await settled();
    expect(handle.written).toEqual([]);
  });
});
