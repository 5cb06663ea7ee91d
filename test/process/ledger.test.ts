import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EpochMs } from '../../protocol/index.ts';
import type { openLedger } from '../../sim/embedded/open-ledger.ts';
import { DelegationLedger } from '../../sim/ledger/delegation-ledger.ts';
import type { LedgerStore } from '../../sim/ledger/store.ts';
import { compileInto } from '../helpers/compile.ts';
import { type Gateway, type Said, startGateway } from '../helpers/gateways.ts';
import { hasLibsql } from '../helpers/libsql.ts';
import { hasPostgres, POSTGRES_PASSWORD, type Postgres, startPostgres } from '../helpers/postgres.ts';
import { temporaryDirectory } from '../helpers/temporary.ts';
import { storeContract } from '../sim/ledger/store-contract.ts';

const NOW = Date.UTC(2026, 10, 19) as EpochMs;
const WALLET_MINOR = 1_000_000;
const LONG = { timeout: 120_000 };

const directory = temporaryDirectory();
let program: string;
let open: typeof openLedger;
beforeAll(async () => {
  const compiled = join(directory.path, 'program');
  mkdirSync(compiled);
  program = compileInto(compiled, 'test/process/ledger-gateway.ts');
  // The thread that speaks to PostgreSQL runs compiled code only.
  const url = pathToFileURL(join(compiled, 'sim/embedded/open-ledger.js')).href;
  ({ openLedger: open } = (await import(url)) as { openLedger: typeof openLedger });
});
afterAll(directory.remove);

/** One wearer with one credential of `maxTotalMinor`, in fresh books. */
function prepare(setting: string, maxTotalMinor: number): void {
  const store = open(setting);
  const ledger = new DelegationLedger(store);
  ledger.fund('wearer-1', 'CNY', WALLET_MINOR, 'opening');
  ledger.open(
    {
      delegationId: 'd0',
      account: 'wearer-1',
      device: 'glasses-01',
      currency: 'CNY',
      maxTotalMinor,
      validFrom: NOW,
      validUntil: (NOW + 1_000_000) as EpochMs,
      instrument: 'wallet',
    },
    NOW,
  );
  store.close();
}

const linesOf = (gateways: readonly Gateway[]): readonly Said[] =>
  gateways.flatMap(({ said }) => said.filter(({ requestId }) => requestId !== undefined));
const paidOf = (gateways: readonly Gateway[]): ReadonlySet<string> =>
  new Set(linesOf(gateways).flatMap(({ requestId = '', paid }) => (paid ? [requestId] : [])));

/** Reads the books as they are: every balance, and each payment that left the wearer. */
function readBooks(setting: string): {
  readonly balances: Map<string, number>;
  readonly paidIds: Set<string>;
  readonly openIds: string[];
} {
  const store: LedgerStore = open(setting);
  try {
    return store.transact((books) => {
      const balances = books
        .list('balance/')
        .map((key) => [key.split('/')[1] ?? '', books.get(key) as number] as const);
      const payments = books.list('posting/pay ').map((key) => key.slice('posting/pay '.length));
      const standing = (key: string) => (books.get(key) as { standing: string }).standing;
      const openIds = books.list('request/').filter((key) => standing(key) === 'reserved');
      return { balances: new Map(balances), paidIds: new Set(payments), openIds };
    });
  } finally {
    store.close();
  }
}

/** Money is where the payments that were heard of say, nothing else moved, and nothing was made or lost. */
function expectConserved(setting: string, amountMinor: number, acknowledged: ReadonlySet<string>): void {
  const { balances, paidIds, openIds } = readBooks(setting);
  expect([...acknowledged].filter((id) => !paidIds.has(id))).toEqual([]);
  const heldMinor = openIds.length * amountMinor;
  expect(balances.get('payee:cafe') ?? 0).toBe(paidIds.size * amountMinor);
  expect(balances.get('held:d0') ?? 0).toBe(heldMinor);
  expect(balances.get('wallet:wearer-1')).toBe(WALLET_MINOR - paidIds.size * amountMinor - heldMinor);
  expect([...balances.values()].reduce((sum, minor) => sum + minor, 0)).toBe(0);
}

