import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { checkAgentConfig, checkCloudConfig } from '../../device/config.ts';

const example = parse(readFileSync(new URL('../../examples/agent.yaml', import.meta.url), 'utf8')) as object;
const agentWith = (audit?: object) => {
  const { audit: _, ...rest } = example as { audit?: object };
  return checkAgentConfig({ ...rest, ...(audit && { audit }) }, (path) => `/base/${path}`);
};

const KEY = 'ab'.repeat(32);
const SOUND = {
  chainUrl: 'https://chain.example.com/act',
  chainName: 'chain.example.com/act',
  chainKeyHex: KEY,
  privacyChannel: 'act:channel:7',
};

describe('where a device sends its anchors', () => {
  it('is nowhere unless it says so', () => {
    expect(agentWith().audit).toBeUndefined();
  });

  it('is a node with a name, a key and a channel', () => {
    expect(agentWith(SOUND).audit).toEqual(SOUND);
    const { chainKeyHex: _, ...without } = SOUND;
    expect(agentWith({ ...without, chainKeyFile: 'chain.key' }).audit?.chainKeyFile).toBe('/base/chain.key');
    for (const here of ['http://127.0.0.1:8080', 'http://localhost', 'http://[::1]:1'])
      expect(agentWith({ ...SOUND, chainUrl: here }).audit?.chainUrl).toBe(here);
  });

  it.each<readonly [object, RegExp]>([
    [{ chainUrl: 'http://chain.example.com' }, /audit\.chainUrl: expected https/],
    [{ chainUrl: 'https://chain.example.com/?a=1' }, /audit\.chainUrl/],
    [{ chainUrl: 'ftp://127.0.0.1' }, /audit\.chainUrl/],
    [{ chainUrl: undefined }, /audit\.chainUrl: missing/],
    [{ chainName: 'a b' }, /audit\.chainName: expected 1 to 128/],
    [{ chainKeyHex: KEY.toUpperCase() }, /audit\.chainKeyHex: expected 32 bytes/],
    [{ chainKeyHex: undefined }, /audit\.chainKeyHex: exactly one/],
    [{ chainKeyFile: 'a' }, /audit\.chainKeyHex: exactly one/],
    [{ privacyChannel: '' }, /audit\.privacyChannel: expected the channel id/],
    [{ channel: 'a' }, /audit\.channel: unknown key/],
  ])('is refused with %j', (change, message) => {
    expect(() => agentWith({ ...SOUND, ...change })).toThrow(message);
  });

  it('is never repeated in an error: it may hold a password', () => {
    const chainUrl = 'https://user:hunter2@chain.example.com';
    expect(() => agentWith({ ...SOUND, chainUrl })).toThrow(/^(?!.*hunter2).*audit\.chainUrl/);
  });
});

describe('where a cloud runs a trust chain node', () => {
  const cloud = parse(readFileSync(new URL('../../examples/cloud.yaml', import.meta.url), 'utf8')) as object;
  const cloudWith = (chain?: object) => {
    const { chain: _, ...rest } = cloud as { chain?: object };
    return checkCloudConfig({ ...rest, ...(chain && { chain }) }, (path) => `/base/${path}`);
  };

  it('is nowhere unless it says so, and as it says on this machine only', () => {
    expect(cloudWith().chain).toBeUndefined();
    expect(cloudWith({ listen: '127.0.0.1:65535' }).chain).toEqual({ listen: '127.0.0.1:65535' });
  });

  it.each([
    [{}, /chain\.listen: missing/],
    [{ listen: '127.0.0.1:0' }, /chain\.listen: expected 127/],
    [{ listen: '127.0.0.1:65536' }, /chain\.listen: expected 127/],
    [{ listen: '0.0.0.0:8403' }, /chain\.listen: expected 127/],
    [{ listen: 8403 }, /chain\.listen: expected 127/],
    [{ listen: '127.0.0.1:8403', key: 'a' }, /chain\.key: unknown key/],
  ])('is refused with %j', (chain, message) => {
    expect(() => cloudWith(chain)).toThrow(message);
  });
});
