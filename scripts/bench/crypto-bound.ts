/** How fast purchases could be if nothing but their cryptography took time: its calls are counted, and each is timed by itself. */
import { Session } from 'node:inspector';
import { signEd25519, verifyEd25519 } from '../../protocol/ed25519.ts';
import { hpkeOpen, hpkeSeal } from '../../protocol/hpke.ts';
import { publicKeyOf, recipientKeyPair } from '../../protocol/index.ts';
import { type Effort, measure } from './measure.ts';

/** The functions that are counted, each with the module that it is in. */
const COUNTED = {
  signEd25519: 'protocol/ed25519.js',
  verifyPrivate: 'protocol/ed25519.js',
  hpkeSeal: 'protocol/hpke.js',
  hpkeOpen: 'protocol/hpke.js',
} as const;
type Counted = keyof typeof COUNTED;

export type Calls = Readonly<Record<Counted, number>>;

interface Coverage {
  readonly result: readonly {
    readonly url: string;
    readonly functions: readonly {
      readonly functionName: string;
      readonly ranges: readonly { readonly count: number }[];
    }[];
  }[];
}

/** How often each was called in `work`; the engine counts, so that nothing has to be put around what is called. */
export function countCalls(work: () => void): Calls {
  const session = new Session();
  session.connect();
  let coverage: Coverage = { result: [] };
  session.post('Profiler.enable');
  session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
  work();
  session.post('Profiler.takePreciseCoverage', (error, taken) => {
    if (error) throw error;
    coverage = taken;
  });
  session.post('Profiler.stopPreciseCoverage');
  session.disconnect();
  const countOf = (name: Counted): number =>
    coverage.result
      .filter(({ url }) => url.endsWith(COUNTED[name]) || url.endsWith(COUNTED[name].replace('.js', '.ts')))
      .flatMap(({ functions }) => functions.filter(({ functionName }) => functionName === name))
      .reduce((sum, { ranges }) => sum + (ranges[0]?.count ?? 0), 0);
  return {
    signEd25519: countOf('signEd25519'),
    verifyPrivate: countOf('verifyPrivate'),
    hpkeSeal: countOf('hpkeSeal'),
    hpkeOpen: countOf('hpkeOpen'),
  };
}

const FRAME_BYTES = 400;
/** A frame as it is sealed: padded. */
const PADDED_BYTES = 1_024;

/** Microseconds of one call, medians, by whatever clock is given. */
export function timeCalls(effort: Effort, clockMs: () => number): Calls {
  const seed = new Uint8Array(32).fill(7);
  const message = new Uint8Array(FRAME_BYTES).fill(5);
  const signature = signEd25519(message, seed);
  const publicKey = publicKeyOf(seed);
  const recipient = recipientKeyPair(seed);
  const [info, aad] = [new Uint8Array(0), new Uint8Array(64)];
  const toSeal = {
    publicKey: recipient.publicKey,
    ephemeralIkm: seed,
    info,
    aad,
    plaintext: new Uint8Array(PADDED_BYTES),
  };
  const { enc, ciphertext } = hpkeSeal(toSeal);
  const timings = measure(
    [
      { name: 'signEd25519', run: () => signEd25519(message, seed) },
      { name: 'verifyPrivate', run: () => verifyEd25519(signature, message, publicKey) },
      { name: 'hpkeSeal', run: () => hpkeSeal(toSeal) },
      { name: 'hpkeOpen', run: () => hpkeOpen({ key: recipient, enc, info, aad, ciphertext }) },
    ],
    effort,
    clockMs,
  );
  const usOf = (name: Counted): number => timings.find((timing) => timing.name === name)?.medianUs ?? Number.NaN;
  return {
    signEd25519: usOf('signEd25519'),
    verifyPrivate: usOf('verifyPrivate'),
    hpkeSeal: usOf('hpkeSeal'),
    hpkeOpen: usOf('hpkeOpen'),
  };
}

/** Purchases a second that their cryptography alone would allow one core. @param calls of one purchase. */
export function boundOf(calls: Calls, us: Calls): number {
  const names = Object.keys(COUNTED) as Counted[];
  return 1e6 / names.reduce((sum, name) => sum + calls[name] * us[name], 0);
}
