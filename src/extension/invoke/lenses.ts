import {
  CodeLens,
  type Disposable,
  type DocumentSelector,
  EventEmitter,
  languages,
  Range,
  type TextDocument,
  workspace,
} from 'vscode';
import { messageOf } from '../../shared/errors.ts';
import type { OwnCommand } from '../ownCommands.ts';
import type { Services } from '../services.ts';
import { ANSWER_SCHEME } from './answerUri.ts';

const PAYLOADS = '**/.fusionizer/payloads/*/*';
const TOP = new Range(0, 0, 0, 0);

/** The lines above answers and payload documents. Their code is loaded when such a document is first shown. */
export function registerInvokeLenses(services: Services): void {
  const { context, answers, invoker, recent, log } = services;
  const changes = new EventEmitter<void>();
  const register = (where: DocumentSelector, lensesOf: (of: TextDocument) => Promise<OwnCommand[]>): Disposable =>
    languages.registerCodeLensProvider(where, {
      onDidChangeCodeLenses: changes.event,
      provideCodeLenses: async (document) => (await lensesOf(document)).map((command) => new CodeLens(TOP, command)),
    });
  const files = workspace.createFileSystemWatcher(PAYLOADS, true, true);
  context.subscriptions.push(
    changes,
    files,
    files.onDidDelete(({ fsPath }) => {
      answers.forget(fsPath);
      recent.forget(fsPath).then(undefined, (error: unknown) => log.error(messageOf(error)));
    }),
    answers.onDidUpdate(() => changes.fire()),
    invoker.onDidChange(() => changes.fire()),
    // One that was never saved has its place already.
    register(
      ['file', 'untitled'].map((scheme) => ({ scheme, pattern: PAYLOADS })),
      async (document) => {
        const { payloadLenses } = await import('./payloadLenses.ts');
        return payloadLenses(document, services);
      },
    ),
    register({ scheme: ANSWER_SCHEME }, async (document) => {
      const { answerLenses } = await import('./answerLenses.ts');
      return answerLenses(document, services);
    }),
  );
}
