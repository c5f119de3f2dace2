import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { commands, Uri } from 'vscode';
import type { Services } from '../services.ts';
import { newSchedule } from './newSchedule.ts';
import { SCHEDULE_ENDING } from './scheduleFiles.ts';

/** Opens a file as a schedule, by the kind of editor that its name belongs to. */
export async function openBoard(file: Uri): Promise<void> {
  const type = file.path.endsWith(SCHEDULE_ENDING) ? 'fusionizer.schedule' : 'fusionizer.scheduleOfJson';
  await commands.executeCommand('vscode.openWith', file, type, { preview: false });
}

/** Makes a schedule to begin with, and opens it. A file that appeared meanwhile is opened as it is. */
export async function createSchedule({ folders, model }: Services, file: string): Promise<void> {
  await folders.ready();
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, newSchedule(model.taskRows), { flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await openBoard(Uri.file(file));
}
