import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { withSettings } from '../../../src/extension/server/settingNames.ts';
import { packageRoot } from '../../../src/shared/packageRoot.ts';

const root = path.join(packageRoot(), 'src');
/** Options of `serve`, that an own server's message may name. */
const OPTIONS = 'port host state token-file allow-host auth max-depth max-workers python allow-system-commands grace';
const OPTION = new RegExp(String.raw`--(?:${OPTIONS.replaceAll(' ', '|')}|schedule|optimizer)\b`);

/** The source of the server, with the parts of its messages joined and their comments left out. */
function* sources(): Generator<[file: string, text: string]> {
  for (const name of readdirSync(root, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.ts') || /^(cli|extension|demo)\b/.test(name)) continue;
    const lines = readFileSync(path.join(root, name), 'utf8').split('\n');
    const code = lines.filter((line) => !/^\s*(\/\/|\/?\*)/.test(line)).join('\n');
    yield [name, code.replaceAll(/['"`] \+\n\s*['"`]/g, '').replaceAll(/\$\{[^}]*\}/g, 'VALUE')];
  }
}

describe('messages of the server in the editor', () => {
  for (const [said, expected] of [
    [
      'Port 8000 is in use. Choose another one with --port, or use --port 0 for a free one',
      'Port 8000 is in use. Choose another one in fusionizer.server.port, or 0 for a free one',
    ],
    [
      'End it, or allow longer chains with fusionizer serve --max-depth',
      'End it, or allow longer chains with fusionizer.server.maxDepth',
    ],
    ['or start it with --allow-host my.host:80', 'or add my.host:80 to fusionizer.server.allowHosts'],
    ['choose another one with --state', 'choose another one in fusionizer.server.stateFolder'],
    ['pip install --python x --port 1', 'pip install --python x --port 1'],
    ['a text without an option', 'a text without an option'],
  ] as const)
    it(`name settings: ${said}`, () => assert.equal(withSettings(said), expected));

  it('name no option of the command line', () => {
    // The script that guards pip and npm names their options.
    for (const [file, text] of sources())
      for (const line of withSettings(text).split('\n'))
        if (!/^\s*(pip|npm|uv)[*:]/.test(line)) assert.doesNotMatch(line, OPTION, file);
  });
});
