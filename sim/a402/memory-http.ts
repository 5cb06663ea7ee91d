/** HTTP between parties of a simulated world: hosts by name, a delay on the way, under the world's clock. */
import type { Clock } from '../../device/ports.ts';
import type { EpochMs } from '../../protocol/index.ts';
import type { Http, HttpRequest, HttpResponse } from './http.ts';

export interface MemoryHost {
  handle(request: HttpRequest, now: EpochMs): HttpResponse;
}

const DELAY_MS = 20;

/** @param hosts by the origin of their URLs, for example `http://data-desk`. */
export function memoryHttp(hosts: ReadonlyMap<string, MemoryHost>, clock: Clock): Http {
  return {
    request(request, done) {
      const [origin = ''] = /^https?:\/\/[^/?#]+/.exec(request.url) ?? [];
      const host = hosts.get(origin);
      clock.after(DELAY_MS, () => {
        if (host === undefined) {
          done({ failed: 'unreachable' });
          return;
        }
        const answer = host.handle(request, clock.now());
        clock.after(DELAY_MS, () => done(answer));
      });
    },
  };
}
