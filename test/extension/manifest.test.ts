import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it, test } from 'node:test';
import { type Context, holds } from '../support/whenClause.ts';

const manifest = JSON.parse(await readFile('package.json', 'utf8'));
const strings: Record<string, string> = JSON.parse(await readFile('package.nls.json', 'utf8'));
const { contributes } = manifest;

interface Command {
  command: string;
  title: string;
  category: string;
  icon?: string;
}
interface MenuItem {
  /** Empty for a submenu. */
  command: string;
  submenu?: string;
  when?: string;
  group?: string;
}
const declared: Command[] = contributes.commands;
const menus: Record<string, MenuItem[]> = contributes.menus;
/** The entries that are commands. */
const entries = (menu: string): MenuItem[] => (menus[menu] ?? []).filter(({ submenu }) => submenu === undefined);
const ids = declared.map(({ command }) => command);

/** The sources by their paths. Read as text: what imports vscode cannot run here. */
async function sources(folder: string): Promise<Map<string, string>> {
  const files = (await readdir(folder, { recursive: true }))
    .filter((file) => file.endsWith('.ts'))
    .map((file) => path.join(folder, file));
  return new Map(await Promise.all(files.map(async (file) => [file, await readFile(file, 'utf8')] as const)));
}
const extension = await sources('src/extension');
const all = [...extension.values()].join('\n');

test('the types of what package.json contributes are up to date', async () => {
  const generator: { CONTRIBUTES_FILE: string; contributesOf(manifest: unknown): string } = await import(
    new URL('../../scripts/contributes.mjs', import.meta.url).href
  );
  const { CONTRIBUTES_FILE, contributesOf } = generator;
  assert.equal(await readFile(CONTRIBUTES_FILE, 'utf8'), contributesOf(manifest), 'run node scripts/contributes.mjs');
});

