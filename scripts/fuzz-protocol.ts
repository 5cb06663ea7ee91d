/**
 * Feeds changed frames, objects, evidence and message bodies to the code that reads them, and counts what it does.
 * `node dist/scripts/fuzz-protocol.js --mutations 1000000 --seed 1`: exit code 0 if everything held, 1 if not, 2 for misuse.
 */
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import {
  decodeCbor,
  decodeEvidence,
  encodeCbor,
  equalBytes,
  FRAMES,
  type FrameType,
  hex,
  OBJECTS,
  type ObjectType,
  openFrame,
  openObject,
  ProtocolError,
  verifyEvidence,
  type WireType,
} from '../protocol/index.ts';
import { type Draw, mutateBytes, mutateValue, oneFrom, seededDraw, splice } from './fuzz-mutations.ts';
import { BODIES, EVIDENCE_BYTES, NOW, readerOf, SIGNED, sampleFrame, TENANT, TRUST, VALUES } from './fuzz-samples.ts';

/** Something that reads bytes. `read` throws a ProtocolError, or returns how the bytes it took would be written. */
interface Target {
  readonly name: string;
  readonly sample: Uint8Array;
  /** Signed targets take their sample and nothing else; a body takes whatever its declaration allows. */
  readonly signed: boolean;
  read(bytes: Uint8Array): Uint8Array;
}

const by = { trust: TRUST, tenant: TENANT };

const signedTarget = (name: string, sample: Uint8Array, open: (bytes: Uint8Array) => unknown): Target => ({
  name,
  sample,
  signed: true,
  read(bytes) {
    open(bytes);
    return bytes;
  },
});

const bodyTarget = (name: string, body: WireType<unknown>, value: unknown): Target => ({
  name: `${name} body`,
  sample: encodeCbor(body.encode(value, name)),
  signed: false,
  read: (bytes) => encodeCbor(body.encode(body.decode(decodeCbor(bytes), name), name)),
});

/** Every reader of the protocol with a sample that it accepts. */
function targets(): Target[] {
  const frameTypes = Object.keys(FRAMES) as FrameType[];
  const objectTypes = Object.keys(OBJECTS) as ObjectType[];
  return [
    ...frameTypes.map((type) =>
      signedTarget(`frame ${type}`, sampleFrame(type), (bytes) => openFrame(bytes, readerOf(type), NOW)),
    ),
    ...objectTypes.map((type) => signedTarget(`object ${type}`, SIGNED[type], (bytes) => openObject(type, bytes, by))),
    signedTarget('evidence', EVIDENCE_BYTES, (bytes) => verifyEvidence(decodeEvidence(bytes), by)),
    ...frameTypes.map((type) => bodyTarget(`frame ${type}`, FRAMES[type].body as WireType<unknown>, BODIES[type])),
    ...objectTypes.map((type) => bodyTarget(`object ${type}`, OBJECTS[type].body as WireType<unknown>, VALUES[type])),
  ];
}

export interface FuzzReport {
  readonly mutations: number;
  /** Mutations that changed nothing, each accepted. */
  unchanged: number;
  /** Other bodies that their declaration allows, each written again as it was read. */
  legalBodies: number;
  /** Refused inputs by code. */
  readonly refusals: Map<string, number>;
  /** Altered signed bytes that were taken, bodies that read one way and write another, samples refused: must stay empty. */
  readonly accepted: string[];
  /** What was thrown and is no ProtocolError: must stay empty. */
  readonly foreign: string[];
  slowest: { readonly tookMs: number; readonly input: string };
}

/**
 * Runs `mutations` changed inputs, drawn from `seed`, through every reader of the protocol.
 * @param clockMs a monotonic clock, for the slowest input only; nothing else depends on it.
 */
export function fuzzProtocol(
  { mutations, seed }: { mutations: number; seed: number },
  clockMs: () => number,
): FuzzReport {
  const draw = seededDraw(seed);
  const all = targets();
  const samples: ReadonlySet<string> = new Set(all.map(({ sample }) => hex(sample)));
  const report: FuzzReport = {
    ...{ mutations, unchanged: 0, legalBodies: 0, refusals: new Map(), accepted: [], foreign: [] },
    slowest: { tookMs: 0, input: '' },
  };
  for (let left = mutations; left > 0; left--) {
    const target = oneFrom(all, draw);
    const input = inputFor(target, oneFrom(all, draw), draw);
    const started = clockMs();
    judge(target, input, samples, report);
    const tookMs = clockMs() - started;
    if (tookMs <= report.slowest.tookMs) continue;
    const costMs = Math.min(tookMs, ...REPEATS.map(() => timeOf(target, input, clockMs)));
    if (costMs > report.slowest.tookMs) report.slowest = { tookMs: costMs, input: `${target.name}: ${hex(input)}` };
  }
  return report;
}

