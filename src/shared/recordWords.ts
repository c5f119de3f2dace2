/** What a trace record says, in the words that all views and the command line have for it. */

/** Whether an invocation or a call failed. @param status 0: no answer came */
export const isFailure = (status: number): boolean => status === 0 || status >= 400;

/** `404`, or `no answer`. @param status 0: no answer came */
export const answerWords = (status: number): string => (status === 0 ? 'no answer' : String(status));

/** `2 local, 1 remote`; empty without calls. */
export function countWords({ local, remote }: { readonly local: number; readonly remote: number }): string {
  return [...(local > 0 ? [`${local} local`] : []), ...(remote > 0 ? [`${remote} remote`] : [])].join(', ');
}
