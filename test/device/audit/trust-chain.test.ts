import { describe, expect, it } from 'vitest';
import { ASK_AGAIN_MS, ASK_TIMEOUT_MS, Turns } from '../../../device/audit/chain-asking.ts';
import { trustChain } from '../../../device/audit/trust-chain.ts';
import type { ChainWire, FindAnswer, HeadAnswer, SubmitAnswer, TrustChain } from '../../../device/ports.ts';
import {
  type Anchor,
  openCheckpoint,
  signAnchor,
  signCheckpoint,
  softSigningKey,
  verifyConsistency,
} from '../../../protocol/index.ts';
import type { ChainResponse, TrustNode } from '../../../sim/trust-chain/node.ts';
import { simulatedWire } from '../../../sim/trust-chain/simulated-wire.ts';
import { VirtualClock } from '../../../sim/virtual-clock.ts';
import { deviceKey, id, START, seconds, settings } from '../builders.ts';
import { CHANNEL, nodeSigner, testNode } from './reporting-rig.ts';

function anchorFor(label: string, over: Partial<Anchor> = {}): string {
  const anchor: Anchor = {
    ...{ recordId: id(label), structureVersion: '2.1', eventType: 'act:delegation:intent-created' },
    ...{ eventTime: seconds(0), iat: seconds(1), intentId: id('intent'), submitterId: settings.agentId },
    ...{ payloadHash: new Uint8Array(32).fill(9), hashAlgorithm: 'SHA-256', privacyChannel: CHANNEL },
    ...over,
  };
  return signAnchor(anchor, deviceKey);
}

const [A, B, C, D] = ['a', 'b', 'c', 'd'].map((label) => anchorFor(label)) as [string, string, string, string];

/** A node with these anchors. */
function nodeWith(...anchors: readonly string[]): TrustNode {
  const node = testNode();
  for (const body of anchors) expect(node.answer({ method: 'POST', path: '/anchors', body }).status).toBe(201);
  return node;
}

class Client {
  readonly clock = new VirtualClock(START);
  readonly chain: TrustChain;
  node: Pick<TrustNode, 'answer'>;
  asked = 0;

  constructor(node: Pick<TrustNode, 'answer'>, seen?: string) {
    this.node = node;
    const answer: TrustNode['answer'] = (request) => {
      this.asked += 1;
      return this.node.answer(request);
    };
    const wire = simulatedWire({ answer }, this.clock);
    this.chain = trustChain({ wire, node: nodeSigner, clock: this.clock, ...(seen !== undefined && { seen }) });
  }

  #wait<T>(ask: (done: (answer: T) => void) => void): T {
    let answered: { readonly answer: T } | undefined;
    ask((answer) => {
      expect(answered).toBeUndefined();
      answered = { answer };
    });
    this.clock.advance(10 * ASK_TIMEOUT_MS);
    if (!answered) throw new Error('no answer');
    return answered.answer;
  }

  submit = (jws: string): SubmitAnswer => this.#wait((done) => this.chain.submit(jws, done));
  find = (label: string): FindAnswer => this.#wait((done) => this.chain.find(id(label), done));
  head = (): HeadAnswer => this.#wait((done) => this.chain.head(done));
  consistency = (from: number, to: number) =>
    this.#wait<readonly Uint8Array[] | undefined>((done) => this.chain.consistency(from, to, done));
}

/** A node that says something else now and then. */
function lying(
  node: TrustNode,
  change: (said: Record<string, unknown>, response: ChainResponse) => object | undefined,
) {
  return {
    answer: (request: Parameters<TrustNode['answer']>[0]): ChainResponse => {
      const response = node.answer(request);
      if (response.type !== 'application/json') return response;
      const changed = change(JSON.parse(response.body), response);
      return changed ? { ...response, ...changed } : response;
    },
  };
}
const said = (body: object) => ({ body: JSON.stringify(body) });
const hash = Buffer.alloc(32, 1).toString('base64url');

describe('a node that keeps its word', () => {
  it('anchors, answers repeats with the position, finds, and shows its heads to continue one another', () => {
    const client = new Client(nodeWith(A));
    expect(client.submit(B)).toMatchObject({ kind: 'anchored', position: 1 });
    expect(client.submit(B)).toMatchObject({ kind: 'known', position: 1 });
    expect(client.submit(C)).toMatchObject({ kind: 'anchored', position: 2 });
    expect(client.find('a')).toMatchObject({ kind: 'found', jws: A, position: 0 });
    expect(client.find('d')).toEqual({ kind: 'not-found' });
    const head = client.head();
    if (head.kind !== 'head') throw new Error(head.kind);
    const opened = openCheckpoint(head.checkpoint, nodeSigner);
    const first = openCheckpoint(nodeWith(A).checkpoint(), nodeSigner);
    expect(verifyConsistency(first, opened, client.consistency(1, 3) ?? [])).toBe(true);
    expect(client.consistency(3, 9)).toBeUndefined();
  });

  it('refuses with a code, and with the position that stands where the record id is taken', () => {
    const client = new Client(nodeWith(A, B));
    expect(client.submit(anchorFor('b', { iat: seconds(2) }))).toEqual({
      ...{ kind: 'refused', code: 'record-id-taken', position: 1 },
    });
    expect(client.submit(anchorFor('x', { privacyChannel: 'other' }))).toEqual({
      ...{ kind: 'refused', code: 'channel-unknown' },
    });
    expect(client.submit('a.b.c')).toEqual({ kind: 'refused', code: 'submitter-unknown' });
  });

  it('is believed from an empty log on', () => {
    const node = testNode();
    const client = new Client(node);
    expect(client.head()).toMatchObject({ kind: 'head' });
    expect(client.submit(A)).toMatchObject({ kind: 'anchored', position: 0 });
  });
});

