import type { CommandId } from './contributes.ts';
import { createCommands } from './create/commands.ts';
import { deployCommands } from './deploy/commands.ts';
import { diagnosticsCommands } from './diagnostics/commands.ts';
import { invokeCommands } from './invoke/commands.ts';
import { logCommands } from './logs/commands.ts';
import { scheduleCommands } from './schedule/commands.ts';
import { serverCommands } from './server/commands.ts';
import type { ExtensionCommand } from './services.ts';
import { setupCommands } from './setup/commands.ts';
import { traceCommands } from './traces/commands.ts';
import { walkthroughCommands } from './walkthrough/commands.ts';

/** Every command that package.json declares. A missing one does not compile. */
export const COMMANDS: Readonly<Record<CommandId, ExtensionCommand>> = {
  ...createCommands,
  ...deployCommands,
  ...diagnosticsCommands,
  ...invokeCommands,
  ...logCommands,
  ...scheduleCommands,
  ...serverCommands,
  ...setupCommands,
  ...traceCommands,
  ...walkthroughCommands,
};
