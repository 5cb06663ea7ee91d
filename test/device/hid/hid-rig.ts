/** A host and a signer on one cable, paired already unless a test wants to see that. */
import type { IdentityKey } from '../../../device/hid/handshake.ts';
import { type HidSigner, hidSigner } from '../../../device/hid/host.ts';
import { openPairedHosts } from '../../../device/hid/paired-hosts.ts';
import { createPeripheral, type Peripheral } from '../../../device/hid/peripheral.ts';
import type { ReportLink } from '../../../device/hid/report-link.ts';
import type { Journal } from '../../../device/ports.ts';
import type { PaymentToSign, SignerAnswer } from '../../../device/signer/port.ts';
import { publicKeyOf, sha256, softSigningKey, utf8 } from '../../../protocol/index.ts';
import { HidCable } from '../../../sim/hid-cable.ts';
import { type MemoryDisk, memoryDisk } from '../../../sim/memory-journal.ts';
import { SeededRandom } from '../../../sim/seeded-random.ts';
import { cartBytes, challengeBytes, checkedCart, id, SIGNER_SEED, seconds } from '../builders.ts';
import { SignerRig, type SignerRigOptions } from '../signer-rig.ts';

export const HOST_KEY: IdentityKey = softSigningKey(sha256(utf8('the pairing key of a host')));
export const OTHER_HOST_KEY: IdentityKey = softSigningKey(sha256(utf8('the pairing key of another host')));
export const IDENTITY: IdentityKey = softSigningKey(sha256(utf8('the identity key of a signer')));
export const OTHER_IDENTITY: IdentityKey = softSigningKey(sha256(utf8('the identity key of another signer')));
export const CONFIRMATION_KEY = publicKeyOf(SIGNER_SEED);

export interface HidRigOptions extends SignerRigOptions {
  readonly seed?: string;
  /** The disk of the paired hosts; with {@link HOST_KEY} on it where it is left out. */
  readonly hosts?: MemoryDisk;
  /** Goes between the peripheral and that disk. */
  readonly hostsJournal?: (journal: Journal) => Journal;
  readonly key?: IdentityKey;
  readonly certificate?: Uint8Array;
  /** What the signer proves itself with. */
  readonly identity?: IdentityKey;
  /** The signer that the host looks for. */
  readonly pinned?: IdentityKey;
}

/** A disk on which hosts are paired. */
export function pairedWith(...keys: readonly IdentityKey[]): MemoryDisk {
  const disk = memoryDisk();
  const journal = disk.open();
  const hosts = openPairedHosts(journal);
  for (const { publicKey } of keys) hosts.add(publicKey);
  journal.close();
  return disk;
}

export function payment(over: Partial<PaymentToSign> = {}): PaymentToSign {
  return { kind: 'payment', challenge: challengeBytes(), cart: cartBytes(), locale: 'en-US', ...over };
}

const LONG_CART = checkedCart({ lockedUntil: seconds(86_000) });

/** A challenge of its own for a cart whose price holds a day. */
export function fresh(label: string): Pick<PaymentToSign, 'challenge' | 'cart'> {
  const over = { nonce: id(label), expiresAt: seconds(86_000) };
  return { challenge: challengeBytes(over, undefined, LONG_CART), cart: LONG_CART.bytes };
}

export class HidRig {
  readonly soft: SignerRig;
  readonly random: SeededRandom;
  readonly hosts: MemoryDisk;
  readonly peripheral: Peripheral;
  readonly host: HidSigner;
  /** What was logged by the host. */
  readonly logged: string[] = [];
  readonly winks: number[] = [];
  readonly answers: SignerAnswer[] = [];
  cable: HidCable;
  #plug: (link: ReportLink) => void = () => {};

  constructor({
    seed = 'hid',
    hosts = pairedWith(HOST_KEY),
    hostsJournal = (journal) => journal,
    key = HOST_KEY,
    pinned = IDENTITY,
    identity = IDENTITY,
    certificate,
    ...signer
  }: HidRigOptions = {}) {
    this.soft = new SignerRig(signer);
    this.random = new SeededRandom(seed);
    this.hosts = hosts;
    const { clock } = this.soft;
    this.peripheral = createPeripheral({
      core: this.soft.signer,
      identity,
      confirmationKey: CONFIRMATION_KEY,
      firmware: 'test-1',
      ...(certificate && { certificate }),
      hosts: hostsJournal(hosts.open()),
      clock,
      random: this.random.fork('signer'),
      locale: 'en-US',
      wink: () => this.winks.push(clock.now()),
      log: { write: () => {} },
    });
    this.cable = new HidCable(clock);
    this.host = hidSigner({
      links: (onLink) => {
        this.#plug = onLink;
        return () => {
          this.#plug = () => {};
        };
      },
      ...{ key, signer: pinned.publicKey, clock, random: this.random.fork('host') },
      log: { write: (level, code) => this.logged.push(`${level} ${code}`) },
    });
    this.plugIn();
  }

  get clock() {
    return this.soft.clock;
  }

  /** A new cable between the two, prepared by `before`, and time to find each other. */
  plugIn(before: (cable: HidCable) => void = () => {}): void {
    this.cable = new HidCable(this.clock);
    before(this.cable);
    this.peripheral.attach(this.cable.signer);
    this.#plug(this.cable.open());
    this.clock.advance(50);
  }

  /** One more device that the host finds. */
  offer(link: ReportLink): void {
    this.#plug(link);
    this.clock.advance(50);
  }

  confirm(over: Partial<PaymentToSign> = {}): void {
    this.host.confirm(payment(over), (answer) => this.answers.push(answer));
  }

  /** Waits until the prompt is shown, then presses for a second. */
  hold(): void {
    this.clock.advance(50);
    this.soft.hold();
    this.clock.advance(50);
  }

  ask(over: Partial<PaymentToSign> = {}): SignerAnswer | undefined {
    const before = this.answers.length;
    this.confirm(over);
    this.hold();
    return this.answers[before];
  }
}
