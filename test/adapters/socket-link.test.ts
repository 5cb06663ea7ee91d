import { existsSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { serveSocketLink, socketLinks } from '../../device/adapters/socket-link.ts';
import { systemClock } from '../../device/adapters/system-clock.ts';
import { REPORT_BYTES, type ReportLink } from '../../device/hid/report-link.ts';
import type { Stop } from '../../device/ports.ts';
import { watching } from '../contracts/contract.ts';
import { temporaryDirectory } from '../helpers/temporary.ts';

const report = (n: number) => new Uint8Array(REPORT_BYTES).fill(n);

/** A device and its openers, with what each has heard. */
class Stand {
  readonly directory = temporaryDirectory();
  readonly path = join(this.directory.path, 's.sock');
  readonly events = watching();
  readonly stops: Stop[] = [];
  readonly gone: string[] = [];

  async serve(): Promise<{ readonly link: ReportLink; readonly heard: number[]; close(): void }> {
    const device = await serveSocketLink(this.path);
    this.stops.push(() => device.close());
    return { ...device, heard: this.hear(device.link, 'device') };
  }

  hear(link: ReportLink, name: string): number[] {
    const heard: number[] = [];
    link.listen(
      (one) => {
        heard.push(one.length === REPORT_BYTES ? (one[0] as number) : -1);
        this.events.happened();
      },
      () => {
        this.gone.push(name);
        this.events.happened();
      },
    );
    return heard;
  }

  /** Links as they come, from one source. */
  source(): ReportLink[] {
    const links: ReportLink[] = [];
    this.stops.push(
      socketLinks(
        this.path,
        systemClock(),
      )((link) => {
        links.push(link);
        this.events.happened();
      }),
    );
    return links;
  }

  async open(): Promise<ReportLink> {
    const links = this.source();
    await this.events.until(() => links.length > 0);
    return links[0] as ReportLink;
  }

  end(): void {
    for (const stop of this.stops.reverse()) stop();
    this.directory.remove();
  }
}

describe('reports over a Unix socket', () => {
  let stand: Stand;
  afterEach(() => stand.end());
  const begin = () => {
    stand = new Stand();
    return stand;
  };

  it('come whole and in order, both ways, however the stream is cut; nobody but the owner can open it', async () => {
    const { path, events } = begin();
    const device = await stand.serve();
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const host = await stand.open();
    const heard = stand.hear(host, 'host');
    for (let n = 1; n <= 200; n += 1) host.send(report(n));
    await events.until(() => device.heard.length === 200);
    for (let n = 1; n <= 200; n += 1) device.link.send(report(n));
    await events.until(() => heard.length === 200);
    const all = Array.from({ length: 200 }, (_, i) => i + 1);
    expect([device.heard, heard]).toEqual([all, all]);

    const raw = connect(path);
    stand.stops.push(() => raw.destroy());
    for (const part of [report(7).subarray(0, 10), report(7).subarray(10, 63)]) raw.write(part);
    raw.write(Buffer.concat([report(7).subarray(63), report(8)]));
    await events.until(() => device.heard.length === 202);
    expect(device.heard.slice(200)).toEqual([7, 8]);
  });

  it('are seen by every opener, as those of a HID device are', async () => {
    const { events } = begin();
    const device = await stand.serve();
    const [one, other] = [await stand.open(), await stand.open()];
    const heard = [stand.hear(one, 'one'), stand.hear(other, 'other')];
    one.send(report(1));
    await events.until(() => device.heard.length === 1);
    device.link.send(report(2));
    await events.until(() => heard.every(({ length }) => length === 1));
    expect(heard).toEqual([[2], [2]]);
  });

  it('tell a host once that the signer has gone, and find it again when it comes back', async () => {
    const { events, gone } = begin();
    const first = await stand.serve();
    const links = stand.source();
    await events.until(() => links.length === 1);
    stand.hear(links[0] as ReportLink, 'host');
    first.close();
    await events.until(() => gone.length === 1);
    const again = await stand.serve();
    await events.until(() => links.length === 2);
    links[1]?.send(report(3));
    await events.until(() => again.heard.length === 1);
    expect(gone).toEqual(['host']);
    links[0]?.send(report(4));
  });

  it('of another length are the caller’s bug', async () => {
    begin();
    const device = await stand.serve();
    const host = await stand.open();
    expect(() => host.send(new Uint8Array(63))).toThrow(RangeError);
    await stand.events.until(() => device.heard.length === 0);
  });

  it('are served by one process at a time, and never over a file that is no socket', async () => {
    const { path, directory } = begin();
    await stand.serve();
    await expect(serveSocketLink(path)).rejects.toMatchObject({ code: 'store-locked' });
    const file = join(directory.path, 'file');
    writeFileSync(file, 'kept');
    await expect(serveSocketLink(file)).rejects.toMatchObject({ code: 'hardware-failed' });
    expect(existsSync(file)).toBe(true);
    await expect(serveSocketLink(join(directory.path, 'x'.repeat(120)))).rejects.toMatchObject({
      code: 'hardware-failed',
    });
  });
});
