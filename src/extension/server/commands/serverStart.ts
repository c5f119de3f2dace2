import type { ExtensionCommand } from '../../services.ts';

export const serverStart: ExtensionCommand = {
  id: 'fusionizer.server.start',
  run: ({ server }) => server.start(),
};
