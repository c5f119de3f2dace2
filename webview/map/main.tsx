import { render } from 'preact';
import type { MapHostSide, MapPageSide } from '../../src/shared/views/mapView.ts';
import { connect, pageRoot } from '../kit/host.ts';
import { Layouter } from './layouter.ts';
import { MapPage } from './page.tsx';
import { MapStore } from './store.ts';

const store = new MapStore(new Layouter());
const channel = connect<MapPageSide, MapHostSide>({
  requests: {},
  events: { show: (shown) => void store.show(shown), choose: (task) => store.chooseSoon(task) },
});
render(<MapPage store={store} />, pageRoot());
void store.begin(channel);
