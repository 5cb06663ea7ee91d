import { chmodSync, copyFileSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSecretFile } from '../../device/adapters/config-file.ts';
import { createKey, sealToken } from '../../device/adapters/keystore.ts';
import { linuxMachineIdentity } from '../../device/adapters/machine-identity.ts';
import { systemRandom } from '../../device/adapters/system-random.ts';
import { hex, publicKeyOf } from '../../protocol/index.ts';
import { writeForged } from '../helpers/journal-file.ts';
import { temporaryDirectory } from '../helpers/temporary.ts';
import { compileBinary, makePrograms, type Programs } from './programs.ts';
import { leaks, secretsOf } from './secrets.ts';
import { change } from './yaml.ts';

/** Every key below that is wrong, in one file: the agent names them all at once. */
const WRONG = {
  device: { id: 'glasses/01', sessionHex: 112_233, locale: 'fr-FR', display: 'cinema', colour: 'red' },
  broker: { url: 'http://broker', mqttVersion: 5, keepaliveSeconds: 4, reconnectMinMs: 0, password: 'correct-horse' },
  peers: { trustFile: 7 },
  keys: { agentKeyFile: undefined, passphraseFile: '' },
  purchase: { currency: 'ZZZ', orderCapMinor: 1.5, location: { latE6: 91_000_000, lonE6: 'east' } },
  voice: { recognizer: 'telepathy', vocabularyFile: undefined, rejectBelow: 2 },
  button: { kind: 'foot' },
  log: { level: 'loud' },
} as const;

const PLACES = Object.entries(WRONG).flatMap(([section, keys]) =>
  Object.keys(keys).flatMap((key) =>
    key === 'location' ? [`${section}.location.latE6`, `${section}.location.lonE6`] : [`${section}.${key}`],
  ),
);

interface Fault {
  readonly code: string;
  readonly exit: 1 | 2;
  /** What the one line says besides. */
  readonly says: RegExp;
  /** Makes it, in a copy of the set. */
  readonly make: (set: string) => void;
}

/** What opens the sealed files of a set on this machine. */
function sealedBy(set: string) {
  return { passphrase: readSecretFile(join(set, 'device/passphrase')), machine: linuxMachineIdentity() };
}

const put = (file: string, text: string) => (set: string) => writeFileSync(join(set, file), text);
const agent = (section: string, values: Record<string, unknown>) => (set: string) =>
  change(join(set, 'device/agent.yaml'), section, values);

function changeDirectory(
  edit: (file: { tenant: string; keys: Record<string, string>[] }) => void,
): (set: string) => void {
  return (set) => {
    const path = join(set, 'directory.json');
    const file = JSON.parse(readFileSync(path, 'utf8'));
    edit(file);
    writeFileSync(path, JSON.stringify(file));
  };
}

