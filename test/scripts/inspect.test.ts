import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createKey } from '../../device/adapters/keystore.ts';
import { linuxMachineIdentity } from '../../device/adapters/machine-identity.ts';
import { concatBytes, hex, utf8 } from '../../protocol/bytes.ts';
import { type CborInput, encodeCbor } from '../../protocol/cbor.ts';
import { encodeEvidence } from '../../protocol/evidence.ts';
import { FRAMES, type FrameType } from '../../protocol/frames.ts';
import { OBJECTS, type ObjectType } from '../../protocol/objects.ts';
import { openRecipientKey, signRecipientKey } from '../../protocol/recipient-key.ts';
import { sealEnvelope } from '../../protocol/seal.ts';
import { COMMANDS } from '../../scripts/command-table.ts';
import { runCommandLine } from '../../scripts/dispatch.ts';
import type { Field, Report } from '../../scripts/inspect/report.ts';
import {
  aFrame,
  anEvidence,
  anObject,
  at,
  BODIES,
  EVIDENCE,
  FRAME_KEYS,
  FRAME_TYPES,
  flipped,
  forgedFrame,
  keyOf,
  OBJECT_KEYS,
  OBJECT_TYPES,
  PARTIES,
  SESSION,
  SIGNED,
  sampleFrame,
  TENANT,
  TRUST,
  VALUES,
} from '../protocol/builders.ts';

