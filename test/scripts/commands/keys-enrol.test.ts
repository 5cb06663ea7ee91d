/** From the factory to the directory, and from one key to the next, with the files of real programs. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readAgentConfig } from '../../../device/adapters/config-file.ts';
import { openFileJournal } from '../../../device/adapters/file-journal.ts';
import { holdLock } from '../../../device/adapters/file-lock.ts';
import { systemRandom } from '../../../device/adapters/system-random.ts';
import type { DirectoryFile } from '../../../device/directory.ts';
import { readAgentParts } from '../../../scripts/agent-parts.ts';
import { compileInto } from '../../helpers/compile.ts';
import { temporaryDirectory } from '../../helpers/temporary.ts';
import { change } from '../../process/yaml.ts';
import { act } from './keys-run.ts';

const temporary = temporaryDirectory();
const good = join(temporary.path, 'good');
const factory = join(temporary.path, 'factory');
const at = (name: string) => join(factory, name);
const passphrase = at('passphrase');
let tool: string;
let copies = 0;

const json = (path: string) => JSON.parse(readFileSync(path, 'utf8'));
const make = (...argv: readonly string[]) => spawnSync(process.execPath, [tool, ...argv], { encoding: 'utf8' });

/** A set of device and cloud of its own for each test. */
function copied() {
  const set = join(temporary.path, `set-${++copies}`);
  cpSync(good, set, { recursive: true });
  const cloud = join(set, 'cloud/cloud.yaml');
  const directory = (): DirectoryFile => json(join(set, 'directory.json'));
  return { set, cloud, agent: join(set, 'device/agent.yaml'), directory };
}

beforeAll(async () => {
  mkdirSync(factory);
  tool = compileInto(join(temporary.path), 'scripts/make-device-certificate.ts');
  writeFileSync(passphrase, 'a long passphrase\n', { mode: 0o600 });
  expect((await act(['keys', 'demo-set', '--dir', good])).code).toBe(0);
  const sealing = ['--passphrase-file', passphrase];
  for (const maker of ['lumen', 'rival'])
    expect(
      make('root', '--maker', maker, '--out', at(maker), '--roots-out', at(`${maker}.json`), ...sealing).stderr,
    ).toBe('');
  for (const purpose of ['identity', 'agent', 'confirmation', 'recipient'])
    await act(['keys', 'create', '--purpose', purpose, '--out', at(`${purpose}.key.json`), ...sealing]);
  const identity = json(at('identity.key.json')).publicKeyHex;
  const about = ['--identity-public', identity, '--serial', 'LG1-7', '--model', 'lumen-1', '--secure-element'];
  const issued = make(
    'issue',
    '--maker',
    'lumen',
    '--root',
    at('lumen'),
    ...about,
    '--method',
    'hold-hardware-line',
    '--out',
    at('cert'),
    ...sealing,
  );
  expect(issued).toMatchObject({ status: 0, stderr: '' });
});
afterAll(() => temporary.remove());

const nonceFor = async (set: string) => (await act(['keys', 'enrol-nonce', '--out', join(set, 'nonce')])).out.trim();

async function requestFor(set: string, device: string, nonce: string, keys = factory): Promise<string> {
  const out = join(set, `request-${device}`);
  const files = ['identity', 'agent', 'confirmation', 'recipient'].flatMap((one) => [
    `--${one}-key`,
    join(keys, `${one}.key.json`),
  ]);
  const id = ['--tenant', 'demo', '--device', device, '--agent-id', `did:act:example.com/device-${device}`];
  const made = await act([
    ...['keys', 'enrol-request', ...id, '--nonce', nonce, '--certificate', at('cert'), ...files],
    ...['--passphrase-file', join(keys, 'passphrase'), '--out', out],
  ]);
  expect(made).toMatchObject({ code: 0, err: '' });
  return out;
}

const enrol = (set: string, request: string, ...more: readonly string[]) =>
  act([
    ...['keys', 'enrol', request, '--config', join(set, 'cloud/cloud.yaml'), '--nonce-file', join(set, 'nonce')],
    ...['--maker-roots', at('lumen.json'), '--token-out', join(set, 'token'), '--json', ...more],
  ]);

