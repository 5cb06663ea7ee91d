/** What the kernel, node-hid and our link do with reports, before any protocol. Runs inside the guest. */
import { deepEqual, equal, notEqual } from 'node:assert/strict';
import { open, readdir } from 'node:fs/promises';
import { REPORT_BYTES } from '../../device/hid/report-link.ts';
import { Events, type Rig, reportOf } from './rig.ts';

/** Cases by the claim each makes; a case fails by throwing. */
export type Cases = Readonly<Record<string, (rig: Rig) => Promise<void>>>;

const ROUND_TRIPS = 300;

export const LINK_CASES: Cases = {
  async 'a signer is found by its usage page, and 300 reports of any bytes go there and back unchanged'(rig) {
    const { end } = await rig.plugIn();
    const { link, reports } = await rig.host().opened.next('the opening');
    for (let n = 0; n < ROUND_TRIPS; n++) {
      link.send(reportOf(n));
      const arrived = await end.reports.next(`report ${n}`);
      deepEqual(arrived, reportOf(n));
      end.link.send(arrived.map((byte) => byte ^ 0xff));
      deepEqual(
        await reports.next(`answer ${n}`),
        reportOf(n).map((byte) => byte ^ 0xff),
      );
    }
  },

  async 'reports sent in one breath arrive whole and in order, both ways at once'(rig) {
    const { end } = await rig.plugIn();
    const { link, reports } = await rig.host().opened.next('the opening');
    // Below the 64 reports that hidraw keeps for a reader.
    for (let n = 0; n < 60; n++) {
      link.send(reportOf(n));
      end.link.send(reportOf(1000 + n));
    }
    for (let n = 0; n < 60; n++) {
      deepEqual(await end.reports.next(`report ${n} to the signer`), reportOf(n));
      deepEqual(await reports.next(`report ${n} to the host`), reportOf(1000 + n));
    }
  },

  async 'unplugging ends the link once, and sending then does nothing'(rig) {
    const { unplug } = await rig.plugIn();
    const host = rig.host();
    const { link, gone } = await host.opened.next('the opening');
    await unplug();
    link.send(reportOf(0));
    await gone.next('the end of the link');
    for (let n = 0; n < 300; n++) link.send(reportOf(n));
    link.close();
    // By then everything that was still to come for the first link has come.
    await rig.plugIn();
    await host.opened.next('the second opening');
    equal(gone.all.length, 1);
  },

  async 'unplugging while reports are being written ends the link once'(rig) {
    const { end, unplug } = await rig.plugIn();
    const host = rig.host();
    const { link, gone } = await host.opened.next('the opening');
    for (let n = 0; n < 200; n++) link.send(reportOf(n));
    await end.reports.next('a first report');
    await unplug();
    await gone.next('the end of the link');
    await rig.plugIn();
    await host.opened.next('the second opening');
    equal(gone.all.length, 1);
  },

  async 'a signer that is plugged in again is found again, ten times over'(rig) {
    const host = rig.host();
    equal(await host.absent.next('the absence'), 'hardware-absent');
    for (let n = 0; n < 10; n++) {
      const { end, unplug } = await rig.plugIn();
      const { link, gone } = await host.opened.next(`opening ${n}`);
      link.send(reportOf(n));
      deepEqual(await end.reports.next(`report ${n}`), reportOf(n));
      await unplug();
      await gone.next(`end ${n}`);
    }
  },

  async 'T11: two programs may open one signer: both see all it says, and both may write to it'(rig) {
    const { end } = await rig.plugIn();
    const ours = await rig.host().opened.next('our opening');
    const theirs = await rig.host().opened.next('their opening');
    notEqual(ours.link, theirs.link);
    end.link.send(reportOf(1));
    deepEqual(await ours.reports.next('our copy'), reportOf(1));
    deepEqual(await theirs.reports.next('their copy'), reportOf(1));
    theirs.link.send(reportOf(2));
    deepEqual(await end.reports.next('their report'), reportOf(2));
  },

  async 'T21: reports of a wrong length or with an id reach nobody, and nothing breaks'(rig) {
    const { device, end } = await rig.plugIn();
    const { link, reports } = await rig.host().opened.next('the opening');
    // Its number is not always 0: the kernel gives a number out again when the last program has closed the device before.
    const [name = ''] = (await readdir('/dev')).filter((entry) => entry.startsWith('hidraw'));
    const node = await open(`/dev/${name}`, 'r+');
    rig.defer(() => node.close());
    // hidraw wants the report id first, 0 where there are none, and passes any length on.
    for (const length of [2, REPORT_BYTES, REPORT_BYTES + 2, 4096]) await node.write(Buffer.alloc(length));
    await node.write(Buffer.alloc(REPORT_BYTES + 1, 7));
    link.send(reportOf(1));
    deepEqual(await end.reports.next('the whole report'), reportOf(1));
    for (const length of [0, 1, REPORT_BYTES - 1, REPORT_BYTES + 1, 4000]) device.sendRaw(new Uint8Array(length));
    end.link.send(reportOf(2));
    deepEqual(await reports.next('the whole answer'), reportOf(2));
  },

  async 'a host that cannot use a signer closes it, and it is offered again later'(rig) {
    const { end } = await rig.plugIn();
    const host = rig.host();
    const first = await host.opened.next('the opening');
    first.link.send(reportOf(0));
    first.link.close();
    deepEqual(await end.reports.next('what was sent before closing'), reportOf(0));
    const second = await host.opened.next('the second opening');
    end.link.send(reportOf(1));
    deepEqual(await second.reports.next('a report for the second'), reportOf(1));
    deepEqual([first.reports.all, first.gone.all], [[], []]);
  },

  async 'a link that is closed in the moment it is handed out closes quietly, time and again'(rig) {
    await rig.plugIn();
    const closed = new Events<void>();
    rig.watch({
      onLink(link) {
        link.close();
        closed.push();
      },
      onAbsent: () => {},
    });
    for (let n = 0; n < 3; n++) await closed.next(`closing ${n}`);
  },
};

/** Gives up its rights for good, and so comes last. */
export const LAST_CASES: Cases = {
  async 'a user without rights to the device hears so, with what to do, and not before the time is over'(rig) {
    await rig.plugIn();
    process.setgid?.(65_534);
    process.setuid?.(65_534);
    const host = rig.host();
    equal(await host.absent.next('the refusal'), 'hardware-refused');
    equal(host.opened.all.length, 0);
  },
};
