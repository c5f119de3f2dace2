/** The language of a runtime, such as `python` of `python:3.11`. All Tasks of a function share it. */
export const familyOf = (runtime: string): string => runtime.split(':')[0] ?? '';
