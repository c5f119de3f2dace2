import type { Task } from '../task/task.ts';
import { FusionizerError } from './errors.ts';

type Named = Pick<Task, 'name'>;

/** @throws FusionizerError `setup` with the names of the two Tasks */
export function cannotFuse(one: Named, other: Named, why: string): never {
  throw new FusionizerError('setup', `Tasks '${one.name}' and '${other.name}' cannot be fused: ${why}`);
}
