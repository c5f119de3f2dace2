import type { ExtensionCommand } from '../../services.ts';
import { changeClock } from '../changeClock.ts';

export const scheduleStart: ExtensionCommand = {
  id: 'fusionizer.schedule.start',
  run: (services) => changeClock(services, 'run'),
};
