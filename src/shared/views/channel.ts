import { messageOf } from '../errors.ts';

/**
 * The messages between a page and its host, both ways. A request is always answered: with a result, or with an error,
 * also where its handler throws, and where no answer comes in time.
 */

/** What one side offers the other: requests with their input and output, and events with their data. */
export interface Side {
  readonly requests: Record<string, { readonly input: unknown; readonly output: unknown }>;
  readonly events: Record<string, unknown>;
}

type Message =
  | { readonly kind: 'request'; readonly id: number; readonly name: string; readonly data: unknown }
  | { readonly kind: 'result'; readonly id: number; readonly data: unknown }
  | { readonly kind: 'failure'; readonly id: number; readonly message: string }
  | { readonly kind: 'event'; readonly name: string; readonly data: unknown };

/** What a side does with what comes from the other. */
export interface Handlers<Own extends Side> {
  readonly requests: {
    readonly [Name in keyof Own['requests']]: (
      input: Own['requests'][Name]['input'],
    ) => Own['requests'][Name]['output'] | Promise<Own['requests'][Name]['output']>;
  };
  readonly events: { readonly [Name in keyof Own['events']]: (data: Own['events'][Name]) => void };
}

/** Milliseconds until a request without an answer fails. */
const PATIENCE = 15_000;

/** One end of the line between a page and its host. */
export class Channel<Own extends Side, Other extends Side> {
  readonly #send: (message: unknown) => void;
  readonly #handlers: Handlers<Own>;
  readonly #patience: number;
  readonly #waiting = new Map<number, { answer: (message: Message) => void; timer: ReturnType<typeof setTimeout> }>();
  #last = 0;

  /**
   * @param send posts a message to the other side; it must be plain data
   * @param patience in milliseconds
   */
  constructor(send: (message: unknown) => void, handlers: Handlers<Own>, patience = PATIENCE) {
    this.#send = send;
    this.#handlers = handlers;
    this.#patience = patience;
  }

  /**
   * Asks the other side.
   * @param patience in milliseconds; `Infinity` where a person is asked
   * @throws Error with the other side's message, or that no answer came
   */
  request<Name extends keyof Other['requests'] & string>(
    name: Name,
    input: Other['requests'][Name]['input'],
    patience = this.#patience,
  ): Promise<Other['requests'][Name]['output']> {
    this.#last += 1;
    const id = this.#last;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => {
          this.#waiting.delete(id);
          reject(new Error(`No answer to "${name}" in ${patience / 1000} s`));
        },
        Math.min(patience, 2 ** 31 - 1),
      );
      const answer = (message: Message): void => {
        clearTimeout(timer);
        if (message.kind === 'failure') reject(new Error(message.message));
        else resolve('data' in message ? message.data : undefined);
      };
      this.#waiting.set(id, { answer, timer });
      this.#send({ kind: 'request', id, name, data: input } satisfies Message);
    });
  }

  /** Tells the other side. */
  tell<Name extends keyof Other['events'] & string>(name: Name, data: Other['events'][Name]): void {
    this.#send({ kind: 'event', name, data } satisfies Message);
  }

  /** Takes what the other side has sent. Whatever it is, this does not throw. */
  receive(received: unknown): void {
    const message = received as Partial<Message> | null;
    if (message?.kind === 'request') void this.#serve(message as Message & { kind: 'request' });
    else if (message?.kind === 'event') this.#take(message as Message & { kind: 'event' });
    else if (message?.kind === 'result' || message?.kind === 'failure') {
      const { id } = message as Message & { kind: 'result' };
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      waiting?.answer(message as Message);
    }
  }

  /** Fails all requests that wait. */
  close(): void {
    for (const { answer } of this.#waiting.values())
      answer({ kind: 'failure', id: 0, message: 'The other side has closed' });
    this.#waiting.clear();
  }

  #take({ name, data }: Message & { kind: 'event' }): void {
    const { events } = this.#handlers;
    if (Object.hasOwn(events, name)) events[name as keyof Own['events']](data as never);
  }

  async #serve({ id, name, data }: Message & { kind: 'request' }): Promise<void> {
    const { requests } = this.#handlers;
    try {
      if (!Object.hasOwn(requests, name)) throw new Error(`There is no request "${name}"`);
      const result = await requests[name as keyof Own['requests']](data as never);
      this.#send({ kind: 'result', id, data: result } satisfies Message);
    } catch (error) {
      this.#send({ kind: 'failure', id, message: messageOf(error) } satisfies Message);
    }
  }
}
