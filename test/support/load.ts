import http from 'node:http';
import { type Answer, request } from './server.ts';

/** The results of the clients until they were stopped. */
export interface LoadReport {
  requests: number;
  /** The first few wrong answers and failed requests. */
  failures: string[];
}

/** Parallel clients that run until `stop`. Each sends its next request as soon as the last one is answered. */
export class Load {
  readonly #report: LoadReport = { requests: 0, failures: [] };
  readonly #agent = new http.Agent({ keepAlive: true });
  readonly #clients: Promise<void>[];
  #stopped = false;

  /** @param send makes one request, and returns what is wrong with its answer; undefined if nothing is */
  constructor(clients: number, send: (round: number, agent: http.Agent) => Promise<string | undefined>) {
    this.#clients = Array.from({ length: clients }, async () => {
      while (!this.#stopped) {
        const round = this.#report.requests;
        this.#report.requests += 1;
        let wrong: string | undefined;
        try {
          wrong = await send(round, this.#agent);
        } catch (error) {
          wrong = String(error);
        }
        if (wrong !== undefined && this.#report.failures.length < 10) this.#report.failures.push(wrong);
      }
    });
  }

  get requests(): number {
    return this.#report.requests;
  }

  async stop(): Promise<LoadReport> {
    this.#stopped = true;
    await Promise.all(this.#clients);
    this.#agent.destroy();
    return this.#report;
  }
}

/** POSTs an empty JSON object to a Task, and expects one of these texts. */
export async function expectText(
  url: URL,
  task: string,
  texts: readonly string[],
  agent: http.Agent,
): Promise<string | undefined> {
  const answer: Answer = await request(url, `/${task}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: '{}',
    agent,
  });
  return answer.status === 200 && texts.includes(answer.text)
    ? undefined
    : `${task}: ${answer.status} ${answer.text.slice(0, 300)}`;
}
