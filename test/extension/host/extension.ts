import assert from 'node:assert/strict';
import * as vscode from 'vscode';

/** The extension under test, as VS Code knows it. */
export function fusionizer(): vscode.Extension<unknown> {
  const extension = vscode.extensions.getExtension('fusionizer.fusionizer-for-nuclio');
  assert.ok(extension, 'VS Code does not know the extension');
  return extension;
}
