/** `act-edge audit export`: one file with everything that shows what happened with one order. */
import { writeFileSync } from 'node:fs';
import { readAgentConfig } from '../../device/adapters/config-file.ts';
import { systemClock } from '../../device/adapters/system-clock.ts';
import { encodeBundle } from '../../device/audit/bundle.ts';
import { collectBundle } from '../../device/audit/bundle-collect.ts';
import { NOT_SHOWN, withoutBasket } from '../../device/audit/bundle-disclose.ts';
import { verifyBundle } from '../../device/audit/bundle-verify.ts';
import { secondsOf } from '../../protocol/index.ts';
import { readEvidence } from '../audit/device-evidence.ts';
import { reportPage } from '../audit/report-page.ts';
import { missingLines } from '../audit/verdict-report.ts';
import { orderNamed } from '../audit/wanted.ts';
import { CommandError, defineCommand, EXIT, required, UsageError } from '../command.ts';

const OPTIONS = {
  config: { type: 'string', value: 'FILE', describe: 'the configuration of the device' },
  order: { type: 'string', value: 'N', describe: 'the order' },
  out: {
    type: 'string',
    value: 'FILE',
    describe: 'the file to make: .cbor for the evidence, .html for a page that checks itself',
  },
  'without-basket': { type: 'boolean', describe: 'show the payment and not what was bought' },
  json: { type: 'boolean', describe: 'print one JSON object' },
} as const;

function write(path: string, content: Uint8Array | string): void {
  try {
    // What was bought is nobody else's business on this machine either.
    writeFileSync(path, content, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const isThere = code === 'EEXIST';
    const what = isThere ? `${path} is there already` : `cannot write ${path} (${code})`;
    throw new CommandError('audit-unwritable', what, isThere ? 'choose another name' : 'check the directory');
  }
}

export const auditExport = defineCommand({
  summary: 'write the evidence of one order to a file',
  help: `The file holds the signed objects byte for byte, the records with their anchors and proofs, and the public keys: enough to check
everything offline, by act-edge audit verify --bundle or, of a page, by opening it. Evidence of a payment by an agent carries
the payment token that the agent was given, inside its signed request, and the other payments of the delegation, so that its
limits can be checked. With --without-basket cart and requests stay out, and so do the other payments, the changes of the
delegation, and the records but for their anchors. Exit code 1 when the evidence does not hold or is incomplete; the file is
made all the same.`,
  options: OPTIONS,
  async run(args, io) {
    const [config, orderNo, out] = [required(args, 'config'), required(args, 'order'), required(args, 'out')];
    const form = /\.(cbor|html)$/.exec(out)?.[1];
    if (form === undefined)
      throw new UsageError('usage-option-value', '--out ends in .cbor or .html', 'name the file so');
    const sources = readEvidence(readAgentConfig(config));
    const whole = collectBundle(sources, orderNamed(sources, { orderNo }), secondsOf(systemClock().now()));
    const encoded = encodeBundle(args.values['without-basket'] ? withoutBasket(whole) : whole);
    const { standing, missing, withheld } = verifyBundle(encoded);
    write(out, form === 'cbor' ? encoded : reportPage(encoded));
    const lines = [
      `${out}: ${encoded.length} bytes of evidence, ${standing}`,
      ...missingLines(missing),
      ...withheld.map((part) => `kept back: ${part}; so it does not show ${NOT_SHOWN[part]}`),
    ];
    const data = { out, bytes: encoded.length, standing, missing, withheld };
    io.stdout.write(args.values.json ? `${JSON.stringify(data)}\n` : `${lines.join('\n')}\n`);
    return standing === 'verified' ? EXIT.held : EXIT.fellShort;
  },
});
