import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Anchor,
  fromBase64url,
  leafHash,
  openCheckpoint,
  rootOf,
  signAnchor,
  softSigningKey,
  utf8,
  verifyConsistency,
  verifyInclusion,
} from '../../../protocol/index.ts';
import { memoryDisk, PowerCut } from '../../../sim/memory-journal.ts';
import { SeededRandom } from '../../../sim/seeded-random.ts';
import { TrustLog } from '../../../sim/trust-chain/log.ts';
import { createTrustNode } from '../../../sim/trust-chain/node.ts';
import { CHANNEL, nodeSigner, storedRecords, verifyingKey } from '../../device/audit/reporting-rig.ts';
import { id, seconds } from '../../device/builders.ts';

const [KEY, FORMER, STRANGER] = [1, 2, 3].map((fill) => softSigningKey(new Uint8Array(32).fill(fill)));
if (!KEY || !FORMER || !STRANGER) throw new Error('no keys');
const SUBMITTER = 'did:act:example.com/device-1';

function anchor(label: string, over: Partial<Anchor> = {}, key = KEY): string {
  const value: Anchor = {
    ...{ recordId: id(label), structureVersion: '2.1', eventType: 'act:commerce:cart-confirmed', orderNo: 'LC-1' },
    ...{ eventTime: seconds(0), iat: seconds(1), intentId: id('intent'), submitterId: SUBMITTER },
    ...{ payloadHash: new Uint8Array(32).fill(9), hashAlgorithm: 'SHA-256', privacyChannel: CHANNEL },
    ...over,
  };
  return signAnchor(value, key as NonNullable<typeof KEY>);
}

const registered = {
  signer: nodeSigner,
  channels: new Set([CHANNEL]),
  keysOf: (submitter: string) => (submitter === SUBMITTER ? [verifyingKey(KEY), verifyingKey(FORMER)] : []),
};

class Stand {
  readonly disk = memoryDisk();
  readonly logged: string[] = [];
  node = this.start();

  start() {
    const log = { write: (_: string, code: string) => void this.logged.push(code) };
    return createTrustNode({ ...registered, journal: this.disk.open(), log });
  }

  restart(): void {
    this.disk.crash();
    this.node = this.start();
  }

  post = (body: string) => this.#answer({ method: 'POST', path: '/anchors', body });
  get = (path: string) => this.#answer({ method: 'GET', path });

  #answer(request: { method: 'GET' | 'POST'; path: string; body?: string }) {
    const { status, body } = this.node.answer(request);
    return { status, ...JSON.parse(body) };
  }
}

const hashes = (proof: readonly string[]) => proof.map(fromBase64url);

/** Whether an answer shows this anchor at this place, under the node's key. */
function shows(answer: { position: number; checkpoint: string; proof: string[] }, jws: string): boolean {
  const head = openCheckpoint(answer.checkpoint, nodeSigner);
  return verifyInclusion(leafHash(utf8(jws)), answer.position, head, hashes(answer.proof));
}

describe('an anchor', () => {
  it('is added once, and a repeat is answered with where it stands', () => {
    const stand = new Stand();
    const [one, two] = [anchor('one'), anchor('two')];
    const answers = [one, two, one, two].map(stand.post);
    expect(answers.map(({ status, position, code }) => [status, position, code])).toEqual([
      ...[
        [201, 0, undefined],
        [201, 1, undefined],
      ],
      ...[
        [409, 0, 'anchor-known'],
        [409, 1, 'anchor-known'],
      ],
    ]);
    expect(answers.every((answer, n) => shows(answer, n % 2 === 0 ? one : two))).toBe(true);
    expect(stand.node.size).toBe(2);
  });

  it('is never overwritten: other content under its id is refused with what stands, and where', () => {
    const stand = new Stand();
    const [first, other] = [anchor('one'), anchor('one', { payloadHash: new Uint8Array(32).fill(8) })];
    stand.post(first);
    const answer = stand.post(other);
    expect(answer).toMatchObject({ status: 409, code: 'record-id-taken', position: 0, jws: first });
    expect(shows(answer, first)).toBe(true);
    expect(stand.get(`/anchors/${id('one')}`)).toMatchObject({ status: 200, jws: first, position: 0 });
    expect(stand.node.size).toBe(1);
  });

  it('is taken under a key that is registered for its submitter, an earlier one too', () => {
    expect(new Stand().post(anchor('one', {}, FORMER)).status).toBe(201);
  });

  it.each([
    ['of a stranger', anchor('one', { submitterId: 'did:act:example.com/other' }), 403, 'submitter-unknown'],
    ['under a key that is not registered', anchor('one', {}, STRANGER), 400, 'jws-kid'],
    ['for a channel that is not served', anchor('one', { privacyChannel: 'other' }), 403, 'channel-unknown'],
    [
      'with a signature of something else',
      `${anchor('one').split('.').slice(0, 2).join('.')}.${anchor('two').split('.')[2]}`,
      400,
      'jws-signature',
    ],
    ['that is none', 'anchor', 403, 'submitter-unknown'],
    ['without a signature', anchor('one').split('.').slice(0, 2).join('.'), 400, 'jws-malformed'],
    ['that is empty', '', 403, 'submitter-unknown'],
  ])('%s is refused and leaves no trace', (_, jws, status, code) => {
    const stand = new Stand();
    expect(stand.post(jws)).toEqual({ status, code });
    expect([stand.node.size, storedRecords(stand.disk)]).toEqual([0, []]);
  });

  it('is durable before it is answered, and where the disk is full it is not there', () => {
    const stand = new Stand();
    stand.disk.setFull(true);
    expect(stand.post(anchor('one'))).toEqual({ status: 503, code: 'store-full' });
    expect([stand.node.size, stand.logged]).toEqual([0, ['store-full']]);
    stand.disk.setFull(false);
    expect(stand.post(anchor('one'))).toMatchObject({ status: 201, position: 0 });
  });
});

