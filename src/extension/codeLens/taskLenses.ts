import {
  CodeLens,
  type CodeLensProvider,
  type Disposable,
  type Event,
  EventEmitter,
  l10n,
  Range,
  type TextDocument,
  Uri,
  workspace,
} from 'vscode';
import { isConfig } from '../config/isConfig.ts';
import { readText } from '../config/readText.ts';
import type { SetupModel } from '../setup/setupModel.ts';
import type { HandlerPlace } from './handlerOf.ts';

/** `Deploy | Invoke | Logs` above function.yaml and above the handler. Looks at files only, so it starts nothing. */
export class TaskLenses implements CodeLensProvider, Disposable {
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
    const { configPlace } = await import('./handlerOf.ts');
    const place = isConfig(document)
      ? configPlace(document.getText(), document.uri.fsPath)
      : await placeInSource(document);
    return place ? this.#lenses(place) : [];
  }

  dispose(): void {
    this.#stop();
    this.#changed.dispose();
  }

  #lenses({ folder, name, line }: HandlerPlace): CodeLens[] {
    const range = new Range(line, 0, line, 0);
    const deploy = new CodeLens(range, {
      title: `$(cloud-upload) ${l10n.t('Deploy')}`,
      command: 'fusionizer.task.deploy',
      arguments: [Uri.file(folder)],
    });
    const rows = this.#model.taskRows.filter(({ task }) => task !== undefined);
    const row = rows.find(({ task }) => task?.source === folder) ?? rows.find((one) => one.name === name);
    if (row === undefined) return [deploy];
    const argument = { task: row.name };
    return [
      deploy,
      new CodeLens(range, {
        title: `$(play) ${l10n.t('Invoke')}`,
        command: 'fusionizer.task.invoke',
        arguments: [argument],
      }),
      new CodeLens(range, {
        title: `$(output) ${l10n.t('Logs')}`,
        command: 'fusionizer.task.showLogs',
        arguments: [argument],
      }),
    ];
  }
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
