import type { Command } from './command.ts';

/** Loads one command, so that each run pays for the modules of its own command only. */
export type CommandTable = Readonly<Record<string, () => Promise<Command>>>;

/** Every command by its name; a name may be of two words. The overview lists them in this order. */
export const COMMANDS: CommandTable = {
  demo: () => import('./commands/demo.ts').then((module) => module.demo),
  agent: () => import('./commands/agent.ts').then((module) => module.agent),
  cloud: () => import('./commands/cloud.ts').then((module) => module.cloud),
  inspect: () => import('./commands/inspect.ts').then((module) => module.inspect),
  'keys demo-set': () => import('./commands/keys-demo-set.ts').then((module) => module.keysDemoSet),
  'keys create': () => import('./commands/keys.ts').then((module) => module.keysCreate),
  'keys show': () => import('./commands/keys.ts').then((module) => module.keysShow),
  'bench protocol': () => import('./commands/bench.ts').then((module) => module.benchProtocol),
};
