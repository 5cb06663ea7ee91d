import { describe, expect, it } from 'vitest';
import { checkCloudConfig } from '../../device/config.ts';

const LEAST = {
  tenant: 'demo',
  broker: { url: 'mqtt://127.0.0.1:1883' },
  peers: { trustFile: 'trust.json' },
  keys: { tenantSeedFile: 'seed', enrolmentsFile: 'enrolments.json' },
  state: { directory: 'state' },
};
const cloudWith = (sections: object) => checkCloudConfig({ ...LEAST, ...sections }, (path) => `/base/${path}`);
const PLANNER = { baseUrl: 'https://dashscope.aliyuncs.com/compatible-mode/v1', model: 'qwen-plus', keyFile: 'key' };

describe('what the agent of a cloud has of the world outside the broker', () => {
  it('is nothing unless it says so', () => {
    expect(cloudWith({})).not.toHaveProperty('desk');
    expect(cloudWith({})).not.toHaveProperty('planner');
  });

  it('is a desk on this machine, and a model with its key in a file', () => {
    const { desk, planner } = cloudWith({ desk: { listen: '127.0.0.1:8402' }, planner: PLANNER });
    expect(desk).toEqual({ listen: '127.0.0.1:8402' });
    expect(planner).toEqual({ ...PLANNER, keyFile: '/base/key', timeoutSeconds: 60 });
    const local = cloudWith({ planner: { ...PLANNER, baseUrl: 'http://127.0.0.1:8000/v1' } });
    expect(local.planner?.baseUrl).toBe('http://127.0.0.1:8000/v1');
  });

  it.each<readonly [object, RegExp]>([
    [{ desk: {} }, /desk\.listen: missing/],
    [{ desk: { listen: '0.0.0.0:8402' } }, /desk\.listen: expected 127/],
    [{ desk: { listen: '127.0.0.1:8402', books: 'a' } }, /desk\.books: unknown key/],
    [{ planner: { ...PLANNER, baseUrl: 'http://model.example.com/v1' } }, /planner\.baseUrl: expected https/],
    [{ planner: { ...PLANNER, baseUrl: 'https://model.example.com/v1?key=a' } }, /planner\.baseUrl: expected https/],
    [{ planner: { ...PLANNER, model: '' } }, /planner\.model: expected the name/],
    [{ planner: { ...PLANNER, keyFile: undefined } }, /planner\.keyFile: missing/],
    [{ planner: { ...PLANNER, timeoutSeconds: 0 } }, /planner\.timeoutSeconds: expected a whole number/],
  ])('T19: is refused with %j', (sections, message) => {
    expect(() => cloudWith(sections)).toThrow(message);
  });

  it('T19: is never repeated in an error where a key may have been put', () => {
    const misplaced = [{ baseUrl: 'https://sk-CANARY@model.example.com' }, { key: 'sk-CANARY' }];
    for (const change of misplaced)
      expect(() => cloudWith({ planner: { ...PLANNER, ...change } })).toThrow(/^(?!.*CANARY).*planner\./);
  });
});