/** Two gateways, 60 requests of their own and 60 that both have; there is room for 100. */
async function race(setting: string): Promise<void> {
  prepare(setting, 100 * 7);
  const gateways = ['a', 'b'].map((name) => startGateway(program, 'pay', setting, name, 0, 60, 7));
  await Promise.all(gateways.map(({ finished }) => finished));
  const paid = paidOf(gateways);
  expect(paid.size).toBe(100);
  // What both were told of one request is one and the same, and one of them only made it.
  const shared = linesOf(gateways).filter(({ requestId }) => requestId?.startsWith('shared'));
  expect(shared).toHaveLength(120);
  for (const { requestId, paid: told } of shared) expect(told).toBe(paid.has(requestId ?? ''));
  expect(linesOf(gateways).filter(({ first }) => first)).toHaveLength(100);
  expectConserved(setting, 7, paid);
}

describe.skipIf(!hasLibsql)('two gateways over one SQLite file', () => {
  const setting = (name: string) => `sqlite:${join(directory.path, name)}`;

  it('T15: race for the last of the budget: not one minor unit too much, no request twice', LONG, () =>
    race(setting('race')),
  );

  it('lose nothing that was acknowledged and stop nobody, however often one is killed', LONG, async () => {
    const file = setting('killed');
    prepare(file, 1_000_000);
    const survivor = startGateway(program, 'pay', file, 'survivor', 0, 400, 7);
    const killed: Gateway[] = [];
    for (let round = 0; round < 12; round++) {
      const victim = startGateway(program, 'pay', file, 'victim', round * 8, 1_000, 7);
      killed.push(victim);
      await victim.heard(() => victim.said.length > round);
      await victim.kill();
    }
    await survivor.finished;
    expect(linesOf(killed).length).toBeGreaterThan(12);
    expect(survivor.said.filter(({ unavailable }) => unavailable !== undefined)).toEqual([]);
    expectConserved(file, 7, paidOf([survivor, ...killed]));
    // The next one finishes what the dead have begun.
    const next = startGateway(program, 'pay', file, 'victim', 0, 120, 7);
    await next.finished;
    expect(readBooks(file).openIds.filter((key) => /-(?:\d|\d\d)$/.test(key))).toEqual([]);
    expectConserved(file, 7, paidOf([survivor, ...killed, next]));
  });
});

