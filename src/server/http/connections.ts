import { once } from 'node:events';
import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { FusionizerError } from '../../shared/errors.ts';

/** How long the last answers may take to be sent, in milliseconds. A slower reader is cut off. */
const LEAVE = 1000;
/** How often connections are checked while the server closes, in milliseconds. */
const LOOK = 10;

/** How many clients may follow events and logs. Each may have some MiB waiting for it. */
const MOST_FOLLOWERS = 256;

/** Answers that stay open to report events and logs. They end when the server does. */
export class Followers {
  readonly #answers = new Set<ServerResponse>();

  /** @throws FusionizerError `busy` if there are too many followers already */
  add(answer: ServerResponse): void {
    if (this.#answers.size >= MOST_FOLLOWERS) {
      throw new FusionizerError(
        'busy',
        `${MOST_FOLLOWERS} clients follow events and logs of this server already: end some of them first`,
      );
    }
    this.#answers.add(answer);
    answer.on('close', () => this.#answers.delete(answer));
  }

  end(): void {
    for (const answer of this.#answers) answer.end();
  }
}

/**
 * Keeps track of a server's connections.
 * @returns a function that stops listening, and ends each connection once its answer is sent
 */
export function trackConnections(server: Server): () => Promise<void> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return async () => {
    const deadline = performance.now() + LEAVE;
    // To Node.js a connection is idle once its answer is written, even if it is not sent yet.
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
