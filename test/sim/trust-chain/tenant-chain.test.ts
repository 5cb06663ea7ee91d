import { describe, expect, it } from 'vitest';
import { type EpochSeconds, hex, publicKeyOf, softSigningKey } from '../../../protocol/index.ts';
import { AGENT_ID, enrolledTenant, type FormerKey } from '../../../sim/cloud/index.ts';
import { chainOptionsOf, chainSigner, privacyChannelOf, reportsOf } from '../../../sim/trust-chain/tenant-chain.ts';
import { TENANT } from '../world/play.ts';

const SEED = new Uint8Array(32).fill(7);
const SINCE = TENANT.recipientKeysHold.notBefore;
const [device] = TENANT.devices;
if (!device) throw new Error('no device');
const seed = (fill: number) => new Uint8Array(32).fill(fill);
const keysFor = (id: string, tenant = TENANT) =>
  chainOptionsOf(tenant)
    .keysOf(id)
    .map(({ kid }) => hex(kid));
const objectKid = (party: string) =>
  TENANT.directory.keys.filter((key) => key.party === party && key.use === 'object').map(({ kid }) => hex(kid));

describe('the node of a tenant', () => {
  it('T27: knows each service by its own key alone, and the device by that of its frames', () => {
    for (const party of ['psp', 'luna-coffee', 'damai', 'data-desk']) {
      expect(keysFor(party)).toEqual(objectKid(party));
      expect(keysFor(party)).toHaveLength(1);
    }
    expect(keysFor(AGENT_ID)).toEqual(objectKid('agent'));
    expect(keysFor(device.agentId)).toEqual([hex(softSigningKey(device.frameSeed).kid)]);
    expect([keysFor('agent'), keysFor(device.device), keysFor('')]).toEqual([[], [], []]);
  });

  it('T27: lets no device that enrolled under the id of a service speak for it', () => {
    for (const [agentId, party] of [
      ['psp', 'psp'],
      [AGENT_ID, 'agent'],
    ] as const) {
      const tenant = enrolledTenant(SEED, TENANT.tenant, [{ ...device, agentId }], SINCE);
      expect(
        chainOptionsOf(tenant)
          .keysOf(agentId)
          .map(({ kid }) => hex(kid)),
      ).toEqual(objectKid(party));
    }
  });

  it('takes from a device what it had signed before its key was replaced', () => {
    const former: FormerKey = {
      ...{ role: 'device', publicKey: publicKeyOf(seed(3)), isHandedOver: true, until: (SINCE + 60) as EpochSeconds },
    };
    const signer: FormerKey = { ...former, role: 'signer', publicKey: publicKeyOf(seed(4)) };
    const tenant = enrolledTenant(SEED, TENANT.tenant, [{ ...device, formerKeys: [former, signer] }], SINCE);
    expect(
      chainOptionsOf(tenant)
        .keysOf(device.agentId)
        .map(({ kid }) => hex(kid)),
    ).toEqual([softSigningKey(device.frameSeed), softSigningKey(seed(3))].map(({ kid }) => hex(kid)));
  });

  it('signs under a key that is for nothing else, and serves the tenant’s channel', () => {
    const { signer, channels } = chainOptionsOf(TENANT);
    expect(signer.name).toBe('act-edge/demo/trust-chain');
    expect(hex(signer.publicKey)).toBe(hex(chainSigner(TENANT).publicKey));
    expect(TENANT.directory.keys.map(({ publicKey }) => hex(publicKey))).not.toContain(hex(signer.publicKey));
    expect([...channels]).toEqual([privacyChannelOf('demo')]);
  });

  it('has reports of services only', () => {
    expect(reportsOf(TENANT, 'agent').self.id).toBe(AGENT_ID);
    expect(reportsOf(TENANT, 'data-desk').self.id).toBe('data-desk');
    expect(() => reportsOf(TENANT, device.device)).toThrow('no service');
  });
});
