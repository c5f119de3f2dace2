import { type CustomTextEditorProvider, type TextDocument, type WebviewPanel, window } from 'vscode';
import { reportError } from '../../reportError.ts';
import type { Services } from '../../services.ts';
import type { ScheduleEditor } from './scheduleEditor.ts';

/** The board is the default editor of *.schedule.json, and one to choose for any other JSON. */
const TYPES = ['fusionizer.schedule', 'fusionizer.scheduleOfJson'] as const;

/** The board that has the focus, for the command that puts the keyboard's focus into it. */
let active: ScheduleEditor | undefined;

export const activeBoard = (): ScheduleEditor | undefined => active;

/** Registers the board as an editor of schedules. Its code is loaded with the first one. */
export function registerScheduleEditor(services: Services): void {
  const provider: CustomTextEditorProvider = {
    resolveCustomTextEditor: (document, panel) =>
      open(services, document, panel).catch((error: unknown) => reportError(services, error)),
  };
  // A page keeps nothing that its document does not have, so it may go while it is hidden.
  for (const type of TYPES) services.context.subscriptions.push(window.registerCustomEditorProvider(type, provider));
}

async function open(services: Services, document: TextDocument, panel: WebviewPanel): Promise<void> {
  const [{ ScheduleEditor: Editor }, { showTextInstead }] = await Promise.all([
    import('./scheduleEditor.ts'),
    import('./textInstead.ts'),
  ]);
  if (await showTextInstead(document, panel, new Set(TYPES))) return;
  const editor = new Editor(services, document, panel);
  if (panel.active) active = editor;
  panel.onDidChangeViewState(() => {
    if (panel.active) active = editor;
    else if (active === editor) active = undefined;
  });
  panel.onDidDispose(() => {
    editor.dispose();
    if (active === editor) active = undefined;
  });
}
