import path from 'node:path';
import { everyCommand, WITH_FOLDER } from '../../support/vscode/everyCommand.ts';

everyCommand('without a server, as it cannot be started', {
  otherwise: /^error: The state folder .* cannot be created: ENOTDIR.* \[Show Log\]$/,
  answers: { ...WITH_FOLDER, 'task.deploy': /^pick: Deploy Task$/, 'task.redeployLast': /^pick: Deploy Task$/ },
  options: (dir) => ({ settings: { 'fusionizer.server.stateFolder': path.join(dir, 'file', 'state') } }),
});
