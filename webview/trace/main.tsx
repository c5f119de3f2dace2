import { render } from 'preact';
import type { TraceHostSide, TracePageSide } from '../../src/shared/views/traceView.ts';
import { connect, pageRoot } from '../kit/host.ts';
import { TracePage } from './page.tsx';
import { TraceStore } from './store.ts';

const store = new TraceStore();
const channel = connect<TracePageSide, TraceHostSide>({
  requests: {},
  events: {
    show: (shown) => store.show(shown),
    groups: (groups) => store.setGroups(groups),
  },
});
render(<TracePage store={store} />, pageRoot());
void store.begin(channel);
