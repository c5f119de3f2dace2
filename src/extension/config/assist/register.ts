import { extensions, languages, type Position, type TextDocument, workspace } from 'vscode';
import type { Services } from '../../services.ts';
import { isConfig, mayBeInline, TASK_DOCUMENTS } from '../configFiles.ts';
import type { FilePlace } from './configCursor.ts';

/** In comments, VS Code proposes nothing while words are typed, but after these. */
const SIGNS = [' ', ':', '-', '"', "'"];
/** The extension that reads the same schema for function.yaml, and its settings. */
const YAML = 'redhat.vscode-yaml';

/** Completion and hover for function.yaml and inline configurations. */
export function registerConfigHelp(services: Services): void {
  services.context.subscriptions.push(
    languages.registerCompletionItemProvider(
      TASK_DOCUMENTS,
      {
        provideCompletionItems: async (document, position) => {
          const place = placeIn(document, position);
          if (place === undefined) return [];
          const isElsewhere = isDone(document, 'completion');
          const { propose } = await import('./configHelp.ts');
          return propose(services, place, isElsewhere);
        },
      },
      ...SIGNS,
    ),
    languages.registerHoverProvider(TASK_DOCUMENTS, {
      provideHover: async (document, position) => {
        const place = isDone(document, 'hover') ? undefined : placeIn(document, position);
        if (place === undefined) return undefined;
        const { explain } = await import('./configHelp.ts');
        return explain(services, place);
      },
    }),
  );
}

/** Whether the YAML extension does this for the document already. */
function isDone(document: TextDocument, what: 'completion' | 'hover'): boolean {
  return (
    isConfig(document) &&
    extensions.getExtension(YAML) !== undefined &&
    workspace.getConfiguration('yaml', document).get<boolean>(what, true)
  );
}

/** The place, if it may be in a configuration. The code that looks further is not loaded for other places. */
function placeIn(document: TextDocument, { line, character }: Position): FilePlace | undefined {
  const isYaml = isConfig(document);
  if (!isYaml && !/^ *(#|\/\/)/.test(document.lineAt(line).text)) return undefined;
  const text = document.getText();
  return isYaml || mayBeInline(text) ? { name: document.uri.fsPath, text, line, character } : undefined;
}
