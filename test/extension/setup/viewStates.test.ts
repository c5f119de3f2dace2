import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { contextOf } from '../../../src/extension/setup/rowContext.ts';
import { rowsOf, type TaskFolder } from '../../../src/extension/setup/rows.ts';
import { showsRows, startsServer } from '../../../src/extension/setup/viewState.ts';
import type { TaskView } from '../../../src/shared/api.ts';
import { folderFixture, taskFixture } from '../../support/views.ts';
import { type Context, holds } from '../../support/whenClause.ts';

const { contributes } = JSON.parse(await readFile('package.json', 'utf8'));
const strings: Record<string, string> = JSON.parse(await readFile('package.nls.json', 'utf8'));
const welcomes = (contributes.viewsWelcome as { view: string; contents: string; when: string }[]).filter(
  ({ view }) => view === 'fusionizer.setup',
);
const commands: { command: string; enablement?: string }[] = contributes.commands;
const menus: Record<string, { command: string; when: string; group: string }[]> = contributes.menus;

/** `attached` is the status `running` with a server that this window did not start; it was taken over. */
const SERVERS = [
  'idle',
  'starting',
  'running',
  'attached',
  'stopping',
  'stopped',
  'disconnected',
  'failed',
  'needsToken',
  'lost',
] as const;

interface Combination {
  trusted: boolean;
  folder: 'none' | 'empty' | 'with Tasks';
  server: (typeof SERVERS)[number];
  remote: boolean;
  /** Whether the server has a Task that no folder has. */
  deployed: boolean;
}

const COMBINATIONS: Combination[] = [true, false].flatMap((trusted) =>
  (['none', 'empty', 'with Tasks'] as const).flatMap((folder) =>
    SERVERS.flatMap((server) =>
      [true, false].flatMap((remote) =>
        [true, false].map((deployed) => ({ trusted, folder, server, remote, deployed })),
      ),
    ),
  ),
);

const nameOf = ({ trusted, folder, server, remote, deployed }: Combination): string =>
  `${trusted ? 'trusted' : 'restricted'}, folder ${folder}, ${remote ? 'remote' : 'local'} server ${server}` +
  (deployed ? ' with a Task' : '');

/**
 * Whether a window can be in this state at all: without trust, no server was ever started. A setting can change at any
 * time, so a local window may have the status of a server that was remote before.
 */
function canBe({ trusted, server, remote, deployed }: Combination): boolean {
  const known = server === 'running' || server === 'attached' || server === 'stopping';
  if (deployed && !known) return false;
  if (remote && server === 'attached') return false;
  return trusted || server === 'idle';
}

const kindOf = (server: Combination['server']) => (server === 'attached' ? ('running' as const) : server);
const folderCount = ({ folder }: Combination): number => (folder === 'none' ? 0 : 1);

/** The keys of a window in this state, as the extension sets them. */
const contextsOf = (one: Combination): Context => ({
  view: 'fusionizer.setup',
  isWorkspaceTrusted: one.trusted,
  workspaceFolderCount: folderCount(one),
  'fusionizer.remote': one.remote,
  'fusionizer.server': kindOf(one.server),
  'fusionizer.serverRunning': kindOf(one.server) === 'running',
  'fusionizer.serverOrigin': one.server === 'attached' ? 'attached' : one.remote ? 'remote' : 'own',
  'fusionizer.hasTasks': one.folder === 'with Tasks' || one.deployed,
});

/** What the view shows: its rows, else the welcome contents. Each with the commands that it offers. */
interface Shown {
  rows: number;
  welcome: string[];
  offered: string[];
}

function shown(one: Combination): Shown {
  const context = contextsOf(one);
  const folders: TaskFolder[] = one.folder === 'with Tasks' ? [folderFixture('a'), folderFixture('b')] : [];
  const tasks: TaskView[] = one.deployed ? [taskFixture('elsewhere')] : [];
  const rows = rowsOf({
    folders,
    tasks: new Map(tasks.map((task) => [task.name, task])),
    deploys: new Map(),
    errors: new Map(),
    folderErrors: new Map(),
  });
  const title = (menus['view/title'] ?? [])
    .filter(({ when, group }) => group.startsWith('navigation') && holds(when, context))
    .map(({ command }) => command);
  if (rows.length > 0 && showsRows({ trusted: one.trusted, server: kindOf(one.server) })) {
    const ofRows = rows.flatMap((row) => {
      const viewItem = row.kind === 'task' ? contextOf(row) : 'group;';
      return (menus['view/item/context'] ?? [])
        .filter(({ when }) => holds(when, { ...context, viewItem }))
        .map(({ command }) => command);
    });
    return { rows: rows.length, welcome: [], offered: [...title, ...ofRows] };
  }
  const welcome = welcomes.filter(({ when }) => holds(when, context)).map(({ contents }) => contents.slice(1, -1));
  const buttons = welcome.flatMap((name) =>
    [...(strings[name] ?? '').matchAll(/^\[[^\]]+\]\(command:([\w.]+)\)$/gm)].map(([, command]) => command ?? ''),
  );
  return { rows: 0, welcome, offered: buttons };
}

