/** A paired phone beside the PSP: two witnesses who know nothing of each other, and may be away for as long as they like. */
import { describe, expect, it } from 'vitest';
import { CHECKPOINT_MS, CHECKPOINT_RECORDS } from '../../../device/audit/audited-journal.ts';
import { DeviceAudit } from '../../../device/audit/device-audit.ts';
import { PairedWitness } from '../../../device/audit/paired-witness.ts';
import { OFFER_AGAIN_MS } from '../../../device/audit/witnessing.ts';
import type { Cosigner } from '../../../device/ports.ts';
import {
  cosign,
  epochMs,
  fromUtf8,
  type JournalCheckpoint,
  type JournalCosignature,
  type NoteSigner,
  openCheckpoint,
  secondsOf,
  softSigningKey,
} from '../../../protocol/index.ts';
import { Witness } from '../../../sim/cloud/witness.ts';
import { type MemoryDisk, memoryDisk } from '../../../sim/memory-journal.ts';
import { SeededRandom } from '../../../sim/seeded-random.ts';
import { VirtualClock } from '../../../sim/virtual-clock.ts';

function signerOf(name: string, fill: number): NoteSigner {
  const key = softSigningKey(new Uint8Array(32).fill(fill));
  return { name, publicKey: key.publicKey, sign: (message) => key.sign(message) };
}
const own = signerOf('act-edge/demo/glasses-01', 1);
const cloud = signerOf('act-edge/demo/psp', 2);
const phone = signerOf('paired-phone', 3);
const clock = new VirtualClock(epochMs(1_795_000_000_000));
const logTo = (lines: string[]) => ({
  write: (_level: string, code: string, detail: object = {}) =>
    void lines.push([code, ...Object.values(detail)].join(' ')),
});

/** A phone that can be carried away; its store outlives its app. */
class Phone {
  readonly disk = memoryDisk();
  readonly told: string[] = [];
  readonly offers: JournalCheckpoint[] = [];
  app = this.#started();
  #listener: Parameters<Cosigner['listen']> | undefined;
  #isHere: boolean;

  constructor(isHere = true) {
    this.#isHere = isHere;
  }

