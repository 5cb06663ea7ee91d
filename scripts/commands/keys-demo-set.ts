/** `act-edge keys demo-set`: a device and its cloud, enrolled with each other, ready to meet on a broker. */
import { systemClock } from '../../device/adapters/system-clock.ts';
import { systemRandom } from '../../device/adapters/system-random.ts';
import { secondsOf } from '../../protocol/index.ts';
import { defineCommand, EXIT, required, UsageError } from '../command.ts';
import { makeDemoSet } from '../demo-set.ts';

const DEVICE = { id: 'glasses-01', folder: 'device' };
const MAX_PORT = 65_535;

function portIn(option: string, text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= MAX_PORT) return Number(text);
  throw new UsageError('usage-option-value', `--${option} cannot be "${text}"`, 'give a port, 1 to 65535, or 0');
}

export const keysDemoSet = defineCommand({
  summary: 'make a device and a simulated cloud that trust each other, with their configurations',
  help: `Makes DIR/device (sealed keys, agent.yaml), DIR/cloud (seed, cloud.yaml), DIR/directory.json (public keys and names)
and DIR/vocabulary.json. Then: act-edge cloud --config DIR/cloud/cloud.yaml and act-edge agent --config DIR/device/agent.yaml.
Every key is new. Frames are sealed for keys that hold 90 days and are replaced by the running programs; a side that was off
for longer finds the other again by: act-edge keys publish. Keys and secrets that are there already are never overwritten.`,
  options: {
    dir: { type: 'string', value: 'DIR', describe: 'where to make it' },
    broker: { type: 'string', value: 'URL', default: 'mqtt://127.0.0.1:1883', describe: 'the MQTT broker' },
    'chain-port': {
      type: 'string',
      value: 'N',
      default: '8403',
      describe: 'where on 127.0.0.1 the cloud runs a trust chain node for what it and the device report; 0 for none',
    },
    'desk-port': {
      type: 'string',
      value: 'N',
      default: '8402',
      describe: 'where on 127.0.0.1 the cloud sells data over HTTP 402; 0 for nowhere',
    },
    'broker-password': {
      type: 'boolean',
      describe: 'log in; put the password into broker-password beside each configuration (mode 600)',
    },
  },
  async run(args, io) {
    const directory = required(args, 'dir');
    const { broker: brokerUrl, 'broker-password': withPassword } = args.values;
    const [chainPort, deskPort] = (['chain-port', 'desk-port'] as const).map((one) => portIn(one, args.values[one]));
    const ports = { ...(chainPort && { chainPort }), ...(deskPort && { deskPort }) };
    const set = { directory, devices: [DEVICE], brokerUrl, withPassword, ...ports };
    const made = makeDemoSet(set, systemRandom(), secondsOf(systemClock().now()));
    io.stdout.write(`made ${directory}: start the cloud with ${made.cloud}, the device with ${made.agents.join()}\n`);
    return EXIT.held;
  },
});
