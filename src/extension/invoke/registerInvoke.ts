import { Disposable, type LogOutputChannel, type Memento } from 'vscode';
import type { ServerConnection } from '../server/serverConnection.ts';
import { registerAnswerLenses } from './answerLenses.ts';
import { Answers } from './answers.ts';
import { Invoker } from './invoker.ts';
import { registerPayloadLenses } from './payloadLenses.ts';
import { RecentCalls } from './recentCalls.ts';

/** The parts that invoking needs, and what the editor shows of it. */
export interface Invoke {
  readonly invoker: Invoker;
  readonly answers: Answers;
  readonly recent: RecentCalls;
  /** Ends all of it. */
  readonly shown: Disposable;
}

export function registerInvoke(parts: { server: ServerConnection; log: LogOutputChannel; state: Memento }): Invoke {
  const answers = new Answers();
  const recent = new RecentCalls(parts.state);
  const invoker = new Invoker({ ...parts, answers, recent });
  const shown = Disposable.from(
    invoker,
    answers,
    registerAnswerLenses(answers, invoker),
    registerPayloadLenses(invoker, answers),
  );
  return { invoker, answers, recent, shown };
}
