/**
 * Changes JSON as text. Parsing and printing it would lose digits of numbers and repeated names of objects.
 */

/** A string, a comment, white space, or any other token. An unclosed string or comment reaches to the end. */
const TOKEN =
  /"(?:[^"\\]+|\\(?:[\s\S]|$))*(?:"|$)|\/\/[^\n\r]*|\/\*[\s\S]*?(?:\*\/|$)|\s+|[{}[\],:]|[^\s"{}[\],:/]+|\//g;

const isComment = (token: string): boolean => token.startsWith('//') || token.startsWith('/*');

/** Whether this is JSON by the standard. */
export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * Turns JSON with comments into plain JSON: without comments, and without commas before a closing bracket. Plain JSON
 * stays as it is. Text that is not JSON either way stays too, as a payload may be wrong on purpose.
 */
export function withoutComments(text: string): string {
  if (isJson(text)) return text;
  const tokens = (text.match(TOKEN) ?? []).map((token) => (isComment(token) ? ' ' : token));
  const meaning = tokens.map((token, index) => ({ token, index })).filter(({ token }) => token.trim() !== '');
  for (const [place, { token, index }] of meaning.entries()) {
    const next = meaning[place + 1]?.token;
    // A comma without a value before it, as in [,], stays wrong.
    const before = meaning[place - 1]?.token ?? '';
    if (token === ',' && (next === '}' || next === ']') && !/^[[{,:]?$/.test(before)) tokens[index] = '';
  }
  const plain = tokens.join('').trim();
  return plain === '' || isJson(plain) ? plain : text;
}

/** JSON with a line for each member and element, indented by two; undefined for text that is not JSON. */
export function indentJson(text: string): string | undefined {
  if (!isJson(text)) return undefined;
  const tokens = (text.match(TOKEN) ?? []).filter((token) => token.trim() !== '');
  let depth = 0;
  let out = '';
  const newLine = (): string => `\n${'  '.repeat(depth)}`;
  for (const [index, token] of tokens.entries()) {
    if (token === '{' || token === '[') {
      depth += 1;
      out += token;
      if (!isClosing(tokens[index + 1])) out += newLine();
    } else if (isClosing(token)) {
      depth -= 1;
      out += isOpening(tokens[index - 1]) ? token : newLine() + token;
    } else if (token === ',') out += token + newLine();
    else out += token === ':' ? ': ' : token;
  }
  return out;
}

const isOpening = (token: string | undefined): boolean => token === '{' || token === '[';
const isClosing = (token: string | undefined): boolean => token === '}' || token === ']';
