import { linuxMemory } from './linuxMemory.ts';
import { psMemory, tasklistMemory } from './listedMemory.ts';
import type { MemoryReader } from './memoryReader.ts';

/** The reader for this system. */
export function systemMemory(): MemoryReader {
  if (process.platform === 'linux') return linuxMemory();
  return process.platform === 'win32' ? tasklistMemory() : psMemory();
}
