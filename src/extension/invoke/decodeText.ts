/**
 * A body as text, in the character set of its content type.
 * @param isCut whether the bytes end early: the last character may be half there, and is left out then
 * @returns undefined for bytes that are not text
 */
export function decodeText(bytes: Uint8Array, type: string, isCut = false): string | undefined {
  const charset = /;\s*charset="?([\w-]+)/.exec(type)?.[1] ?? 'utf-8';
  try {
    const text = new TextDecoder(charset, { fatal: true }).decode(bytes, { stream: isCut });
    return text.includes('\0') ? undefined : text;
  } catch {
    return undefined;
  }
}
