import type { ExtensionCommand } from '../../services.ts';
import { changeClock } from '../changeClock.ts';

export const scheduleRestart: ExtensionCommand = {
  id: 'fusionizer.schedule.restart',
  run: (services) => changeClock(services, 'restart'),
};
