import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Reply {
  readonly status?: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}
export const saying = (content: string): Reply => ({
  body: JSON.stringify({ choices: [{ message: { role: 'assistant', content } }] }),
});

/** Stands in for a model: says what it is told to, in order, and remembers what it was asked. */
export class ModelStandIn {
  readonly asked: { readonly url: string; readonly key: string | undefined; readonly body: string }[] = [];
  replies: Reply[] = [];
  #server: Server | undefined;
  url = '';

  async start(): Promise<void> {
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (part) => {
        body += part;
      });
      request.on('end', () => {
        this.asked.push({ url: request.url ?? '', key: request.headers.authorization, body });
        const reply = this.replies.shift();
        if (reply === undefined) return;
        response.writeHead(reply.status ?? 200, reply.headers).end(reply.body);
      });
    });
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/compatible-mode/v1`;
  }

  stop(): void {
    this.#server?.closeAllConnections();
    this.#server?.close();
  }
}
