/**
 * What came of a draft, as the ledger keeps it: whichever gateway a wearer's confirmation comes to, it is the confirmation of the
 * one challenge that was made, and whatever was refused stays so.
 */
import {
  type Digest,
  decodeCbor,
  type EpochSeconds,
  encodeCbor,
  fromHex,
  hex,
  IacPayload,
} from '../../protocol/index.ts';
import type { Books } from '../ledger/store.ts';
import type { Draft } from './psp-delegation-checks.ts';
import type { RefusalCode } from './refusals.ts';

/** A draft that the wearer was asked about. */
export interface Challenge {
  readonly draft: Draft;
  readonly challenge: Uint8Array;
  readonly expiresAt: EpochSeconds;
}

/** What was found of a request when it came: a challenge, or why there is none. */
export interface Drafted {
  /** Of the request; absent where a confirmation came without one. */
  readonly content: Digest | undefined;
  readonly since: EpochSeconds;
  readonly found: Challenge | RefusalCode;
}

interface DraftRecord extends Omit<Drafted, 'found'> {
  readonly found: RefusalCode | { iac: string; agentKey: Digest; challenge: string; expiresAt: EpochSeconds };
}

/** Once for each request. @returns what stands. */
export function draftedOnce(books: Books, key: string, find: () => Drafted): Drafted {
  const known = books.get(draftKey(key)) as DraftRecord | undefined;
  if (known) return readBack(known);
  const drafted = find();
  const { content, since, found } = drafted;
  books.put(draftKey(key), { content, since, found: typeof found === 'string' ? found : written(found) });
  return drafted;
}

/** Why nothing comes of a request any more though the wearer was asked. */
export function endedIn(books: Books, key: string): RefusalCode | undefined {
  return books.get(endedKey(key)) as RefusalCode | undefined;
}

export function endIn(books: Books, key: string, code: RefusalCode): void {
  if (endedIn(books, key) === undefined) books.put(endedKey(key), code);
}

function written({ draft, challenge, expiresAt }: Challenge): DraftRecord['found'] {
  const iac = hex(encodeCbor(IacPayload.encode(draft.iac, 'iac')));
  return { iac, agentKey: draft.agentKey, challenge: hex(challenge), expiresAt };
}

function readBack({ content, since, found }: DraftRecord): Drafted {
  if (typeof found === 'string') return { content, since, found };
  const { iac, agentKey, challenge, expiresAt } = found;
  const draft = { iac: IacPayload.decode(decodeCbor(fromHex(iac)), 'iac'), agentKey };
  return { content, since, found: { draft, challenge: fromHex(challenge), expiresAt } };
}

const draftKey = (key: string): string => `draft/${key}`;
const endedKey = (key: string): string => `draft-ended/${key}`;
