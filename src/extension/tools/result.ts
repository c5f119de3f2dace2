import { type CancellationToken, LanguageModelTextPart, type LanguageModelTool, LanguageModelToolResult } from 'vscode';
import { NoFolderError, UntrustedError } from '../errors.ts';

export const textResult = (text: string): LanguageModelToolResult =>
  new LanguageModelToolResult([new LanguageModelTextPart(text)]);

export function signalOf(token: CancellationToken): AbortSignal {
  const abort = new AbortController();
  if (token.isCancellationRequested) abort.abort();
  token.onCancellationRequested(() => abort.abort());
  return abort.signal;
}

/** Wraps a tool so that its errors tell the agent what the user has to do. */
export function explained<T>(tool: LanguageModelTool<T>): LanguageModelTool<T> {
  return {
    ...tool,
    invoke: async (options, token) => {
      try {
        return await tool.invoke(options, token);
      } catch (error) {
        if (error instanceof UntrustedError)
          throw new Error('This workspace is not trusted, so nothing of it is run: the user has to trust it first.');
        if (error instanceof NoFolderError) throw new Error('No folder is open: the user has to open one first.');
        throw error;
      }
    },
  };
}
