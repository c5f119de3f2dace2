/**
 * Variables that make `process.execPath` run as Node.js. On a desktop, VS Code's extension host is Electron, which
 * would open a window without them.
 */
export const NODE_ENVIRONMENT: Readonly<Record<string, string>> =
  process.versions['electron'] === undefined ? {} : { ELECTRON_RUN_AS_NODE: '1' };
