import { chmodSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadNodeHid } from '../../device/adapters/node-hid-package.ts';
import { watchHid } from '../../device/adapters/node-hid-watch.ts';
import { DeviceError } from '../../device/errors.ts';
import { type ReportLink, USAGE, USAGE_PAGE } from '../../device/hid/report-link.ts';
import { manualClock } from '../helpers/manual-clock.ts';
import { temporaryDirectory } from '../helpers/temporary.ts';
import { FakeHid, SIGNER, settled } from './node-hid-fake.ts';

const TIMES = { pollMs: 100, reconnectMs: 1_000, retryMs: 500 };

function watching(hid = new FakeHid()) {
  const clock = manualClock();
  const links: ReportLink[] = [];
  const absences: string[] = [];
  const handlers = {
    onLink: (link: ReportLink) => links.push(link),
    onAbsent: (error: DeviceError) => absences.push(error.code),
  };
  const stop = watchHid({ clock, times: TIMES, load: () => hid }, handlers);
  /** Lets time pass in steps of one search. */
  const pass = async (ms: number) => {
    await settled();
    for (let passed = 0; passed < ms; passed += TIMES.pollMs) {
      clock.advance(TIMES.pollMs);
      await settled();
    }
  };
  return { hid, links, absences, stop, pass };
}

describe('the search for HID signers', () => {
  it('opens what has the usage page and usage of a signer, and nothing else', async () => {
    const { hid, links, pass } = watching();
    hid.infos = [
      { path: '/nowhere/keyboard', usagePage: 1, usage: 6 },
      { path: '/nowhere/fido', usagePage: 0xf1d0, usage: 1 },
      { path: '/nowhere/other-usage', usagePage: USAGE_PAGE, usage: USAGE + 1 },
      { path: '/nowhere/unknown' },
      { usagePage: USAGE_PAGE, usage: USAGE },
      SIGNER,
      SIGNER,
    ];
    await pass(300);
    expect([hid.openedPaths, links.length]).toEqual([[SIGNER.path], 1]);
  });

  it('finds one that is plugged in later, and again after it was unplugged', async () => {
    const { hid, links, pass } = watching();
    await pass(300);
    expect(links).toHaveLength(0);
    hid.infos = [SIGNER];
    await pass(100);
    expect(links).toHaveLength(1);
    hid.infos = [];
    hid.handles[0]?.emit('error', 'device disconnected');
    await pass(200);
    hid.infos = [SIGNER];
    await pass(100);
    expect(links).toHaveLength(2);
  });

  it('offers a device that the caller closed again, but not at once', async () => {
    const { hid, links, pass } = watching();
    hid.infos = [SIGNER];
    await pass(100);
    links[0]?.close();
    await pass(400);
    expect(links).toHaveLength(1);
    await pass(200);
    expect(links).toHaveLength(2);
  });

  it('hands out every candidate, so that one that lies about its usage keeps no other out, up to eight', async () => {
    const { hid, links, pass } = watching();
    hid.infos = Array.from({ length: 20 }, (_, n) => ({ ...SIGNER, path: `/nowhere/hidraw${n}` }));
    await pass(300);
    expect([links.length, hid.handles.length]).toEqual([8, 8]);
  });

  it('says that there is no signer when the time is over, once, and again only after there was one', async () => {
    const { hid, absences, pass } = watching();
    await pass(900);
    expect(absences).toEqual([]);
    await pass(3_000);
    expect(absences).toEqual(['hardware-absent']);
    hid.infos = [SIGNER];
    await pass(100);
    hid.infos = [];
    hid.handles[0]?.emit('error', 'device disconnected');
    await pass(900);
    expect(absences).toHaveLength(1);
    await pass(200);
    expect(absences).toEqual(['hardware-absent', 'hardware-absent']);
  });

  it('takes a signer that returns within the time for no absence', async () => {
    const { hid, links, absences, pass } = watching();
    hid.infos = [SIGNER];
    for (let n = 0; n < 5; n++) {
      await pass(700);
      hid.handles[n]?.emit('error', 'device disconnected');
    }
    await pass(3_000);
    expect([links.length, absences]).toEqual([6, []]);
  });

  it('misses no signer while another one is there', async () => {
    const { hid, absences, pass } = watching();
    hid.infos = [SIGNER, { ...SIGNER, path: '/nowhere/hidraw1' }];
    await pass(100);
    hid.infos = [SIGNER];
    hid.handles[1]?.emit('error', 'device disconnected');
    await pass(3_000);
    expect(absences).toEqual([]);
  });

  it('says nothing before a search has ended, however slow the system is', async () => {
    const hid = new FakeHid();
    let finish = () => {};
    hid.whileListing = () => new Promise((resolve) => (finish = resolve));
    const { absences, pass } = watching(Object.assign(hid, { refusesToList: true }));
    await pass(3_000);
    expect([hid.searches, absences]).toEqual([1, []]);
    finish();
    await pass(0);
    expect(absences).toEqual(['hardware-failed']);
  });

  it('tells a device that cannot be opened and a search that fails apart from no device', async () => {
    const { hid, links, absences, pass } = watching();
    await pass(1_100);
    hid.infos = [SIGNER];
    hid.refusesToOpen = true;
    await pass(3_000);
    expect([absences, links]).toEqual([['hardware-absent', 'hardware-failed'], []]);
    // Left alone in between: six openings in three seconds, not thirty.
    expect(hid.openedPaths.length).toBeLessThanOrEqual(6);
    hid.refusesToOpen = false;
    await pass(700);
    expect(links).toHaveLength(1);

    const other = watching(Object.assign(new FakeHid(), { refusesToList: true }));
    await other.pass(2_000);
    expect(other.absences).toEqual(['hardware-failed']);
    other.hid.refusesToList = false;
    other.hid.infos = [SIGNER];
    await other.pass(100);
    expect(other.links).toHaveLength(1);
  });

  it.skipIf(process.getuid?.() === 0)('says so when this user may not open the device', async () => {
    const directory = temporaryDirectory();
    const path = join(directory.path, 'hidraw0');
    writeFileSync(path, '');
    chmodSync(path, 0o000);
    const { hid, absences, pass } = watching();
    hid.infos = [{ ...SIGNER, path }];
    hid.refusesToOpen = true;
    await pass(2_000);
    directory.remove();
    expect(absences).toEqual(['hardware-refused']);
  });

  it('stops: closes its links, searches no more, and closes what was being opened', async () => {
    const { hid, links, absences, stop, pass } = watching();
    hid.infos = [SIGNER];
    await pass(100);
    let finish = () => {};
    hid.whileOpening = () => new Promise((resolve) => (finish = resolve));
    hid.infos = [SIGNER, { ...SIGNER, path: '/nowhere/hidraw1' }];
    await pass(100);
    expect(hid.openedPaths).toHaveLength(2);
    stop();
    stop();
    finish();
    const { searches } = hid;
    await pass(5_000);
    expect(hid.handles.map(({ closes }) => closes)).toEqual([1, 1]);
    expect([links.length, absences, hid.searches]).toEqual([1, [], searches]);
  });
});

