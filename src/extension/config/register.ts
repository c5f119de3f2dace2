import path from 'node:path';
import { languages } from 'vscode';
import { messageOf } from '../../shared/errors.ts';
import { scheduleDiagnostics } from '../schedule/scheduleDiagnostics.ts';
import type { Services } from '../services.ts';
import { ConfigDiagnostics } from './configDiagnostics.ts';
import { ConfigQuickFixes } from './quickFixes.ts';

/** What helps to write function.yaml and schedules, without the YAML extension too. */
export function registerConfigHelp({ context, log }: Pick<Services, 'context' | 'log'>): ConfigDiagnostics {
  const schema = path.join(context.extensionPath, 'media', 'schemas', 'function.schema.json');
  const report = (error: unknown): void => log.error(messageOf(error));
  const diagnostics = new ConfigDiagnostics(schema, report);
  context.subscriptions.push(
    diagnostics,
    languages.registerCodeActionsProvider(
      { scheme: 'file', pattern: '**/function.{yaml,yml}' },
      new ConfigQuickFixes(diagnostics),
      ConfigQuickFixes.metadata,
    ),
    scheduleDiagnostics(report),
  );
  return diagnostics;
}
