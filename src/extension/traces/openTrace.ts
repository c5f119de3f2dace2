import type { Services } from '../services.ts';

/** Shows a trace in the panel for traces. @param id its first characters are enough */
export async function openTrace(services: Services, id: string): Promise<void> {
  const { showTraces } = await import('./tracePanel.ts');
  await showTraces(services, [id]);
}
