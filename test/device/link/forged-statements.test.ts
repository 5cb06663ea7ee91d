import { describe, expect, it } from 'vitest';
import { deviceTopic, type RecipientPublicKey, sealEnvelope, softSigningKey } from '../../../protocol/index.ts';
import { signRecipientKey } from '../../../protocol/recipient-key.ts';
import { SeededRandom } from '../../../sim/index.ts';
import { GLASSES, PSP, pair, statement, TENANT } from './rotation-rig.ts';

const { notBefore } = TENANT.recipientKeysHold;
const psps = TENANT.directory.recipients.latest(PSP) as RecipientPublicKey;

/** What says that the first glasses signed it and was signed by nobody, sealed for the PSP as anybody can. */
function forged(number: number): Uint8Array {
  const real = softSigningKey(TENANT.devices[0]?.frameSeed as Uint8Array);
  const { publicKey } = psps;
  const window = { notBefore, notAfter: notBefore + 1_000 } as Pick<typeof psps, 'notBefore' | 'notAfter'>;
  const key = { kid: real.kid, sign: () => new Uint8Array(64).fill(number % 251) };
  const frame = signRecipientKey({ ...GLASSES, publicKey, ...window }, 'demo', key);
  const ephemeralSeed = new SeededRandom(`forged ${number}`).bytes(32);
  return sealEnvelope({ frame, recipient: psps, tenant: 'demo', role: 'psp', ephemeralSeed });
}

describe('T30: statements under the name of a device', () => {
  it('brought on the topic of another one do not use up its rate', () => {
    const { rig, device, psp } = pair();
    const other = deviceTopic('demo', 'glasses-02', 'up');
    rig.at(59.99);
    for (let i = 0; i < 30; i += 1) rig.broker.inject('glasses-02', other, forged(i));
    for (let i = 30; !device.logs.includes('recipient-key-made'); i += 1) {
      rig.broker.inject('glasses-02', other, forged(i));
      rig.pass(1_000);
    }
    for (let i = 0; i < 20; i += 1) rig.broker.inject('glasses-02', other, forged(i));
    rig.pass(10);
    expect(psp.logs).toContain('recipient-key-learnt');
  });

  it('are not taken from the topic of another device, true or not', () => {
    const { rig, psp } = pair();
    const genuine = statement(1, { notBefore: notBefore + 10, notAfter: notBefore + 1_000_000 }, GLASSES as never);
    const ephemeralSeed = new SeededRandom('genuine').bytes(32);
    const sealed = sealEnvelope({ frame: genuine, recipient: psps, tenant: 'demo', role: 'psp', ephemeralSeed });
    rig.broker.inject('glasses-02', deviceTopic('demo', 'glasses-02', 'up'), sealed);
    rig.pass(10);
    expect(psp.logs).toEqual(['seal-key']);
  });
});