/** A reading that took long may only have waited for the machine; the least of some is what the input costs. */
const REPEATS = [1, 2, 3, 4];

function timeOf(target: Target, input: Uint8Array, clockMs: () => number): number {
  const started = clockMs();
  refusable(() => target.read(input));
  return clockMs() - started;
}

function inputFor(target: Target, donor: Target, draw: Draw): Uint8Array {
  if (draw(32) === 0) return splice(target.sample, donor.sample, draw);
  if (target.signed || draw(4) === 0) return mutateBytes(target.sample, draw);
  const donated = donor.signed ? target.sample : donor.sample;
  const mutated = mutateValue(decodeCbor(target.sample), decodeCbor(donated), draw);
  // A value can have grown beyond the limits of the encoding; bytes reach those limits from outside.
  return refusable(() => encodeCbor(mutated)) ?? target.sample;
}

/** A splice may come out as another whole sample, perhaps for the same receiver: nothing was altered then. */
function judge(target: Target, input: Uint8Array, samples: ReadonlySet<string>, report: FuzzReport): void {
  const same = equalBytes(input, target.sample);
  try {
    const written = target.read(input);
    if (same || (target.signed && samples.has(hex(input)))) report.unchanged += 1;
    else if (!target.signed && equalBytes(written, input)) report.legalBodies += 1;
    else report.accepted.push(`${target.name}: ${hex(input)}`);
  } catch (error) {
    if (!(error instanceof ProtocolError)) report.foreign.push(`${target.name}: ${hex(input)}: ${String(error)}`);
    else if (same) report.accepted.push(`${target.name}: its own sample is refused with ${error.code}`);
    else report.refusals.set(error.code, (report.refusals.get(error.code) ?? 0) + 1);
  }
}

/** Whether nothing altered was accepted and nothing but ProtocolErrors was thrown. */
export function held({ accepted, foreign }: FuzzReport): boolean {
  return accepted.length === 0 && foreign.length === 0;
}

/** The report for people, slowest input and refusals by code included. */
export function describeReport(report: FuzzReport, tookMs: number): string {
  const { mutations, unchanged, legalBodies, accepted, foreign, slowest } = report;
  const refusals = [...report.refusals].sort(([, a], [, b]) => b - a);
  return [
    `${mutations} mutations in ${(tookMs / 1000).toFixed(1)} s, ${Math.round((mutations * 1000) / tookMs)} a second`,
    `altered and accepted: ${accepted.length}; exceptions other than ProtocolError: ${foreign.length}`,
    `unchanged: ${unchanged}; other bodies a declaration allows: ${legalBodies}`,
    ...[...accepted, ...foreign].slice(0, 10).map((finding) => `! ${finding}`),
    ...refusals.map(([code, count]) => `${String(count).padStart(9)} ${code}`),
    `slowest: ${slowest.tookMs.toFixed(2)} ms, ${slowest.input}`,
  ].join('\n');
}

/** A whole number given on the command line, or undefined. */
function whole(text: string, least: number): number | undefined {
  return /^[0-9]{1,9}$/.test(text) && Number(text) >= least ? Number(text) : undefined;
}

function main(args: string[]): number {
  const options = { mutations: { type: 'string', default: '100000' }, seed: { type: 'string', default: '1' } } as const;
  const given = refusable(() => parseArgs({ args, options }).values);
  const [mutations, seed] = [whole(given?.mutations ?? '', 1), whole(given?.seed ?? '', 0)];
  if (mutations === undefined || seed === undefined) {
    process.stderr.write('usage-option-value: call it with --mutations N --seed N, both whole numbers\n');
    return 2;
  }
  const started = performance.now();
  const report = fuzzProtocol({ mutations, seed }, () => performance.now());
  process.stdout.write(`seed ${seed}: ${describeReport(report, performance.now() - started)}\n`);
  return held(report) ? 0 : 1;
}

/** What `make` returns, or undefined if it throws: `parseArgs` for an unknown option, the encoder beyond its limits. */
function refusable<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) process.exitCode = main(process.argv.slice(2));
