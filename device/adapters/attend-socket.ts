/** A paired witness's end of the socket that a device makes for it (socket-cosigner.ts). */
import type { Socket } from 'node:net';
import type { PairedWitness } from '../audit/paired-witness.ts';
import type { Clock, Stop } from '../ports.ts';
import { lineCutter } from './bridge-lines.ts';
import { keepConnected } from './kept-connection.ts';
import { answerLine, readOffer } from './witness-lines.ts';

/** Serves a device at its socket, again whenever there is no connection, until it is stopped. */
export function attend(witness: PairedWitness, socketFile: string, clock: Clock): Stop {
  const serve = (socket: Socket) => {
    const cut = lineCutter((line) => {
      const offer = readOffer(line.toString('utf8'));
      const answer = offer && witness.answer(offer);
      if (answer && socket.writable) socket.write(answerLine(answer));
    });
    socket.on('data', (chunk) => {
      if (!cut(chunk)) socket.destroy();
    });
  };
  return keepConnected(socketFile, clock, serve, (socket) => socket.destroy());
}
