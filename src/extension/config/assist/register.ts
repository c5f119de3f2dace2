import path from 'node:path';
import {
  CompletionItem,
  CompletionItemKind,
  extensions,
  Hover,
  languages,
  MarkdownString,
  type Position,
  Range,
  SnippetString,
  type TextDocument,
  workspace,
} from 'vscode';
import type { Services } from '../../services.ts';
import { setting } from '../../settings.ts';
import { isConfig, mayBeInline, readText } from '../configFiles.ts';
import type { Proposal, Surroundings } from './completions.ts';
import type { ConfigCursor } from './configCursor.ts';
import type { CursorPlace } from './cursorPlace.ts';

const FILES = [
  { scheme: 'file', pattern: '**/function.{yaml,yml}' },
  { scheme: 'file', pattern: '**/*.{py,js,mjs,cjs}' },
];
/** In comments, VS Code proposes nothing while words are typed, but after these. */
const SIGNS = [' ', ':', '-', '"', "'"];
/** The extension that reads the same schema for function.yaml, and its settings. */
const YAML = 'redhat.vscode-yaml';

/** Completion and hover for function.yaml and inline configurations. */
export function registerConfigHelp(services: Services): void {
  services.context.subscriptions.push(
    languages.registerCompletionItemProvider(
      FILES,
      { provideCompletionItems: (document, position) => propose(services, document, position) },
      ...SIGNS,
    ),
    languages.registerHoverProvider(FILES, {
      provideHover: (document, position) => explain(services, document, position),
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

/** The place in a configuration; undefined in other files, which are not read any further. */
async function cursorIn(
  { configDiagnostics }: Services,
  document: TextDocument,
  { line, character }: Position,
): Promise<ConfigCursor | undefined> {
  const isYaml = isConfig(document);
  if (!isYaml && !/^ *(#|\/\/)/.test(document.lineAt(line).text)) return undefined;
  const text = document.getText();
  if (!isYaml && !mayBeInline(text)) return undefined;
  const [{ configCursor }, schema] = await Promise.all([import('./configCursor.ts'), configDiagnostics.schema()]);
  return configCursor({ name: document.uri.fsPath, text }, line, character, schema);
}

async function propose(services: Services, document: TextDocument, position: Position): Promise<CompletionItem[]> {
  const cursor = await cursorIn(services, document, position);
  if (cursor === undefined) return [];
  const [{ cursorPlace }, { completions }] = await Promise.all([
    import('./cursorPlace.ts'),
    import('./completions.ts'),
  ]);
  const place = cursorPlace(cursor.text, cursor.line, cursor.character);
  if (place === undefined) return [];
  const around = await surroundings(services, document.uri.fsPath, place);
  const isElsewhere = isDone(document, 'completion');
  return completions(cursor.schema, place, around)
    .filter(({ isFromSchema }) => !(isElsewhere && isFromSchema))
    .map((proposal, index) => itemOf(proposal, index, place, cursor));
}

/** What the place needs to know. Files are only read for a handler. */
async function surroundings({ model }: Services, file: string, { steps }: CursorPlace): Promise<Surroundings> {
  const folder = path.dirname(file);
  const field = steps.at(-1)?.key?.toLowerCase();
  const { suggestTaskName } = await import('../../../task/taskName.ts');
  const { folderHandlers } = await import('../folderHandlers.ts');
  const { runtimesHere } = await import('./runtimesHere.ts');
  return {
    handlers: field === 'handler' ? (await folderHandlers(folder, readText)).filter(({ likely }) => likely) : [],
    runtimes:
      field === 'runtime' ? await runtimesHere(process.env['PATH'] ?? '', setting('python.path') || undefined) : [],
    tasks: [...new Set(model.taskRows.map(({ name }) => name))].sort(),
    folderName: suggestTaskName(path.basename(folder)),
  };
}

const KINDS = {
  key: CompletionItemKind.Property,
  value: CompletionItemKind.Value,
  snippet: CompletionItemKind.Snippet,
} as const;

function itemOf(
  { kind, label, detail, documentation, lines, goesOn }: Proposal,
  index: number,
  place: CursorPlace,
  { above, prefix }: ConfigCursor,
): CompletionItem {
  const item = new CompletionItem({ label, description: detail }, KINDS[kind]);
  const line = above + place.line;
  item.range = new Range(line, prefix.length + place.from, line, prefix.length + place.to);
  const [first = '', ...others] = lines;
  item.insertText = new SnippetString([first, ...others.map((one) => prefix + one)].join('\n'));
  // The lines have their indentation, behind the comment characters of an inline configuration.
  item.keepWhitespace = true;
  item.filterText = `${/^["']/.exec(place.word)?.[0] ?? ''}${label}`;
  item.sortText = String(index).padStart(3, '0');
  item.documentation = markdown(documentation);
  if (goesOn) item.command = { command: 'editor.action.triggerSuggest', title: '' };
  return item;
}

async function explain(services: Services, document: TextDocument, position: Position): Promise<Hover | undefined> {
  if (isDone(document, 'hover')) return undefined;
  const cursor = await cursorIn(services, document, position);
  if (cursor === undefined) return undefined;
  const { hoverAt } = await import('./hover.ts');
  const found = hoverAt(cursor.schema, cursor.text, cursor.line, cursor.character);
  if (found === undefined) return undefined;
  const { above, prefix } = cursor;
  const line = above + found.line;
  return new Hover(
    markdown(found.markdown),
    new Range(line, prefix.length + found.from, line, prefix.length + found.to),
  );
}

/** Icons are shown; links and commands are not run. */
const markdown = (text: string): MarkdownString => new MarkdownString(text, true);
