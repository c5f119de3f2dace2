import { l10n } from 'vscode';
import type { FeatureCommands } from '../services.ts';
import { traceCompare } from './commands/traceCompare.ts';
import { traceCopyAsCurl } from './commands/traceCopyAsCurl.ts';
import { traceEditAndReplay } from './commands/traceEditAndReplay.ts';
import { traceFilter } from './commands/traceFilter.ts';
import { traceReplay } from './commands/traceReplay.ts';
import { traceSavePayload } from './commands/traceSavePayload.ts';
import { invocationFor } from './invocationFor.ts';
import { openTrace } from './register.ts';

export const traceCommands = {
  'fusionizer.trace.clearFilter': async ({ invocations }) => invocations.show({}),
  'fusionizer.trace.compare': traceCompare,
  'fusionizer.trace.copyAsCurl': traceCopyAsCurl,
  'fusionizer.trace.editAndReplay': traceEditAndReplay,
  'fusionizer.trace.filter': traceFilter,
  'fusionizer.trace.open': async (services, argument) => {
    const given = argument as { trace?: unknown } | undefined;
    const id = typeof given?.trace === 'string' ? given.trace : undefined;
    await openTrace(services, id ?? (await invocationFor(services, argument, l10n.t('Open Trace'))).trace);
  },
  'fusionizer.trace.replay': traceReplay,
  'fusionizer.trace.savePayload': traceSavePayload,
  'fusionizer.trace.showOlder': async ({ invocations }) => invocations.showOlder(),
} satisfies FeatureCommands;
