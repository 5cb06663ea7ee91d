import { describe, expect, it } from 'vitest';
import { directorySchema } from '../../../device/directory.ts';
import { hex, utf8 } from '../../../protocol/index.ts';
import {
  createTenant,
  type DeviceSecrets,
  enrolledTenant,
  enrolmentsFile,
  readEnrolments,
  type Tenant,
} from '../../../sim/cloud/index.ts';
import { shops } from '../../../sim/shops/index.ts';
import { SINCE, tenant } from './stage.ts';

function seedsOf({ agent, psp, merchants, devices }: Tenant<DeviceSecrets>): string[] {
  const services = [psp, ...merchants].flatMap(({ frameSeed, objectSeed, secret }) => [frameSeed, objectSeed, secret]);
  const wearers = devices.flatMap(({ frameSeed, confirmationSeed }) => [frameSeed, confirmationSeed]);
  return [agent.frameSeed, agent.secret, ...services, ...wearers].map(hex);
}

describe('a tenant', () => {
  it('is the same for the same seed and shares no key with another seed or name', () => {
    const again = createTenant(utf8('the tenant of the cloud tests'), {
      tenant: 'demo',
      devices: tenant.devices.map(({ device }) => device),
      since: SINCE,
    });
    expect(again.file).toEqual(tenant.file);
    expect(seedsOf(again)).toEqual(seedsOf(tenant));
    const others = [
      createTenant(utf8('another tenant altogether')),
      createTenant(utf8('the tenant of the cloud tests'), { tenant: 'demo2', devices: ['glasses-01'] }),
    ];
    const known = new Set(seedsOf(tenant));
    expect(others.flatMap(seedsOf).filter((seed) => known.has(seed))).toEqual([]);
  });

  it('gives every purpose a key of its own (design 2)', () => {
    const seeds = seedsOf(tenant);
    expect(new Set(seeds).size).toBe(seeds.length);
  });

  it('publishes public keys and names only', () => {
    const published = JSON.stringify(tenant.file);
    for (const seed of seedsOf(tenant)) expect(published).not.toContain(seed);
    for (const { paymentToken } of tenant.devices) expect(published).not.toContain(paymentToken);
    expect(directorySchema.parse(JSON.parse(published))).toEqual(tenant.file);
  });

  it('registers every shop under its own name, and the wearer’s key under the device’s', () => {
    for (const { id, title } of shops) {
      expect(tenant.directory.nameOf(id, 'zh-CN')).toBe(title['zh-CN']);
      expect(tenant.directory.nameOf(id, 'en-US')).toBe(title['en-US']);
    }
    expect(tenant.directory.partiesOf('signer')).toEqual(tenant.devices.map(({ device }) => device));
  });

  it('refuses a seed that could be guessed and names that are none', () => {
    expect(() => createTenant(new Uint8Array(15))).toThrow(RangeError);
    expect(() => createTenant(new Uint8Array(16), { tenant: 'Demo', devices: ['glasses-01'] })).toThrow();
  });

  it('T23: refuses a device under the name of a service or of another device, whatever keys it brings', () => {
    const [device, other] = tenant.devices as [DeviceSecrets, DeviceSecrets];
    const enrol = (...devices: DeviceSecrets[]) => enrolledTenant(new Uint8Array(16), 'demo', devices, SINCE);
    for (const name of ['psp', 'agent', shops[0]?.id ?? ''])
      expect(() => enrol({ ...device, device: name })).toThrow('one name');
    expect(() => enrol(device, { ...other, device: device.device })).toThrow('one name');
  });

  it('knows devices by their public keys alone, and finds them again in the enrolments file', () => {
    const file = JSON.parse(JSON.stringify(enrolmentsFile({ since: SINCE, devices: tenant.devices })));
    for (const seed of seedsOf(tenant)) expect(JSON.stringify(file)).not.toContain(seed);
    const read = readEnrolments(file);
    const enrolled = enrolledTenant(utf8('the tenant of the cloud tests'), 'demo', read?.devices ?? [], SINCE);
    expect(enrolled.file).toEqual(tenant.file);
    expect(readEnrolments({ ...file, devices: [{ ...file.devices[0], sessionHex: 'short' }] })).toBeUndefined();
  });
});
