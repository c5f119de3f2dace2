import {
  type CancellationToken,
  type Disposable,
  l10n,
  type TestController,
  type TestItem,
  TestRunProfileKind,
  type TestRunRequest,
  tests,
  Uri,
  workspace,
} from 'vscode';
import { findCases } from '../../client/cases/findCases.ts';
import type { Services } from '../services.ts';
import { type CaseInFolder, runOn } from './runCases.ts';

/** Payloads with an expected answer, by their Tasks, as tests of the editor. */
export class TestExplorer implements Disposable {
  readonly #services: Services;
  readonly #cases = new Map<TestItem, CaseInFolder>();
  #made: TestController | undefined;

  constructor(services: Services) {
    this.#services = services;
  }

  /** Reads the cases again. Without any, the editor is told of no tests. */
  async refresh(): Promise<void> {
    const found = await Promise.all(
      (workspace.workspaceFolders ?? []).map(async ({ uri: { fsPath: folder } }) => {
        const { cases } = await findCases(folder, []);
        return cases.map((test): CaseInFolder => ({ test, folder }));
      }),
    );
    const cases = found.flat();
    if (cases.length > 0 || this.#made !== undefined) this.#show(cases);
  }

  dispose(): void {
    this.#made?.dispose();
  }

  #show(cases: readonly CaseInFolder[]): void {
    this.#made ??= this.#make();
    const { items } = this.#made;
    this.#cases.clear();
    const tasks = new Map<string, TestItem>();
    for (const one of cases) {
      const { task, name, payload, expected } = one.test;
      const key = `${one.folder}\n${task}`;
      const parent = tasks.get(key) ?? this.#made.createTestItem(key, task);
      tasks.set(key, parent);
      const item = this.#made.createTestItem(payload, name, Uri.file(payload));
      item.description = workspace.asRelativePath(expected).split('/').at(-1) ?? '';
      parent.children.add(item);
      this.#cases.set(item, one);
    }
    items.replace([...tasks.values()]);
  }

  #make(): TestController {
    const controller = tests.createTestController('fusionizer', l10n.t('Nuclio Tasks'));
    controller.refreshHandler = () => this.refresh();
    const profile = (label: string, way: 'own' | 'window', isDefault: boolean): void => {
      const run = (request: TestRunRequest, token: CancellationToken): Promise<void> => this.#run(request, token, way);
      controller.createRunProfile(label, TestRunProfileKind.Run, run, isDefault);
    };
    profile(l10n.t('Apart and Fused, on a Server of Their Own'), 'own', true);
    profile(l10n.t("On This Window's Server, as It Is"), 'window', false);
    return controller;
  }

  async #run(request: TestRunRequest, token: CancellationToken, way: 'own' | 'window'): Promise<void> {
    if (this.#made === undefined) return;
    const excluded = new Set(request.exclude ?? []);
    const all = [...this.#cases].filter(
      ([item]) =>
        !excluded.has(item) &&
        (request.include?.some((one) => one === item || one === item.parent) ?? true) &&
        (item.parent === undefined || !excluded.has(item.parent)),
    );
    const run = this.#made.createTestRun(request);
    const abort = new AbortController();
    const cancel = token.onCancellationRequested(() => abort.abort());
    try {
      await runOn(this.#services, run, new Map(all), way, abort.signal);
    } finally {
      cancel.dispose();
      run.end();
    }
  }
}
