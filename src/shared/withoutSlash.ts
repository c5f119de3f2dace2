/** An address, or its path, as paths are put behind it. */
export const withoutSlash = (address: string): string => address.replace(/\/$/, '');
