import path from 'node:path';
import { type PackedTask, packTask } from './pack.ts';
import { taskNameOf } from './taskName.ts';

/** A Task that is ready to be sent. */
export interface Shipment extends PackedTask {
  name: string;
  /** The folder or file, as the user wrote it. */
  from: string;
  /** The absolute path of `from`. */
  source: string;
}

/** @param name overrides the Task's own name */
export async function prepareShipment(from: string, name: string | undefined): Promise<Shipment> {
  const packed = await packTask(from);
  return { ...packed, name: name ?? (await taskNameOf(from, packed)), from, source: path.resolve(from) };
}
