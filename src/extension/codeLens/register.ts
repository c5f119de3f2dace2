import { languages } from 'vscode';
import type { Services } from '../services.ts';
import { TaskLenses } from './taskLenses.ts';

export function registerCodeLens({ context, model }: Services): void {
  const lenses = new TaskLenses(model);
  const selector = [
    { scheme: 'file', pattern: '**/function.{yaml,yml}' },
    { scheme: 'file', pattern: '**/*.{py,js,mjs,cjs}' },
  ];
  context.subscriptions.push(lenses, languages.registerCodeLensProvider(selector, lenses));
}
