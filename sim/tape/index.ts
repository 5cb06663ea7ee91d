/** Tapes of real devices, as the programs write and read them. */
export { createRecorder, type Recorder } from './record.ts';
export { isTape, readTape, TAPE_BEGINNING } from './recorded-device.ts';
export { writeLine } from './tape.ts';
export { tapeHead } from './tape-head.ts';
export { SUM_BYTES, TapeSum } from './tape-sum.ts';
