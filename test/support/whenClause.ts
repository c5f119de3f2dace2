/** The keys that a clause reads; one that is not there is undefined. */
export type Context = Readonly<Record<string, unknown>>;

/** The parts of a clause: `(`, `)`, operators, regular expressions, words and quoted texts. */
const TOKENS = /\s*(\(|\)|&&|\|\||=~|==|!=|!|\/(?:\\.|\[(?:\\.|[^\]\\])*\]|[^\\/[])+\/\w*|'[^']*'|[^\s()!=&|]+)/y;

/**
 * Evaluates a when clause of package.json as VS Code does.
 * @throws Error for what this does not read: comparisons of numbers other than `>`, and `in`
 */
export function holds(clause: string | undefined, context: Context): boolean {
  if (clause === undefined) return true;
  const tokens = tokensOf(clause);
  const take = (expected?: string): string => {
    const token = tokens.shift();
    if (token === undefined || (expected !== undefined && token !== expected))
      throw new Error(`${clause}: ${token} in place of ${expected ?? 'more'}`);
    return token;
  };
  const either = (): boolean => {
    let value = all();
    while (tokens[0] === '||') {
      take();
      value = all() || value;
    }
    return value;
  };
  const all = (): boolean => {
    let value = one();
    while (tokens[0] === '&&') {
      take();
      value = one() && value;
    }
    return value;
  };
  const one = (): boolean => {
    const token = take();
    if (token === '!') return !one();
    if (token === '(') {
      const value = either();
      take(')');
      return value;
    }
    if (token === 'true' || token === 'false') return token === 'true';
    const value = context[token];
    switch (tokens[0]) {
      case '==':
        take();
        return same(value, take());
      case '!=':
        take();
        return !same(value, take());
      case '=~':
        take();
        return regularExpression(take()).test(String(value ?? ''));
      case '>':
        take();
        return Number(value) > Number(take());
      default:
        return Boolean(value);
    }
  };
  const result = either();
  if (tokens.length > 0) throw new Error(`${clause}: ${tokens[0]} is left`);
  return result;
}

function tokensOf(clause: string): string[] {
  const found: string[] = [];
  TOKENS.lastIndex = 0;
  for (let match = TOKENS.exec(clause); match; match = TOKENS.exec(clause)) {
    if (match[1] !== undefined) found.push(match[1]);
    if (TOKENS.lastIndex === clause.length) return found;
  }
  throw new Error(`${clause} cannot be read`);
}

const same = (value: unknown, token: string): boolean => String(value) === token.replace(/^'(.*)'$/, '$1');

function regularExpression(token: string): RegExp {
  const end = token.lastIndexOf('/');
  return new RegExp(token.slice(1, end), token.slice(end + 1));
}
