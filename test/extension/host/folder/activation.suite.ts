import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import * as vscode from 'vscode';
import { fusionizer } from '../extension.ts';

describe('activation', () => {
  it('comes by itself, as there are Tasks', async () => {
    while (!fusionizer().isActive) await new Promise((resolve) => setTimeout(resolve, 20));
  });

  it('runs where the workspace is', () => {
    assert.equal(fusionizer().extensionKind, vscode.ExtensionKind.Workspace);
  });

  it('finds the examples open, and trusted', async () => {
    const found = await vscode.workspace.findFiles('**/function.yaml');
    assert.ok(found.length >= 11, `${found.length} Tasks`);
    assert.equal(vscode.workspace.isTrusted, true);
  });
});
