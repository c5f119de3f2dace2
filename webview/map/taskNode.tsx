import { shortened } from '../../src/shared/groupName.ts';
import type { Box } from '../../src/shared/map/mapLayout.ts';
import type { MapModel, MapTask } from '../../src/shared/map/mapModel.ts';
import { startDrag } from './pointer.ts';
import type { MapStore } from './store.ts';
import { taskLine, taskWords } from './words.ts';

/** Pixels that a letter takes: of the name, which is bold, and of the line below. */
const [BOLD, PLAIN] = [7.6, 6.2];
const PADDING = 20;

interface TaskNodeProps {
  readonly store: MapStore;
  readonly model: MapModel;
  readonly task: MapTask;
  readonly box: Box;
}

/** The beginning of a text says most. */
const cut = (text: string, length: number): string => (text.length <= length ? text : `${text.slice(0, length - 1)}…`);

/** A Task on the map: it is pressed to see its calls, and dragged into a group or out of it. */
export function TaskNode({ store, model, task, box }: TaskNodeProps) {
  const { name, deployed } = task;
  const { carried } = store;
  const isTarget = carried?.onto === name && carried.task !== name && store.drop?.action?.kind === 'fuse';
  const classes = [
    'task',
    ...(deployed === undefined ? ['gone'] : deployed.state === 'ready' ? [] : ['broken']),
    ...(carried?.task === name ? ['carried'] : []),
    ...(isTarget ? ['target'] : []),
  ];
  const room = (letter: number): number => Math.floor((box.width - PADDING) / letter);
  return (
    // biome-ignore lint/a11y/useSemanticElements: SVG has no buttons
    <g
      class={classes.join(' ')}
      transform={`translate(${box.x} ${box.y})`}
      role="button"
      tabindex={store.cursor === name ? 0 : -1}
      data-task={name}
      aria-pressed={store.chosen === name}
      onClick={() => store.choose(store.chosen === name ? undefined : name)}
      onFocus={() => store.cursor !== name && store.goTo(name)}
      onPointerDown={(event) => startDrag(store, event, task)}
      onPointerEnter={() => store.hover(name)}
      onPointerLeave={() => store.hover(undefined)}
    >
      <title>{taskWords(model, task)}</title>
      <rect width={box.width} height={box.height} rx="4" />
      <text class="task-name" x="10" y="17">
        {shortened(name, room(BOLD))}
      </text>
      <text class="task-line" x="10" y="33">
        {cut(taskLine(task), room(PLAIN))}
      </text>
    </g>
  );
}