describe('T27: a node that lies is told as such', () => {
  it('with an inclusion proof that does not hold, of a new anchor and of a found one', () => {
    const wrong = lying(nodeWith(A, B), (body) =>
      body.position === undefined ? undefined : said({ ...body, proof: [hash] }),
    );
    expect(new Client(wrong).submit(C)).toMatchObject({ kind: 'lying', fault: 'inclusion-wrong' });
    expect(new Client(wrong).find('a')).toMatchObject({ kind: 'lying', fault: 'inclusion-wrong' });
  });

  it('with another position', () => {
    const moved = lying(nodeWith(A, B, C), (body) => said({ ...body, position: 0 }));
    expect(new Client(moved).find('b')).toMatchObject({ kind: 'lying', fault: 'inclusion-wrong' });
  });

  it('that says it has anchored what it has not', () => {
    const node = nodeWith(A, B);
    const proofOfA = JSON.parse(node.answer({ method: 'GET', path: `/anchors/${id('a')}` }).body);
    const forgetful = lying(node, () => ({ status: 201, ...said({ ...proofOfA, jws: undefined }) }));
    expect(new Client(forgetful).submit(C)).toMatchObject({ kind: 'lying', fault: 'inclusion-wrong' });
  });

  it("with another record's anchor in place of the one that was asked for", () => {
    const node = nodeWith(A, B);
    const proofOfA = JSON.parse(node.answer({ method: 'GET', path: `/anchors/${id('a')}` }).body);
    const other = lying(node, () => ({ status: 200, ...said(proofOfA) }));
    expect(new Client(other).find('b')).toMatchObject({ kind: 'lying', fault: 'anchor-other' });
    const taken = lying(node, () => ({ status: 409, ...said({ code: 'record-id-taken', ...proofOfA }) }));
    expect(new Client(taken).submit(C)).toMatchObject({ kind: 'lying', fault: 'anchor-other' });
  });

  it('with a head that another key has signed, or that names another log', () => {
    const stranger = softSigningKey(new Uint8Array(32).fill(1));
    const root = openCheckpoint(nodeWith(A).checkpoint(), nodeSigner).root;
    const heads = [
      signCheckpoint({ origin: nodeSigner.name, size: 1, root }, { ...stranger, name: nodeSigner.name }),
      signCheckpoint({ origin: 'other', size: 1, root }, { ...nodeSigner, name: 'other' }),
      'no head',
    ];
    for (const checkpoint of heads) {
      const forging = lying(nodeWith(A), (body) => said({ ...body, checkpoint }));
      expect(new Client(forging).find('a')).toEqual({
        ...{ kind: 'lying', fault: 'checkpoint-forged', checkpoints: [checkpoint] },
      });
    }
  });

  it('with fewer entries than it had before', () => {
    const client = new Client(nodeWith(A, B, C));
    const before = client.head();
    client.node = nodeWith(A, B);
    const answers = [client.head(), client.find('a'), client.submit(A)];
    const [seen, now] = [before.kind === 'head' ? before.checkpoint : '', nodeWith(A, B).checkpoint()];
    for (const answer of answers)
      expect(answer).toEqual({ kind: 'lying', fault: 'log-shrunk', checkpoints: [seen, now] });
  });

  it('with another history: of the same length, and of a longer one', () => {
    const client = new Client(nodeWith(A, B, C));
    client.head();
    const seen = nodeWith(A, B, C).checkpoint();
    for (const fork of [nodeWith(A, B, D), nodeWith(A, D, B, C), nodeWith(D, A, B, C, anchorFor('e'))]) {
      client.node = fork;
      expect(client.head()).toEqual({ kind: 'lying', fault: 'log-forked', checkpoints: [seen, fork.checkpoint()] });
      expect(client.find('a')).toMatchObject({ kind: 'lying', fault: 'log-forked' });
    }
    client.node = nodeWith(A, B, C, D);
    expect(client.find('a')).toMatchObject({ kind: 'found' });
  });

  it('with another history after a restart of the device, which brings the head it had believed', () => {
    const seen = nodeWith(A, B).checkpoint();
    expect(new Client(nodeWith(A, B, C), seen).find('a')).toMatchObject({ kind: 'found' });
    expect(new Client(nodeWith(A, C, B), seen).find('a')).toMatchObject({ kind: 'lying', fault: 'log-forked' });
    expect(() => new Client(nodeWith(A), 'no head')).toThrow(expect.objectContaining({ code: 'note-malformed' }));
  });

  it('when it shows one history to one client and another to the other, as soon as they compare heads', () => {
    const [one, other] = [new Client(nodeWith(A, B, C)), new Client(nodeWith(A, C, B))];
    const heads = [one.head(), other.head()].map((head) => (head.kind === 'head' ? head.checkpoint : ''));
    // Each by itself has nothing to complain of.
    expect([one.find('b').kind, other.find('b').kind]).toEqual(['found', 'found']);
    const informed = new Client(one.node, heads[1]);
    expect(informed.head()).toEqual({ kind: 'lying', fault: 'log-forked', checkpoints: [heads[1], heads[0]] });
  });
});

