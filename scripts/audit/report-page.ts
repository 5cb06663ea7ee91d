/** The page that carries the evidence of one order and checks it where it is opened, without a network. */
import { createHash } from 'node:crypto';
import { base64url } from '../../protocol/index.ts';
import { EVIDENCE_ELEMENT } from './bundle-file.ts';
import { pageScript } from './page-script.ts';

const STYLE = `:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.3rem}h2{font-size:1rem;margin-top:2rem}#standing{font-size:1.6rem;font-weight:600}td{padding:.15rem .8rem .15rem 0;vertical-align:top;overflow-wrap:anywhere}
body[data-standing=verified] #standing{color:#16833c}body[data-standing=broken] #standing,body[data-standing=unreadable] #standing{color:#c62828}
body[data-standing=incomplete] #standing,body[data-standing=not-checked] #standing{color:#b26a00}`;

const START = `const bytes = () => fromBase64(document.getElementById('evidence').textContent.trim());
Promise.resolve().then(() => judgeBytes(t, bytes(), tables)).then((verdict) => showVerdict(document, verdict)).catch(() => showFailure(document));`;

/** Only what has these digests runs or styles; nothing is loaded, sent or framed (T8). */
function policyFor(...inline: readonly string[]): string {
  const [script, style] = inline.map((text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`);
  return `default-src 'none'; script-src ${script}; style-src ${style}; base-uri 'none'; form-action 'none'`;
}

/** @param evidence an encoded bundle; the page says what it finds in it when it is opened, and nothing before. */
export function reportPage(evidence: Uint8Array): string {
  // A script ends where this stands, whatever is around it; none of our functions has a use for it.
  const script = `${pageScript()}\n${START}`.replaceAll('</', '<\\/');
  const [start, end] = EVIDENCE_ELEMENT;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policyFor(script, STYLE)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Evidence of one purchase · 交易证据</title>
<style>${STYLE}</style>
</head>
<body data-standing="checking">
<h1>Evidence of one purchase · 交易证据</h1>
<p id="standing">Checking · 正在验证</p>
<p id="faults"></p>
<p id="missing"></p>
<p id="withheld"></p>
<h2>What happened · 经过</h2>
<table id="story"></table>
<h2>Records and conclusions · 存证与结论</h2>
<table id="records"></table>
<h2>Keys that this rests on: compare them with ones you have another way · 所依据的公钥，请另行核对</h2>
<table id="keys"></table>
<p>A page can be made to say anything. To be certain, check this file with a program of your own: act-edge audit verify --bundle FILE.</p>
<p>网页内容可能被伪造。如需确认，请用您自己的程序验证本文件：act-edge audit verify --bundle FILE。</p>
<noscript>Nothing was checked: scripts are switched off. · 脚本已禁用，未作任何验证。</noscript>
${start}${base64url(evidence)}${end}
<script>${script}</script>
</body>
</html>
`;
}