describe('act-edge keys enrol', () => {
  it('brings a device from the factory into the directory, and the device starts with what it was given', async () => {
    const { set, directory } = copied();
    const request = await requestFor(set, 'glasses-02', await nonceFor(set));
    const enrolled = await enrol(set, request);
    expect(enrolled).toMatchObject({ code: 0, err: '' });
    expect(existsSync(join(set, 'nonce'))).toBe(false);
    const keys = directory().keys.filter(({ party }) => party === 'glasses-02');
    expect(keys.map(({ role, use }) => `${role} ${use}`)).toEqual(['device frame', 'signer object']);
    expect(keys.map(({ publicKeyHex }) => publicKeyHex)).toEqual([
      json(at('agent.key.json')).publicKeyHex,
      json(at('confirmation.key.json')).publicKeyHex,
    ]);
    const { session } = JSON.parse(enrolled.out);
    const token = join(set, 'token.json');
    const sealing = ['--token-file', join(set, 'token'), '--out', token, '--passphrase-file', passphrase];
    expect((await act(['keys', 'seal-token', ...sealing])).code).toBe(0);
    const config = join(factory, 'agent.yaml');
    copyFileSync(join(set, 'device/agent.yaml'), config);
    const agentId = 'did:act:example.com/device-glasses-02';
    change(config, 'device', { id: 'glasses-02', agentId, sessionHex: session });
    change(config, 'peers', { trustFile: join(set, 'directory.json') });
    change(config, 'purchase', { paymentTokenFile: token });
    change(config, 'voice', { vocabularyFile: join(set, 'vocabulary.json') });
    const parts = readAgentParts(readAgentConfig(config));
    expect(parts.settings.paymentToken).toMatch(/^token-[0-9a-f]{32}$/);
    expect(json(join(set, 'cloud/enrolments.json')).devices[1]).toMatchObject({
      device: 'glasses-02',
      paymentToken: parts.settings.paymentToken,
      identityKeyHex: json(at('identity.key.json')).publicKeyHex,
    });
  });

  it.each<readonly [string, string, (set: string) => Promise<readonly string[]>]>([
    ['another nonce', 'enrolment-nonce', async (set) => [await requestFor(set, 'glasses-02', '00'.repeat(16))]],
    [
      'the root of another maker',
      'certificate-issuer',
      async (set) => [await requestFor(set, 'glasses-02', readNonce(set)), '--maker-roots', at('rival.json')],
    ],
    [
      'the name of a device that is enrolled',
      'enrolment-exists',
      async (set) => [await requestFor(set, 'glasses-01', readNonce(set))],
    ],
    ['the name of a service', 'enrolment-refused', async (set) => [await requestFor(set, 'psp', readNonce(set))]],
  ])('T23: refuses %s with %s, and changes nothing', async (_what, code, argsFor) => {
    const { set, directory } = copied();
    await nonceFor(set);
    const before = [directory(), json(join(set, 'cloud/enrolments.json'))];
    const [request = '', ...more] = await argsFor(set);
    const refused = await enrol(set, request, ...more);
    expect(refused).toMatchObject({ code: 1, out: '', err: expect.stringContaining(`act-edge: ${code}: `) });
    expect([directory(), json(join(set, 'cloud/enrolments.json'))]).toEqual(before);
    expect(existsSync(join(set, 'nonce'))).toBe(true);
    expect(existsSync(join(set, 'token'))).toBe(false);
  });

  it('T23: enrols one signer once', async () => {
    const { set } = copied();
    expect((await enrol(set, await requestFor(set, 'glasses-02', await nonceFor(set)))).code).toBe(0);
    const again = await enrol(
      set,
      await requestFor(set, 'glasses-03', await nonceFor(set)),
      '--token-out',
      join(set, 't2'),
    );
    expect(again).toMatchObject({ code: 1, err: expect.stringContaining('enrolment-refused') });
  });

  it('T19: gives a device new keys with --replace; session and token stay, the old keys end', async () => {
    const { set, directory } = copied();
    const before = json(join(set, 'cloud/enrolments.json')).devices[0];
    const request = await requestFor(set, 'glasses-01', await nonceFor(set));
    expect(await enrol(set, request, '--replace')).toMatchObject({ code: 0, err: '' });
    const after = json(join(set, 'cloud/enrolments.json')).devices[0];
    expect([after.sessionHex, after.paymentToken]).toEqual([before.sessionHex, before.paymentToken]);
    expect(after.formerKeys).toEqual([
      { role: 'device', publicKeyHex: before.framePublicKeyHex, until: expect.any(Number), isHandedOver: false },
      { role: 'signer', publicKeyHex: before.confirmationPublicKeyHex, until: expect.any(Number), isHandedOver: false },
    ]);
    const ended = directory().keys.filter(({ until }) => until !== undefined);
    expect(ended.map(({ publicKeyHex }) => publicKeyHex)).toEqual([
      before.framePublicKeyHex,
      before.confirmationPublicKeyHex,
    ]);
    // The old keys of the device are in the directory still, but good for nothing new.
    expect(() => readAgentParts(readAgentConfig(join(set, 'device/agent.yaml')))).toThrow('config-invalid');
  });

  it('changes nothing while a service runs', async () => {
    const { set } = copied();
    mkdirSync(join(set, 'cloud/state'));
    const path = join(set, 'cloud/state/psp.journal');
    openFileJournal(path, systemRandom()).close();
    const release = holdLock(`${path}.lock`);
    const refused = await enrol(set, await requestFor(set, 'glasses-02', await nonceFor(set)));
    expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('store-locked') });
    release();
  });
});

