/** An address or path without its last slash, so that a path can be appended. */
export const withoutSlash = (address: string): string => address.replace(/\/$/, '');
