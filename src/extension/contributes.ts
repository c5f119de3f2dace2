// Generated from package.json by scripts/contributes.mjs, which the build runs. Do not edit.

/** Commands of the extension. */
export type CommandId =
  | 'fusionizer.answer.compare'
  | 'fusionizer.answer.expect'
  | 'fusionizer.answer.preview'
  | 'fusionizer.answer.save'
  | 'fusionizer.answer.show'
  | 'fusionizer.config.create'
  | 'fusionizer.diagnostics.copy'
  | 'fusionizer.group.dissolve'
  | 'fusionizer.group.fuse'
  | 'fusionizer.group.fuseSelected'
  | 'fusionizer.group.split'
  | 'fusionizer.invocation.cancel'
  | 'fusionizer.invocation.repeat'
  | 'fusionizer.map.open'
  | 'fusionizer.payload.new'
  | 'fusionizer.payload.open'
  | 'fusionizer.payload.send'
  | 'fusionizer.payload.sendFile'
  | 'fusionizer.payload.sendSelection'
  | 'fusionizer.schedule.apply'
  | 'fusionizer.schedule.focus'
  | 'fusionizer.schedule.open'
  | 'fusionizer.schedule.openBoard'
  | 'fusionizer.schedule.openText'
  | 'fusionizer.schedule.pause'
  | 'fusionizer.schedule.restart'
  | 'fusionizer.schedule.start'
  | 'fusionizer.server.openApiPage'
  | 'fusionizer.server.restart'
  | 'fusionizer.server.setToken'
  | 'fusionizer.server.showActions'
  | 'fusionizer.server.showLog'
  | 'fusionizer.server.start'
  | 'fusionizer.server.stop'
  | 'fusionizer.settings.open'
  | 'fusionizer.setup.undo'
  | 'fusionizer.task.cancelDeploy'
  | 'fusionizer.task.copyAddress'
  | 'fusionizer.task.delete'
  | 'fusionizer.task.deploy'
  | 'fusionizer.task.deployAll'
  | 'fusionizer.task.invoke'
  | 'fusionizer.task.new'
  | 'fusionizer.task.open'
  | 'fusionizer.task.redeployLast'
  | 'fusionizer.task.showLogs'
  | 'fusionizer.trace.clearFilter'
  | 'fusionizer.trace.compare'
  | 'fusionizer.trace.copyAsCurl'
  | 'fusionizer.trace.editAndReplay'
  | 'fusionizer.trace.filter'
  | 'fusionizer.trace.open'
  | 'fusionizer.trace.replay'
  | 'fusionizer.trace.savePayload'
  | 'fusionizer.trace.showOlder'
  | 'fusionizer.trust.manage'
  | 'fusionizer.walkthrough.open';

/** Keys that when clauses read. */
export type ContextKey =
  | 'fusionizer.hasDeployed'
  | 'fusionizer.hasFused'
  | 'fusionizer.hasInvoked'
  | 'fusionizer.hasOpenedView'
  | 'fusionizer.hasTasks'
  | 'fusionizer.invocationsFiltered'
  | 'fusionizer.remote'
  | 'fusionizer.server'
  | 'fusionizer.serverOrigin'
  | 'fusionizer.serverRunning';

/** Views of the extension. */
export type ViewId = 'fusionizer.invocations' | 'fusionizer.setup';

/** Tools for language models. */
export type ToolName =
  | 'fusionizer_deploy_task'
  | 'fusionizer_invoke_task'
  | 'fusionizer_list_tasks'
  | 'fusionizer_task_logs';

/** The settings by their names below fusionizer, with the types of their values. */
export interface Settings {
  readonly 'server.autoStart': boolean;
  readonly 'server.url': string;
  readonly 'server.port': number;
  readonly 'server.host': string;
  readonly 'server.auth': 'auto' | 'always';
  readonly 'server.tokenFile': string;
  readonly 'server.allowHosts': readonly string[];
  readonly 'server.stateFolder': string;
  readonly 'server.grace': number;
  readonly 'server.allowSystemCommands': boolean;
  readonly 'server.maxDepth': number;
  readonly 'server.maxWorkers': number;
  readonly 'server.record': 'all' | 'errors' | 'none';
  readonly 'python.path': string;
  readonly 'schedule.file': string;
  readonly 'optimizer.module': string;
  readonly 'deploy.onSave': boolean;
  readonly 'deploy.showSuccess': boolean;
  readonly 'invoke.timeout': number;
  readonly 'invoke.answerPlace': 'beside' | 'below' | 'sameGroup';
}