describe('a search that is stopped', () => {
  it('between two searches begins none', async () => {
    const { hid, absences, stop, pass } = watching();
    await pass(300);
    const { searches } = hid;
    stop();
    await pass(5_000);
    expect([hid.searches, absences]).toEqual([searches, []]);
  });

  it('in the midst of one tells nothing of it', async () => {
    const { hid, absences, stop, pass } = watching();
    await pass(2_000);
    let finish = () => {};
    hid.whileListing = () => new Promise((resolve) => (finish = resolve));
    hid.refusesToList = true;
    await pass(100);
    stop();
    finish();
    await pass(2_000);
    expect(absences).toEqual(['hardware-absent']);
  });
});

describe('the package node-hid', () => {
  const failing = (code: string | undefined, message: string) => () =>
    loadNodeHid(() => {
      throw Object.assign(new Error(message), { code });
    });
  const told = (load: () => unknown): string => {
    try {
      load();
    } catch (error) {
      if (error instanceof DeviceError) return `${error.message}; ${error.hint}`;
    }
    return 'nothing';
  };

  it('loads, or its absence names what is missing', () => {
    const require = createRequire(import.meta.url);
    expect(told(() => loadNodeHid(require))).toMatch(/^nothing$|^hid-unavailable: node-hid needs the system library/);
  });

  it.each([
    ['MODULE_NOT_FOUND', "Cannot find module 'node-hid'", /not installed; npm install node-hid/],
    ['ERR_DLOPEN_FAILED', 'libusb-1.0.so.0: cannot open shared object file', /libusb-1\.0\.so; .*libusb-1\.0-0/],
    ['ERR_DLOPEN_FAILED', 'libudev.so.1: cannot open shared object file', /libudev\.so; .*libudev1/],
    [undefined, 'no prebuild for this platform', /no binary that runs on this machine; .*another signer/],
  ])('says what to do about %s: %s', (code, message, words) => {
    expect(told(failing(code, message))).toMatch(/^hid-unavailable: /);
    expect(told(failing(code, message))).toMatch(words);
  });

  it('without it the search says so, not before it has been started, and ends', async () => {
    const clock = manualClock();
    const absences: string[] = [];
    const load = failing('MODULE_NOT_FOUND', "Cannot find module 'node-hid'");
    const handlers = { onLink: () => {}, onAbsent: (error: DeviceError) => absences.push(error.code) };
    watchHid({ clock, load }, handlers);
    expect(absences).toEqual([]);
    clock.advance(60_000);
    expect(absences).toEqual(['hid-unavailable']);
    watchHid({ clock, load }, handlers)();
    clock.advance(60_000);
    expect(absences).toEqual(['hid-unavailable']);
  });
});
