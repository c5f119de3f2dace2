import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { planBuild } from '../../../src/platform/embedded/build/buildPlan.ts';
import { temporaryFolder } from '../../support/folder.ts';

const PYTHON = {
  'main.py': '',
  'requirements.txt': '-r base/more.txt\nrequests==2.32.0  # -r not.txt\n-c limits.txt\n',
  'base/more.txt': 'six\n',
  'limits.txt': '',
  'dev.txt': '-e .\n',
  'local.txt': './lib\n',
  'lib/setup.py': '',
  'setup.sh': '',
  'wheels/x.whl': '',
};
const NODE = {
  'main.js': '',
  'package.json': '{"dependencies": {"a": "1"}}',
  'package-lock.json': '{}',
  'own/package.json': '{"scripts": {"postinstall": "node build.js"}}',
  'tool.tgz': '',
};
const MARKER = '@nuclio.postCopy';
const REQUIREMENTS = ['base/more.txt', 'limits.txt', 'requirements.txt'];
const MANIFESTS = ['package-lock.json', 'package.json'];

/** Commands, and the files that they use. */
const PLANS: [files: Record<string, string>, commands: string[], used: string[] | 'all'][] = [
  [PYTHON, ['pip install requests'], []],
  [PYTHON, ['pip install requests[socks]==2.32.* "six>=1"'], []],
  [PYTHON, ['pip install -r requirements.txt'], REQUIREMENTS],
  [PYTHON, ['pip3.11 install --no-cache-dir --requirement=./requirements.txt'], REQUIREMENTS],
  [PYTHON, ['python -m pip install -rrequirements.txt -c limits.txt'], REQUIREMENTS],
  [PYTHON, ['pip install -r /opt/nuclio/requirements.txt'], REQUIREMENTS],
  [PYTHON, ['cd /opt/nuclio && pip install -r "requirements.txt"'], REQUIREMENTS],
  [PYTHON, [MARKER, 'pip install -r requirements.txt'], REQUIREMENTS],
  [PYTHON, [MARKER, 'pip install requests'], []],
  [PYTHON, ['pip install -r missing.txt'], []],
  [PYTHON, ['pip install --find-links /elsewhere x'], []],
  [PYTHON, ['pip install --find-links wheels x'], 'all'],
  [PYTHON, ['pip install ./wheels/x.whl'], 'all'],
  [PYTHON, ['pip install .'], 'all'],
  [PYTHON, ['pip install -e ".[dev]"'], 'all'],
  [PYTHON, ['pip install -r dev.txt'], 'all'],
  [PYTHON, ['pip install -r local.txt'], 'all'],
  [PYTHON, ['pip install lib'], []],
  [PYTHON, ['sh setup.sh'], 'all'],
  [PYTHON, ['ls -A | wc -l > count.txt'], []],
  [PYTHON, ['python -c "print(1)"'], []],
  [PYTHON, ['curl -o /opt/nuclio/model.bin http://localhost/model'], 'all'],
  [PYTHON, [MARKER, 'python -m compileall'], 'all'],
  [PYTHON, [MARKER, 'echo done'], []],
  [NODE, ['npm install'], MANIFESTS],
  [NODE, ['npm ci --omit=dev'], MANIFESTS],
  [NODE, ['cd /opt/nuclio && npm install --production'], MANIFESTS],
  [NODE, ['NODE_ENV=production npm i'], MANIFESTS],
  [NODE, ['yarn'], MANIFESTS],
  [NODE, ['npm install -g lodash'], []],
  [NODE, ['npm install lodash@4'], []],
  [NODE, ['npm install ./tool.tgz'], 'all'],
  [NODE, ['cd own && npm install'], 'all'],
  [NODE, ['npm ci', 'npx tsc'], MANIFESTS],
  [NODE, ['npm ci', MARKER, 'npx tsc'], 'all'],
  [{ ...NODE, 'package.json': '{"scripts": {"prepare": "x"}}' }, ['npm ci'], 'all'],
  [{ ...NODE, 'package.json': '{"dependencies": {"own": "file:own"}}' }, ['npm ci'], 'all'],
  [{ 'main.js': '' }, ['npm install'], []],
];

describe('the plan of build commands', () => {
  it('knows which of the Task’s files they use', async (t) => {
    for (const files of new Set(PLANS.map(([one]) => one))) {
      const dir = await temporaryFolder(t, files);
      for (const [, commands, used] of PLANS.filter(([one]) => one === files)) {
        const plan = await planBuild(commands, dir);
        const expected = used === 'all' ? Object.keys(files).sort() : used;
        assert.deepEqual(plan?.files, expected, commands.join(' / '));
      }
    }
  });
});