  #started(): PairedWitness {
    return new PairedWitness({ store: this.disk.open(), signer: phone, journals: [own], clock, log: logTo(this.told) });
  }

  restart(): void {
    this.disk.crash();
    this.app = this.#started();
  }

  comes(isHere: boolean): void {
    this.#isHere = isHere;
    this.#listener?.[1](isHere);
  }

  says(answer: JournalCosignature): void {
    this.#listener?.[0](answer);
  }

  port(): Cosigner {
    return {
      key: phone,
      offer: (checkpoint) => {
        this.offers.push(checkpoint);
        if (!this.#isHere) return;
        const answer = this.app.answer(checkpoint);
        if (answer) clock.after(1, () => this.says(answer));
      },
      listen: (...listener) => {
        this.#listener = listener;
        listener[1](this.#isHere);
        return () => {
          if (this.#listener === listener) this.#listener = undefined;
        };
      },
    };
  }
}

const pspWitness = () => new Witness({ signer: cloud, deviceKey: () => own, alarm: () => {} });

/** A device's two journals, and the lives it lives on them. */
class Device {
  readonly disks = [memoryDisk(), memoryDisk()] as const;
  readonly log: string[] = [];

  live(with_: { psp?: Witness; phone?: Phone }): DeviceAudit {
    for (const disk of this.disks) disk.crash();
    const audit = new DeviceAudit({
      ...{ journal: this.disks[0].open(), checkpoints: this.disks[1].open(), signer: own, witness: cloud },
      ...(with_.phone && { cosigner: with_.phone.port() }),
      ...{ clock, random: new SeededRandom('paired'), log: logTo(this.log) },
    });
    audit.connect((message) => {
      if (!with_.psp || message.type !== 'journal-checkpoint') return;
      const frame = { from: { party: 'glasses-01', role: 'device' }, body: message.body } as never;
      const [answer] = with_.psp.checkpoint(frame, clock.now()) as unknown as [
        { message: { body: JournalCosignature } },
      ];
      clock.after(1, () => audit.answered(answer.message.body));
    });
    clock.advance(5);
    return audit;
  }

  copy(): readonly Uint8Array[] {
    return this.disks.map((disk) => disk.image());
  }

  putBack(copy: readonly Uint8Array[]): void {
    for (const [i, disk] of this.disks.entries()) {
      disk.crash();
      disk.replace(copy[i] as Uint8Array);
    }
  }

  /** Who has cosigned a checkpoint of how many records. */
  cosigned(): readonly string[] {
    const image = memoryDisk();
    image.replace((this.disks[1] as MemoryDisk).image());
    return image
      .open()
      .read()
      .flatMap((bytes) => {
        const note = openCheckpoint(fromUtf8(bytes), own);
        return [cloud, phone].flatMap((by) => (note.cosignedAt(by) === undefined ? [] : [`${by.name} ${note.size}`]));
      });
  }
}

function add(audit: DeviceAudit, ...numbers: readonly number[]): void {
  for (const n of numbers) audit.journal.append([new Uint8Array([n])]);
  audit.checkpoint();
  clock.advance(5);
}

describe('a paired witness', () => {
  it('cosigns beside the PSP, and the device holds the lines of both', () => {
    const [device, paired, psp] = [new Device(), new Phone(), pspWitness()];
    const audit = device.live({ psp, phone: paired });
    add(audit, 1, 2);
    add(audit, 3);
    expect(device.cosigned()).toEqual([2, 3].flatMap((size) => [`${cloud.name} ${size}`, `${phone.name} ${size}`]));
    expect(paired.offers.map(({ from }) => from)).toEqual([0, 2]);
  });

  it('holds nothing up while it is away, is asked nothing then, and gets the newest checkpoint when it comes', () => {
    const [device, paired, psp] = [new Device(), new Phone(false), pspWitness()];
    const audit = device.live({ psp, phone: paired });
    for (let n = 0; n < 200; n++) add(audit, n);
    clock.advance(10 * OFFER_AGAIN_MS.most);
    expect([paired.offers, audit.history.kind]).toEqual([[], 'sound']);
    expect(device.cosigned()).toHaveLength(200);
    paired.comes(true);
    clock.advance(5);
    expect(paired.offers.map(({ note, from }) => [note.split('\n')[1], from])).toEqual([['200', 0]]);
    expect(device.cosigned().at(-1)).toBe(`${phone.name} 200`);
    paired.comes(false);
    paired.comes(true);
    clock.advance(5);
    expect(paired.offers).toHaveLength(1);
  });

  it('is offered again what was lost on the way, and finds together again over restarts of both', () => {
    const [device, paired] = [new Device(), new Phone()];
    add(device.live({ phone: paired }), 1, 2);
    paired.restart();
    const lost = { ...paired.port(), offer: () => {} };
    const audit = device.live({ phone: { port: () => lost } as unknown as Phone });
    add(audit, 3, 4);
    expect(device.cosigned()).toEqual([`${phone.name} 2`]);
    add(device.live({ phone: paired }), 5);
    expect(device.cosigned().at(-1)).toBe(`${phone.name} 5`);
    expect(paired.offers.at(-1)?.from).toBe(4);
  });

  it('T26: cosigns nothing that it could not keep', () => {
    const [device, paired] = [new Device(), new Phone()];
    paired.disk.setFull(true);
    const audit = device.live({ phone: paired });
    add(audit, 1);
    expect([device.cosigned(), paired.told]).toEqual([[], ['store-full']]);
    paired.disk.setFull(false);
    clock.advance(OFFER_AGAIN_MS.first + 5);
    expect(device.cosigned()).toEqual([`${phone.name} 1`]);
  });
});

describe('T27: two histories, each shown to one of two witnesses', () => {
  /** From the same copy one life goes on before the PSP, and another before the phone. */
  function twoPasts(atPsp: readonly number[], atPhone: readonly number[]) {
    const [device, paired, psp] = [new Device(), new Phone(), pspWitness()];
    add(device.live({ psp, phone: paired }), 1, 2);
    const common = device.copy();
    add(device.live({ psp }), ...atPsp);
    const first = device.copy();
    device.putBack(common);
    add(device.live({ phone: paired }), ...atPhone);
    expect(device.log).toEqual([]);
    return { device, paired, psp, first, second: device.copy() };
  }

  it.each([
    ['as long', [3, 4], [5, 6], 'forked'],
    ['shorter', [3, 4, 5], [6, 7], 'rolled-back'],
    ['longer', [3, 4], [5, 6, 7], 'forked'],
  ] as const)('are found when the second, %s, meets the PSP', (_what, atPsp, atPhone, fault) => {
    const { device, paired, psp } = twoPasts(atPsp, atPhone);
    const audit = device.live({ psp, phone: paired });
    expect(audit.history).toMatchObject({ kind: 'broken', fault });
    expect(device.log).toEqual([`journal-${fault} ${2 + atPsp.length} ${cloud.name}`]);
  });

  it.each([
    ['as long', [3, 4], [5, 6], 'forked'],
    ['shorter', [3, 4], [5, 6, 7], 'rolled-back'],
    ['longer', [3, 4, 5], [6, 7], 'forked'],
  ] as const)('are found when the first, %s, meets the phone', (_what, atPsp, atPhone, fault) => {
    const { device, paired, psp, first } = twoPasts(atPsp, atPhone);
    device.putBack(first);
    paired.restart();
    const audit = device.live({ psp, phone: paired });
    expect(audit.history).toMatchObject({ kind: 'broken', fault });
    expect(device.log).toEqual([`journal-${fault} ${2 + atPhone.length} ${phone.name}`]);
    expect(paired.told).toContain(`journal-contradicts ${own.name}`);
  });

  it('stay found when the device is started again and the phone is away', () => {
    const { device, paired, first } = twoPasts([3, 4], [5, 6, 7]);
    device.putBack(first);
    device.live({ phone: paired });
    paired.comes(false);
    expect(device.live({ phone: paired }).history).toMatchObject({ kind: 'broken', fault: 'truncated', at: 5 });
  });

  it('get nothing cosigned from then on, by either', () => {
    const { device, paired, psp } = twoPasts([3, 4], [5, 6]);
    const audit = device.live({ psp, phone: paired });
    const before = device.cosigned();
    add(audit, 7, 8);
    clock.advance(10 * OFFER_AGAIN_MS.most);
    expect(device.cosigned()).toEqual(before);
  });

  it('are not signed over from then on, by append, by time or by closing', () => {
    const { device, paired, psp } = twoPasts([3, 4], [5, 6]);
    const audit = device.live({ psp, phone: paired });
    const [, before] = device.copy();
    for (let n = 0; n <= CHECKPOINT_RECORDS; n++) audit.journal.append([new Uint8Array([n])]);
    clock.advance(2 * CHECKPOINT_MS);
    audit.journal.close();
    expect(device.copy()[1]).toEqual(before);
    expect(device.copy()[0]?.length).toBeGreaterThan(CHECKPOINT_RECORDS);
  });

  it('leave two notes that convict the device before anybody who has its key', () => {
    const { paired, psp, device } = twoPasts([3, 4], [5, 6]);
    device.live({ psp, phone: paired });
    const seen = paired.offers.at(-1)?.note as string;
    const frame = { from: { party: 'glasses-01' }, body: { requestId: '', note: seen, from: 0, proof: [] } } as never;
    const [{ message }] = psp.checkpoint(frame, clock.now()) as unknown as [{ message: { body: JournalCosignature } }];
    const [one, other] = [openCheckpoint(seen, own), openCheckpoint(message.body.newest as string, own)];
    expect(one.size).toBe(other.size);
    expect(one.root).not.toEqual(other.root);
  });

  it('are taken up again only when somebody has said so on the phone, also after it was started anew', () => {
    const { device, paired, first } = twoPasts([3, 4], [5, 6]);
    paired.app.accept(own.name);
    paired.restart();
    device.putBack(first);
    const audit = device.live({ phone: paired });
    expect([audit.history.kind, device.cosigned().at(-1)]).toEqual(['sound', `${phone.name} 4`]);
  });
});

describe('T27: an accusation', () => {
  it('is believed only with the line of the pinned key: the way to a phone proves nothing', () => {
    const [device, paired] = [new Device(), new Phone()];
    const audit = device.live({ phone: paired });
    add(audit, 1);
    const older = device.copy();
    add(audit, 2, 3);
    const longer = paired.offers.at(-1)?.note as string;
    device.putBack(older);
    const liar = new Phone();
    liar.app = { answer: ({ requestId }: JournalCheckpoint) => ({ requestId, newest: longer }) } as never;
    const again = device.live({ phone: liar });
    expect(again.history.kind).toBe('sound');
    expect(device.live({ phone: paired }).history).toMatchObject({ fault: 'rolled-back', at: 3 });
  });

  it('cannot be made with lines of anybody else', () => {
    const [device, paired] = [new Device(), new Phone()];
    const other = signerOf('paired-phone', 9);
    paired.app = new PairedWitness({
      store: memoryDisk().open(),
      signer: other,
      journals: [own],
      clock,
      log: logTo([]),
    });
    add(device.live({ phone: paired }), 1);
    expect([paired.offers.length, device.cosigned()]).toEqual([1, []]);
  });
});

describe('a clock that was never set', () => {
  it('neither cosigns nor stops anything, on the phone or on the device', () => {
    const unset = new VirtualClock(epochMs(1_000));
    const told: string[] = [];
    const paired = new PairedWitness({
      store: memoryDisk().open(),
      signer: phone,
      journals: [own],
      clock: unset,
      log: logTo(told),
    });
    const offers: JournalCheckpoint[] = [];
    let says: (answer: JournalCosignature) => void = () => {};
    const cosigner: Cosigner = {
      key: phone,
      offer: (checkpoint) => void offers.push(checkpoint),
      listen(onAnswer, onHere) {
        says = onAnswer;
        onHere(true);
        return () => {};
      },
    };
    const notes = memoryDisk().open();
    const audit = new DeviceAudit({
      ...{ journal: memoryDisk().open(), checkpoints: notes, signer: own, cosigner },
      ...{ clock: unset, random: new SeededRandom('unset'), log: logTo(told) },
    });
    audit.connect(() => {});
    add(audit, 1);
    const [offer] = offers as [JournalCheckpoint];
    expect(paired.answer(offer)).toBeUndefined();
    const line = cosign(openCheckpoint(offer.note, own), secondsOf(clock.now()), phone);
    says({ requestId: offer.requestId, line });
    expect([notes.read().length, told]).toEqual([1, []]);
  });
});

describe('what a paired witness keeps', () => {
  it('stays small, and is still all it needs', () => {
    const [device, paired] = [new Device(), new Phone()];
    let rotations = 0;
    const kept: Uint8Array[] = [];
    const store = {
      read: () => [...kept],
      append: (records: readonly Uint8Array[]) => void kept.push(...records),
      rotate: (first: readonly Uint8Array[]) => {
        kept.splice(0, kept.length, ...first);
        return ++rotations > 0;
      },
      close: () => {},
    };
    const started = () => new PairedWitness({ store, signer: phone, journals: [own], clock, log: logTo([]) });
    paired.app = started();
    const audit = device.live({ phone: paired });
    for (let n = 0; n < 300; n++) add(audit, n);
    expect([rotations, kept.length < 256]).toEqual([1, true]);
    const older = device.copy();
    add(audit, 1);
    paired.app = started();
    device.putBack(older);
    expect(device.live({ phone: paired }).history).toMatchObject({ fault: 'rolled-back', at: 301 });
  });

  it('is of the journals it is paired with only', () => {
    const [device, paired] = [new Device(), new Phone()];
    const told: string[] = [];
    const others = [signerOf('act-edge/demo/glasses-02', 4)];
    paired.app = new PairedWitness({
      store: memoryDisk().open(),
      signer: phone,
      journals: others,
      clock,
      log: logTo(told),
    });
    add(device.live({ phone: paired }), 1);
    expect([device.cosigned(), told]).toEqual([[], []]);
  });
});
