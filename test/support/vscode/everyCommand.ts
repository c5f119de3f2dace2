import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { packageRoot } from '../../../src/shared/packageRoot.ts';
import { type ExampleOptions, ExampleWindow } from './exampleWindow.ts';
import { paletteNames, runCommand } from './quickInput.ts';
import { shown, takeAway } from './shown.ts';
import { waitFor } from './wait.ts';

interface Manifest {
  contributes: { commands: { command: string; title: string }[]; menus: { commandPalette: { command: string }[] } };
}

const read = <T>(name: string): T => JSON.parse(readFileSync(path.join(packageRoot(), name), 'utf8')) as T;
const manifest = read<Manifest>('package.json');
const texts = read<Record<string, string>>('package.nls.json');
/** Commands that are in the palette only at times, such as while an editor has a payload or a selection. */
const conditional = new Set(manifest.contributes.menus.commandPalette.map(({ command }) => command));
const commands = manifest.contributes.commands
  .filter(({ command }) => !conditional.has(command))
  .map(({ command, title }) => ({
    id: command.replace('fusionizer.', ''),
    title: `Fusionizer: ${texts[title.slice(1, -1)]}`,
  }));

/** Answers that are the same in every situation. */
const ANYWHERE: Record<string, RegExp> = {
  'server.stop': /^info: No server is running\.$/,
  'server.showLog': /^panel: Output/,
  'server.setToken': /^info: Only a server elsewhere needs a token\. .* \[Open Settings\]$/,
  'server.showActions': /^pick: Fusionizer Server$/,
  'invocation.repeat': /^info: No Nuclio Task has been invoked yet\.$/,
  'invocation.cancel': /^info: No invocation is running\.$/,
  'answer.show': /^info: There is no answer yet: invoke a Nuclio Task first\.$/,
  'answer.preview': /^info: There is no answer yet: invoke a Nuclio Task first\.$/,
  'answer.save': /^info: There is no answer yet: invoke a Nuclio Task first\.$/,
  'answer.expect': /^info: There is no answer yet: invoke a Nuclio Task first\.$/,
  'answer.compare': /^info: There is no answer yet: invoke a Nuclio Task first\.$/,
  'schedule.openBoard': /^info: Open the JSON file with the schedule first\.$/,
  'trace.filter': /^pick: Filter Invocations$/,
  'diagnostics.copy': /^info: Diagnostics are in the clipboard\.$/,
  'walkthrough.open': /^tab: Walkthrough: Fusionizer for Nuclio$/,
  'settings.open': /^tab: Settings$/,
};
/** Answers with an open folder: these commands need no server. */
export const WITH_FOLDER: Record<string, RegExp> = {
  'task.new': /^pick: New Nuclio Task$/,
  'task.open': /^pick: Open Nuclio Task$/,
  'config.create': /^error: Each folder with source files has a configuration already: /,
  'payload.open': /^pick: Open Payload$/,
  'payload.new': /^pick: New Payload$/,
  'schedule.open': /^info: This workspace has no schedule\. Create fusion\.schedule\.json\? \[Create\]$/,
};

export interface Situation {
  /** The answer of all other commands. */
  otherwise: RegExp;
  answers: Record<string, RegExp>;
  /** Commands that the palette does not offer. */
  absent?: readonly string[];
  /** @param dir a temporary folder, with an empty file `file` */
  options(dir: string): ExampleOptions;
}

/**
 * Runs every command that the palette shows, and compares what it shows then. One file for each situation, as each
 * takes a while.
 */
export function everyCommand(situation: string, { otherwise, answers, absent = [], options }: Situation): void {
  describe(`every command from the palette ${situation}`, { concurrency: false }, () => {
    let dir: string;
    let window: ExampleWindow;
    before(async () => {
      dir = await mkdtemp(path.join(os.tmpdir(), 'fusionizer-commands-'));
      await writeFile(path.join(dir, 'file'), '');
      window = await ExampleWindow.open(`commands ${situation}`, options(dir));
    });
    after(async () => {
      await window?.close();
      await rm(dir, { recursive: true, force: true });
    });

    it('has a defined answer', async () => {
      const { page } = window;
      await waitFor(
        'the window to be silent',
        async () => !(await shown(page)).some((line) => line.startsWith('error:')),
      );
      const wrong: string[] = [];
      for (const { id, title } of commands) {
        if (absent.includes(id)) {
          if ((await paletteNames(page, title)).includes(title)) wrong.push(`${id} is offered`);
          continue;
        }
        const expected = answers[id] ?? ANYWHERE[id] ?? otherwise;
        await runCommand(page, title);
        let lines: string[] = [];
        await waitFor(`the answer of ${id}`, async () => {
          lines = await shown(page);
          return lines.some((line) => expected.test(line));
        }).catch(() => wrong.push(`${id}: ${JSON.stringify(lines)} is not ${expected}`));
        await takeAway(page, lines);
      }
      assert.deepEqual(wrong, []);
    });
  });
}
