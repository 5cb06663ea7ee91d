/** The part of a configuration that says who cosigns the journal's checkpoints besides the PSP. Without it nobody does. */
import * as z from 'zod/mini';
import { readWitnessKey } from '../protocol/checkpoint.ts';
import { ProtocolError } from '../protocol/errors.ts';
import { file, required, rule } from './config-rules.ts';

function isWitnessKey(value: unknown): boolean {
  if (typeof value !== 'string') return false;
  try {
    readWitnessKey(value);
    return true;
  } catch (error) {
    if (error instanceof ProtocolError) return false;
    throw error;
  }
}

export const witnessConfig = z.optional(
  required({
    /** Made by the agent; the paired phone's app, or what relays it, connects there. */
    socketFile: file,
    /** The name and key it signs under, as it showed them when it was paired. */
    key: rule<string>(isWitnessKey, 'the key of a witness: name+hash+base64, as act-edge witness key prints it'),
  }),
);