/** Whether a command that the view offers does something in this state, and is not greyed. */
function works(command: string, one: Combination): boolean {
  const enabled = holds(commands.find((declared) => declared.command === command)?.enablement, contextsOf(one));
  const folder = folderCount(one) > 0;
  const server = kindOf(one.server);
  const running = ['running', 'starting', 'stopping', 'lost'].includes(server);
  const able: Record<string, boolean> = {
    'vscode.openFolder': !folder,
    'fusionizer.trust.manage': !one.trusted,
    'fusionizer.task.new': folder,
    'fusionizer.server.start': one.trusted && !running && (folder || one.remote),
    'fusionizer.server.restart': one.trusted && server === 'lost',
    'fusionizer.server.stop': running,
    'fusionizer.server.setToken': one.trusted && one.remote,
    'fusionizer.server.showLog': true,
    'fusionizer.task.open': one.folder === 'with Tasks',
    'fusionizer.task.invoke': one.trusted && (one.deployed || folder),
  };
  return enabled && able[command] === true;
}

describe('the view, in every state that a window can have', () => {
  const possible = COMBINATIONS.filter(canBe);

  for (const one of possible) {
    it(nameOf(one), () => {
      const { rows, welcome, offered } = shown(one);
      assert.equal(welcome.length, rows > 0 ? 0 : 1, `rows ${rows}, welcome contents ${welcome}`);
      const working = offered.filter((command) => works(command, one));
      assert.ok(working.length > 0, `${welcome} offers ${offered}`);
      if (rows === 0) assert.deepEqual(working, offered, 'every button works');
      if (!one.trusted) {
        assert.ok(offered.includes('fusionizer.trust.manage') || one.folder === 'none');
        assert.doesNotMatch(welcome.join(), /failed|unreachable|stopped|starting|lost/);
        assert.deepEqual(
          offered.filter((command) => command.startsWith('fusionizer.server.')),
          [],
        );
      }
    });
  }

  it('is the same after it was hidden: what starts a server depends on the state alone', () => {
    for (const one of possible) {
      const state = { ...one, server: kindOf(one.server), folders: folderCount(one) };
      const something = one.folder === 'with Tasks' || one.deployed;
      const starts = startsServer({ ...state, something });
      assert.equal(starts, one.trusted && one.server === 'idle' && (one.remote || something), nameOf(one));
      // What follows is one of the other states.
      if (starts) assert.ok(canBe({ ...one, server: 'starting' }), nameOf(one));
      // Granting trust, whether the view is visible or not, leads to a state of a trusted window.
      if (!one.trusted) assert.ok(canBe({ ...one, trusted: true }), nameOf(one));
    }
  });

  it('says something else in every state that differs for the user', () => {
    const said = new Set(possible.flatMap((one) => shown(one).welcome));
    assert.deepEqual([...said].sort(), welcomes.map(({ contents }) => contents.slice(1, -1)).sort());
  });

  it('shows Task folders without trust', () => {
    const { rows, offered } = shown({
      trusted: false,
      folder: 'with Tasks',
      server: 'idle',
      remote: false,
      deployed: false,
    });
    assert.equal(rows, 2);
    assert.ok(offered.includes('fusionizer.trust.manage'));
    assert.ok(offered.includes('fusionizer.task.open'));
  });
});

describe('when clauses', () => {
  it('are read as VS Code reads them', () => {
    const context = { a: true, b: 'two', n: 2, item: 'task;ready;' };
    for (const [clause, expected] of [
      ['a && !c', true],
      ['!(a && b == two)', false],
      ['a == true', true],
      ['c || b != one', true],
      ["b == 'two' && n > 1", true],
      ['item =~ /;ready;/ && !(item =~ /^group;/)', true],
      ['missing =~ /x/', false],
      ['false || (a && (c || b))', true],
    ] as const)
      assert.equal(holds(clause, context), expected, clause);
    assert.throws(() => holds('a b', context), /is left/);
  });

  it('of package.json can all be read', () => {
    const clauses = JSON.stringify(contributes).match(/"(?:when|enablement)":"(?:\\.|[^"\\])*"/g) ?? [];
    assert.ok(clauses.length > 60);
    for (const clause of clauses) holds(JSON.parse(`{${clause}}`).when ?? JSON.parse(`{${clause}}`).enablement, {});
  });
});
