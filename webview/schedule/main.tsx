import { render } from 'preact';
import type { ScheduleHostSide, SchedulePageSide } from '../../src/shared/views/scheduleView.ts';
import { connect, pageRoot } from '../kit/host.ts';
import { SchedulePage } from './page.tsx';
import { ScheduleStore } from './store.ts';

const store = new ScheduleStore();
const channel = connect<SchedulePageSide, ScheduleHostSide>({
  requests: {},
  events: {
    changed: ({ version, edits }) => store.changeText(version, edits),
    live: (live) => store.setLive(live),
    focus: () => store.focus(store.cursor),
  },
});
render(<SchedulePage store={store} />, pageRoot());
void store.begin(channel);
