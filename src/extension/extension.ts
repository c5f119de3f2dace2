import type * as vscode from 'vscode';

/** Called by VS Code once it has started up. Starts nothing that a user did not ask for. */
export function activate(_context: vscode.ExtensionContext): void {}

/** Called when the window closes. */
export async function deactivate(): Promise<void> {}
