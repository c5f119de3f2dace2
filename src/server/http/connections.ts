import { once } from 'node:events';
import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** How long the last answers may take to leave, in milliseconds: a reader that is slower is cut off. */
const LEAVE = 1000;
const LOOK = 10;

/** Answers that stay open, to tell what happens: they end when the server does. */
export class Followers {
  readonly #answers = new Set<ServerResponse>();

  add(answer: ServerResponse): void {
    this.#answers.add(answer);
    answer.on('close', () => this.#answers.delete(answer));
  }

  end(): void {
    for (const answer of this.#answers) answer.end();
  }
}

/**
 * Remembers a server's connections.
 * @returns stops to listen and ends the connections, each when its answer has left
 */
export function trackConnections(server: Server): () => Promise<void> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return async () => {
    const deadline = performance.now() + LEAVE;
    // Node.js takes a connection for idle when its answer is written, though not sent.
    while ([...sockets].some((socket) => socket.writableLength > 0) && performance.now() < deadline) await delay(LOOK);
    const closed = once(server, 'close');
    server.close();
    const idle = setInterval(() => server.closeIdleConnections(), LOOK);
    const last = setTimeout(() => server.closeAllConnections(), Math.max(0, deadline - performance.now()));
    await closed;
    clearInterval(idle);
    clearTimeout(last);
  };
}
