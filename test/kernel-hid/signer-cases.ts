/** What ACT-HID makes of the kernel's HID: a wearer who pairs, pays and declines, and who is in the way. Runs inside the guest. */
import { deepEqual, equal, match, ok } from 'node:assert/strict';
import type { HidSigner } from '../../device/hid/host.ts';
import { digestOf } from '../../protocol/index.ts';
import { challengeBytes, id } from '../device/builders.ts';
import { read } from '../device/signer-rig.ts';
import { AttachedSigner, pay, SIGNER_IDENTITY } from './attached-signer.ts';
import type { Cases } from './link-cases.ts';
import { type Rig, reportOf, within } from './rig.ts';

/** A signer that is plugged in and paired. */
async function paired(rig: Rig) {
  const signer = new AttachedSigner(rig);
  const { unplug } = await signer.plugIn();
  const { outcome } = await signer.pair();
  equal(outcome.ok, true);
  return { signer, unplug };
}

/** Waits for the page of a payment, holds, and checks that what was signed is what was asked. */
async function holdFor(signer: AttachedSigner, answer: ReturnType<typeof pay>, label = 'first'): Promise<Uint8Array> {
  match((await signer.pages.next('the page of the payment')).lines.join(' '), /CNY/);
  signer.core.hold();
  const signed = await within(answer, 'the signature');
  equal(read(signed).challengeDigest, digestOf(challengeBytes({ nonce: id(label) })));
  return signed.kind === 'signed' ? signed.signed : new Uint8Array(0);
}

/** The next report in the midst of a message, and no other, is lost on its way to the signer or back. */
type Loss = 'to-signer' | 'to-host';

/** A host over a link that loses a report when told to, and has a session. */
async function lossyHost(signer: AttachedSigner): Promise<{ readonly host: HidSigner; lose(loss: Loss): void }> {
  let next: Loss | undefined;
  const isLost = (loss: Loss, report: Uint8Array): boolean => {
    // The first report of a message has the highest bit of its fifth byte set (ACT-HID.md §3).
    if (next !== loss || ((report[4] ?? 0) & 0x80) !== 0) return false;
    next = undefined;
    return true;
  };
  const host = signer.host((link) => ({
    send: (report) => {
      if (!isLost('to-signer', report)) link.send(report);
    },
    listen: (onReport, onGone) =>
      link.listen((report) => {
        if (!isLost('to-host', report)) onReport(report);
      }, onGone),
    close: () => link.close(),
  }));
  const status = await within(new Promise((resolve) => host.status(resolve)), 'the session');
  deepEqual(status, { kind: 'status', counter: 0, hosts: 1 });
  return {
    host,
    lose: (loss) => {
      next = loss;
    },
  };
}

export const SIGNER_CASES: Cases = {
  async 'T5: pairing shows the same six digits on both sides, and takes a hold on the signer'(rig) {
    const signer = new AttachedSigner(rig);
    await signer.plugIn();
    const { shown, outcome } = await signer.pair();
    match(shown, /^\d{6}$/);
    const digits = signer.pages.all
      .flatMap(({ lines }) => lines)
      .join('')
      .replace(/\D/g, '');
    ok(digits.includes(shown), `${shown} is not on the signer`);
    deepEqual(outcome, { ok: true, signer: SIGNER_IDENTITY.publicKey });
  },

  async 'a payment is shown on the signer, held for, and signed there'(rig) {
    const { signer } = await paired(rig);
    await holdFor(signer, pay(signer.host()));
    equal(signer.core.signer.counter, 1);
  },

  async 'a click on the signer declines, and the next payment is another question'(rig) {
    const { signer } = await paired(rig);
    const host = signer.host();
    const declined = pay(host);
    await signer.pages.next('the page of the payment');
    signer.core.clock.advance(1_500);
    signer.core.button.press(200);
    signer.core.clock.advance(1_000);
    equal((await within(declined, 'the answer')).kind, 'declined');
    await holdFor(signer, pay(host, 'second'), 'second');
  },

  async 'unplugged under an open prompt, the signer signs nothing, and works when it is plugged in again'(rig) {
    const { signer, unplug } = await paired(rig);
    const host = signer.host();
    const lost = pay(host);
    await signer.pages.next('the page of the payment');
    await unplug();
    deepEqual(await within(lost, 'the answer'), { kind: 'failed', code: 'signer-gone' });
    signer.core.hold();
    equal(signer.core.signer.counter, 0);
    await signer.plugIn();
    await holdFor(signer, pay(host, 'second'), 'second');
  },

  async 'T11, T28: another program at the same signer learns nothing, gets nothing signed and stops nothing'(rig) {
    const { signer } = await paired(rig);
    const spy = await rig.host().opened.next('their opening');
    const host = signer.host();
    const answer = pay(host);
    match((await signer.pages.next('the page of the payment')).lines.join(' '), /CNY/);
    // It repeats all it has seen, talks nonsense on every channel it has seen, and asks to be paired itself.
    for (const seen of [...spy.reports.all]) {
      spy.link.send(seen);
      const nonsense = reportOf(1);
      nonsense.set(seen.subarray(0, 5));
      spy.link.send(nonsense);
    }
    signer.core.hold();
    const signed = await within(answer, 'the signature');
    equal(read(signed).challengeDigest, digestOf(challengeBytes({ nonce: id('first') })));
    equal(signer.core.signer.counter, 1);
    const seen = Buffer.concat(spy.reports.all);
    ok(seen.length > 0, 'the other program saw no report at all');
    const secret = signed.kind === 'signed' ? Buffer.from(signed.signed) : Buffer.alloc(0);
    for (let at = 0; at + 8 <= secret.length; at += 8) equal(seen.includes(secret.subarray(at, at + 8)), false);
  },

  async 'a payment of which a report is lost is asked again and signed once'(rig) {
    const { signer } = await paired(rig);
    const { host, lose } = await lossyHost(signer);
    lose('to-signer');
    await holdFor(signer, pay(host));
    equal(signer.core.signer.counter, 1);
  },

  async 'T2: a signature of which a report is lost is sent again and not made twice, and the next payment is signed'(
    rig,
  ) {
    const { signer } = await paired(rig);
    const { host, lose } = await lossyHost(signer);
    const answer = pay(host);
    await signer.pages.next('the page of the payment');
    lose('to-host');
    signer.core.hold();
    equal((await within(answer, 'the answer')).kind, 'signed');
    equal(signer.core.signer.counter, 1);
    await holdFor(signer, pay(host, 'second'), 'second');
    equal(signer.core.signer.counter, 2);
  },
};
