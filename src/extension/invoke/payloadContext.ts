import { commands, Disposable, window } from 'vscode';
import { payloadOf } from './payloadFile.ts';
import { activeUri } from './tabs.ts';

/** Keeps the context key `fusionizer.isPayload`: the active editor shows a payload document. */
export function followPayloadContext(): Disposable {
  let known: boolean | undefined;
  const update = (): void => {
    const uri = activeUri();
    const now = uri?.scheme === 'file' && payloadOf(uri.fsPath) !== undefined;
    if (now === known) return;
    known = now;
    void commands.executeCommand('setContext', 'fusionizer.isPayload', now);
  };
  update();
  return Disposable.from(window.onDidChangeActiveTextEditor(update), window.tabGroups.onDidChangeTabs(update), window.tabGroups.onDidChangeTabGroups(update));
}
