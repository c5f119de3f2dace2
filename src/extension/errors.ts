/** There is no folder to work in. */
export class NoFolderError extends Error {}

/** The workspace is not trusted: nothing of it may be run. */
export class UntrustedError extends Error {}

/** The user changed their mind: nothing more is to be said. */
export class DismissedError extends Error {}
