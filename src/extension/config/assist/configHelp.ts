import path from 'node:path';
import { CompletionItem, CompletionItemKind, Hover, MarkdownString, Range, SnippetString } from 'vscode';
import { suggestTaskName } from '../../../task/taskName.ts';
import type { Services } from '../../services.ts';
import { setting } from '../../settings.ts';
import { readText } from '../configFiles.ts';
import { folderHandlers } from '../folderHandlers.ts';
import { completions, type Proposal, type Surroundings } from './completions.ts';
import { type ConfigCursor, configCursor, type FilePlace } from './configCursor.ts';
import { type CursorPlace, cursorPlace } from './cursorPlace.ts';
import { hoverAt } from './hover.ts';
import { runtimesHere } from './runtimesHere.ts';

/** @param isElsewhere another extension proposes what the schema has */
export async function propose(services: Services, file: FilePlace, isElsewhere: boolean): Promise<CompletionItem[]> {
  const cursor = await cursorAt(services, file);
  const place = cursor && cursorPlace(cursor.text, cursor.line, cursor.character);
  if (cursor === undefined || place === undefined) return [];
  const around = await surroundings(services, file.name, place);
  return completions(cursor.schema, place, around)
    .filter(({ isFromSchema }) => !(isElsewhere && isFromSchema))
    .map((proposal, index) => itemOf(proposal, index, place, cursor));
}

export async function explain(services: Services, file: FilePlace): Promise<Hover | undefined> {
  const cursor = await cursorAt(services, file);
  const found = cursor && hoverAt(cursor.schema, cursor.text, cursor.line, cursor.character);
  if (cursor === undefined || found === undefined) return undefined;
  const { above, prefix } = cursor;
  const line = above + found.line;
  return new Hover(
    markdown(found.markdown),
    new Range(line, prefix.length + found.from, line, prefix.length + found.to),
  );
}

async function cursorAt({ configDiagnostics }: Services, file: FilePlace): Promise<ConfigCursor | undefined> {
  return configCursor(file, file.line, file.character, await configDiagnostics.schema());
}

/** What the place needs to know. Files are only read for a handler. */
async function surroundings({ model }: Services, file: string, { steps }: CursorPlace): Promise<Surroundings> {
  const folder = path.dirname(file);
  const field = steps.at(-1)?.key?.toLowerCase();
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

/** Icons are shown; links and commands are not run. */
const markdown = (text: string): MarkdownString => new MarkdownString(text, true);
