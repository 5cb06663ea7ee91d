/** What the frames carry by which a device has its journal witnessed: a checkpoint of three records, and the witness's line. */
import {
  type Checkpoint,
  consistencyProof,
  cosign,
  type FrameBody,
  type FrameType,
  leafHash,
  rootOf,
  signCheckpoint,
  utf8,
} from '../protocol/index.ts';
import { at, idOf, keyOf } from './fuzz-parties.ts';

const noteSigner = (name: string) => ({ name, ...keyOf(name) });
const [log, witness] = [noteSigner('glasses-7'), noteSigner('psp-1')];
const leaves = ['first', 'second', 'third'].map((record) => leafHash(utf8(record)));
const checkpoint: Checkpoint = { origin: log.name, size: leaves.length, root: rootOf(leaves) };
const requestId = idOf('checkpoint request');

export const AUDIT_BODIES: { readonly [T in Extract<FrameType, `journal-${string}`>]: FrameBody<T> } = {
  'journal-checkpoint': {
    ...{ requestId, note: signCheckpoint(checkpoint, log) },
    ...{ from: 2, proof: consistencyProof(leaves, 2) },
  },
  'journal-cosignature': {
    ...{ requestId, line: cosign(checkpoint, at(80), witness) },
    newest: signCheckpoint({ ...checkpoint, size: 2, root: rootOf(leaves.slice(0, 2)) }, log),
  },
};
