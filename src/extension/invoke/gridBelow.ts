/** The layout of the editor groups, as `vscode.getEditorLayout` gives it. */
export interface EditorLayout {
  /** 0: the outermost groups are side by side; 1: below each other. */
  readonly orientation: 0 | 1;
  readonly groups: readonly EditorGroupLayout[];
}

export interface EditorGroupLayout {
  readonly size?: number;
  readonly groups?: readonly EditorGroupLayout[];
}

/** A layout with one more group, below all others. It is the last one, so the others keep their editors. */
export function withGroupBelow({ orientation, groups }: EditorLayout): EditorLayout {
  const above = orientation === 1 ? groups : [groups.length === 1 ? { ...groups[0] } : { groups }];
  const share = 1 / (above.length + 1);
  return { orientation: 1, groups: [...above.map((group) => ({ ...group, size: share })), { size: share }] };
}