const AGENT_FAULTS: Readonly<Record<string, Fault>> = {
  'no configuration': {
    code: 'config-unreadable',
    exit: 2,
    says: /agent\.yaml \(ENOENT\)/,
    make: (set) => rmSync(join(set, 'device/agent.yaml')),
  },
  'a configuration that is no YAML': {
    code: 'config-invalid',
    exit: 2,
    says: /line 1/,
    make: put('device/agent.yaml', 'tenant: {'),
  },
  'no directory': {
    code: 'config-unreadable',
    exit: 2,
    says: /directory\.json \(ENOENT\)/,
    make: (set) => rmSync(join(set, 'directory.json')),
  },
  'a directory that is no JSON': {
    code: 'config-invalid',
    exit: 2,
    says: /directory\.json: not JSON/,
    make: put('directory.json', '{'),
  },
  'the directory of another tenant': {
    code: 'config-invalid',
    exit: 2,
    says: /directory\.json is of the tenant demo, not other/,
    make: (set) => {
      const path = join(set, 'device/agent.yaml');
      writeFileSync(path, readFileSync(path, 'utf8').replace('tenant: demo', 'tenant: other'));
    },
  },
  'two PSPs': {
    code: 'config-invalid',
    exit: 2,
    says: /directory\.json names 2 parties in the role psp/,
    make: changeDirectory(({ keys }) => {
      keys.push({
        party: 'psp-2',
        role: 'psp',
        use: 'frame',
        publicKeyHex: hex(publicKeyOf(new Uint8Array(32).fill(9))),
      });
    }),
  },
  'a key that is not in the directory': {
    code: 'config-invalid',
    exit: 2,
    says: /the confirmation key [0-9a-f]{16} is not in the directory as signer glasses-01/,
    make: changeDirectory(({ keys }) => {
      for (const key of keys)
        if (key.role === 'signer') key.publicKeyHex = hex(publicKeyOf(new Uint8Array(32).fill(9)));
    }),
  },
  'a vocabulary that is none': {
    code: 'config-invalid',
    exit: 2,
    says: /vocabulary\.json: items/,
    make: put('vocabulary.json', '{}'),
  },
  'a wrong passphrase': {
    code: 'keystore-passphrase',
    exit: 1,
    says: /agent\.key\.json does not open/,
    make: put('device/passphrase', 'wrong-but-long-enough\n'),
  },
  'a missing key': {
    code: 'keystore-unreadable',
    exit: 1,
    says: /confirmation\.key\.json \(ENOENT\)/,
    make: (set) => rmSync(join(set, 'device/confirmation.key.json')),
  },
  'a key in the place of another': {
    code: 'keystore-purpose',
    exit: 1,
    says: /holds a key for agent, not for confirmation/,
    make: (set) => copyFileSync(join(set, 'device/agent.key.json'), join(set, 'device/confirmation.key.json')),
  },
  'a key that others may read': {
    code: 'keystore-permissions',
    exit: 1,
    says: /agent\.key\.json.*chmod 600/,
    make: (set) => chmodSync(join(set, 'device/agent.key.json'), 0o644),
  },
  'a passphrase that others may read': {
    code: 'keystore-permissions',
    exit: 1,
    says: /passphrase.*chmod 600/,
    make: (set) => chmodSync(join(set, 'device/passphrase'), 0o640),
  },
  'a payment token in the clear': {
    code: 'keystore-format',
    exit: 1,
    says: /payment-token\.json is no sealed file/,
    make: put('device/payment-token.json', 'token-two-words\n'),
  },
  'a payment token that no frame could carry': {
    code: 'config-invalid',
    exit: 2,
    says: /payment-token\.json holds no payment token/,
    make: (set) => {
      const path = join(set, 'device/payment-token.json');
      rmSync(path);
      sealToken({ path, token: 'two words', ...sealedBy(set), random: systemRandom() });
    },
  },
  'keys that were copied from another machine': {
    code: 'keystore-other-machine',
    exit: 1,
    says: /agent\.key\.json was sealed on another machine.*new keys/,
    make: (set) => {
      const path = join(set, 'device/agent.key.json');
      rmSync(path);
      const machine = { sources: ['machine-id'], secretOf: () => new Uint8Array(32).fill(1) };
      createKey({ path, purpose: 'agent', ...sealedBy(set), machine, random: systemRandom() });
    },
  },
  'a password file that is not there': {
    code: 'config-unreadable',
    exit: 2,
    says: /broker-password \(ENOENT\)/,
    make: agent('broker', { username: 'glasses-01', passwordFile: 'broker-password' }),
  },
  'a certificate that is not there': {
    code: 'config-unreadable',
    exit: 2,
    says: /ca\.crt \(ENOENT\)/,
    make: agent('broker', { url: 'mqtts://127.0.0.1:1', caFile: 'ca.crt' }),
  },
  'a speech model that is not there': {
    code: 'model-missing',
    exit: 1,
    says: /no-model/,
    make: agent('voice', { recognizer: 'sherpa', sherpaModelDirectory: 'no-model' }),
  },
  'a journal that was altered': {
    code: 'store-altered',
    exit: 1,
    says: /device\.journal/,
    make: (set) => {
      mkdirSync(join(set, 'device/state'));
      writeFileSync(join(set, 'device/state/device.journal'), 'no journal');
    },
  },
  'a journal from before journals were sealed': {
    code: 'store-unsealed',
    exit: 1,
    says: /device\.journal/,
    make: (set) => {
      mkdirSync(join(set, 'device/state'));
      writeForged(join(set, 'device/state/device.journal'), [new TextEncoder().encode('{"v":1}')]);
    },
  },
};

