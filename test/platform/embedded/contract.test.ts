import path from 'node:path';
import { EmbeddedPlatform } from '../../../src/platform/embedded/embeddedPlatform.ts';
import { ServerAddress } from '../../../src/shared/serverAddress.ts';
import { platformContract } from '../../contract/platform.ts';
import { canSeeProcesses, processes } from '../../support/processes.ts';

platformContract('the embedded platform', async (sink, dir) => {
  const make = (): EmbeddedPlatform =>
    new EmbeddedPlatform({
      address: new ServerAddress(),
      environmentsDir: path.join(dir, 'envs'),
      cacheDir: path.join(dir, 'cache'),
      secrets: [],
      sink: () => sink,
    });
  return {
    platform: make(),
    next: make,
    running: async (builds) =>
      canSeeProcesses
        ? (await processes()).filter(({ cwd }) => cwd.startsWith(builds)).map(({ command }) => command)
        : [],
  };
});
