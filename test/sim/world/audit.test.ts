/** T26, T27: a device whose journal is not the one that was signed for, in a world where everything else works. */
import { describe, expect, it } from 'vitest';
import type { DeviceDisks } from '../../../sim/body.ts';
import type { Play } from '../../../sim/play.ts';
import { begin, DEVICE, ending, expectSound } from './play.ts';

type Disk = keyof DeviceDisks;
const AUDITED: readonly Disk[] = ['journal', 'checkpoints'];
const ALL: readonly Disk[] = ['journal', 'checkpoints', 'transcripts', 'signer'];

const imagesOf = ({ world }: Play) => new Map(ALL.map((disk) => [disk, world.disks[disk].image()] as const));

/** The device is switched off, some of its disks are put back to what they were, and it is switched on. */
function putBack(play: Play, images: ReadonlyMap<Disk, Uint8Array>, disks: readonly Disk[]): void {
  play.world.kill(DEVICE);
  for (const disk of disks) play.world.disks[disk].replace(images.get(disk) as Uint8Array);
  play.attempt(() => {});
  play.pass(10_000);
}

const alarms = ({ world }: Play) =>
  world.logs.filter(({ party, code }) => party === DEVICE && code.startsWith('journal-')).map(({ code }) => code);
const spoken = ({ world }: Play) =>
  world.record.presented.flatMap((one) => ('sentence' in one ? [one.sentence] : [])).at(-1);
const REFUSED = 'The records of this device are not whole. It orders nothing until that is settled.';

describe('T26: a device whose journal was tampered with', () => {
  it.each([
    ['the journal alone was put back', ['journal'], 'journal-truncated'],
    ['journal and checkpoints were put back', AUDITED, 'journal-rolled-back'],
    ['the whole disk was put back', ALL, 'journal-rolled-back'],
  ] as const)('orders nothing where %s', (_, disks, alarm) => {
    const play = begin().settle();
    const older = imagesOf(play);
    play.order();
    play.settle();
    expect(play.world.debits.count).toBe(2);
    putBack(play, older, disks);
    expect(alarms(play)).toContain(alarm);
    play.order();
    play.pass(60_000);
    expect(spoken(play)).toBe(REFUSED);
    expect(play.world.debits.count).toBe(2);
  });

  it('goes on where nothing was', () => {
    const play = begin().settle();
    putBack(play, imagesOf(play), ALL);
    play.order();
    play.settle();
    expect([ending(play), alarms(play)]).toEqual(['finished: trade-finished', []]);
    expectSound(play, 'the same disks again');
  });

  it('follows what is paid to its end all the same', () => {
    const play = begin();
    play.run(() => play.current.at === 'settling');
    const paid = imagesOf(play);
    play.settle();
    putBack(play, paid, ['journal']);
    play.settle();
    expect(alarms(play)).toContain('journal-truncated');
    expect(ending(play)).toBe('finished: trade-finished');
  });
});

describe('T27: every payment', () => {
  it('is in a checkpoint that the witness has cosigned before the order is delivered', () => {
    const play = begin().settle();
    const asked = play.world.frames.map(({ type }) => type);
    expect(asked.filter((type) => type === 'journal-cosignature').length).toBeGreaterThan(1);
    expect(asked.lastIndexOf('journal-cosignature')).toBeGreaterThan(asked.indexOf('receipt'));
  });
});
