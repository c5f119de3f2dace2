import type { FeatureCommands } from '../services.ts';
import { changeClock } from './changeClock.ts';
import { scheduleApply } from './commands/scheduleApply.ts';
import { scheduleOpen } from './commands/scheduleOpen.ts';
import { scheduleFocus, scheduleOpenBoard, scheduleOpenText } from './commands/scheduleOpenBoard.ts';

export const scheduleCommands = {
  'fusionizer.schedule.apply': scheduleApply,
  'fusionizer.schedule.open': scheduleOpen,
  'fusionizer.schedule.openBoard': scheduleOpenBoard,
  'fusionizer.schedule.openText': scheduleOpenText,
  'fusionizer.schedule.focus': scheduleFocus,
  'fusionizer.schedule.pause': (services) => changeClock(services, 'pause'),
  'fusionizer.schedule.restart': (services) => changeClock(services, 'restart'),
  'fusionizer.schedule.start': (services) => changeClock(services, 'run'),
} satisfies FeatureCommands;
