/**
 * What a process needs in its environment so that `process.execPath` runs as Node.js: on a desktop, VS Code's extension
 * host is Electron, which would open a window otherwise.
 */
export const NODE_ENVIRONMENT: Readonly<Record<string, string>> =
  process.versions['electron'] === undefined ? {} : { ELECTRON_RUN_AS_NODE: '1' };
