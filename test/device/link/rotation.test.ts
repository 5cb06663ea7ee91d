import { describe, expect, it } from 'vitest';
import { openDirectory } from '../../../device/directory.ts';
import { StoreError } from '../../../device/errors.ts';
import { deviceTopic, hex, openEnvelope, recipientKeyPair, SEALED_SIZES } from '../../../protocol/index.ts';
import { envelopeKid } from '../../../protocol/seal.ts';
import { type MemoryRecipientStores, memoryRecipientStores } from '../../../sim/memory-recipient-stores.ts';
import { DAY_MS, DAY_S, type GLASSES, lastTo, PSP, pair, Rig, type RigParty, TENANT, UP } from './rotation-rig.ts';

const { recipients } = TENANT.directory;

/** Somebody who has read the party's disks: every key that is still held, and whether this opens with one of them. */
function opensWithWhatIsHeld(envelope: Uint8Array, { stores }: RigParty): boolean {
  const keys = new Map(
    stores.own
      .read()
      .map(({ seed }) => recipientKeyPair(seed))
      .map((key) => [hex(key.kid), key]),
  );
  try {
    openEnvelope(envelope, { keys, tenant: 'demo', role: 'psp' });
    return true;
  } catch {
    return false;
  }
}

const onUp = (rig: Rig) => rig.published.filter(({ topic }) => topic === UP).map(({ payload }) => payload);

const directoryKid = (party: typeof PSP | typeof GLASSES) => hex(recipients.latest(party)?.kid ?? new Uint8Array());

describe('recipient keys of a running program', () => {
  it('ACTC-SEA-012: are replaced when a third of the window is left, and both sides use the new ones', () => {
    const { rig, device, psp } = pair();
    rig.at(59.9);
    expect(rig.reaches(device, psp)).toBe(true);
    expect(hex(envelopeKid(lastTo(rig, UP)))).toBe(directoryKid(PSP));
    expect(device.stores.held).toEqual([]);
    rig.at(60.1);
    expect([device, psp].map(({ stores }) => stores.held.length)).toEqual([1, 1]);
    expect(rig.reaches(device, psp)).toBe(true);
    expect(hex(envelopeKid(lastTo(rig, UP)))).toBe(psp.stores.held[0]);
    expect(rig.reaches(psp, device)).toBe(true);
    expect(hex(envelopeKid(lastTo(rig, deviceTopic('demo', 'glasses-01', 'down'))))).toBe(device.stores.held[0]);
  });

  it('are told to everybody at once, also to who was told the one before a moment ago', () => {
    const rig = new Rig();
    // On another day than the PSP's, so that nothing new of the device is answered.
    const device = rig.start('glasses-01', { windowS: 84 * DAY_S });
    const psp = rig.start('psp');
    rig.pass(10);
    rig.reaches(device, psp);
    const old = lastTo(rig, UP);
    rig.at(119.9);
    rig.broker.inject('somebody', UP, old);
    rig.at(120.2);
    expect(psp.stores.held).toHaveLength(2);
    expect(rig.reaches(device, psp)).toBe(true);
    expect(hex(envelopeKid(lastTo(rig, UP)))).toBe(psp.stores.held[1]);
  });

  it('are not told while the link is away, and then once', () => {
    const rig = new Rig();
    const device = rig.start('glasses-01');
    rig.at(59);
    rig.broker.setOnline('glasses-01', false);
    rig.at(85);
    expect(device.stores.held).toHaveLength(1);
    const mark = rig.published.length;
    rig.broker.setOnline('glasses-01', true);
    rig.pass(10);
    expect(rig.since(mark, 'glasses-01')).toHaveLength(TENANT.merchants.length + 2);
  });

  it('say nothing at all as long as everybody has the keys of the enrolment', () => {
    const { rig } = pair();
    rig.at(59.9);
    expect(rig.published).toEqual([]);
  });

  it('T28: are announced in envelopes of the smallest size, which look like any other', () => {
    const { rig } = pair();
    rig.at(61);
    expect(rig.published.length).toBeGreaterThan(10);
    expect([...new Set(rig.published.map(({ payload }) => payload.length))]).toEqual([SEALED_SIZES[0]]);
  });

  it('ACTC-SEA-015, T19: leave nothing behind that opens what was captured before, 180 seconds after their end', () => {
    const { rig, device, psp } = pair();
    rig.at(61);
    expect(rig.reaches(device, psp)).toBe(true);
    const captured = lastTo(rig, UP);
    const first = psp.stores.held[0];
    expect(opensWithWhatIsHeld(captured, psp)).toBe(true);
    rig.at(60 + 90);
    expect(psp.stores.held).toContain(first);
    rig.pass(181_000 + 12 * 3_600_000);
    expect(psp.stores.held).not.toContain(first);
    expect(opensWithWhatIsHeld(captured, psp)).toBe(false);
    expect(psp.logs).toContain('recipient-key-erased');
    const before = psp.got.length;
    rig.broker.inject('the broker', UP, captured);
    rig.pass(1_000);
    expect(psp.got).toHaveLength(before);
  });

  it('go on over years, with never more than two held', () => {
    const { rig, device, psp } = pair();
    for (let day = 30; day <= 700; day += 30) {
      rig.at(day);
      expect(rig.reaches(device, psp) && rig.reaches(psp, device)).toBe(true);
      expect(psp.stores.held.length).toBeLessThanOrEqual(2);
      expect(psp.stores.statements.read().length).toBeLessThanOrEqual(3 * 2);
    }
    expect(new Set(psp.logs.filter((code) => code.startsWith('seal-')))).toEqual(new Set());
  });

  it('rest when the program is stopped: no alarm is left, nothing is said', () => {
    const { rig, device, psp } = pair();
    rig.at(60.1);
    for (const party of [device, psp]) party.stop();
    const mark = rig.published.length;
    rig.pass(60_000);
    expect(rig.clock.nextAt()).toBeUndefined();
    expect(rig.published).toHaveLength(mark);
  });

  it('are known again after a restart, own ones and learnt ones', () => {
    const { rig, device, psp } = pair();
    rig.at(61);
    device.stop();
    rig.at(95);
    const again = rig.start('glasses-01', { stores: device.stores });
    rig.pass(10);
    expect(rig.reaches(again, psp)).toBe(true);
    expect(rig.reaches(psp, again)).toBe(true);
  });
});

