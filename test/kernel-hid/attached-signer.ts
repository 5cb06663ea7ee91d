/** A signer as the wearer has it: its core with a virtual person, served by ACT-HID over whatever link it is plugged in by. */
import { systemClock } from '../../device/adapters/system-clock.ts';
import { systemRandom } from '../../device/adapters/system-random.ts';
import type { Page } from '../../device/confirm/view.ts';
import type { IdentityKey } from '../../device/hid/handshake.ts';
import { type HidSigner, hidSigner, type LinkSource } from '../../device/hid/host.ts';
import type { PairingOutcome } from '../../device/hid/host-handshake.ts';
import { createPeripheral, type Peripheral } from '../../device/hid/peripheral.ts';
import type { ReportLink } from '../../device/hid/report-link.ts';
import { pairSigner } from '../../device/hid/visit.ts';
import type { SignerAnswer } from '../../device/signer/port.ts';
import { softSigningKey } from '../../protocol/index.ts';
import { memoryDisk } from '../../sim/memory-journal.ts';
import { cartBytes, challengeBytes, id, SIGNER_SEED } from '../device/builders.ts';
import { SignerRig } from '../device/signer-rig.ts';
import { Events, type Rig, within } from './rig.ts';

/** Keys of the two ends; neither is the confirmation key. */
export const SIGNER_IDENTITY = softSigningKey(new Uint8Array(32).fill(0x51));
const HOST_KEY = softSigningKey(new Uint8Array(32).fill(0x52));

const PORTS = { clock: systemClock(), random: systemRandom() };
const log = { write: () => {} };

export interface Pairing {
  /** The digits on the host. */
  readonly shown: string;
  readonly outcome: PairingOutcome;
}

/** The wearer's side. The time of its gate passes when a case says so: a hold takes no time of the run. */
export class AttachedSigner {
  readonly core = new SignerRig();
  /** Every page that came up on it. */
  readonly pages = new Events<Page>();
  readonly #rig: Rig;
  readonly #peripheral: Peripheral;

  constructor(rig: Rig) {
    this.#rig = rig;
    this.core.display.listen(this.pages.push);
    this.#peripheral = createPeripheral({
      ...PORTS,
      log,
      core: this.core.signer,
      identity: SIGNER_IDENTITY,
      confirmationKey: softSigningKey(SIGNER_SEED).publicKey,
      firmware: '1.0.0',
      hosts: memoryDisk().open(),
      locale: 'en-US',
      wink: () => {},
    });
  }

  /** Plugs it in; `through` may stand between it and the kernel. */
  async plugIn(through: (link: ReportLink) => ReportLink = (link) => link): Promise<{ unplug(): Promise<void> }> {
    const { device, unplug } = await this.#rig.plugIn();
    const stop = this.#peripheral.attach(through(device));
    return {
      unplug: () => {
        stop();
        return unplug();
      },
    };
  }

  /** Pairs over a link of its own, while the wearer holds the button on the page with the digits. */
  async pair(key: IdentityKey = HOST_KEY): Promise<Pairing> {
    const links = new Events<ReportLink>();
    const stop = this.#rig.watch({ onLink: links.push, onAbsent: () => {} });
    const link = await links.next('the opening for the pairing');
    void this.pages.next('the page with the digits').then(() => this.core.hold());
    let shown = '';
    const outcome = await within(
      new Promise<PairingOutcome>((resolve) => {
        const show = (code: string) => {
          shown = code;
        };
        pairSigner(link, { ...PORTS, key, show }, resolve);
      }),
      'the end of the pairing',
    );
    stop();
    return { shown, outcome };
  }

  /** The host that was paired; `through` may stand between it and the kernel. */
  host(through: (link: ReportLink) => ReportLink = (link) => link): HidSigner {
    const links: LinkSource = (onLink) =>
      this.#rig.watch({ onLink: (link) => onLink(through(link)), onAbsent: () => {} });
    const host = hidSigner({ ...PORTS, log, links, key: HOST_KEY, signer: SIGNER_IDENTITY.publicKey });
    this.#rig.defer(() => host.close());
    return host;
  }
}

/** Asks for the payment that the builders make; the answer comes when the wearer has done something. */
export function pay(host: HidSigner, label = 'first'): Promise<SignerAnswer> {
  const challenge = challengeBytes({ nonce: id(label) });
  return new Promise((resolve) => {
    host.confirm({ kind: 'payment', challenge, cart: cartBytes(), locale: 'en-US' }, resolve);
  });
}
