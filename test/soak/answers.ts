/** A possible answer of a Task: its text, or 422 while it is not deployed. */
export type TaskAnswer = string | 422;

interface Span {
  answer: TaskAnswer;
  from: number;
  until: number;
}

/**
 * The possible answers of each Task over time, while changes are being made. An answer is possible from the moment when
 * its change is sent until the change that replaces it is answered. Times are those of `performance.now()`.
 */
export class Answers {
  readonly #spans = new Map<string, Span[]>();

  /** From now on, this answer is possible too. */
  begin(name: string, answer: TaskAnswer): void {
    const spans = this.#spans.get(name) ?? [];
    spans.push({ answer, from: performance.now(), until: Number.POSITIVE_INFINITY });
    this.#spans.set(name, spans);
  }

  /** From now on, only the newest answer is possible. */
  settle(name: string): void {
    const spans = this.#spans.get(name) ?? [];
    for (const span of spans.slice(0, -1)) span.until = Math.min(span.until, performance.now());
  }

  allows(name: string, answer: TaskAnswer, from: number): boolean {
    const now = performance.now();
    return (
      this.#spans.get(name)?.some((span) => span.answer === answer && span.from <= now && span.until >= from) ?? false
    );
  }

  possible(name: string): string {
    return (this.#spans.get(name) ?? [])
      .slice(-3)
      .map(({ answer }) => JSON.stringify(answer))
      .join(' or ');
  }
}