const readNonce = (set: string) => readFileSync(join(set, 'nonce'), 'utf8').trim();

describe('act-edge keys rotate and take-over', () => {
  const rotate = (agent: string, set: string, purpose: string) =>
    act([
      ...['keys', 'rotate', '--config', agent, '--purpose', purpose, '--out', join(set, `device/next-${purpose}.json`)],
      ...['--statement', join(set, `hand-over-${purpose}`), '--json'],
    ]);
  const takeOver = (cloud: string, set: string, purpose: string) =>
    act(['keys', 'take-over', join(set, `hand-over-${purpose}`), '--config', cloud, '--json']);

  it.each([
    ['agent', 'device', 'agentKeyFile'],
    ['confirmation', 'signer', 'confirmationKeyFile'],
  ] as const)(
    'replace the %s key: the old one ends, the device starts with the new one',
    async (purpose, role, file) => {
      const { set, agent, cloud, directory } = copied();
      const old = json(join(set, `device/${purpose}.key.json`)).publicKeyHex;
      expect(await rotate(agent, set, purpose)).toMatchObject({ code: 0, err: '' });
      expect(await takeOver(cloud, set, purpose)).toMatchObject({ code: 0, err: '' });
      const next = json(join(set, `device/next-${purpose}.json`)).publicKeyHex;
      const keys = directory().keys.filter((key) => key.party === 'glasses-01' && key.role === role);
      expect(keys.map(({ publicKeyHex, until }) => [publicKeyHex, until !== undefined])).toEqual([
        [next, false],
        [old, true],
      ]);
      expect(() => readAgentParts(readAgentConfig(agent))).toThrow('config-invalid');
      change(agent, 'keys', { [file]: `next-${purpose}.json` });
      expect(readAgentParts(readAgentConfig(agent)).settings.device).toBe('glasses-01');
    },
  );

  it('T2: do not take one statement twice, nor one of a key that has ended', async () => {
    const { set, agent, cloud } = copied();
    await rotate(agent, set, 'confirmation');
    expect((await takeOver(cloud, set, 'confirmation')).code).toBe(0);
    expect(await takeOver(cloud, set, 'confirmation')).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringContaining('act-edge: cose-kid: '),
    });
  });

  it('T19: print and write nothing secret, and overwrite nothing', async () => {
    const { set, agent } = copied();
    const ran = await rotate(agent, set, 'agent');
    const secret = readFileSync(join(set, 'device/passphrase'), 'utf8').trim();
    expect(ran.out + ran.err + readFileSync(join(set, 'hand-over-agent'), 'utf8')).not.toContain(secret);
    expect(await rotate(agent, set, 'agent')).toMatchObject({
      code: 1,
      err: expect.stringContaining('keystore-exists'),
    });
  });
});
