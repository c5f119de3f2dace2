import { changeClock } from '../schedule/changeClock.ts';
import type { ExtensionCommand } from '../services.ts';

export const scheduleStart: ExtensionCommand = {
  id: 'fusionizer.schedule.start',
  run: (services) => changeClock(services, 'run'),
};
