/** Settings without animations, unasked messages and network requests. The settings of a test override them. */
const QUIET: Record<string, unknown> = {
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.enableExperiments': false,
  'workbench.reduceMotion': 'on',
  'workbench.editor.enablePreview': false,
  'workbench.layoutControl.enabled': false,
  'chat.commandCenter.enabled': false,
  'window.commandCenter': false,
  'window.dialogStyle': 'custom',
  'extensions.ignoreRecommendations': true,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'git.enabled': false,
  'editor.accessibilitySupport': 'off',
  'editor.minimap.enabled': false,
  'editor.hover.delay': 100,
  'files.autoSave': 'off',
  'explorer.compactFolders': false,
  'explorer.confirmDelete': false,
  'remote.autoForwardPorts': false,
  'security.workspace.trust.startupPrompt': 'never',
  'security.workspace.trust.banner': 'never',
};

/** @param trusted whether every folder is trusted; otherwise the test has to trust it by hand */
export function settingsJson(trusted: boolean, own: Record<string, unknown>): string {
  return JSON.stringify({ ...QUIET, 'security.workspace.trust.enabled': !trusted, ...own }, null, 2);
}