describe('a node that is away or talks nonsense is never called a liar', () => {
  it.each([
    ['nothing JSON', { status: 200, body: '<html>' }],
    ['a list', { status: 200, body: '[]' }],
    ['no position', { status: 201, body: '{"checkpoint":"","proof":[]}' }],
    ['no list of hashes', { status: 200, body: '{"position":0,"checkpoint":"","proof":{},"jws":"a"}' }],
    ['a hash that is none', { status: 200, body: '{"position":0,"checkpoint":"","proof":[1],"jws":"a"}' }],
    ['a short hash', { status: 200, body: '{"position":0,"checkpoint":"","proof":["AAAA"],"jws":"a"}' }],
    ['a fraction', { status: 200, body: '{"position":0.5,"checkpoint":"","proof":[],"jws":"a"}' }],
    ['an anchor that is no text', { status: 200, body: '{"position":0,"checkpoint":"","proof":[],"jws":1}' }],
    ['a 404 of somebody else', { status: 404, body: '{"error":"no such page"}' }],
    ['a code with control characters', { status: 400, body: '{"code":"a\\nb"}' }],
    ['a conflict without a place', { status: 409, body: '{"code":"record-id-taken"}' }],
  ])('%s', (_, { status, body }) => {
    const client = new Client({ answer: () => ({ status, type: 'application/json', body }) });
    expect(client.find('a')).toEqual({ kind: 'unreachable' });
    expect(client.submit(A)).toEqual({ kind: 'unreachable' });
  });

  it('nor one that withholds a consistency proof', () => {
    const node = nodeWith(A, B, C);
    const client = new Client(node, nodeWith(A, B).checkpoint());
    client.node = lying(node, (body) =>
      body.position === undefined ? { status: 400, ...said({ code: 'no' }) } : undefined,
    );
    expect(client.find('a')).toEqual({ kind: 'unreachable' });
  });

  it.each([429, 500, 503, 408])('and is asked four times in all while it answers %i', (status) => {
    const client = new Client({ answer: () => ({ status, type: 'application/json', body: '{"code":"busy"}' }) });
    expect(client.submit(A)).toEqual({ kind: 'unreachable' });
    expect(client.asked).toBe(4);
  });
});

describe('time', () => {
  class SilentWire implements ChainWire {
    readonly asked: number[] = [];
    stopped = 0;
    readonly #clock: VirtualClock;

    constructor(clock: VirtualClock) {
      this.#clock = clock;
    }

    ask(): () => void {
      this.asked.push(this.#clock.now() - START);
      return () => {
        this.stopped += 1;
      };
    }
  }

  it('is 30 s for an answer, then three more tries with a pause before each (TSD-ATT-SVF step 5)', () => {
    const clock = new VirtualClock(START);
    const wire = new SilentWire(clock);
    const answers: FindAnswer[] = [];
    trustChain({ wire, node: nodeSigner, clock }).find(id('a'), (answer) => answers.push(answer));
    const pauses = [0, 1, 3, 7].map((pause, n) => n * ASK_TIMEOUT_MS + pause * ASK_AGAIN_MS);
    clock.advance((pauses[3] ?? 0) + ASK_TIMEOUT_MS - 1);
    expect([wire.asked, answers]).toEqual([pauses, []]);
    clock.advance(1);
    expect(answers).toEqual([{ kind: 'unreachable' }]);
    expect([wire.stopped, clock.nextAt()]).toEqual([4, undefined]);
  });

  it('is given to one question after another, and taken back from those that are stopped', () => {
    const clock = new VirtualClock(START);
    const wire = new SilentWire(clock);
    const chain = trustChain({ wire, node: nodeSigner, clock });
    const answers: string[] = [];
    const stops = ['a', 'b', 'c'].map((label) => chain.find(id(label), () => answers.push(label)));
    expect(wire.asked).toEqual([0]);
    stops[1]?.();
    stops[0]?.();
    stops[0]?.();
    expect([wire.asked, wire.stopped]).toEqual([[0, 0], 1]);
    clock.advance(10 * ASK_TIMEOUT_MS);
    expect(answers).toEqual(['c']);
    stops[2]?.();
    expect(clock.nextAt()).toBeUndefined();
  });

  it('belongs to one job at a time also when jobs end inside the call', () => {
    const turns = new Turns();
    const done: number[] = [];
    for (const n of [1, 2, 3])
      turns.run((finish) => {
        done.push(n);
        finish();
        finish();
        return () => {};
      });
    expect(done).toEqual([1, 2, 3]);
  });
});
