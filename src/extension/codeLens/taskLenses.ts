import {
  CodeLens,
  type CodeLensProvider,
  type Disposable,
  type Event,
  EventEmitter,
  l10n,
  languages,
  Range,
  type TextDocument,
  Uri,
  workspace,
} from 'vscode';
import { isConfig, readText } from '../config/configFiles.ts';
import type { OwnCommand } from '../ownCommands.ts';
import type { Services } from '../services.ts';
import type { TaskRow } from '../setup/rows.ts';
import type { SetupModel } from '../setup/setupModel.ts';
import type { HandlerPlace } from './handlerOf.ts';

/** `Deploy | Invoke | Logs` above function.yaml and above the handler. They need files only, so they start nothing. */
export function registerTaskLenses({ context, model }: Services): void {
  const lenses = new TaskLenses(model);
  const selector = [
    { scheme: 'file', pattern: '**/function.{yaml,yml}' },
    { scheme: 'file', pattern: '**/*.{py,js,mjs,cjs}' },
  ];
  context.subscriptions.push(lenses, languages.registerCodeLensProvider(selector, lenses));
}

class TaskLenses implements CodeLensProvider, Disposable {
  readonly #model: SetupModel;
  readonly #changed = new EventEmitter<void>();
  readonly #stop: () => void;
  #deployed = '';

  constructor(model: SetupModel) {
    this.#model = model;
    this.#stop = model.onChange(() => {
      const deployed = this.#model.taskRows
        .flatMap(({ task }) => (task ? [`${task.name} ${task.source}`] : []))
        .join('\n');
      if (deployed === this.#deployed) return;
      this.#deployed = deployed;
      this.#changed.fire();
    });
  }

  get onDidChangeCodeLenses(): Event<void> {
    return this.#changed.event;
  }

  async provideCodeLenses(document: TextDocument): Promise<CodeLens[]> {
    const { lensPlace } = await import('./handlerOf.ts');
    const place = isConfig(document)
      ? lensPlace(document.getText(), document.uri.fsPath)
      : await placeInSource(document);
    return place ? this.#lenses(place) : [];
  }

  dispose(): void {
    this.#stop();
    this.#changed.dispose();
  }

  #lenses({ folder, name, line }: HandlerPlace): CodeLens[] {
    const deploy: OwnCommand = {
      title: `$(cloud-upload) ${l10n.t('Deploy')}`,
      command: 'fusionizer.task.deploy',
      arguments: [Uri.file(folder)],
    };
    const rows = this.#model.taskRows.filter(({ task }) => task !== undefined);
    // The Task of another folder with this name is not the one below the lens.
    const isHere = (one: TaskRow): boolean => one.name === name && (one.folder?.path ?? folder) === folder;
    const row = rows.find(({ task }) => task?.source === folder) ?? rows.find(isHere);
    const range = new Range(line, 0, line, 0);
    return [deploy, ...(row ? deployedCommands(row.name) : [])].map((command) => new CodeLens(range, command));
  }
}

function deployedCommands(task: string): OwnCommand[] {
  return [
    { title: `$(play) ${l10n.t('Invoke')}`, command: 'fusionizer.task.invoke', arguments: [{ task }] },
    { title: `$(output) ${l10n.t('Logs')}`, command: 'fusionizer.task.showLogs', arguments: [{ task }] },
  ];
}

async function placeInSource(document: TextDocument): Promise<HandlerPlace | undefined> {
  const { configAbove, handlerIn } = await import('./handlerOf.ts');
  const top = workspace.getWorkspaceFolder(document.uri)?.uri.fsPath;
  const file = document.uri.fsPath;
  const config = top && (await configAbove(file, top));
  return config === undefined || config === ''
    ? undefined
    : handlerIn(document.getText(), file, config, await readText(config));
}
