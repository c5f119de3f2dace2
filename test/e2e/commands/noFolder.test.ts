import { everyCommand } from '../../support/vscode/everyCommand.ts';

everyCommand('without a folder', {
  otherwise: /^error: Open a folder first: Nuclio Tasks are folders in it\. \[Open Folder\]$/,
  answers: {},
  options: () => ({ folder: false }),
});
