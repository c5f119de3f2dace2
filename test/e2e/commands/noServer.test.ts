import path from 'node:path';
import { everyCommand, WITH_FOLDER } from '../../support/vscode/everyCommand.ts';

everyCommand('without a server, as it cannot be started', {
  otherwise: /^error: The state folder .* cannot be created: ENOTDIR.*\.stateFolder \[Show Log\] \[Open Settings\]$/,
  answers: {
    ...WITH_FOLDER,
    'task.deploy': /^pick: Deploy Nuclio Task$/,
    'task.redeployLast': /^pick: Deploy Nuclio Task$/,
  },
  options: (dir) => ({ settings: { 'fusionizer.server.stateFolder': path.join(dir, 'file', 'state') } }),
});
