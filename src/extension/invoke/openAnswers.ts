import { mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { window } from 'vscode';
import { messageOf } from '../../shared/errors.ts';
import type { Services } from '../services.ts';
import type { Answers } from './answers.ts';
import { answeredTask, answerUri } from './answerUri.ts';
import { type OpenAnswer, readKept, writeKept } from './keptAnswers.ts';
import { uriOf } from './tabs.ts';

/** Milliseconds from a change until it is written: an answer comes with several changes. */
const PAUSE = 200;

/**
 * Opens the answers that were kept, and keeps those that are open from then on.
 * @param written what is in the file
 */
export async function bringBackAndKeep(
  { context, answers, log }: Services,
  file: string,
  written: string,
): Promise<void> {
  let last = written;
  let timer: NodeJS.Timeout | undefined;
  const save = async (): Promise<void> => {
    const text = writeKept(openAnswers(answers));
    if (text === last) return;
    last = text;
    await mkdir(path.dirname(file), { recursive: true });
    // Answers may hold secrets.
    await writeFile(`${file}.new`, text, { mode: 0o600 });
    await rename(`${file}.new`, file);
  };
  const later = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => void save().catch((error: unknown) => log.warn(messageOf(error))), PAUSE);
  };
  context.subscriptions.push({ dispose: () => clearTimeout(timer) });
  for (const open of readKept(written)) await bringBack(answers, open);
  // From here on, as the tabs of the window before are not all there earlier.
  context.subscriptions.push(answers.onDidUpdate(later), window.tabGroups.onDidChangeTabs(later));
  later();
}

/** Opens an answer where it was. One that was behind other tabs stays away, as it would open in front of them. */
async function bringBack(answers: Answers, { column, task, front, answer }: OpenAnswer): Promise<void> {
  // An answer that came meanwhile is newer.
  if (answer && answers.of(task) === undefined) answers.restore(answer);
  const group = window.tabGroups.all.find(({ viewColumn }) => viewColumn === column);
  if (group === undefined) return;
  const hasOthers = group.tabs.some((tab) => answeredTask(uriOf(tab)) === undefined);
  if (answer && (front || !hasOthers)) await answers.reveal(task, column);
  // Any other empty group is the user's.
  else if (group.tabs.length === 0) await window.tabGroups.close(group, true);
}

/** The answers' documents that are open; in each group the one in front is last. */
function openAnswers(answers: Answers): OpenAnswer[] {
  return window.tabGroups.all.flatMap(({ viewColumn, tabs }) =>
    [...tabs]
      .sort((one, other) => Number(one.isActive) - Number(other.isActive))
      .flatMap((tab) => {
        const uri = uriOf(tab);
        const task = answeredTask(uri);
        if (uri === undefined || task === undefined || uri.toString() !== answerUri(task).toString()) return [];
        return { column: viewColumn, task, front: tab.isActive, answer: answers.of(task)?.current };
      }),
  );
}
