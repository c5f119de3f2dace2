import { changeClock } from '../schedule/changeClock.ts';
import type { ExtensionCommand } from '../services.ts';

export const schedulePause: ExtensionCommand = {
  id: 'fusionizer.schedule.pause',
  run: (services) => changeClock(services, 'pause'),
};
