/** How long a wearer waits between the end of the hold and the signature, in the units of one bare Ed25519 signature. */
import { createSignerCore, type Journal, PROFILES, type SignRequest } from '../../device/index.ts';
import {
  digestOf,
  epochMs,
  newId,
  openObject,
  secondsOf,
  sha256,
  signEd25519,
  signObject,
  softSigningKey,
  utf8,
} from '../../protocol/index.ts';
import { VirtualButton, VirtualClock, VirtualDisplay, VirtualSpeaker } from '../../sim/index.ts';
import { median } from './measure.ts';
import type { PlayedPurchase } from './purchase.ts';

export interface SignerLatency {
  /** Median over the rounds of (end of the hold → signature out) / (one bare signature made just before). */
  readonly ratio: number;
  readonly medianUs: number;
  readonly bareUs: number;
}

/** Rounds that do not count: the engine compiles what runs often. */
const WARM_UP = 30;
/** Time to read, then the whole hold but its last millisecond. */
const [READING_MS, ALMOST_HELD_MS] = [30_000, 799];

/**
 * Prompts, holds and signs over `journal` in virtual time; only the step that completes the hold is timed, by a clock in
 * milliseconds. The counter is made durable in it.
 */
export function signerLatency(
  purchase: PlayedPurchase,
  journal: Journal,
  { rounds, nowMs }: { readonly rounds: number; readonly nowMs: () => number },
): SignerLatency {
  const { tenant, device } = partiesOf(purchase);
  const { clock, requestFor } = asking(purchase);
  const button = new VirtualButton(clock);
  const signer = createSignerCore({
    ...{ key: softSigningKey(device.confirmationSeed), device: device.device, psp: tenant.psp.party },
    ...{ directory: tenant.directory, profile: PROFILES.phone, clock, journal, button },
    ...{ display: new VirtualDisplay(), speaker: new VirtualSpeaker(), log: { write: () => {} } },
  });
  const timedUs = (run: () => unknown): number => {
    const start = nowMs();
    run();
    return (nowMs() - start) * 1_000;
  };
  const message = purchase.evidence.challenge;
  const all = Array.from({ length: rounds + WARM_UP }, (_, round) => {
    let isSigned = false;
    signer.confirm(requestFor(round), (answer) => {
      isSigned = answer.kind === 'signed';
    });
    clock.advance(READING_MS);
    button.edge('down');
    clock.advance(ALMOST_HELD_MS);
    const bareUs = timedUs(() => signEd25519(message, device.confirmationSeed));
    const tookUs = timedUs(() => clock.advance(1));
    if (!isSigned) throw new Error('the hold did not lead to a signature');
    button.edge('up');
    clock.advance(1_000);
    return { tookUs, bareUs };
  }).slice(WARM_UP);
  const medianOf = (value: (one: (typeof all)[number]) => number) => median(all.map(value));
  return {
    ratio: medianOf(({ tookUs, bareUs }) => tookUs / bareUs),
    medianUs: medianOf(({ tookUs }) => tookUs),
    bareUs: medianOf(({ bareUs }) => bareUs),
  };
}

function partiesOf({ tenant }: PlayedPurchase) {
  const [device] = tenant.devices;
  if (!device) throw new Error('the played purchase has no device');
  return { tenant, device };
}

/** The purchase's own cart and challenge, asked again and again: each time with a fresh nonce and at the present time. */
function asking({ tenant, evidence }: PlayedPurchase) {
  const trusted = { trust: tenant.directory.trust, tenant: tenant.tenant };
  const challenge = openObject('challenge', evidence.challenge, trusted).value;
  const cart = openObject('cart', evidence.cart, trusted).value;
  const shop = tenant.merchants.find(({ party }) => party === cart.merchant);
  if (!shop) throw new Error('the played purchase has no merchant');
  const [shopKey, pspKey] = [softSigningKey(shop.objectSeed), softSigningKey(tenant.psp.objectSeed)];
  const clock = new VirtualClock(epochMs(challenge.issuedAt * 1_000));
  const after = (seconds: number) => (secondsOf(clock.now()) + seconds) as typeof challenge.issuedAt;
  const requestFor = (round: number): SignRequest => {
    const cartBytes = signObject('cart', { ...cart, lockedUntil: after(120) }, shopKey);
    const nonce = newId(sha256(utf8(`latency ${round}`)).slice(0, 16));
    const window = { nonce, issuedAt: after(0), expiresAt: after(120), cartDigest: digestOf(cartBytes) };
    const challengeBytes = signObject('challenge', { ...challenge, ...window }, pspKey);
    return { kind: 'payment', challenge: challengeBytes, cart: cartBytes, locale: 'en-US' };
  };
  return { clock, requestFor };
}
