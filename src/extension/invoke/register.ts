import type { Services } from '../services.ts';
import { registerAnswerLenses } from './answerLenses.ts';
import { registerPayloadLenses } from './payloadLenses.ts';

/** The lines above payloads and answers. */
export function registerInvokeLenses({ context, answers, invoker }: Services): void {
  context.subscriptions.push(registerAnswerLenses(answers, invoker), registerPayloadLenses(invoker, answers));
}
