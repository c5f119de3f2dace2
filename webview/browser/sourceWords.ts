import { api } from './api.ts';

/** Where a Task comes from, in words: a page in a browser cannot open the file. */
export async function sourceWords(task: string): Promise<string> {
  const { source } = await api.task(task);
  return source === null ? `Nobody said where ${task} comes from.` : `${task} is in ${source}`;
}
