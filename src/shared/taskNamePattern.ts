/**
 * What a Task's name may be. It is in a file without imports, because pages need it, and not the schemas of the HTTP
 * API.
 */

/** A DNS label that starts with a letter, at most 40 characters. A Task can therefore never have the path `/-/`. */
export const TASK_NAME = /^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$/;

/** The rule in words. It follows a text that breaks it. */
export const TASK_NAME_RULE = "use lowercase letters, digits and '-', start with a letter, at most 40 characters";

/** @returns what is wrong with a name, as the end of a sentence; undefined if it is right */
export const taskNameFault = (name: string): string | undefined =>
  TASK_NAME.test(name) ? undefined : `cannot be a Task's name: ${TASK_NAME_RULE}`;
