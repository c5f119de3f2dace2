import { platformContract } from '../contract/platform.ts';
import { type FakeCluster, FakePlatform } from './fakePlatform.ts';

platformContract('a fake platform whose functions end with the server', async (sink) => {
  const platform = new FakePlatform({ sink: () => sink });
  return {
    platform,
    next: () => new FakePlatform({ sink: () => sink }),
    running: async () => platform.functions.map(({ name }) => name),
  };
});

platformContract('a fake platform whose functions outlive the server', async (sink) => {
  const cluster: FakeCluster = new Map();
  return {
    platform: new FakePlatform({ sink: () => sink, cluster }),
    next: () => new FakePlatform({ sink: () => sink, cluster }),
    running: async () => [...cluster.keys()],
  };
});

platformContract('a fake platform that runs triggers itself and cannot know its load', async (sink) => {
  const platform = new FakePlatform({ sink: () => sink, runsTriggers: true, hidesLoad: true });
  return {
    platform,
    next: () => new FakePlatform({ sink: () => sink }),
    running: async () => platform.functions.map(({ name }) => name),
  };
});
