import type { Answer } from './answer.ts';

/** An answer whose document is open. */
export interface OpenAnswer {
  /** The editor group's number. */
  readonly column: number;
  readonly task: string;
  /** Whether it was in front of its group's other tabs. */
  readonly front: boolean;
  /** Undefined for one that is too large to be kept. */
  readonly answer: Answer | undefined;
}

/** Bytes of a body that is kept for the next start of the window. */
const BODY = 1024 * 1024;
/** Of the form of the file. One of another version is ignored. */
const VERSION = 1;

/** An empty text if nothing is open. */
export function writeKept(open: readonly OpenAnswer[]): string {
  if (open.length === 0) return '';
  const kept = open.map(({ answer, ...place }) => ({
    ...place,
    ...(answer && answer.body.length <= BODY ? { answer: { ...answer, body: answer.body.toString('base64') } } : {}),
  }));
  return JSON.stringify({ version: VERSION, open: kept });
}

/** Reads what `writeKept()` wrote; nothing from any other text. */
export function readKept(text: string): OpenAnswer[] {
  let kept: Kept;
  try {
    kept = JSON.parse(text) as Kept;
  } catch {
    return [];
  }
  if (kept?.version !== VERSION) return [];
  return kept.open.map(({ column, task, front, answer }) => ({
    column,
    task,
    front,
    answer: answer && { ...answer, details: answer.details, body: Buffer.from(answer.body, 'base64') },
  }));
}

interface Kept {
  readonly version: number;
  readonly open: readonly {
    readonly column: number;
    readonly task: string;
    readonly front: boolean;
    readonly answer?: Omit<Answer, 'body'> & { readonly body: string };
  }[];
}