/**
 * Day 91, and a device that has been away since day 41. Its keys follow another rhythm than the PSP's, as after a year they
 * do: since day 60 the PSP has another key, and on day 90 the one that the device knows has ended.
 */
function longAway() {
  const rig = new Rig();
  const device = rig.start('glasses-01', { windowS: 60 * DAY_S });
  const psp = rig.start('psp');
  rig.at(41);
  device.stop();
  rig.at(91);
  const comeBack = () => rig.start('glasses-01', { stores: device.stores, windowS: 60 * DAY_S, session: 'a new one' });
  return { rig, psp, comeBack };
}

describe('a party that was away', () => {
  it('ACTC-SEA-014: learns the new key as soon as it uses the old one, though every announcement was lost', () => {
    const { rig, device, psp } = pair();
    device.stop();
    rig.at(74);
    const again = rig.start('glasses-01', { session: 'a new one' });
    rig.pass(10);
    expect(onUp(rig).map((payload) => hex(envelopeKid(payload)))).toContain(directoryKid(PSP));
    // By then it has told all the others, too.
    rig.pass(2_000);
    expect(rig.reaches(again, psp)).toBe(true);
    expect(hex(envelopeKid(lastTo(rig, UP)))).toBe(psp.stores.held[0]);
  });

  it('asks again when it has something to send, should its first question have been lost', () => {
    const { rig, psp, comeBack } = longAway();
    rig.broker.plan = ({ to }) => ({ delaysMs: to === 'psp' ? [] : [1] });
    const again = comeBack();
    rig.pass(70_000);
    rig.broker.plan = () => ({ delaysMs: [1] });
    expect(rig.reaches(again, psp)).toBe(false);
    expect(rig.reaches(again, psp)).toBe(true);
  });

  it('is answered at once when it brings a key of its own, though it was told a moment before it could hear', () => {
    const rig = new Rig();
    rig.at(61);
    const psp = rig.start('psp');
    rig.pass(5_000);
    expect(psp.stores.held).toHaveLength(1);
    const device = rig.start('glasses-01');
    rig.pass(100);
    const told = onUp(rig).length;
    expect(rig.reaches(device, psp)).toBe(true);
    // The frame itself; after it the device goes on telling others of its key.
    expect(hex(envelopeKid(onUp(rig)[told] ?? new Uint8Array()))).toBe(psp.stores.held[0]);
  });

  it('ACTC-SEA-014: asks a service whose key has ended meanwhile, and reaches it a moment later', () => {
    const { rig, psp, comeBack } = longAway();
    const again = comeBack();
    expect(again.logs).toContain('recipient-key-missing');
    rig.pass(2_000);
    expect(rig.reaches(again, psp)).toBe(true);
    expect(rig.reaches(psp, again)).toBe(true);
  });

  it('says with a code that it cannot send, and comes back by the directory file when both sides missed each other', () => {
    const { rig, device, psp } = pair();
    device.stop();
    rig.at(100);
    const lost = rig.start('glasses-01', { stores: device.stores, session: 'a new one' });
    rig.pass(5_000);
    expect(rig.reaches(lost, psp)).toBe(false);
    expect(lost.logs).toContain('seal-no-recipient-key');
    lost.stop();
    const newest = psp.stores.statements.read().map(hex);
    expect(newest).toHaveLength(1);
    const file = { ...TENANT.file, recipientKeysHex: [...(TENANT.file.recipientKeysHex ?? []), ...newest] };
    const found = rig.start('glasses-01', {
      stores: device.stores,
      directory: openDirectory(file),
      session: 'another',
    });
    rig.pass(2_000);
    expect(rig.reaches(found, psp)).toBe(true);
    expect(rig.reaches(psp, found)).toBe(true);
  });

  it('is told again from time to time, should the broker have lost what was said', () => {
    const { rig, device, psp } = pair();
    rig.broker.plan = () => ({ delaysMs: [] });
    rig.at(61);
    rig.broker.plan = () => ({ delaysMs: [1] });
    rig.at(60 + 15 + 1);
    expect(rig.reaches(device, psp)).toBe(true);
    expect(hex(envelopeKid(lastTo(rig, UP)))).toBe(psp.stores.held[0]);
  });
});

