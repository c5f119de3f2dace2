import { schedulePlaces } from '../../shared/jsonPlaces.ts';
import { scheduleMarks } from './scheduleMarks.ts';

/** What a message about a schedule is about: its first fault, an entry, or a name. */
export type Subject = 'fault' | { readonly second: number } | { readonly name: string };

const TOP = { offset: 0, length: 0 };

/** Where something is in the text of a schedule. The top of the text if it is not there any more. */
export function placeIn(text: string, about: Subject): { offset: number; length: number } {
  const [fault] = scheduleMarks(text, { hasSchema: false, isOpen: false, followed: undefined, known: undefined });
  // The places of a text with faults are not those that the server knows.
  if (about === 'fault' || fault !== undefined) return fault ?? TOP;
  const places = schedulePlaces(text);
  const found =
    'second' in about
      ? places.find(({ path, isKey }) => isKey && path[0] === String(about.second))
      : places.find(
          ({ path, offset, length }) =>
            path.length === 3 && JSON.parse(text.slice(offset, offset + length)) === about.name,
        );
  return found ?? TOP;
}
