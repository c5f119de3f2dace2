import { changeClock } from '../schedule/changeClock.ts';
import type { ExtensionCommand } from '../services.ts';

export const scheduleRestart: ExtensionCommand = {
  id: 'fusionizer.schedule.restart',
  run: (services) => changeClock(services, 'restart'),
};
