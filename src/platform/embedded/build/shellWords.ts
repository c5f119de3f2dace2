/** The simple commands of a shell command, each as its words without quotes. What the shell computes stays as it is. */
export function simpleCommands(command: string): string[][] {
  const commands: string[][] = [];
  let words: string[] = [];
  const end = (): void => {
    if (words.length > 0) commands.push(words);
    words = [];
  };
  for (const [token] of command.matchAll(/(?:"(?:\\.|[^"\\])*"|'[^']*'|\\.|[^\s;&|()"'\\])+|\n|[;&|()]/gs)) {
    if (/^[\n;&|()]$/.test(token)) end();
    else
      words.push(
        token.replace(/\\.|"((?:\\.|[^"\\])*)"|'([^']*)'/gs, (all, double, single) => double ?? single ?? all),
      );
  }
  end();
  // Variables before a program are its own.
  return commands
    .map((one) => one.slice(one.findIndex((word) => !/^[A-Za-z_]\w*=/.test(word))))
    .filter((one) => one.length > 0);
}
