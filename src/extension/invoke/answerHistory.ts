import { isDeepStrictEqual } from 'node:util';
import type { Answer, AnswerDetails } from './answer.ts';
import type { PayloadSource } from './recentCalls.ts';
import type { Unanswered } from './unanswered.ts';

/** How an invocation ended. */
export type Outcome = Answer | Unanswered;

export const isAnswer = (outcome: Outcome | undefined): outcome is Answer =>
  outcome !== undefined && 'status' in outcome;

/** The most outcomes that are kept for each Task. */
const OUTCOMES = 20;
/** Bytes of bodies that are kept for each Task, besides those of its newest two answers. */
const BODIES = 16 * 1024 * 1024;

/** The last outcomes of each Task. Both their number and their size are limited. */
export class AnswerHistory {
  /** Newest first. */
  readonly #outcomes = new Map<string, readonly Outcome[]>();
  /** Those whose payload was deleted: another one in its place does not have their status. */
  readonly #orphans = new WeakSet<Outcome>();

  add(outcome: Outcome): void {
    const { task } = outcome;
    this.#outcomes.set(task, bounded([outcome, ...this.of(task)]));
  }

  /** Newest first. */
  of(task: string): readonly Outcome[] {
    return this.#outcomes.get(task) ?? [];
  }

  newestAnswer(task: string): Answer | undefined {
    return this.of(task).find(isAnswer);
  }

  answer(task: string, trace: string): Answer | undefined {
    return this.of(task).find((one): one is Answer => isAnswer(one) && one.trace === trace);
  }

  /** How the last invocation with a payload ended. An edited payload, or a new one of its name, is another one. */
  lastOf(task: string, source: PayloadSource, request: string): Outcome | undefined {
    return this.of(task).find(
      (one) => one.request === request && isDeepStrictEqual(one.source, source) && !this.#orphans.has(one),
    );
  }

  /** Notes that a payload was deleted. Its answers stay. */
  forget(source: PayloadSource): void {
    for (const outcomes of this.#outcomes.values())
      for (const one of outcomes) if (isDeepStrictEqual(one.source, source)) this.#orphans.add(one);
  }

  /** The answer to the same request before this one. */
  before(answer: Answer): Answer | undefined {
    const older = this.of(answer.task).slice(this.of(answer.task).findIndex((one) => sameAnswer(one, answer)) + 1);
    return older.find((one): one is Answer => isAnswer(one) && one.request === answer.request);
  }

  /** @returns the answer with its details; undefined if it is not kept any more */
  addDetails(answer: Answer, details: AnswerDetails): Answer | undefined {
    if (this.answer(answer.task, answer.trace) === undefined) return undefined;
    const detailed = { ...answer, details };
    if (this.of(answer.task).some((one) => sameAnswer(one, answer) && this.#orphans.has(one)))
      this.#orphans.add(detailed);
    const outcomes = this.of(answer.task).map((one) => (sameAnswer(one, answer) ? detailed : one));
    this.#outcomes.set(answer.task, outcomes);
    return detailed;
  }
}

const sameAnswer = (one: Outcome, answer: Answer): boolean => isAnswer(one) && one.trace === answer.trace;

function bounded(outcomes: readonly Outcome[]): Outcome[] {
  let left = BODIES;
  let answers = 0;
  return outcomes.slice(0, OUTCOMES).filter((one) => {
    if (!isAnswer(one)) return true;
    answers += 1;
    left -= answers > 2 ? one.body.length : 0;
    return left >= 0;
  });
}
