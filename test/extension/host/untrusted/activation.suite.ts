import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import * as vscode from 'vscode';
import { fusionizer } from '../extension.ts';

describe('activation', () => {
  it('needs no trust', async () => {
    assert.equal(vscode.workspace.isTrusted, false);
    await fusionizer().activate();
    assert.equal(fusionizer().isActive, true);
  });
});
