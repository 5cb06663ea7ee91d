/** The data desk of a world on a real port of this machine's loopback. Virtual time stands still while a request is on its way. */
import type { Clock } from '../../device/index.ts';
import { DATA_DESK } from '../a402/desk.ts';
import type { Http, HttpAnswer, HttpRequest } from '../a402/http.ts';
import type { MemoryHost } from '../a402/memory-http.ts';
import type { DeskReach } from '../world-services.ts';
import { startDataDesk } from './data-desk.ts';
import { nodeHttp } from './data-desk-http.ts';
import type { Pacer } from './pacer.ts';

export interface LoopbackDesk {
  /** For the world, which brings the desk. */
  readonly reach: DeskReach;
  close(): Promise<void>;
}

const TIMEOUT_MS = 10_000;

/** @param on is told of each exchange that was answered or failed. */
export async function openLoopbackDesk(
  clock: Clock,
  pacer: Pacer,
  on: (request: HttpRequest, answer: HttpAnswer) => void,
): Promise<LoopbackDesk> {
  let seller: MemoryHost | undefined;
  const desk = await startDataDesk({
    now: () => clock.now(),
    seller: {
      handle(request, now) {
        if (!seller) throw new Error('the desk was asked before its world began');
        return seller.handle(request, now);
      },
    },
  });
  const wire = nodeHttp({ timeoutMs: TIMEOUT_MS });
  const http: Http = {
    request(request, done) {
      const release = pacer.hold();
      wire.request(request, (answer) => {
        on(request, answer);
        done(answer);
        release();
      });
    },
  };
  return {
    reach: (sells) => {
      seller = sells;
      return { http, desks: new Map([[DATA_DESK, desk.url]]) };
    },
    close: () => desk.close(),
  };
}
