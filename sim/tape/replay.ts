/** Plays a tape: the same code of the device between the same inputs. What it does is taken down in the same words. */
import {
  type AgentPorts,
  createAgent,
  createBinder,
  type DeviceSettings,
  type SealedTransportParts,
  sealedTransport,
  type Transport,
} from '../../device/index.ts';
import {
  publicPart,
  replayedAudit,
  replayedClock,
  replayedJournal,
  replayedKey,
  replayedLink,
  replayedRandom,
  replayedSigner,
  replayedSurfaces,
  replayedTransport,
} from './replay-ports.ts';
import { type Entries, type Replayed, TapePlayer } from './tape-player.ts';

/** What a link that seals was made of, without its private keys. */
export interface ReplayedLinkParts {
  readonly windowS: number;
  /** The key it enrolled with; absent once that was erased. */
  readonly enrolled?: Omit<NonNullable<SealedTransportParts['enrolled']>, 'key'> & {
    readonly kid: Uint8Array;
    readonly publicKey: Uint8Array;
  };
}

/** The device as it was recorded. */
export interface ReplayedDevice {
  /** With the payment token masked as on the tape. */
  readonly settings: DeviceSettings;
  readonly profile: AgentPorts['profile'];
  /** Of its frame key, 8 bytes; the signatures themselves are on the tape. */
  readonly kid: Uint8Array;
  /** Absent where its transport was recorded as it carried plain frames. */
  readonly link?: ReplayedLinkParts;
  /** Whether it is a device that is being bound. */
  readonly isBinding?: boolean;
}

export function playTape(lines: readonly string[], about: ReplayedDevice): Replayed {
  const tape = new TapePlayer(lines);
  return tape.play(() => {
    const transport = about.link ? sealed(tape, about, about.link) : replayedTransport(tape);
    return about.isBinding ? binderOn(tape, about, transport) : agentOn(tape, about, transport);
  });
}

const SILENT: AgentPorts['log'] = { write: () => {} };

function sealed(
  tape: TapePlayer,
  { settings, kid }: ReplayedDevice,
  { windowS, enrolled }: ReplayedLinkParts,
): Transport {
  const { inner, envelopes, stores } = replayedLink(tape);
  const { directory, device } = settings;
  return sealedTransport(inner, {
    self: { party: device, role: 'device' },
    directory,
    frameKey: replayedKey(tape, kid),
    enrolled: enrolled && { ...enrolled, key: publicPart(enrolled.kid, enrolled.publicKey) },
    ...{ stores, envelopes, windowS },
    clock: replayedClock(tape),
    // Goes into keys only, of which there are none here.
    random: { bytes: (length) => new Uint8Array(length) },
    log: SILENT,
  });
}

function agentOn(tape: TapePlayer, { settings, profile, kid }: ReplayedDevice, transport: Transport): Entries {
  const agent = createAgent(settings, replayedKey(tape, kid), {
    ...{ profile, transport, log: SILENT },
    clock: replayedClock(tape),
    random: replayedRandom(tape),
    journal: replayedJournal(tape, 'journal'),
    transcripts: replayedJournal(tape, 'transcripts'),
    signer: replayedSigner(tape),
    ...replayedSurfaces(tape),
    audit: replayedAudit(tape),
  });
  return {
    start: () => agent.start(),
    wake: () => agent.wake(),
    stop: () => agent.stop(() => {}),
    hear: (event: Parameters<typeof agent.hear>[0]) => agent.hear(event),
  };
}

function binderOn(tape: TapePlayer, { settings, kid }: ReplayedDevice, transport: Transport): Entries {
  const binder = createBinder(settings, replayedKey(tape, kid), {
    ...{ transport, log: SILENT },
    clock: replayedClock(tape),
    random: replayedRandom(tape),
    journal: replayedJournal(tape, 'binding'),
    tokens: { read: () => undefined, write: (token) => tape.did('keep-token', token.length) },
    signer: replayedSigner(tape),
  });
  return {
    start: () => binder.start(),
    stop: () => binder.stop(() => {}),
    bind: (...[request, locale]: Parameters<typeof binder.bind>) => binder.bind(request, locale),
  };
}
