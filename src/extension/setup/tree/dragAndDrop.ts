import { type DataTransfer, DataTransferItem, type TreeDragAndDropController } from 'vscode';
import type { SetupModel } from '../setupModel.ts';
import type { SetupNode } from './setupTree.ts';

const MIME = 'application/vnd.code.tree.fusionizer.setup';

/** A change of the setup by a drag. Each piece is a Task, as a list of one, or a group. */
interface Changes {
  fuse(names: string[]): Promise<void>;
  split(pieces: string[][]): Promise<void>;
}

/**
 * Dropping a Task onto another Task or a group fuses them: a Task in a group stands for the place that it is in.
 * Dropping it onto the empty space below the rows takes it out of its group.
 */
export class SetupDragAndDrop implements TreeDragAndDropController<SetupNode> {
  readonly dragMimeTypes = [MIME];
  readonly dropMimeTypes = [MIME];
  readonly #model: SetupModel;
  readonly #changes: Changes;

  constructor(model: SetupModel, changes: Changes) {
    this.#model = model;
    this.#changes = changes;
  }

  handleDrag(nodes: readonly SetupNode[], data: DataTransfer): void {
    const pieces = nodes.map((node) => this.#names(node)).filter(({ length }) => length > 0);
    if (pieces.length > 0) data.set(MIME, new DataTransferItem(pieces));
  }

  async handleDrop(target: SetupNode | undefined, data: DataTransfer): Promise<void> {
    const value: unknown = data.get(MIME)?.value;
    if (!Array.isArray(value)) return;
    const pieces = value.map((names: unknown) => (Array.isArray(names) ? names.map(String) : []));
    if (target === undefined) return this.#changes.split(pieces);
    const row = this.#model.row(target.key);
    const group = row?.kind === 'task' ? (row.task?.group ?? []) : this.#names(target);
    const names = pieces.flat();
    // The Task is in this group already.
    if (group.length === 0 || names.every((name) => group.includes(name))) return;
    return this.#changes.fuse([...new Set([...group, ...names])]);
  }

  /** The names of a row's deployed Tasks. */
  #names(node: SetupNode): string[] {
    const row = this.#model.row(node.key);
    if (row === undefined) return [];
    return (row.kind === 'group' ? row.tasks : [row]).flatMap(({ name, task }) => (task ? [name] : []));
  }
}
