/** What every form is at least as long as. */
export const HEAD = 6;

/**
 * @param forms of at least `HEAD` characters; of those that begin at the same place the longest counts
 * @returns replaces every occurrence of a form in a text
 */
export function replaceForms(forms: Iterable<string>, replacement: string): (text: string) => string {
  // The regular expression knows only how forms begin: with whole keys and certificates in it, it would be slow, and at
  // some length refused.
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
