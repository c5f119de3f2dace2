import path from 'node:path';
import { UsageError } from './errors.ts';

/**
 * Refuses that one command deploys two sources as one Task: the second one would replace the first.
 * @returns called before a source is deployed as a Task; throws UsageError for a Task of another source
 * @throws UsageError for a source that is named twice
 */
export function distinctTasks(sources: readonly string[]): (source: string, name: string) => void {
  const places = sources.map((source) => path.resolve(source));
  const again = sources.find((_source, index) => places.indexOf(places[index] ?? '') < index);
  if (again !== undefined) throw new UsageError(`${again || "''"} is named twice. Name it once.`);
  const names = new Map<string, string>();
  return (source, name) => {
    const [other] = [...names].find(([from, one]) => one === name && from !== source) ?? [];
    if (other !== undefined)
      throw new UsageError(`${source} and ${other} are both Task '${name}'. Change metadata.name in one of them.`);
    names.set(source, name);
  };
}
