import type { Command } from './command.ts';

/** Loads one command, so that each run pays for the modules of its own command only. */
export type CommandTable = Readonly<Record<string, () => Promise<Command>>>;

/** Every command by its name; a name may be of two words. The overview lists them in this order. */
export const COMMANDS: CommandTable = {
  demo: () => import('./commands/demo.ts').then((module) => module.demo),
  agent: () => import('./commands/agent.ts').then((module) => module.agent),
  bind: () => import('./commands/bind.ts').then((module) => module.bind),
  cloud: () => import('./commands/cloud.ts').then((module) => module.cloud),
  'cloud lock': () => import('./commands/cloud-lock.ts').then((module) => module.cloudLock),
  'cloud unlock': () => import('./commands/cloud-lock.ts').then((module) => module.cloudUnlock),
  'cloud retire': () => import('./commands/cloud-lock.ts').then((module) => module.cloudRetire),
  signer: () => import('./commands/signer.ts').then((module) => module.signer),
  'signer pair': () => import('./commands/signer-host.ts').then((module) => module.signerPair),
  'signer info': () => import('./commands/signer-host.ts').then((module) => module.signerInfo),
  'signer wink': () => import('./commands/signer-host.ts').then((module) => module.signerWink),
  'signer status': () => import('./commands/signer-host.ts').then((module) => module.signerStatus),
  'signer lock': () => import('./commands/signer-host.ts').then((module) => module.signerLock),
  'signer unlock': () => import('./commands/signer-host.ts').then((module) => module.signerUnlock),
  'signer reset': () => import('./commands/signer-host.ts').then((module) => module.signerReset),
  'signer unpair': () => import('./commands/signer-host.ts').then((module) => module.signerUnpair),
  'sim run': () => import('./commands/sim-run.ts').then((module) => module.simRun),
  'sim replay': () => import('./commands/sim-replay.ts').then((module) => module.simReplay),
  'sim diff': () => import('./commands/sim-diff.ts').then((module) => module.simDiff),
  'sim fuzz': () => import('./commands/sim-fuzz.ts').then((module) => module.simFuzz),
  inspect: () => import('./commands/inspect.ts').then((module) => module.inspect),
  'keys demo-set': () => import('./commands/keys-demo-set.ts').then((module) => module.keysDemoSet),
  'keys create': () => import('./commands/keys.ts').then((module) => module.keysCreate),
  'keys show': () => import('./commands/keys.ts').then((module) => module.keysShow),
  'keys export': () => import('./commands/keys.ts').then((module) => module.keysExport),
  'keys seal-token': () => import('./commands/keys.ts').then((module) => module.keysSealToken),
  'keys rotate': () => import('./commands/keys-rotate.ts').then((module) => module.keysRotate),
  'keys take-over': () => import('./commands/keys-rotate.ts').then((module) => module.keysTakeOver),
  'keys destroy': () => import('./commands/keys.ts').then((module) => module.keysDestroy),
  'keys enrol-nonce': () => import('./commands/keys-enrol.ts').then((module) => module.keysEnrolNonce),
  'keys enrol-request': () => import('./commands/keys-enrol.ts').then((module) => module.keysEnrolRequest),
  'keys enrol': () => import('./commands/keys-enrol.ts').then((module) => module.keysEnrol),
  'keys publish': () => import('./commands/keys-publish.ts').then((module) => module.keysPublish),
  'bench signer': () => import('./commands/bench-signer.ts').then((module) => module.benchSigner),
  'bench protocol': () => import('./commands/bench.ts').then((module) => module.benchProtocol),
};
