import type { Services } from '../services.ts';
import { showSpans } from './traceDocuments.ts';

/** Shows a trace: the calls of an answer that the editor has, else its spans as a table. */
export async function openTrace(services: Services, traceId: string): Promise<void> {
  const answer = services.answers.byTrace(traceId);
  if (answer?.details) return services.answers.show(answer.task, 'calls', traceId);
  const client = await services.server.client();
  const { trace, spans } = await client.trace(traceId);
  const root = spans.find(({ caller }) => caller === null) ?? spans[0];
  await showSpans(root?.callee ?? trace, trace);
}
