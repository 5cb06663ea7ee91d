/** `act-edge keys demo-set`: a device and its cloud, enrolled with each other, ready to meet on a broker. */
import { systemClock } from '../../device/adapters/system-clock.ts';
import { systemRandom } from '../../device/adapters/system-random.ts';
import { secondsOf } from '../../protocol/index.ts';
import { defineCommand, EXIT, required } from '../command.ts';
import { makeDemoSet } from '../demo-set.ts';

const DEVICE = { id: 'glasses-01', folder: 'device' };

export const keysDemoSet = defineCommand({
  summary: 'make a device and a simulated cloud that trust each other, with their configurations',
  help: `Makes DIR/device (sealed keys, agent.yaml), DIR/cloud (seed, cloud.yaml), DIR/directory.json (public keys and names)
and DIR/vocabulary.json. Then: act-edge cloud --config DIR/cloud/cloud.yaml and act-edge agent --config DIR/device/agent.yaml.
Every key is new. Frames are sealed for keys that hold 90 days and are replaced by the running programs; a side that was off
for longer finds the other again by: act-edge keys publish. Keys and secrets that are there already are never overwritten.`,
  options: {
    dir: { type: 'string', value: 'DIR', describe: 'where to make it' },
    broker: { type: 'string', value: 'URL', default: 'mqtt://127.0.0.1:1883', describe: 'the MQTT broker' },
    'broker-password': {
      type: 'boolean',
      describe: 'log in; put the password into broker-password beside each configuration (mode 600)',
    },
  },
  async run(args, io) {
    const directory = required(args, 'dir');
    const { broker: brokerUrl, 'broker-password': withPassword } = args.values;
    const set = { directory, devices: [DEVICE], brokerUrl, withPassword };
    const made = makeDemoSet(set, systemRandom(), secondsOf(systemClock().now()));
    io.stdout.write(`made ${directory}: start the cloud with ${made.cloud}, the device with ${made.agents.join()}\n`);
    return EXIT.held;
  },
});
