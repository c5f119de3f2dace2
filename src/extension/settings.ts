import { workspace } from 'vscode';

/** The extension's settings, as package.json declares them; types by their names. */
interface Settings {
  'server.autoStart': boolean;
  'server.url': string;
  'server.port': number;
  'server.host': string;
  'server.auth': 'auto' | 'always';
  'server.tokenFile': string;
  'server.allowHosts': string[];
  'server.stateFolder': string;
  'server.grace': number;
  'server.allowSystemCommands': boolean;
  'python.path': string;
  'schedule.file': string;
  'optimizer.module': string;
  'deploy.onSave': boolean;
  'deploy.showSuccess': boolean;
  'invoke.timeout': number;
}

/** @param scope where the setting may differ by workspace folder */
export function setting<N extends keyof Settings>(name: N, scope?: import('vscode').ConfigurationScope): Settings[N] {
  const value = workspace.getConfiguration('fusionizer', scope).get<Settings[N]>(name);
  if (value === undefined) throw new Error(`The setting fusionizer.${name} is not declared`);
  return value;
}

/** Empty texts mean that nothing is set. */
export function textSetting(
  name: 'server.url' | 'server.tokenFile' | 'server.stateFolder' | 'python.path' | 'schedule.file' | 'optimizer.module',
): string | undefined {
  return setting(name).trim() || undefined;
}