const folder = mkdtempSync(join(tmpdir(), 'act-edge-inspect-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function saved(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content, { mode: 0o600 });
  return path;
}

const published = (keys: Partial<Record<string, { readonly publicKey: Uint8Array }>>, use: string) =>
  Object.entries(keys).map(([role, key]) => ({
    party: PARTIES[role as keyof typeof PARTIES].party,
    role,
    use,
    publicKeyHex: hex(key?.publicKey ?? new Uint8Array()),
  }));
const directory = saved(
  'directory.json',
  JSON.stringify({
    tenant: TENANT,
    keys: [...published(FRAME_KEYS, 'frame'), ...published(OBJECT_KEYS, 'object')],
    merchants: [],
  }),
);
const CHECKED = ['--directory', directory, '--session', SESSION];

async function run(...argv: string[]) {
  const [out, err]: [string[], string[]] = [[], []];
  const io = { stdout: { write: (t: string) => out.push(t) }, stderr: { write: (t: string) => err.push(t) } };
  const code = await runCommandLine(['inspect', ...argv], io, COMMANDS, false);
  return { code, out: out.join(''), err: err.join('') };
}

async function reported(bytes: Uint8Array, ...argv: string[]): Promise<Report & { readonly code: number }> {
  const { code, out, err } = await run(hex(bytes), '--json', ...argv);
  expect(err).toBe('');
  return { ...(JSON.parse(out) as Report), code };
}

const field = (report: Report, path: string): Field | undefined => report.fields.find((one) => one.path === path);

/** COSE_Sign1 parts put together by hand, as nobody's encoder would. */
const sign1 = (...parts: readonly CborInput[]) => concatBytes(Uint8Array.of(0xd2), encodeCbor([...parts]));

describe('a frame under inspection', () => {
  it.each(FRAME_TYPES)('%s is named, addressed, dated and verified', async (type: FrameType) => {
    const frame = sampleFrame(type);
    const report = await reported(frame, ...CHECKED);
    expect(report).toMatchObject({ code: 0, kind: 'frame', type, bytes: frame.length, faults: [] });
    const sender = PARTIES[FRAMES[type].from[0]];
    expect(report.signature).toMatchObject({ state: 'verified', by: sender });
    expect(report.header).toContainEqual({ path: 'iat', value: at(0), means: '2026-09-21T14:13:20Z' });
    expect(report.parts.reduce((sum, part) => sum + part.bytes, 0)).toBe(frame.length);
  });

  it('shows the signed object inside it, with money and times', async () => {
    const report = await reported(sampleFrame('receipt'), ...CHECKED);
    const inside = field(report, 'receipt')?.inside;
    expect(inside).toMatchObject({
      kind: 'object',
      type: 'receipt',
      signature: { state: 'verified', by: PARTIES.psp },
    });
    expect(inside && field(inside, 'amountMinor')).toEqual({ path: 'amountMinor', value: 2380, means: 'CNY 23.80' });
    expect(inside && field(inside, 'paidAt')?.means).toBe('2026-09-21T14:13:30Z');
  });

  it('shows what pays under a delegation down to its terms, and what is asked for before it is signed', async () => {
    const pay = await reported(sampleFrame('delegated-pay'), '--directory', directory, '--session', '0000000000000000');
    const request = field(pay, 'request')?.inside as Report;
    const authorization = field(request, 'iac')?.inside as Report;
    const states = [pay, request, authorization].map(({ type, signature }) => [type, signature?.state]);
    expect(states).toEqual([
      ['delegated-pay', 'verified'],
      ['delegated-pay-request', 'verified'],
      ['authorization', 'verified'],
    ]);
    expect(field(authorization, 'iac.maxTotalMinor')?.means).toBe('CNY 600.00');
    expect(field(authorization, 'iac.ext.vendorPrivate')?.value).toContain('"max_daily_amount":30.00');
    expect(field(pay, 'cart')?.inside).toMatchObject({ type: 'cart', signature: { state: 'verified' } });

    const asked = await reported(sampleFrame('delegation-request'), ...CHECKED);
    const draft = field(asked, 'iac')?.inside as Report;
    expect(draft).toMatchObject({
      kind: 'draft',
      type: 'iac',
      sha256: VALUES['delegation-challenge'].iacDigest,
      faults: [],
    });
    expect(field(draft, 'maxTotalMinor')?.means).toBe('CNY 600.00');
    expect(asked.code).toBe(0);
  });

  it('names the byte at which a draft is none', async () => {
    const body = { ...BODIES['delegation-request'], iac: encodeCbor(new Map([[1, 7]])) };
    const asked = await reported(aFrame('delegation-request', { body }), ...CHECKED);
    const [fault] = field(asked, 'iac')?.inside?.faults ?? [];
    expect(fault).toMatchObject({ code: 'message-shape', path: 'iac.delegationId' });
    expect(fault?.at).toBe(Buffer.from(aFrame('delegation-request', { body })).indexOf(Buffer.from('a10107', 'hex')));
    expect(asked.code).toBe(1);
  });

  it('says where each part begins, also inside', async () => {
    const frame = sampleFrame('receipt');
    const { parts, fields } = await reported(frame);
    const cut = (part: { at: number; bytes: number } | undefined) =>
      hex(frame.slice(part?.at, (part?.at ?? 0) + (part?.bytes ?? 0)));
    expect(cut(parts.find(({ name }) => name === 'signature'))).toBe(hex(frame.slice(-64)));
    const inner = fields.find(({ path }) => path === 'receipt')?.inside;
    expect(cut(inner?.parts.find(({ name }) => name === 'signature'))).toBe(hex(SIGNED.receipt.slice(-64)));
  });

  it('is unchecked, and not wrong, as long as directory or session are missing', async () => {
    expect(await reported(sampleFrame('select'))).toMatchObject({ code: 0, signature: { state: 'unchecked' } });
    const withoutSession = await reported(sampleFrame('select'), '--directory', directory);
    expect(withoutSession).toMatchObject({ code: 0, signature: { state: 'unchecked', by: PARTIES.device } });
    expect(withoutSession.signature?.why).toContain('--session');
    const betweenServices = await reported(sampleFrame('cart-request'), '--directory', directory);
    expect(betweenServices.signature?.state).toBe('verified');
  });

  it('T1 T5: does not verify with a changed byte, another session or a key nobody enrolled', async () => {
    const frame = sampleFrame('select');
    const last = await reported(flipped(frame, frame.length * 8 - 1), ...CHECKED);
    expect(last).toMatchObject({ code: 1, signature: { state: 'refused', by: PARTIES.device } });
    expect(last.signature?.why).toContain('cose-signature');
    const session = await reported(frame, '--directory', directory, '--session', '0123456789abcdef');
    expect(session).toMatchObject({ code: 1, signature: { state: 'refused' } });
    const stranger = await reported(forgedFrame('select', { key: keyOf('stranger') }), ...CHECKED);
    expect(stranger).toMatchObject({ code: 1, signature: { state: 'refused' } });
    expect(stranger.signature?.by).toBeUndefined();
    expect(stranger.signature?.why).toContain('not in the directory');
  });

  it('names the byte of the payload at which the body leaves its declaration', async () => {
    const requestId = new Uint8Array(16);
    const frame = forgedFrame('refusal', {
      payload: new Map<number, CborInput>([
        [1, requestId],
        [2, 99],
        [3, 'bad-token'],
      ]),
    });
    const { faults, code } = await reported(frame);
    expect({ code, codes: faults.map((fault) => fault.code) }).toEqual({ code: 1, codes: ['message-shape'] });
    const wrong = hex(frame).indexOf('0218630369') / 2 + 1;
    expect(faults[0]).toMatchObject({ at: wrong, path: 'refusal.category' });
  });

  it('names the byte of the payload that is no canonical CBOR, counted from the start of the input', async () => {
    const header = encodeCbor(
      new Map<number, CborInput>([
        [1, -19],
        [4, new Uint8Array(8)],
        [16, FRAMES['pay-query'].typ],
      ]),
    );
    const message = sign1(header, {}, Uint8Array.of(0xa1, 0x01, 0x18, 0x05), new Uint8Array(64));
    const { faults } = await reported(message);
    const payloadAt = hex(message).indexOf('a1011805') / 2;
    expect(faults).toContainEqual({
      code: 'cbor-not-canonical',
      message: 'a head longer than it need be',
      at: payloadAt + 2,
    });
    // The same header lacks all that makes a frame; that is said of the header.
    expect(faults).toContainEqual(expect.objectContaining({ code: 'frame-malformed', at: 3 }));
  });

  it.each([
    ['a second tag', Uint8Array.of(0xd2, 0xd2), 'cose-malformed', 1],
    ['a header that is no byte string', Uint8Array.of(0xd2, 0x84, 0x01), 'cose-malformed', 2],
    ['an end in the middle', sampleFrame('select').slice(0, 50), 'cbor-truncated', 4],
    [
      'bytes behind it',
      concatBytes(sampleFrame('select'), Uint8Array.of(0)),
      'cbor-trailing',
      sampleFrame('select').length,
    ],
    [
      'a duplicate header label',
      sign1(Uint8Array.of(0xa2, 1, 1, 1, 1), {}, new Uint8Array(1), new Uint8Array(64)),
      'cbor-duplicate-key',
      6,
    ],
    ['no algorithm', sign1(Uint8Array.of(0xa0), {}, new Uint8Array(1), new Uint8Array(64)), 'cose-alg', 3],
  ] as const)('is told with %s, at its byte', async (_, bytes, code, place) => {
    const report = await reported(bytes);
    expect(report).toMatchObject({ code: 1, kind: 'signed', faults: [{ code, at: place }] });
  });

  it('keeps a type number nobody knows as a signed message of raw bytes', async () => {
    const report = await reported(forgedFrame('select', { typ: 4000 }), ...CHECKED);
    expect(report).toMatchObject({ code: 0, kind: 'signed', signature: { state: 'unchecked' } });
    expect(field(report, 'payload')?.means).toMatch(/ bytes$/);
  });
});

describe('an object or bundle under inspection', () => {
  it.each(OBJECT_TYPES)('%s is named and verified', async (type: ObjectType) => {
    const report = await reported(SIGNED[type], ...CHECKED);
    expect(report).toMatchObject({ code: 0, kind: 'object', type, faults: [] });
    expect(report.signature).toMatchObject({ state: 'verified', by: PARTIES[OBJECTS[type].signer] });
  });

  it('T25: an object signed by the wrong role is refused', async () => {
    const report = await reported(anObject('receipt', {}, OBJECT_KEYS.merchant), ...CHECKED);
    expect(report).toMatchObject({ code: 1, signature: { state: 'refused', by: PARTIES.merchant } });
  });

  it('a bundle shows its four objects and whether they belong together', async () => {
    const bundle = encodeEvidence(EVIDENCE);
    const report = await reported(bundle, ...CHECKED);
    expect(report).toMatchObject({ code: 0, kind: 'evidence', header: [{ path: 'links', value: 'verified' }] });
    expect(report.fields.map(({ path, inside }) => [path, inside?.type, inside?.signature?.state])).toEqual(
      Object.keys(EVIDENCE).map((part) => [part, part, 'verified']),
    );
    for (const { name, at: from, bytes } of report.parts)
      expect(hex(bundle.slice(from, from + bytes))).toBe(hex(EVIDENCE[name as keyof typeof EVIDENCE]));
  });

  it('a bundle whose parts are sound and do not belong together is wrong', async () => {
    const other = anEvidence({ receipt: { value: { amountMinor: 1 } } });
    const report = await reported(encodeEvidence(other), ...CHECKED);
    expect(report).toMatchObject({ code: 1, faults: [{ code: 'evidence-link' }] });
    expect(report.fields.every(({ inside }) => inside?.signature?.state === 'verified')).toBe(true);
    expect(await reported(encodeEvidence(other))).toMatchObject({ code: 0, header: [{ value: 'unchecked' }] });
  });

  it('a bundle with an entry that is no byte string is told at its byte', async () => {
    const bytes = encodeCbor(
      new Map<number, CborInput>([
        [1, SIGNED.cart],
        [2, 7],
        [3, SIGNED.confirmation],
        [4, SIGNED.receipt],
      ]),
    );
    const { faults } = await reported(bytes);
    expect(faults).toMatchObject([{ code: 'message-shape', path: 'evidence.challenge', at: SIGNED.cart.length + 6 }]);
    expect(bytes[SIGNED.cart.length + 6]).toBe(7);
  });

  it('other CBOR is shown as it is, with what the profile refuses', async () => {
    expect(await reported(encodeCbor({ a: [1, 'x'] }))).toMatchObject({
      code: 0,
      kind: 'cbor',
      fields: [{ value: '{"a": [1, "x"]}' }],
    });
    const report = await reported(Uint8Array.of(0x82, 0xf9, 0x3e, 0x00, 0xf7));
    expect(report).toMatchObject({
      code: 1,
      fields: [{ value: '[1.5, undefined]' }],
      faults: [{ code: 'cbor-float', at: 1 }],
    });
  });
});

describe('a sealed envelope under inspection', () => {
  const passphrase = saved('passphrase', 'a long passphrase\n');
  const keyFile = join(folder, 'recipient.key');
  const random = { bytes: (length: number) => new Uint8Array(length).fill(9) };
  const { publicKey, kid } = createKey({
    path: keyFile,
    purpose: 'recipient',
    passphrase: utf8('a long passphrase'),
    machine: linuxMachineIdentity(),
    random,
  });
  const body = { ...PARTIES.device, publicKey, notBefore: at(-60), notAfter: at(86_400) };
  const signed = signRecipientKey(body, TENANT, FRAME_KEYS.device);
  const recipient = openRecipientKey(signed, { trust: TRUST, tenant: TENANT });
  const envelope = sealEnvelope({
    frame: sampleFrame('receipt'),
    recipient,
    tenant: TENANT,
    role: 'device',
    ephemeralSeed: new Uint8Array(32),
  });
  const opening = ['--key', keyFile, '--passphrase-file', passphrase];

  it('says for whom it is and its size, and no more', async () => {
    const report = await reported(envelope, ...CHECKED);
    expect(report).toMatchObject({ code: 0, kind: 'sealed', bytes: 1024, faults: [] });
    expect(report.header).toContainEqual(expect.objectContaining({ path: 'for', value: hex(kid) }));
    expect(report.inside).toBeUndefined();
    expect(report.parts.reduce((sum, part) => sum + part.bytes, 0)).toBe(1024);
  });

  it('is opened with the key, and the frame in it taken apart', async () => {
    const report = await reported(envelope, ...CHECKED, ...opening);
    expect(report).toMatchObject({
      code: 0,
      inside: { kind: 'frame', type: 'receipt', signature: { state: 'verified' } },
    });
  });

  it('T1: says when it does not open, and when its layout is wrong', async () => {
    expect(await reported(flipped(envelope, 8000), ...CHECKED, ...opening)).toMatchObject({
      code: 1,
      faults: [{ code: 'seal-open' }],
    });
    expect(await reported(envelope.slice(0, 1000))).toMatchObject({ code: 1, faults: [{ code: 'seal-size' }] });
    expect(await reported(flipped(envelope, 3 * 8))).toMatchObject({ code: 1, kind: 'sealed' });
  });

  it('shows a recipient key and who published it', async () => {
    const report = await reported(signed, ...CHECKED);
    expect(report).toMatchObject({
      code: 0,
      kind: 'recipient-key',
      signature: { state: 'verified', by: PARTIES.device },
    });
    expect(field(report, 'notAfter')?.means).toBe('2026-09-22T14:13:20Z');
  });

  it('needs the passphrase and the directory beside the key', async () => {
    expect(await run(hex(envelope), '--key', keyFile)).toMatchObject({ code: 2, out: '' });
  });
});

describe('what is printed', () => {
  it('has one line for each field, the code of what is wrong, and no secret but the ids of the message', async () => {
    const { out } = await run(hex(sampleFrame('receipt')), ...CHECKED);
    expect(out).toContain('frame receipt, 354 bytes');
    expect(out).toMatch(/amountMinor\s+2380 {2}\(CNY 23\.80\)/);
    expect(out).toMatch(/signed with kid [0-9a-f]{16}, psp-1 \(psp\): verified/);
    const wrong = await run('d2d2');
    expect(wrong.out).toContain('wrong: cose-malformed: expected an array of 4 at byte 1');
  });

  it('T8: shows controls and bidi marks in the text of others as escapes', async () => {
    const title = 'coffee\u202E\u0007\u001B[2J';
    const [line] = [{ sku: 's', title, quantity: 1, amountMinor: 2600, itemId: 'latte', options: [] }];
    const cart = anObject('cart', { lines: [line] });
    for (const argv of [[], ['--diag']]) {
      const { out } = await run(hex(cart), ...argv);
      expect(out).toContain('coffee\\u202e');
      expect(out.replaceAll('\n', '')).not.toMatch(/\p{C}/u);
    }
  });
});
