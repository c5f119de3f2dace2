import assert from 'node:assert/strict';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { unpackZip } from '../../src/engine/fuse/unpack.ts';
import { classify, originForm } from '../../src/server/http/requestPath.ts';
import { FusionizerError } from '../../src/shared/errors.ts';
import { taskNameSchema } from '../../src/shared/setupApi.ts';
import { checkTaskName } from '../../src/task/taskName.ts';
import { temporaryFolder } from '../support/folder.ts';
import { zipBytes } from '../support/zipBytes.ts';

/** The rule of Task names, said once more and in another way. */
function isTaskName(text: string): boolean {
  const letters = [...'abcdefghijklmnopqrstuvwxyz'];
  const others = [...letters, ...'0123456789', '-'];
  const chars = [...text];
  return (
    chars.length >= 1 &&
    chars.length <= 40 &&
    letters.includes(chars[0] ?? '') &&
    chars.every((char) => others.includes(char)) &&
    chars.at(-1) !== '-'
  );
}

const anyName = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 45 }),
  fc.string({ unit: fc.constantFrom('a', 'z', '0', '9', '-', 'A', '_', '.', '/', '\n', 'é'), maxLength: 45 }),
  fc.string({ unit: fc.constantFrom('a', 'b', '0', '-'), maxLength: 45 }),
);

describe('any text', () => {
  it("is a Task's name by the rule, or refused with it", () => {
    fc.assert(
      fc.property(anyName, (name) => {
        const good = isTaskName(name);
        assert.equal(taskNameSchema.safeParse(name).success, good);
        if (good) checkTaskName(name);
        else {
          assert.throws(
            () => checkTaskName(name),
            (error) => {
              assert.ok(error instanceof FusionizerError && error.status === 400);
              const [, suggested] = /, such as '(.*)'$/.exec(error.message) ?? [];
              return (
                /lowercase letters, digits and '-', starting with a letter, at most 40/.test(error.message) &&
                (suggested === undefined || isTaskName(suggested))
              );
            },
          );
        }
      }),
      { numRuns: 1000 },
    );
  });
});

const rawPath = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '/',
        '-',
        'tasks',
        'invoke',
        'a',
        '..',
        '.',
        '%2f',
        '%2e',
        '%2d',
        '?',
        '#',
        ';',
        '\\',
        '//',
        'setup',
        '__proto__',
        '',
      ),
      fc.string({ maxLength: 5 }),
    ),
    { maxLength: 10 },
  )
  .map((parts) => `/${parts.join('')}`);
const method = fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE');

describe('any path', () => {
  it('is control or an invocation, and nothing of it is lost or read in another way', () => {
    fc.assert(
      fc.property(method, rawPath, (how, url) => {
        const kind = classify(how, url);
        const [path = '', query] = url.split(/\?(.*)/s, 2);
        const segments = path.split('/').slice(1);
        if (kind.kind === 'control') {
          // Nothing that has a Task's path and more behind it is control, whatever the method.
          assert.ok(segments[0] === '-' || segments.length === 1, url);
          return;
        }
        const suffix = query === undefined ? '' : `?${query}`;
        const short = `/${kind.task}${kind.target}`;
        const long = `/-/tasks/${kind.task}/invoke`;
        const bare = how === 'POST' && url === `/${kind.task}${suffix}` && kind.target === `/${suffix}`;
        assert.ok(
          short === url ||
            bare ||
            `${long}${kind.target}` === url ||
            (url === `${long}${suffix}` && kind.target === `/${suffix}`),
          url,
        );
        assert.ok(!kind.task.includes('/') && kind.target.startsWith('/'));
        // The control API's first segment is never a Task, and a Task's name never holds what would lead elsewhere.
        if (isTaskName(kind.task) && segments[0] === '-')
          assert.ok(path.startsWith('/-/tasks/') && segments[3] === 'invoke', url);
      }),
      { numRuns: 3000 },
    );
  });

  it('is a path of this server only by itself, or behind the very host that the Host header names', () => {
    const host = fc.constantFrom('127.0.0.1:8000', 'localhost', '[::1]:1', 'evil.example');
    fc.assert(
      fc.property(
        host,
        host,
        fc.constantFrom('http://', 'HTTP://', 'https://', '//', '', 'http:/'),
        rawPath,
        (named, aimed, scheme, path) => {
          const url = scheme === '' ? path : `${scheme}${aimed}${path}`;
          const got = originForm(url, named);
          if (url.startsWith('/')) assert.equal(got, url);
          else if (/^http:\/\/$/i.test(scheme) && named === aimed) assert.equal(got, path);
          else assert.equal(got, undefined);
        },
      ),
    );
  });
});

const part = fc.oneof(
  fc.constantFrom(
    '..',
    '.',
    '',
    'a',
    'A',
    'b.js',
    'C:',
    'con',
    'x\\y',
    '\0',
    'a.',
    '~',
    '...',
    '-',
    '%2e%2e',
    'é',
    'e\u0301',
  ),
  fc.string({ unit: 'binary', maxLength: 4 }),
);
const entryName = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));

describe('a zip with any names', () => {
  it('is refused, or all of it is in its folder', async (t) => {
    const root = await temporaryFolder(t);
    let count = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(entryName, fc.constantFrom(0o100644, 0o040755, 0o120777)), { minLength: 1, maxLength: 5 }),
        async (entries) => {
          count += 1;
          const box = path.join(root, String(count));
          const dir = path.join(box, 'deep', 'er');
          await mkdir(dir, { recursive: true });
          const file = path.join(box, 'task.zip');
          await writeFile(
            file,
            zipBytes(entries.map(([name, mode]) => ({ name, mode, content: name.endsWith('/') ? '' : 'x' }))),
          );
          const error = await unpackZip(file, dir).then(
            () => undefined,
            (reason: unknown) => reason,
          );
          // Whether it was refused or not: nothing is beside the folder, and no link in it.
          assert.deepEqual((await readdir(box)).sort(), ['deep', 'task.zip']);
          assert.deepEqual(await readdir(path.join(box, 'deep')), ['er']);
          const made = await readdir(dir, { recursive: true, withFileTypes: true });
          assert.ok(made.every((entry) => entry.isFile() || entry.isDirectory()));
          if (error !== undefined) {
            assert.ok(error instanceof FusionizerError && error.code === 'task', String(error));
            return;
          }
          assert.equal(
            made.filter((entry) => entry.isFile()).length,
            entries.filter(([name]) => !name.endsWith('/')).length,
          );
        },
      ),
      { numRuns: 300 },
    );
    assert.deepEqual(
      (await readdir(path.dirname(root))).filter((name) => ['a', 'A', 'b.js'].includes(name)),
      [],
    );
  });
});
