const BLOCK = String.raw`\/\*[\s\S]*?(?:\*\/|$)`;
const QUOTED = ['"', "'"].map((quote) => String.raw`${quote}[^${quote}\\\n]*(?:\\[\s\S][^${quote}\\\n]*)*${quote}?`);
const TRIPLE = ['"', "'"].map(
  (quote) =>
    String.raw`${quote}{3}[^${quote}\\]*(?:(?:\\[\s\S]|${quote}(?!${quote}{2}))[^${quote}\\]*)*(?:${quote}{3}|$)`,
);
const PYTHON = new RegExp(['#[^\\n]*', ...TRIPLE, ...QUOTED].join('|'), 'g');
const TEMPLATE = '`[^`\\\\]*(?:\\\\[\\s\\S][^`\\\\]*)*`?';
/** A slash after a value divides. The bound keeps hostile text quick. */
const PATTERN = String.raw`(?<=[(,=:[!&|?{};>]\s?)\/(?:[^\\\/\n]|\\.){1,200}\/`;
const JAVASCRIPT = new RegExp([BLOCK, String.raw`\/\/[^\n]*`, ...QUOTED, TEMPLATE, PATTERN].join('|'), 'g');

/** Python without comments and the contents of strings, so that nothing in them counts as a function. */
export const blankedPython = (source: string): string =>
  source.replace(PYTHON, (part) => part.replace(/[^\n"']/g, ' '));

/**
 * JavaScript without comments. In strings, templates and patterns only letters, digits, `_` and `$` are kept, which
 * names of exports consist of: no bracket, comma or line in them counts.
 */
export const blankedJavaScript = (source: string): string =>
  source.replace(JAVASCRIPT, (part) =>
    /^\/[/*]/.test(part)
      ? part.replace(/[^\n]/g, '')
      : `${part[0]}${part.slice(1, -1).replace(/[^\w$]/g, '\0')}${part.length > 1 ? part.at(-1) : ''}`,
  );