describe.skipIf(!hasPostgres)('gateways over one PostgreSQL server', () => {
  let server: Postgres;
  beforeAll(async () => {
    server = await startPostgres(directory.path);
  });
  afterAll(() => server?.stop());

  /** Fresh books for one test. */
  function fresh(name: string): string {
    server.sql(`CREATE DATABASE ${name}`);
    return server.url.replace(/[^/]+$/, name);
  }

  storeContract('PostgreSQL', () => open(server.url), true);

  it('T15: race for the last of the budget: not one minor unit too much, no request twice', LONG, () =>
    race(fresh('race')),
  );

  it(
    'lose nothing that was acknowledged when the server dies under them, and go on when it is back',
    LONG,
    async () => {
      const setting = fresh('crashed');
      prepare(setting, 1_000_000);
      const gateways = ['a', 'b'].map((name) => startGateway(program, 'pay', setting, name, 0, 100, 7));
      for (const round of [1, 2]) {
        await Promise.all(gateways.map((gateway) => gateway.heard(() => gateway.said.length > round * 20)));
        await server.crash();
        await Promise.all(gateways.map((gateway) => gateway.heard(({ unavailable }) => unavailable !== undefined)));
        await server.restart();
      }
      await Promise.all(gateways.map(({ finished }) => finished));
      expect(paidOf(gateways).size).toBe(300);
      expectConserved(setting, 7, paidOf(gateways));
      const errors = gateways.flatMap(({ said }) => said.flatMap(({ unavailable = [] }) => unavailable));
      expect(errors.join()).not.toContain(POSTGRES_PASSWORD);
    },
  );

  it(
    'claim nothing while another hangs in the middle of a transaction; that one is cut off and changes nothing',
    LONG,
    async () => {
      const setting = fresh('hanging');
      prepare(setting, 1_000_000);
      const hanging = startGateway(program, 'hold', setting, 'hanging');
      await hanging.heard(({ holding }) => holding === true);
      const other = startGateway(program, 'pay', setting, 'other', 0, 3, 7);
      await other.finished;
      expect(other.said[0]).toMatchObject({ unavailable: expect.stringMatching(/^PostgreSQL: /) });
      hanging.goOn();
      expect(await hanging.heard(({ ended }) => ended !== undefined)).toEqual({ ended: 'LedgerUnavailable' });
      await hanging.finished;
      const store = open(setting);
      expect(store.transact((books) => books.get('held'))).toBeUndefined();
      store.close();
      expectConserved(setting, 7, paidOf([other]));
    },
  );

  it.each([
    ['question', true],
    ['answer', false],
  ] as const)('T2: pay once when the %s of the commit is lost on the way', LONG, async (lost, first) => {
    const setting = fresh(`lost_${lost}`);
    prepare(setting, 1_000_000);
    const link = await cuttingLink(Number(new URL(setting).port), 2, lost);
    const gateway = startGateway(program, 'pay', setting.replace(/:\d+\//, `:${link.port}/`), 'a', 0, 1, 7);
    await gateway.finished;
    link.close();
    expect(gateway.said).toEqual([
      { unavailable: expect.stringMatching(/^PostgreSQL: /) },
      { requestId: 'a-0', paid: true, first },
      { requestId: 'shared-0', paid: true, first: true },
    ]);
    expectConserved(setting, 7, paidOf([gateway]));
  });

  it('make a transaction again that the server undid for another', () => {
    const store = open(fresh('conflicts'));
    // Twice a serialization failure, as the server tells it, and then none.
    const psql = (statement: string) => server.sql(statement, 'conflicts');
    psql(`CREATE SEQUENCE tries`);
    psql(`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF nextval('tries') < 3 THEN RAISE EXCEPTION 'conflict' USING ERRCODE = '40001'; END IF; RETURN NULL; END $$`);
    psql('CREATE TRIGGER refuse AFTER INSERT ON act_edge_books EXECUTE FUNCTION refuse()');
    let ran = 0;
    store.transact((books) => {
      books.put('tries', ++ran);
    });
    expect(ran).toBe(3);
    expect(store.transact((books) => books.get('tries'))).toBe(3);
    psql('ALTER SEQUENCE tries RESTART');
    psql('ALTER SEQUENCE tries INCREMENT -1 MINVALUE -100 RESTART WITH 0');
    expect(() => store.transact((books) => books.put('tries', ++ran))).toThrow('conflicts without end');
    expect(ran).toBe(8);
    store.close();
  });

  it('say that there is no server, or no ledger in it, without the password', () => {
    const wrong = server.url.replace(POSTGRES_PASSWORD, 'other-password');
    for (const url of [wrong, server.url.replace(/:\d+\//, ':1/')]) {
      expect(() => open(url)).toThrow(expect.objectContaining({ code: 'store-failed' }));
      expect(() => open(url)).not.toThrow(/password/);
    }
  });
});

/** Between a gateway and the server: breaks at this COMMIT, before it is passed on or before it is answered. */
async function cuttingLink(
  serverPort: number,
  which: number,
  lost: 'question' | 'answer',
): Promise<{ readonly port: number; close(): void }> {
  let commits = 0;
  const link = createServer((near) => {
    const far = connect(serverPort, '127.0.0.1');
    for (const end of [near, far]) end.on('error', () => {});
    let cut = false;
    near.on('data', (bytes) => {
      cut ||= bytes.includes('COMMIT\0') && ++commits === which;
      if (!cut || lost === 'answer') far.write(bytes);
      else near.destroy();
    });
    far.on('data', (bytes) => {
      if (cut) near.destroy();
      else near.write(bytes);
    });
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
  }).listen(0, '127.0.0.1');
  await once(link, 'listening');
  return { port: (link.address() as AddressInfo).port, close: () => link.close() };
}
