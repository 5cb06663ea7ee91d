/** The report page in a real browser: what it says of sound and of altered evidence, and that nothing leaves it. */
import { execFile } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { encodeBundle } from '../../device/audit/bundle.ts';
import { withoutBasket } from '../../device/audit/bundle-disclose.ts';
import { base64url } from '../../protocol/index.ts';
import { reportPage } from '../../scripts/audit/report-page.ts';
import { CORPUS } from '../device/audit/bundle-corpus.ts';
import { eventful } from '../device/audit/bundle-corpus-after.ts';
import { whole } from '../device/audit/bundle-whole.ts';
import { temporaryDirectory } from '../helpers/temporary.ts';

const CHROMIUM = '/usr/bin/chromium';
const hasChromium = existsSync(CHROMIUM);
if (!hasChromium) console.warn('skipped: the report page is tested in Chromium (Debian: chromium)');

const temporary = temporaryDirectory();
afterAll(() => temporary.remove());
let opened = 0;

/** The document after its program has run. */
async function dom(page: string): Promise<string> {
  opened += 1;
  const file = join(temporary.path, `page-${opened}.html`);
  writeFileSync(file, page);
  const options = ['--headless', '--no-sandbox', '--disable-gpu', `--user-data-dir=${join(temporary.path, 'profile')}`];
  const opening = [...options, '--virtual-time-budget=20000', '--dump-dom', `file://${file}`];
  return (await promisify(execFile)(CHROMIUM, opening)).stdout;
}

const standing = (document: string) => /<body data-standing="([a-z-]+)"/.exec(document)?.[1];
const page = reportPage(encodeBundle(whole));

describe.skipIf(!hasChromium)('the report page in Chromium', () => {
  it('checks sound evidence by itself and tells the story in both languages', async () => {
    const document = await dom(page);
    expect(standing(document)).toBe('verified');
    for (const text of ['paid CNY 24.80 to luna-coffee, order LC-0042', '已向 luna-coffee 支付 CNY 24.80', 'VERIFIED'])
      expect(document).toContain(text);
  });

  it('shows the payment without the basket', async () => {
    const document = await dom(reportPage(encodeBundle(withoutBasket(whole))));
    expect(standing(document)).toBe('verified');
    expect(document).toContain('Kept back, so not shown here · 未披露: cart · 购物车, records · 存证');
    expect(document).not.toContain('latte');
  });

  it('T29: tells what went back and how the delegation was ended', async () => {
    const document = await dom(reportPage(encodeBundle(eventful)));
    expect(standing(document)).toBe('verified');
    for (const text of ['gave back CNY 10.00 of trade T-1', '佩戴者要求撤销委托', 'also paid CNY 30.00 to luna-coffee'])
      expect(document).toContain(text);
  });

  const classes = ['an amount altered', 'T29: a cart altered', 'T29: a receipt altered', 'another position'];
  const others = [
    'T26: another entry of the journal',
    'a record of another cart',
    'T14: after the end',
    'T29: a refund above what was paid',
    'T14: payments that together are above the total',
    'T26: bytes cut off',
  ];
  it.each([...classes, ...others])('turns red for %s', async (name) => {
    const bad = CORPUS.find((one) => one.name === name);
    const expected = bad?.expected.split(' ')[0];
    expect(standing(await dom(reportPage(bad?.encoded ?? new Uint8Array())))).toBe(expected);
    expect(['broken', 'unreadable']).toContain(expected);
  });

  it('runs nothing but its own program: another script in the page, and a changed one, are refused', async () => {
    const evil = "<script>document.body.setAttribute('data-standing','verified')</script>";
    const altered = encodeBundle(whole).map((byte, i) => (i === 700 ? byte ^ 1 : byte));
    const forged = reportPage(altered).replace('</body>', `${evil}</body>`);
    expect(standing(await dom(forged))).not.toBe('verified');
    expect(standing(await dom(page.replace("'use strict';", "'use strict'; ")))).toBe('checking');
  });

  it('asks nobody anything', async () => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const url = `http://127.0.0.1:${port}`;
    const loading = `<img src="${url}/a"><link rel="stylesheet" href="${url}/b"><script src="${url}/c"></script><iframe src="${url}/d"></iframe>`;
    expect(standing(await dom(page.replace('</body>', `${loading}</body>`)))).toBe('verified');
    await new Promise((resolve) => server.close(resolve));
    expect(asked).toEqual([]);
    const reaching = /\b(?:src|href|action)=|fetch\(|XMLHttpRequest|WebSocket|\bimport\(/;
    expect(reaching.exec(page)?.[0]).toBeUndefined();
  });

  it('carries the very bytes of the evidence', () => {
    expect(page).toContain(base64url(encodeBundle(whole)));
  });
});