describe('a store or a clock that fails', () => {
  /** A device whose own store does what the test wants. */
  function withStore(change: (stores: MemoryRecipientStores) => Partial<MemoryRecipientStores['own']>) {
    const rig = new Rig();
    const stores = memoryRecipientStores();
    const own = { ...stores.own, ...change(stores) };
    const psp = rig.start('psp');
    const device = rig.start('glasses-01', { stores: { own, statements: stores.statements, held: [] } });
    rig.pass(10);
    return { rig, device, psp, stores };
  }

  it('ACTC-SEA-013: announces no key that could not be kept, goes on with the old one and tries again', () => {
    let isFull = true;
    const { rig, device, psp, stores } = withStore((inner) => ({
      keep(...key) {
        if (isFull) throw new StoreError('store-full', 'no space', 'free some');
        inner.own.keep(...key);
      },
    }));
    rig.at(61);
    expect(rig.since(0, 'glasses-01')).toEqual([]);
    expect(new Set(device.logs)).toContain('store-full');
    expect(rig.reaches(device, psp) && rig.reaches(psp, device)).toBe(true);
    isFull = false;
    rig.pass(120_000);
    expect(stores.held).toHaveLength(1);
    expect(rig.since(0, 'glasses-01').length).toBeGreaterThan(10);
  });

  it('says that a key is still on the disk, and uses it no more', () => {
    const { rig, device } = withStore(() => ({
      erase() {
        throw new StoreError('store-failed', 'read-only', 'mount it for writing');
      },
    }));
    rig.at(91);
    expect(device.logs).toContain('recipient-key-not-erased');
    expect(device.logs).not.toContain('recipient-key-erased');
  });

  it('T16: a clock that was a year ahead and is set right again leaves both sides able to talk', () => {
    const { rig, device, psp } = pair();
    device.skew(365 * DAY_MS);
    rig.pass(3_700_000);
    expect(device.stores.held).toHaveLength(1);
    expect(rig.reaches(device, psp)).toBe(false);
    device.skew(0);
    rig.pass(2 * 3_700_000);
    expect(device.stores.held).toHaveLength(2);
    expect(rig.reaches(device, psp)).toBe(true);
    expect(rig.reaches(psp, device)).toBe(true);
  });

  it('T16: a clock that is thrown about makes no more keys than a few', () => {
    const { rig, device } = pair();
    for (let years = 1; years <= 12; years += 1) {
      device.skew(years * 365 * DAY_MS);
      rig.pass(3_700_000);
    }
    for (let years = 1; years <= 12; years += 1) {
      device.skew(-years * 365 * DAY_MS);
      rig.pass(3_700_000);
    }
    expect(device.stores.held.length).toBeLessThanOrEqual(5);
    device.skew(0);
    rig.pass(3_700_000);
    expect(device.stores.held.length).toBeLessThanOrEqual(5);
  });

  it('T16: a clock that was never set ends no process and makes no key', () => {
    const { rig, device, psp } = pair();
    device.skew(-rig.clock.now());
    rig.pass(2 * 3_700_000);
    expect(device.stores.held).toEqual([]);
    expect(device.logs).toContain('time-range');
    device.skew(0);
    rig.pass(3_700_000);
    expect(rig.reaches(device, psp)).toBe(true);
  });
});