describe('the log', () => {
  it('stands after a restart as it stood, whenever the power went', () => {
    const random = new SeededRandom('node');
    for (let n = 0; n < 20; n++) {
      const stand = new Stand();
      const anchors = Array.from({ length: 5 }, (_, i) => anchor(`${n} ${i}`));
      const cutAt = random.below(5);
      const before = anchors.slice(0, cutAt).map(stand.post);
      stand.disk.crashInNextAppend((bound) => random.below(bound));
      expect(() => stand.post(anchors[cutAt] ?? '')).toThrow(PowerCut);
      stand.restart();
      expect(anchors.slice(0, cutAt).map((jws) => stand.post(jws).position)).toEqual(
        before.map(({ position }) => position),
      );
      const head = openCheckpoint(stand.node.checkpoint(), nodeSigner);
      for (const { checkpoint } of before) {
        const earlier = openCheckpoint(checkpoint, nodeSigner);
        const { proof } = stand.get(`/proofs/consistency?from=${earlier.size}&to=${head.size}`);
        expect(verifyConsistency(earlier, head, hashes(proof))).toBe(true);
      }
      expect(anchors.map((jws) => shows(stand.post(jws), jws))).toEqual(Array(5).fill(true));
    }
  });

  it('proves every anchor in every tree there was, and each tree to begin with each before it', () => {
    const log = new TrustLog(registered);
    const anchors = Array.from({ length: 20 }, (_, n) => anchor(`${n}`));
    const heads = anchors.map((jws) => {
      expect(log.judge(jws)).toEqual({ kind: 'new' });
      log.take(jws);
      return openCheckpoint(log.checkpoint(), nodeSigner);
    });
    const tree = fc.integer({ min: 1, max: 20 }).chain((size) => fc.tuple(fc.constant(size), fc.nat(size - 1)));
    fc.assert(
      fc.property(tree, ([size, index]) => {
        const head = heads[size - 1] as (typeof heads)[number];
        const leaf = leafHash(utf8(anchors[index] ?? ''));
        expect(verifyInclusion(leaf, index, head, log.inclusion(index, size))).toBe(true);
        const earlier = heads[index] as (typeof heads)[number];
        expect(verifyConsistency(earlier, head, log.consistency(index + 1, size))).toBe(true);
      }),
      { seed: 6, numRuns: 200 },
    );
    expect(heads[19]?.root).toEqual(rootOf(anchors.map((jws) => leafHash(utf8(jws)))));
    expect(() => log.at(20)).toThrow(RangeError);
    expect(() => log.take(anchors[0] ?? '')).toThrow('only a new anchor');
  });
});

describe('a request', () => {
  it.each([
    ['/anchors/xyz', 404, 'not-there'],
    [`/anchors/${id('nobody')}`, 404, 'anchor-not-found'],
    ['/', 404, 'not-there'],
    ['/proofs/consistency?from=0&to=1', 400, 'no-such-tree'],
    ['/proofs/consistency?from=2&to=1', 400, 'no-such-tree'],
    ['/proofs/consistency?from=1&to=2', 400, 'no-such-tree'],
    ['/proofs/inclusion?position=1&size=1', 400, 'no-such-tree'],
    ['/proofs/inclusion?position=0&size=2', 400, 'no-such-tree'],
    ['/proofs/consistency?from=1e0&to=1', 404, 'not-there'],
  ])('for %s gets %i %s', (path, status, code) => {
    const stand = new Stand();
    stand.post(anchor('one'));
    expect(stand.get(path)).toEqual({ status, code });
  });

  it('for a proof gets it', () => {
    const stand = new Stand();
    for (const label of ['one', 'two', 'three']) stand.post(anchor(label));
    const { proof } = stand.get('/proofs/inclusion?position=1&size=2');
    expect(proof).toHaveLength(1);
    expect(stand.get('/proofs/consistency?from=2&to=2')).toEqual({ status: 200, proof: [] });
  });
});
