import { type DataTransfer, DataTransferItem, type TreeDragAndDropController } from 'vscode';
import type { SetupModel } from '../setupModel.ts';
import type { SetupNode } from './setupTree.ts';

const MIME = 'application/vnd.code.tree.fusionizer.setup';

/**
 * Dropping a Task onto another Task or a group fuses them. Dropping it onto the empty space below the rows takes it out
 * of its group.
 */
export class SetupDragAndDrop implements TreeDragAndDropController<SetupNode> {
  readonly dragMimeTypes = [MIME];
  readonly dropMimeTypes = [MIME];
  readonly #model: SetupModel;
  readonly #fuse: (names: string[]) => Promise<void>;
  readonly #split: (names: string[]) => Promise<void>;

  constructor(
    model: SetupModel,
    change: { fuse(names: string[]): Promise<void>; split(names: string[]): Promise<void> },
  ) {
    this.#model = model;
    this.#fuse = change.fuse;
    this.#split = change.split;
  }

  handleDrag(nodes: readonly SetupNode[], data: DataTransfer): void {
    const names = [...new Set(nodes.flatMap((node) => this.#names(node)))];
    if (names.length > 0) data.set(MIME, new DataTransferItem(names));
  }

  async handleDrop(target: SetupNode | undefined, data: DataTransfer): Promise<void> {
    const names: unknown = data.get(MIME)?.value;
    if (!Array.isArray(names)) return;
    const dragged = names.map(String);
    if (target === undefined) return this.#split(dragged);
    const row = this.#model.row(target.key);
    const group = row?.kind === 'task' ? (row.task?.group ?? []) : this.#names(target);
    // The Task is in this group already.
    if (group.length === 0 || dragged.every((name) => group.includes(name))) return;
    return this.#fuse([...new Set([...group, ...dragged])]);
  }

  /** The names of a row's deployed Tasks. */
  #names(node: SetupNode): string[] {
    const row = this.#model.row(node.key);
    if (row === undefined) return [];
    return (row.kind === 'group' ? row.tasks : [row]).flatMap(({ name, task }) => (task ? [name] : []));
  }
}
