import type { FeatureCommands } from '../services.ts';
import { configCreate } from './commands/configCreate.ts';
import { taskNew } from './commands/taskNew.ts';

export const createCommands = {
  'fusionizer.config.create': configCreate,
  'fusionizer.task.new': taskNew,
} satisfies FeatureCommands;
