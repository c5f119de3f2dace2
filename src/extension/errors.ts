/** No folder is open. */
export class NoFolderError extends Error {}

/** The workspace is not trusted, so nothing of it may be run. */
export class UntrustedError extends Error {}

/** The user cancelled: no message follows. */
export class DismissedError extends Error {}
