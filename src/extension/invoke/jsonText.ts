/**
 * Changes of JSON as text: numbers keep their digits and objects their repeated names, which parsing and printing would
 * lose.
 */

/** A string, a comment, white space, or any other piece; an unended string or comment goes to the end. */
const TOKEN =
  /"(?:[^"\\]+|\\(?:[\s\S]|$))*(?:"|$)|\/\/[^\n\r]*|\/\*[\s\S]*?(?:\*\/|$)|\s+|[{}[\],:]|[^\s"{}[\],:/]+|\//g;

const isComment = (token: string): boolean => token.startsWith('//') || token.startsWith('/*');

/** Whether this is JSON as the standard has it. */
export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * What an editor calls JSON with comments, as plain JSON: without comments and commas before a closing bracket. JSON
 * stays as it is, and so does what is no JSON either way: a payload may be wrong on purpose.
 */
export function withoutComments(text: string): string {
  if (isJson(text)) return text;
  const tokens = (text.match(TOKEN) ?? []).map((token) => (isComment(token) ? ' ' : token));
  const meaning = tokens.map((token, index) => ({ token, index })).filter(({ token }) => token.trim() !== '');
  for (const [place, { token, index }] of meaning.entries()) {
    const next = meaning[place + 1]?.token;
    // A comma after nothing, as in [,], stays wrong.
    const before = meaning[place - 1]?.token ?? '';
    if (token === ',' && (next === '}' || next === ']') && !/^[[{,:]?$/.test(before)) tokens[index] = '';
  }
  const plain = tokens.join('').trim();
  return plain === '' || isJson(plain) ? plain : text;
}

/** JSON with a line for each member and element, indented by two; undefined for what is no JSON. */
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
