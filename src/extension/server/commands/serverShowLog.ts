import type { ExtensionCommand } from '../../services.ts';

export const serverShowLog: ExtensionCommand = {
  id: 'fusionizer.server.showLog',
  run: async ({ log }) => log.show(true),
};
