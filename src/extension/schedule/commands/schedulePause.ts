import type { ExtensionCommand } from '../../services.ts';
import { changeClock } from '../changeClock.ts';

export const schedulePause: ExtensionCommand = {
  id: 'fusionizer.schedule.pause',
  run: (services) => changeClock(services, 'pause'),
};
