import { type CancellationToken, LanguageModelTextPart, LanguageModelToolResult } from 'vscode';

export const textResult = (text: string): LanguageModelToolResult => new LanguageModelToolResult([new LanguageModelTextPart(text)]);

export function signalOf(token: CancellationToken): AbortSignal {
  const abort = new AbortController();
  if (token.isCancellationRequested) abort.abort();
  token.onCancellationRequested(() => abort.abort());
  return abort.signal;
}
