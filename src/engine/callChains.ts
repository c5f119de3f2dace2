import { type ChainLink, chainText } from '../shared/callChain.ts';
import { FusionizerError } from '../shared/errors.ts';
import { TASK_NAME } from '../shared/taskNamePattern.ts';

/** A call may be made after its event has ended, so the newest links stay known: between one and two times as many. */
const KEPT = 4096;
/**
 * Bounds the depth of call chains: Tasks that call each other without end would otherwise start workers until the
 * machine has no memory left. A chain goes on when its events have ended, as after calls that nobody waits for.
 */
export class CallChains {
  readonly #most: number;
  #ended = new Map<string, ChainLink>();
  #before = new Map<string, ChainLink>();

  /** @param most how many Tasks a chain may have */
  constructor(most: number) {
    this.#most = most;
  }

  /**
   * The link of a call.
   * @param above of the event in which the call is made; undefined for an invocation from outside
   * @param within the header `Fusionizer-Chain`: the Tasks called in that event, within its function, on the way to
   *   this call
   * @throws FusionizerError `loop`, which shows the chain, if the chain is too long
   */
  link(task: string, above: ChainLink | undefined, within: string | undefined): ChainLink {
    if (above === undefined) return { task, depth: 1, above };
    let caller = above;
    if (within !== undefined) {
      for (const name of within.split(',', this.#most))
        if (TASK_NAME.test(name)) caller = { task: name, depth: caller.depth + 1, above: caller };
    }
    const link = { task, depth: caller.depth + 1, above: caller };
    if (link.depth > this.#most) throw tooLong(link);
    return link;
  }

  /** Remembers an event that has ended, for calls that it still makes. */
  ended(span: string, link: ChainLink): void {
    this.#ended.set(span, link);
    if (this.#ended.size < KEPT) return;
    this.#before = this.#ended;
    this.#ended = new Map();
  }

  /** The link of an event that has ended a short while ago. */
  ofEnded(span: string): ChainLink | undefined {
    return this.#ended.get(span) ?? this.#before.get(span);
  }
}

/** The last Tasks may have been called within their function, without a question. */
function tooLong(link: ChainLink): FusionizerError {
  return new FusionizerError(
    'loop',
    `Task '${link.above?.task}' may not call Task '${link.task}', because the call chain has ` +
      `${link.depth - 1} Tasks already: ${chainText(link)}. End the loop of calls, ` +
      'or allow longer chains with fusionizer serve --max-depth',
  );
}
