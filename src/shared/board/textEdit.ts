/** Replaces `length` characters of a text from `offset` on, both in UTF-16 units. */
export interface TextEdit {
  readonly offset: number;
  readonly length: number;
  readonly text: string;
}

/** @param edits of one text; no two of them overlap, and insertions at one place keep their order */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const sorted = [...edits].sort((one, other) => one.offset - other.offset);
  let result = '';
  let at = 0;
  for (const { offset, length, text: written } of sorted) {
    result += text.slice(at, offset) + written;
    at = offset + length;
  }
  return result + text.slice(at);
}
