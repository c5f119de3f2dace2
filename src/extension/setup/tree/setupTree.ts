import { type Disposable, EventEmitter, type TreeDataProvider, type TreeItem } from 'vscode';
import type { ScheduleState } from '../../schedule/scheduleState.ts';
import type { FreshTasks } from '../freshTasks.ts';
import type { Row } from '../rows.ts';
import { SCHEDULE_KEY, type SetupModel } from '../setupModel.ts';

/** A row of the tree. It stays the same object, by which VS Code identifies the row. */
export interface SetupNode {
  readonly key: string;
}

/** Whether a command's argument is a row of the tree. */
export function isSetupNode(value: unknown): value is SetupNode {
  return typeof value === 'object' && value !== null && 'key' in value && typeof value.key === 'string';
}

/**
 * Milliseconds within which events are shown together. One change may come as several events, such as one for each Task
 * of a group.
 */
const FRAME = 16;

/** The tree **Fusion Setup**. Events of the model update single rows. */
export class SetupTree implements TreeDataProvider<SetupNode>, Disposable {
  readonly #model: SetupModel;
  readonly #emitter = new EventEmitter<SetupNode | SetupNode[] | undefined>();
  readonly onDidChangeTreeData = this.#emitter.event;
  readonly #nodes = new Map<string, SetupNode>();
  readonly #stopListening: () => void;
  readonly #opened: () => Promise<void>;
  readonly #showsRows: () => boolean;
  readonly #fresh: FreshTasks;
  /** What makes the items. It is loaded for the first row. */
  #items: Promise<typeof import('./rowItem.ts')> | undefined;
  #waited = false;
  #shown = false;
  #structure = false;
  readonly #changed = new Set<string>();
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param opened runs when the view opens, before its first rows
   * @param showsRows where there are none, the welcome content says what to do
   * @param fresh the Tasks' numbers for tooltips
   */
  constructor(model: SetupModel, opened: () => Promise<void>, showsRows: () => boolean, fresh: FreshTasks) {
    this.#fresh = fresh;
    this.#model = model;
    this.#opened = opened;
    this.#showsRows = showsRows;
    this.#stopListening = model.onChange(({ structure, keys }) => {
      this.#structure ||= structure;
      for (const key of keys) this.#changed.add(key);
      if (this.#structure || this.#changed.size > 0) this.#timer ??= setTimeout(() => this.#update(), FRAME);
    });
  }

  async getChildren(node?: SetupNode): Promise<SetupNode[]> {
    if (node === undefined && !this.#waited) {
      this.#waited = true;
      await this.#opened();
    }
    this.#shown = this.#showsRows();
    if (!this.#shown) return [];
    const rows = node === undefined ? this.#model.rows : this.#children(this.#model.row(node.key));
    const nodes = rows.map(({ key }) => this.#node(key));
    // Without Tasks, the welcome content says what to do.
    const hasSchedule = node === undefined && nodes.length > 0 && this.#model.scheduleState !== undefined;
    return hasSchedule ? [this.#node(SCHEDULE_KEY), ...nodes] : nodes;
  }

  getParent(node: SetupNode): SetupNode | undefined {
    const parent = this.#model.rows.find(
      (row) => row.kind === 'group' && row.tasks.some(({ key }) => key === node.key),
    );
    return parent && this.#node(parent.key);
  }

  async getTreeItem(node: SetupNode): Promise<TreeItem> {
    const row = this.#row(node);
    this.#items ??= import('./rowItem.ts');
    const { rowItem } = await this.#items;
    return rowItem(row);
  }

  async resolveTreeItem(item: TreeItem, node: SetupNode): Promise<TreeItem> {
    const row = this.#row(node);
    const { resolveItem } = await import('./resolveItem.ts');
    return resolveItem(item, row, this.#fresh);
  }

  /** Makes the editor ask again for the tooltip of a deployed Task. */
  refreshTooltip(name: string): void {
    const row = this.#model.taskRow(name);
    if (row) this.#emitter.fire([this.#node(row.key)]);
  }

  /** Updates the tree if the server's status, or trust, shows or hides the rows. */
  serverChanged(): void {
    if (this.#showsRows() !== this.#shown) this.#emitter.fire(undefined);
  }

  dispose(): void {
    this.#stopListening();
    clearTimeout(this.#timer);
    this.#emitter.dispose();
  }

  #update(): void {
    this.#timer = undefined;
    const nodes = [...this.#changed].map((key) => this.#node(key));
    this.#emitter.fire(this.#structure ? undefined : nodes);
    this.#structure = false;
    this.#changed.clear();
  }

  #children(row: Row | undefined): readonly Row[] {
    return row?.kind === 'group' ? row.tasks : [];
  }

  /** What a node shows; undefined if it was removed meanwhile. */
  #row({ key }: SetupNode): Row | ScheduleState | undefined {
    return key === SCHEDULE_KEY ? this.#model.scheduleState : this.#model.row(key);
  }

  #node(key: string): SetupNode {
    const known = this.#nodes.get(key);
    if (known) return known;
    const node = { key };
    this.#nodes.set(key, node);
    return node;
  }
}
