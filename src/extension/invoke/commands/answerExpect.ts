import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { commands, l10n, Uri, window } from 'vscode';
import {
  compareAnswer,
  type ExpectedAnswer,
  expectedOf,
  parseExpected,
} from '../../../client/payload/expectedAnswer.ts';
import { expectedFileOf, payloadOf } from '../../../client/payload/payloadFile.ts';
import { ifMissing } from '../../../shared/ifMissing.ts';
import { DismissedError } from '../../errors.ts';
import type { ExtensionCommand } from '../../services.ts';
import { refreshTests } from '../../tests/register.ts';
import { answeredTaskFor } from '../answeredTask.ts';
import type { PayloadSource } from '../recentCalls.ts';

/** Writes a Task's last answer beside its payload, as the one that is expected. What is ignored stays so. */
export const answerExpect: ExtensionCommand = async (services, argument) => {
  const task = await answeredTaskFor(services, argument, l10n.t('Save Answer as Expected'));
  const answer = services.answers.of(task)?.current;
  if (answer === undefined) return;
  const payload = payloadFileOf(answer.source);
  if (payload === undefined) {
    void window.showInformationMessage(
      l10n.t('This answer is to no saved payload. Send a payload document of {0}: its answer can be expected.', task),
    );
    throw new DismissedError();
  }
  const file = path.join(path.dirname(payload), expectedFileOf(path.basename(payload)));
  const before = await readFile(file, 'utf8').then((text) => parseExpected(text, file), ifMissing(undefined));
  if (before !== undefined) await confirmReplace(path.basename(file), before, answer);
  await writeFile(file, expectedOf(answer, before?.ignore));
  await refreshTests(services);
  // Not awaited: the message stays until the user answers it.
  void offerNext(file);
};

/** Only a payload document has a place for an expected answer. */
const payloadFileOf = (source: PayloadSource): string | undefined =>
  source.kind === 'document' && payloadOf(source.path) !== undefined ? source.path : undefined;

/** @throws DismissedError */
async function confirmReplace(
  name: string,
  before: ExpectedAnswer,
  answer: Parameters<typeof compareAnswer>[1],
): Promise<void> {
  const differences = compareAnswer(before, answer);
  if (differences.length === 0) {
    void window.showInformationMessage(l10n.t('The answer is the expected one already: {0}.', name));
    throw new DismissedError();
  }
  const replace = l10n.t('Replace');
  const detail = l10n.t('These parts differ: {0}', differences.map(({ path: part }) => part).join(', '));
  const question = l10n.t('Replace the expected answer {0}?', name);
  if ((await window.showWarningMessage(question, { modal: true, detail }, replace)) !== replace)
    throw new DismissedError();
}

async function offerNext(file: string): Promise<void> {
  const [open, run] = [l10n.t('Open'), l10n.t('Show Tests')];
  const chosen = await window.showInformationMessage(
    l10n.t('{0} has the expected answer. The Test Explorer and fusionizer test compare with it.', path.basename(file)),
    open,
    run,
  );
  if (chosen === open) await commands.executeCommand('vscode.open', Uri.file(file));
  if (chosen === run) await commands.executeCommand('workbench.view.testing.focus');
}
