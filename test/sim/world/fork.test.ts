/** T19: the disk of a device is copied, and the copy runs on another machine. */
import { describe, expect, it } from 'vitest';
import type { DeviceDisks } from '../../../sim/body.ts';
import type { Play } from '../../../sim/play.ts';
import { begin, DEVICE, ending } from './play.ts';

type Image = Readonly<Record<keyof DeviceDisks, Uint8Array>>;
/**
 * Whoever copies the whole disk is found out by its witness already (audit.test.ts); here the thief has a program of their own
 * around the copied signer.
 */
const NAMES = ['signer'] as const;

const imageOf = ({ world }: Play): Image => {
  const { journal, checkpoints, transcripts, signer } = world.disks;
  return {
    ...{ journal: journal.image(), checkpoints: checkpoints.image() },
    ...{ transcripts: transcripts.image(), signer: signer.image() },
  };
};

/** The device that runs is switched off, and one with these disks is switched on. @returns the disks of the first. */
function switchTo(play: Play, image: Image): Image {
  play.world.kill(DEVICE);
  const before = imageOf(play);
  for (const name of NAMES) play.world.disks[name].replace(image[name]);
  play.attempt(() => {});
  play.pass(10_000);
  return before;
}

function buy(play: Play): string {
  play.order();
  play.settle();
  return ending(play);
}

const spoken = ({ world }: Play) =>
  world.record.presented
    .flatMap((one) => ('sentence' in one ? [one.sentence] : []))
    .slice(-8)
    .join(' ');
const alarms = ({ world }: Play) => world.logs.filter(({ code }) => code === 'signer-forked');

describe('T19: two devices with one disk', () => {
  it('the second one is refused, then the first one too, and each order is paid at most once', () => {
    const play = begin();
    const copied = imageOf(play);
    play.settle();
    expect(ending(play)).toBe('finished: trade-finished');
    const first = switchTo(play, copied);
    expect(buy(play)).toBe('refused: counter-forked');
    expect(spoken(play)).toContain('nothing was charged. The payment service has locked this device. It pays nothing.');
    expect(alarms(play)).toHaveLength(1);
    switchTo(play, first);
    expect(buy(play)).toMatch(/^refused: (?:device|signer)-locked$/);
    expect(spoken(play)).toContain('This device is locked. Nothing was paid.');
    expect(play.world.debits.count).toBe(1);
  });

  it('the thief who pays first locks out the wearer, and is locked out with them', () => {
    const play = begin().settle();
    const copied = imageOf(play);
    const wearer = switchTo(play, copied);
    expect(buy(play)).toBe('finished: trade-finished');
    const thief = switchTo(play, wearer);
    expect(buy(play)).toBe('refused: counter-forked');
    switchTo(play, thief);
    expect(buy(play)).toMatch(/^refused: (?:device|signer)-locked$/);
    expect(play.world.debits.count).toBe(2);
  });
});