test('commands of the extension are run by execute(), which takes declared ones only', () => {
  const untyped = /executeCommand\(\s*[`'"]fusionizer\.|setContext['"],\s*[`'"]fusionizer\./;
  assert.deepEqual(
    [...extension].filter(([, text]) => untyped.test(text)).map(([file]) => file),
    [],
  );
});

test('no command is in two features', () => {
  const listed = [...extension]
    .filter(([file]) => path.basename(file) === 'commands.ts')
    .flatMap(([, text]) => [...text.matchAll(/^ {2}'(fusionizer\.[\w.]+)':/gm)].map(([, id]) => id));
  assert.deepEqual([...listed].sort(), [...ids].sort());
});

test('command links in texts name declared commands', async () => {
  // The view has a command of its own, and others are VS Code's.
  const known = new Set([...ids, 'fusionizer.setup.focus']);
  const pages = (await readdir('media/walkthrough')).map((name) => path.join('media', 'walkthrough', name));
  const texts = new Map(Object.entries(strings));
  for (const page of pages) texts.set(page, await readFile(page, 'utf8'));
  let links = 0;
  for (const [name, text] of texts) {
    for (const [, id] of text.matchAll(/command:(fusionizer\.[\w.]+)/g)) {
      assert.ok(known.has(id ?? ''), `${id} in ${name}`);
      links += 1;
    }
  }
  assert.ok(links > 10, 'the links are not found');
});

test('every command has an id of three parts, a title in Title Case and a category', () => {
  for (const { command, title, category } of declared) {
    assert.match(command, /^fusionizer\.[a-z]+\.[a-z][A-Za-z]*$/);
    assert.equal(category, '%category%', command);
    const text = strings[title.slice(1, -1)] ?? '';
    for (const word of text.replace(/\.\.\.$/, '').split(' '))
      assert.match(word, /^([A-Z]|function\.yaml|as$|its$|of$|to$|with$|out$|in$)/i, `${command}: ${text}`);
    assert.match(text, /^[A-Z]/, command);
  }
});

test('a Task that is not deployed is neither invoked nor deleted', () => {
  const shown = (context: string): string[] =>
    (menus['view/item/context'] ?? [])
      .filter(({ when }) => new RegExp(/viewItem =~ \/(.*?)\/(?: |$)/.exec(when ?? '')?.[1] ?? 'none').test(context))
      .map(({ command }) => command.replace('fusionizer.', ''));
  const needsDeploy = ['task.showLogs', 'task.delete', 'payload.open', 'task.copyAddress', 'group.fuse'];
  for (const command of needsDeploy) {
    assert.ok(shown('task;ready;folder;deployed;invocable;').includes(command), command);
    assert.ok(!shown('task;not-deployed;folder;invocable;').includes(command), command);
  }
});

test('a menu shows three points only where more is asked for', () => {
  const asking = [
    'task.new',
    'task.invoke',
    'task.delete',
    'payload.open',
    'payload.sendFile',
    'payload.sendSelection',
    'group.fuse',
    'answer.show',
    'answer.save',
    'schedule.apply',
    'trace.compare',
    'trace.savePayload',
  ];
  for (const menu of ['view/item/context', 'fusionizer.explorer', 'fusionizer.editor', 'editor/title']) {
    for (const { command } of entries(menu)) {
      const title = strings[declared.find((one) => one.command === command)?.title.slice(1, -1) ?? ''] ?? '';
      const asks = asking.includes(command.replace('fusionizer.', ''));
      assert.equal(title.endsWith('...'), asks, `${title} in ${menu}`);
    }
  }
});

test('what is inline or in a title bar has an icon', () => {
  for (const menu of Object.keys(menus)) {
    for (const { command, group } of entries(menu)) {
      if (!(group?.startsWith('inline') || group?.startsWith('navigation'))) continue;
      assert.ok(declared.find((one) => one.command === command)?.icon, `${command} in ${menu}`);
    }
  }
});

test('menus name declared commands, and groups are ordered', () => {
  for (const menu of Object.keys(menus)) {
    for (const { command, group } of entries(menu)) {
      assert.ok(ids.includes(command), `${command} in ${menu}`);
      if (menu !== 'commandPalette') assert.match(group ?? '', /@\d+$/, `${command} in ${menu}`);
    }
  }
});

test('commands are in the palette, or hidden on purpose', () => {
  // Only what needs an editor or a view of its own kind, or has VS Code's own command beside it.
  const hidden = [
    'fusionizer.payload.send',
    'fusionizer.payload.sendSelection',
    'fusionizer.schedule.focus',
    'fusionizer.schedule.openText',
    'fusionizer.trace.clearFilter',
    'fusionizer.trace.showOlder',
    'fusionizer.trust.manage',
  ];
  assert.deepEqual((menus['commandPalette'] ?? []).map(({ command }) => command).sort(), hidden);
});

test('every setting is read, described and ordered', () => {
  const properties: Record<string, { markdownDescription?: string; order?: number; scope?: string }> =
    contributes.configuration.properties;
  const orders = Object.values(properties).map(({ order }) => order);
  assert.equal(new Set(orders).size, orders.length);
  for (const [name, { markdownDescription, scope }] of Object.entries(properties)) {
    const short = name.replace(/^fusionizer\./, '');
    assert.match(all, new RegExp(`etting\\(\\s*'${short.replace('.', '\\.')}'`), `${name} is declared, but not read`);
    assert.ok(markdownDescription, name);
    assert.ok(scope, name);
  }
});

test('settings that name programs or places are not taken from a workspace that is not trusted', () => {
  const restricted: string[] = manifest.capabilities.untrustedWorkspaces.restrictedConfigurations;
  const properties: Record<string, { scope: string }> = contributes.configuration.properties;
  for (const [name, { scope }] of Object.entries(properties)) {
    if (scope === 'machine-overridable' && name !== 'fusionizer.server.grace')
      assert.ok(restricted.includes(name), name);
  }
});

test('every text is in package.nls.json, and none is there in vain', () => {
  const used = [...JSON.stringify(manifest).matchAll(/%([\w.]+)%/g)].map(([, key]) => key ?? '');
  assert.deepEqual(
    used.filter((key) => !(key in strings)),
    [],
    'missing',
  );
  assert.deepEqual(
    Object.keys(strings).filter((key) => !used.includes(key)),
    [],
    'unused',
  );
});

test('the extension is activated where there are Tasks, and by its own commands and views', () => {
  assert.deepEqual(manifest.activationEvents, ['workspaceContains:**/function.{yaml,yml}']);
  // VS Code makes events of contributions: a language with a configuration would activate it in any project.
  for (const language of contributes.languages) assert.ok(!('configuration' in language), language.id);
});

describe('menus of the Explorer and of editors, which all projects share', () => {
  const shown = (menu: string, context: Context): string[] =>
    (menus[menu] ?? [])
      .filter(({ when }) => holds(when, context))
      .map(({ command, submenu }) => submenu ?? command.replace('fusionizer.', ''));

  for (const [what, context, inExplorer, inEditor] of [
    ['a source file', { resourceFilename: 'main.py', resourceExtname: '.py' }, [], []],
    ['a JSON file', { resourceFilename: 'a.json', resourceExtname: '.json' }, [], []],
    ['selected text', { resourceFilename: 'a.json', editorHasSelection: true }, [], []],
    ['a folder', { explorerResourceIsFolder: true }, ['task.deploy', 'task.new', 'config.create'], []],
    [
      'a JSON file beside Tasks',
      { resourceFilename: 'a.json', resourceExtname: '.json', 'fusionizer.hasTasks': true },
      ['payload.sendFile', 'schedule.openBoard'],
      [],
    ],
    [
      'selected text beside Tasks',
      { resourceFilename: 'a.md', resourceExtname: '.md', editorHasSelection: true, 'fusionizer.hasTasks': true },
      [],
      ['payload.sendSelection'],
    ],
    [
      'a configuration',
      { resourceFilename: 'function.yml', resourceExtname: '.yml', 'fusionizer.hasTasks': true },
      ['task.deploy', 'task.invoke'],
      ['task.deploy', 'task.invoke'],
    ],
  ] as const)
    it(`have one entry, Fusionizer, where it can do something: ${what}`, () => {
      assert.deepEqual(shown('explorer/context', context), inExplorer.length > 0 ? ['fusionizer.explorer'] : []);
      assert.deepEqual(shown('fusionizer.explorer', context), inExplorer);
      assert.deepEqual(shown('editor/context', context), inEditor.length > 0 ? ['fusionizer.editor'] : []);
      assert.deepEqual(shown('fusionizer.editor', context), inEditor);
    });
});

test('keys are taken in editors of our own only', () => {
  for (const { when, command } of contributes.keybindings) assert.match(when ?? '', /fusionizer(?:\.|\[)/, command);
});

test('files that the manifest names are there', () => {
  const named = [
    manifest.icon,
    ...contributes.yamlValidation.map(({ url }: { url: string }) => url),
    ...contributes.jsonValidation.map(({ url }: { url: string }) => url),
    ...contributes.walkthroughs.flatMap(({ steps }: { steps: { media: { markdown: string } }[] }) =>
      steps.map(({ media }) => media.markdown),
    ),
  ];
  for (const file of named) assert.ok(existsSync(file), file);
});

test('language-model tools that act ask first', () => {
  for (const file of ['invokeTask', 'deployTask'])
    assert.match(extension.get(path.join('src', 'extension', 'tools', `${file}.ts`)) ?? '', /confirmationMessages/);
});
