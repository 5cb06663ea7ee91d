/** A soft signer with virtual hardware around it. */
import { PROFILES, type ProfileId } from '../../device/confirm/view.ts';
import type { Clock, Journal } from '../../device/ports.ts';
import { createSignerCore, type SignerCore } from '../../device/signer/core.ts';
import type { PaymentToSign, SignerAnswer } from '../../device/signer/port.ts';
import { type Confirmation, openObject, softSigningKey } from '../../protocol/index.ts';
import { VirtualButton, VirtualDisplay, VirtualSpeaker, VirtualWearSensor } from '../../sim/hardware.ts';
import { type MemoryDisk, memoryDisk } from '../../sim/memory-journal.ts';
import { VirtualClock } from '../../sim/virtual-clock.ts';
import { cartBytes, challengeBytes, DEVICE, directory, PSP, SIGNER_SEED, START, TENANT } from './builders.ts';

export interface SignerRigOptions {
  readonly disk?: MemoryDisk;
  readonly clock?: VirtualClock;
  readonly profile?: ProfileId;
  /** Goes between the signer and its journal. */
  readonly journal?: (journal: Journal) => Journal;
  /** Goes between the signer and its clock. */
  readonly watch?: (clock: Clock) => Clock;
  readonly erase?: () => void;
}

export class SignerRig {
  readonly clock: VirtualClock;
  readonly disk: MemoryDisk;
  readonly button: VirtualButton;
  readonly display = new VirtualDisplay();
  readonly speaker = new VirtualSpeaker();
  readonly wear = new VirtualWearSensor();
  readonly logged: string[] = [];
  readonly signer: SignerCore;
  /** Every answer, oldest first. */
  readonly answers: SignerAnswer[] = [];

  constructor({
    disk = memoryDisk(),
    clock = new VirtualClock(START),
    profile = 'hud-480x640',
    journal,
    watch,
    erase,
  }: SignerRigOptions = {}) {
    this.clock = clock;
    this.disk = disk;
    this.button = new VirtualButton(clock);
    const opened = disk.open();
    this.signer = createSignerCore({
      key: softSigningKey(SIGNER_SEED),
      device: DEVICE,
      psp: PSP,
      directory,
      profile: PROFILES[profile],
      clock: watch ? watch(clock) : clock,
      journal: journal ? journal(opened) : opened,
      button: this.button,
      display: this.display,
      speaker: this.speaker,
      wear: this.wear,
      ...(erase && { erase }),
      log: { write: (level, code, detail) => this.logged.push(`${level} ${code} ${JSON.stringify(detail ?? {})}`) },
    });
  }

  confirm(over: Partial<PaymentToSign> = {}): void {
    const request = {
      kind: 'payment',
      challenge: challengeBytes(),
      cart: cartBytes(),
      locale: 'en-US',
      ...over,
    } as const;
    this.signer.confirm(request, (answer) => this.answers.push(answer));
  }

  /** Reads, presses and holds for a second. */
  hold(): void {
    this.clock.advance(1_500);
    this.button.press(1_000);
    this.clock.advance(1_200);
  }

  /** Asks, holds, and gives the one answer. */
  ask(over: Partial<PaymentToSign> = {}): SignerAnswer | undefined {
    const before = this.answers.length;
    this.confirm(over);
    this.hold();
    return this.answers[before];
  }
}

/** A confirmation as others read it: verified under the enrolled key of this device. */
export function read(answer: SignerAnswer | undefined): Confirmation {
  if (answer?.kind !== 'signed') throw new Error(`not signed: ${JSON.stringify(answer)}`);
  const { value, signer } = openObject('confirmation', answer.signed, { trust: directory.trust, tenant: TENANT });
  if (signer.party !== DEVICE) throw new Error('signed by another device');
  return value;
}
