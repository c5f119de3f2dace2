import { type Alias, isAlias, isMap, isNode, isPair, isSeq, type Node } from 'yaml';

/** Finds the node that each alias stands for: the newest one above it with its anchor. One walk finds all of them. */
export function anchorsOf(root: unknown): Map<Alias, Node> {
  const targets = new Map<Alias, Node>();
  const anchors = new Map<string, Node>();
  const waiting: unknown[] = [root];
  while (waiting.length > 0) {
    const node = waiting.pop();
    if (isPair(node)) waiting.push(node.value, node.key);
    if (!isNode(node)) continue;
    if (isAlias(node)) {
      const target = anchors.get(node.source);
      if (target !== undefined) targets.set(node, target);
      continue;
    }
    if (node.anchor !== undefined) anchors.set(node.anchor, node);
    if (isMap(node) || isSeq(node)) for (const item of [...node.items].reverse()) waiting.push(item);
  }
  return targets;
}
