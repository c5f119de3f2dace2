/**
 * Checks that a text can be a token, which has to fit into a header and a cookie.
 * @returns the fault, as a phrase that follows the name of the token's file or option; undefined if there is none
 */
export function tokenFault(token: string): string | undefined {
  // The characters of a cookie, by RFC 6265, 4.1.1. A header may hold more.
  const [character] = /[^\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]/u.exec(token) ?? [];
  if (character === undefined) return undefined;
  return (
    `has ${nameOf(character)} in it; a token is one line of ASCII letters, digits and signs, ` +
    'without spaces, quotes, commas, semicolons and backslashes'
  );
}

function nameOf(character: string): string {
  if (character === '\n' || character === '\r') return 'a line break';
  if (character === ' ') return 'a space';
  const code = `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
  return /[\p{Cc}\p{Cf}\p{Z}]/u.test(character) ? `the character ${code}` : `the character '${character}' (${code})`;
}
