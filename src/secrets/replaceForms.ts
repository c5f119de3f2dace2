/** The shortest length of a form, in characters. */
export const HEAD = 6;

/**
 * @param forms texts of at least `HEAD` characters. Where several of them begin at one place, the longest is replaced.
 * @returns a function that replaces every occurrence of a form in a text
 */
export function replaceForms(forms: Iterable<string>, replacement: string): (text: string) => string {
  // The regular expression holds only the beginnings of forms. With whole keys and certificates it would be slow, and
  // JavaScript refuses it from some length on.
  const byHead = new Map<string, string[]>();
  for (const form of [...new Set(forms)].sort((a, b) => b.length - a.length)) {
    const head = form.slice(0, HEAD);
    const others = byHead.get(head);
    if (others) others.push(form);
    else byHead.set(head, [form]);
  }
  if (byHead.size === 0) return (text) => text;
  const heads = new RegExp([...byHead.keys()].map(literally).join('|'), 'g');
  return (text) => {
    let replaced = '';
    let end = 0;
    heads.lastIndex = 0;
    for (let match = heads.exec(text); match; match = heads.exec(text)) {
      const { index } = match;
      const form = byHead.get(match[0])?.find((candidate) => text.startsWith(candidate, index));
      if (form !== undefined) {
        replaced += text.slice(end, index) + replacement;
        end = index + form.length;
      }
      heads.lastIndex = form === undefined ? index + 1 : end;
    }
    return end === 0 ? text : replaced + text.slice(end);
  };
}

function literally(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
