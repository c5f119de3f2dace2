import { everyCommand, WITH_FOLDER } from '../../support/vscode/everyCommand.ts';

everyCommand('without trust', {
  otherwise: /^error: This workspace is not trusted, so nothing of it is run\. .* \[Manage Workspace Trust\]$/,
  answers: WITH_FOLDER,
  absent: ['server.start', 'server.restart'],
  options: () => ({ trusted: false }),
});
