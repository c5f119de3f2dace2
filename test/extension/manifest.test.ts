import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';

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
  command: string;
  when?: string;
  group?: string;
}
const declared: Command[] = contributes.commands;
const menus: Record<string, MenuItem[]> = contributes.menus;
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

/** Ids of the commands that are in the list of all commands. */
function registered(): string[] {
  const list = extension.get(path.join('src', 'extension', 'commands.ts')) ?? '';
  const names = [...(list.split('ALL_COMMANDS')[1] ?? '').matchAll(/^ {2}(\w+),$/gm)].map(([, name]) => name ?? '');
  return names.map((name) => {
    const file = [...extension].find(([, text]) => text.includes(`export const ${name}: ExtensionCommand`));
    return /id: '([\w.]+)'/.exec(file?.[1].split(`export const ${name}: `)[1] ?? '')?.[1] ?? `${name} has no id`;
  });
}

test('every declared command is registered, and the reverse', () => {
  assert.deepEqual(
    ids.filter((id) => !registered().includes(id)),
    [],
    'declared, but not registered',
  );
  assert.deepEqual(
    registered().filter((id) => !ids.includes(id)),
    [],
    'registered, but not declared',
  );
  assert.equal(new Set(ids).size, ids.length);
});

test('each command is one file of its feature, and each such file is in the list', () => {
  const list = extension.get(path.join('src', 'extension', 'commands.ts')) ?? '';
  for (const [file, text] of extension) {
    const name = /^export const (\w+): ExtensionCommand/m.exec(text)?.[1];
    if (name !== undefined) assert.match(list, new RegExp(`^ {2}${name},$`, 'm'), file);
  }
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
  ];
  for (const menu of ['view/item/context', 'explorer/context', 'editor/context', 'editor/title']) {
    for (const { command } of menus[menu] ?? []) {
      const title = strings[declared.find((one) => one.command === command)?.title.slice(1, -1) ?? ''] ?? '';
      const asks = asking.includes(command.replace('fusionizer.', ''));
      assert.equal(title.endsWith('...'), asks, `${title} in ${menu}`);
    }
  }
});

test('what is inline or in a title bar has an icon', () => {
  for (const [menu, items] of Object.entries(menus)) {
    for (const { command, group } of items) {
      if (!(group?.startsWith('inline') || group?.startsWith('navigation')) || menu === 'explorer/context') continue;
      assert.ok(declared.find((one) => one.command === command)?.icon, `${command} in ${menu}`);
    }
  }
});

test('menus name declared commands, and groups are ordered', () => {
  for (const [menu, items] of Object.entries(menus)) {
    for (const { command, group } of items) {
      assert.ok(ids.includes(command), `${command} in ${menu}`);
      if (menu !== 'commandPalette') assert.match(group ?? '', /@\d+$/, `${command} in ${menu}`);
    }
  }
});

test('commands are in the palette, or hidden on purpose', () => {
  // Only what needs an editor of its own kind.
  const hidden = ['fusionizer.payload.send', 'fusionizer.payload.sendSelection'];
  assert.deepEqual((menus['commandPalette'] ?? []).map(({ command }) => command).sort(), hidden);
});

test('commands that texts and sources name are declared', () => {
  // A view's own command, and VS Code's.
  const known = new Set([...ids, 'fusionizer.setup.focus']);
  for (const [key, text] of Object.entries(strings)) {
    for (const [, id] of text.matchAll(/command:(fusionizer\.[\w.]+)/g))
      assert.ok(known.has(id ?? ''), `${id} in ${key}`);
  }
  for (const [, id] of all.matchAll(/command: '(fusionizer\.[\w.]+)'|executeCommand\('(fusionizer\.[\w.]+)'/g))
    if (id) assert.ok(known.has(id), id);
});

test('every setting is read, described and ordered', () => {
  const properties: Record<string, { markdownDescription?: string; order?: number; scope?: string }> =
    contributes.configuration.properties;
  const orders = Object.values(properties).map(({ order }) => order);
  assert.equal(new Set(orders).size, orders.length);
  for (const [name, { markdownDescription, scope }] of Object.entries(properties)) {
    const short = name.replace(/^fusionizer\./, '');
    const reads = all.match(new RegExp(`etting\\(\\s*'${short.replace('.', '\\.')}'`, 'g')) ?? [];
    assert.ok(reads.length > 0, `${name} is declared, but not read`);
    assert.ok(markdownDescription, name);
    assert.ok(scope, name);
  }
  for (const [, name] of all.matchAll(/etting\('([a-z]+\.[A-Za-z]+)'/g))
    assert.ok(`fusionizer.${name}` in properties, `${name} is read, but not declared`);
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

test('activation waits for nothing but the end of the start-up', () => {
  assert.deepEqual(manifest.activationEvents, ['onStartupFinished']);
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

test('the walkthrough completes by what the user did', () => {
  const contexts = [...all.matchAll(/has(OpenedView|Deployed|Invoked|Fused)/g)].map(
    ([name]) => `onContext:fusionizer.${name}`,
  );
  for (const { completionEvents, id } of contributes.walkthroughs[0].steps) {
    for (const event of completionEvents)
      assert.ok(contexts.includes(event) || id === 'fusionizer.start.view', `${id}: ${event}`);
  }
});

test('every language-model tool is registered, and the reverse; those that act ask first', () => {
  const tools: string[] = contributes.languageModelTools.map(({ name }: { name: string }) => name);
  const made = [...all.matchAll(/registerTool\('(\w+)'/g)].map(([, name]) => name ?? '');
  assert.deepEqual([...made].sort(), [...tools].sort());
  for (const file of ['invokeTask', 'deployTask'])
    assert.match(extension.get(path.join('src', 'extension', 'tools', `${file}.ts`)) ?? '', /confirmationMessages/);
});