const CLOUD_FAULTS: Readonly<Record<string, Fault>> = {
  'a seed that is none': {
    code: 'config-invalid',
    exit: 2,
    says: /tenant-seed holds no seed/,
    make: put('cloud/tenant-seed', 'correct-horse\n'),
  },
  'enrolments that are none': {
    code: 'config-invalid',
    exit: 2,
    says: /enrolments\.json holds no enrolments/,
    make: put('cloud/enrolments.json', '{}'),
  },
  'enrolments that others may read': {
    code: 'keystore-permissions',
    exit: 1,
    says: /enrolments\.json.*chmod 600/,
    make: (set) => chmodSync(join(set, 'cloud/enrolments.json'), 0o644),
  },
  'the seed of another set': {
    code: 'config-invalid',
    exit: 2,
    says: /directory\.json does not hold the keys of this seed/,
    make: put('cloud/tenant-seed', `${'0'.repeat(63)}1\n`),
  },
  'a key nobody knows': {
    code: 'config-invalid',
    exit: 2,
    says: /state\.direcotry: unknown key/,
    make: (set) => change(join(set, 'cloud/cloud.yaml'), 'state', { direcotry: 'x' }),
  },
};

describe('the real programs with a wrong configuration', () => {
  const temporary = temporaryDirectory();
  const good = join(temporary.path, 'good');
  let programs: Programs;
  let copies = 0;

  beforeAll(async () => {
    programs = makePrograms(compileBinary(temporary.path));
    const made = programs.run('keys', 'demo-set', '--dir', good, '--broker', 'mqtt://127.0.0.1:1');
    expect(await made.exited).toEqual({ code: 0, signal: null });
  });
  afterAll(async () => {
    await programs?.end();
    temporary.remove();
  });

  /** A copy of the set in which something is wrong. */
  function spoiled(make: (set: string) => void): string {
    const set = join(temporary.path, `set-${++copies}`);
    cpSync(good, set, { recursive: true });
    make(set);
    return set;
  }

  /** Runs it with its input open, as at a terminal: it must end by itself. */
  async function expectRefusal(argv: readonly string[], { code, exit, says }: Fault): Promise<void> {
    const program = programs.run(...argv);
    expect(await program.exited).toEqual({ code: exit, signal: null });
    expect(program.stdout).toEqual([]);
    // A missing model says what was looked for; every other refusal says after a semicolon what to do.
    expect(program.stderr).toEqual([
      expect.stringMatching(
        new RegExp(`^act-edge: ${code}: .+${code === 'model-missing' ? ': looked for .+' : '; .+'}`),
      ),
    ]);
    expect(program.stderr[0]).toMatch(says);
  }

  it.concurrent.each(Object.entries(AGENT_FAULTS))(
    'the agent refuses %s: one line, a stable code, what to do',
    (_what, fault) => expectRefusal(['agent', '--config', join(spoiled(fault.make), 'device/agent.yaml')], fault),
  );

  it.concurrent.each(Object.entries(CLOUD_FAULTS))(
    'the cloud refuses %s: one line, a stable code, what to do',
    (_what, fault) => expectRefusal(['cloud', '--config', join(spoiled(fault.make), 'cloud/cloud.yaml')], fault),
  );

  it.concurrent('names every wrong key with its path at once', async () => {
    const set = spoiled((copy) => {
      for (const [section, values] of Object.entries(WRONG)) agent(section, values)(copy);
    });
    const program = programs.run('agent', '--config', join(set, 'device/agent.yaml'));
    expect(await program.exited).toEqual({ code: 2, signal: null });
    expect(program.stderr).toHaveLength(1);
    for (const place of PLACES) expect(program.stderr[0]).toContain(`${place}: `);
    expect(program.stderr[0]).not.toContain('correct-horse');
  });

  it.concurrent.each([
    [['agent'], 'usage-missing-option'],
    [['cloud', '--config', 'x', '--minute-ms', 'fast'], 'usage-option-value'],
  ] as const)('%j is misuse: %s', (argv, code) => expectRefusal(argv, { code, exit: 2, says: /./, make: () => {} }));

  it('makes no set over another one', async () => {
    const before = readFileSync(join(good, 'cloud/tenant-seed'), 'utf8');
    const fault = { code: 'keystore-exists', exit: 1, says: /tenant-seed is there already/, make: () => {} } as const;
    await expectRefusal(['keys', 'demo-set', '--dir', good], fault);
    expect(readFileSync(join(good, 'cloud/tenant-seed'), 'utf8')).toBe(before);
  });

  it('T19: prints no secret whatever is wrong', () => {
    const secrets = [...secretsOf(good), 'correct-horse', 'wrong-but-long-enough', 'two words'];
    expect(leaks(programs.all, secrets)).toEqual([]);
  });
});
