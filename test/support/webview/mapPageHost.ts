import { patchSetup } from '../../../src/shared/setup.ts';
import { Channel } from '../../../src/shared/views/channel.ts';
import type {
  MapAction,
  MapFilter,
  MapHostSide,
  MapPageSide,
  MapPicture,
  ShownMap,
} from '../../../src/shared/views/mapView.ts';

/** What stands for the editor beside the fusion map: it does what the server would. Tests reach it as `window.host`. */
let { given: shown } = globalThis as unknown as { given: ShownMap };
const acts: MapAction[] = [];
const filters: MapFilter[] = [];
const pictures: MapPicture[] = [];

function change(next: Partial<ShownMap>): void {
  shown = { ...shown, ...next };
  channel.tell('show', shown);
}

const channel: Channel<MapHostSide, MapPageSide> = new Channel(
  (data) => (globalThis as unknown as { postMessage(data: unknown): void }).postMessage(structuredClone(data)),
  {
    requests: {
      ready: () => shown,
      filter: (filter) => {
        filters.push(filter);
        shown = { ...shown, filter };
        return shown;
      },
      act: (action) => {
        acts.push(action);
        if (action.kind === 'openTask') return undefined;
        change({ groups: patchSetup([...shown.groups], [action.kind === 'fuse' ? [...action.tasks] : [action.task]]) });
        return action.kind === 'fuse' ? `Made ${action.tasks.join(' + ')}.` : `Split out ${action.task}.`;
      },
      save: (picture) => {
        pictures.push(picture);
        return `Saved as fusion-map.${picture.ending}.`;
      },
    },
    events: {},
  },
);
Object.assign(globalThis, {
  host: { acts, filters, pictures, change },
  acquireVsCodeApi: () => ({ postMessage: (data: unknown) => channel.receive(structuredClone(data)) }),
});
