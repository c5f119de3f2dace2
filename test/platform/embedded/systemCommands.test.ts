import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { simpleCommands } from '../../../src/platform/embedded/build/shellWords.ts';
import {
  refuseLongCommands,
  refuseOtherPips,
  refuseSystemCommands,
} from '../../../src/platform/embedded/build/systemCommands.ts';
import { FusionizerError } from '../../../src/shared/errors.ts';

const REFUSED = [
  'apt-get install -y curl',
  '  sudo pip install x',
  'DEBIAN_FRONTEND=noninteractive apt-get install -y curl',
  'set -e\napt-get --version',
  'if true\nthen apt-get update\nfi',
  'pip install x && apt-get update',
  'true; apk add git',
  '(cd /tmp; yum install x)',
  'sh -c "apt-get update"',
  "bash -ec 'apt update'",
  'env X=1 apt-get update',
  'env -i apt-get update',
  'nice -n5 apt-get update',
  'A="x y" B=\'z\' apt update',
  '/usr/bin/apt-get update',
  '/tmp/any/where/brew install x',
  'python -c "import os; os.system(\'x\')" || /usr/bin/apt-get update',
  'python -c \'import subprocess; subprocess.run(["/usr/bin/apt-get"])\'',
  'echo `apt-get --version`',
  'echo $(dpkg -l)',
  'exec apt-get update',
  'exec exec nice env -i \n  apt-get update',
  'true;\n\n\t apt-get update',
  'time nice sudo true',
  'xargs apt-get install < list',
  'timeout 5 apt-get update',
  'brew install x',
  'su -c true',
  'conda install numpy',
];
const ALLOWED = [
  'pip install apt',
  'pip install apt-get-wrapper sudo',
  'npm install brew',
  'echo "apt-get is not there"',
  'ls /etc/apt',
  'pip install --find-links /srv/apt x',
  'cat apt-get.txt',
  './apt-get.sh',
  'pip install -e git+https://localhost/port/snap#egg=x',
  'apt=1',
  'python su.py',
  'npm run port',
  'python -c "print(\'port\')"',
];
const OTHER_PIPS = [
  '/usr/bin/pip3 install x',
  'X=1 /usr/local/bin/pip3.11 install x',
  '~/.pyenv/shims/pip install x',
  '$HOME/v/bin/pip install x',
];

/** Texts from which expressions may go on at each place, as long as a command may be. */
const LONG = [
  'exec ',
  '\n',
  'then\n',
  '(A=',
  '(env -',
  'sh -c "',
  'sh -',
  '(timeout ',
  'A="x" ',
  '=/bin/',
  '/pip',
  '"',
  `"'`,
  '\\"',
  'https://a:',
].map((text) => `x "${text.repeat(60_000 / text.length)}`);
/** More than they take together on a busy machine, in milliseconds of computing. Only the first one took hours. */
const BOUND = 5000;

const isAt = (command: string) => (error: unknown) =>
  error instanceof FusionizerError &&
  error.code === 'task' &&
  error.keys?.[3] === command &&
  command.includes(error.keys[4] ?? '-');

describe('build commands that would change the machine', () => {
  it('are refused early where their text is certain to do so', () => {
    for (const command of REFUSED) assert.throws(() => refuseSystemCommands([command]), isAt(command), command);
  });

  it('are not seen in words that only look like them', () => {
    for (const command of ALLOWED) {
      assert.doesNotThrow(() => refuseSystemCommands([command]), command);
      assert.doesNotThrow(() => refuseOtherPips([command]), command);
    }
  });

  it('are recognized in short time, however long they are', () => {
    const before = process.cpuUsage();
    for (const command of LONG) {
      refuseSystemCommands([command]);
      refuseOtherPips([command]);
      simpleCommands(command);
    }
    const { user } = process.cpuUsage(before);
    assert.ok(user / 1000 < BOUND, `${user / 1000} ms`);
  });

  it('are refused when they are longer than a system takes, without being repeated', () => {
    refuseLongCommands(['x'.repeat(60_000)]);
    assert.throws(
      () => refuseLongCommands(['true', `echo ${'x'.repeat(70_000)}`]),
      /^FusionizerError: The build command 'echo x{55}\.\.\.' has 68\.4 KiB, and a command can have 64\.0 KiB: put it into/,
    );
  });

  it('are refused when they name a pip by its path', () => {
    for (const command of OTHER_PIPS) assert.throws(() => refuseOtherPips([command]), isAt(command), command);
    assert.doesNotThrow(() => refuseOtherPips(['pip install x', 'python3 -m pip install x', 'venv/bin/pip install x']));
  });
});
