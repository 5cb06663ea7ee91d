import { describe, expect, it } from 'vitest';
import { StoreError } from '../../../device/errors.ts';
import { STATEMENTS_PER_SIGNER } from '../../../device/link/known-recipients.ts';
import { deviceTopic, hex, type RecipientPublicKey, sealEnvelope } from '../../../protocol/index.ts';
import { openRecipientKey } from '../../../protocol/recipient-key.ts';
import { envelopeKid } from '../../../protocol/seal.ts';
import { SeededRandom } from '../../../sim/index.ts';
import { memoryRecipientStores } from '../../../sim/memory-recipient-stores.ts';
import { DAY_S, GLASSES, lastTo, PSP, pair, Rig, type RigParty, statement, TENANT, UP } from './rotation-rig.ts';

const { trust, recipients } = TENANT.directory;
const [GLASSES_01, GLASSES_02] = TENANT.devices;
if (!GLASSES_01 || !GLASSES_02) throw new Error('the tenant has two devices');

/** Brings a statement to the first device, sealed for the key it has from the enrolment. */
function bring(rig: Rig, payload: Uint8Array): void {
  const recipient = recipients.latest(GLASSES) as RecipientPublicKey;
  const ephemeralSeed = new SeededRandom(`bring ${rig.published.length}`).bytes(32);
  const sealed = sealEnvelope({ frame: payload, recipient, tenant: 'demo', role: 'device', ephemeralSeed });
  rig.broker.inject('somebody', deviceTopic('demo', 'glasses-01', 'down'), sealed);
  rig.pass(2);
}

describe('T30: statements that come in', () => {
  const day = (days: number) => TENANT.recipientKeysHold.notBefore + days * DAY_S;
  const learnt = ({ logs }: RigParty) => logs.filter((code) => code === 'recipient-key-learnt').length;

  it('ACTC-SEA-016, T2: repeated by the broker displace nothing and cost no write', () => {
    const { rig, device, psp } = pair();
    const down = deviceTopic('demo', 'glasses-01', 'down');
    rig.at(60.1);
    const first = rig.published
      .filter(({ topic, from }) => topic === down && from === 'psp')
      .map(({ payload }) => payload);
    rig.at(121);
    const known = device.stores.statements.read().map(hex);
    for (const payload of first) for (let i = 0; i < 5; i += 1) rig.broker.inject('broker', down, payload);
    bring(rig, statement(1, { notBefore: day(1), notAfter: day(80) }));
    rig.pass(1_000);
    expect(device.stores.statements.read().map(hex)).toEqual(known);
    expect(rig.reaches(device, psp)).toBe(true);
  });

  it.each<[string, Uint8Array, string]>([
    [
      'of the PSP by a device',
      statement(2, { notBefore: day(0), notAfter: day(80) }, PSP, GLASSES_01.frameSeed),
      'seal-key',
    ],
    [
      'by nobody we know',
      statement(3, { notBefore: day(0), notAfter: day(80) }, PSP, new Uint8Array(32).fill(9)),
      'cose-kid',
    ],
    [
      'of another device, to which no frames go',
      statement(
        4,
        { notBefore: day(0), notAfter: day(80) },
        { party: 'glasses-02', role: 'device' },
        GLASSES_02.frameSeed,
      ),
      'seal-key',
    ],
    ['of a window that begins in two days', statement(5, { notBefore: day(2.6), notAfter: day(80) }), 'seal-key'],
  ])('ACTC-SEA-016: are refused %s', (_, bytes, code) => {
    const { rig, device } = pair();
    bring(rig, bytes);
    expect(device.logs).toEqual([code]);
    expect(device.stores.statements.read()).toEqual([]);
  });

  it('are not used before their window begins, and then at once', () => {
    const { rig, device, psp } = pair();
    const next = statement(6, { notBefore: day(1), notAfter: day(80) });
    const { kid } = openRecipientKey(next, { trust, tenant: 'demo' });
    bring(rig, next);
    expect(rig.reaches(device, psp)).toBe(true);
    rig.at(1);
    rig.reaches(device, psp);
    expect(hex(envelopeKid(lastTo(rig, UP)))).toBe(hex(kid));
  });

  it('in a flood of one signer are looked at so many at a time, and only three are ever kept', () => {
    const { rig, device } = pair();
    for (let i = 0; i < 100; i += 1) bring(rig, statement(10 + i, { notBefore: day(0) + i, notAfter: day(80) }));
    expect(learnt(device)).toBeLessThanOrEqual(STATEMENTS_PER_SIGNER.burst + 1);
    expect(device.logs).toContain('link-flooded');
    expect(device.stores.statements.read()).toHaveLength(3);
  });

  it('ACTC-SEA-016: are not acknowledged until they are stored: the broker brings them again', () => {
    const stores = memoryRecipientStores();
    let isFull = true;
    const statements = {
      read: () => stores.statements.read(),
      replace(all: readonly Uint8Array[]) {
        if (isFull) throw new StoreError('store-full', 'no space', 'free some');
        stores.statements.replace(all);
      },
    };
    const rig = new Rig();
    const device = rig.start('glasses-01', { stores: { own: stores.own, statements, held: [] } });
    rig.pass(10);
    bring(rig, statement(7, { notBefore: day(0.5), notAfter: day(80) }));
    expect(device.logs).toEqual(['store-full']);
    isFull = false;
    rig.broker.setOnline('glasses-01', false);
    rig.broker.setOnline('glasses-01', true);
    rig.pass(10);
    expect(learnt(device)).toBe(1);
  });
});

describe('stored statements', () => {
  it('for which the directory no longer vouches are left out, and the others count', () => {
    const stores = memoryRecipientStores();
    const begins = TENANT.recipientKeysHold.notBefore + 3_600;
    const good = statement(8, { notBefore: begins, notAfter: begins + 80 * DAY_S });
    const bad = statement(9, { notBefore: begins + 1, notAfter: begins + 80 * DAY_S }, PSP, new Uint8Array(32).fill(9));
    stores.statements.replace([bad, good]);
    const rig = new Rig();
    const [device, psp] = [rig.start('glasses-01', { stores }), rig.start('psp')];
    rig.pass(10);
    expect(device.logs).toEqual(['recipient-key-forgotten']);
    rig.reaches(device, psp);
    expect(hex(envelopeKid(lastTo(rig, UP)))).toBe(hex(openRecipientKey(good, { trust, tenant: 'demo' }).kid));
  });
});

describe('T30: nobody can make a party announce without end', () => {
  it('neither by using an old key nor by asking on the topic of a device', () => {
    const { rig, device, psp } = pair();
    rig.reaches(device, psp);
    const old = lastTo(rig, UP);
    rig.at(74);
    let mark = rig.published.length;
    for (let i = 0; i < 500; i += 1) rig.broker.inject('somebody', UP, old);
    rig.pass(50_000);
    expect(rig.since(mark, 'psp')).toHaveLength(1);
    rig.at(100);
    mark = rig.published.length;
    for (let i = 0; i < 500; i += 1) rig.broker.inject('somebody', UP, old);
    rig.pass(50_000);
    expect(rig.since(mark, 'psp')).toHaveLength(1);
  });
});
