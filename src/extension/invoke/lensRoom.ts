import { setting } from '../settings.ts';

/**
 * What the line above a document shows whole in a window of 800 pixels with the side bar open, in characters of average
 * width: extensions do not know the width of an editor. Answers have no line numbers, which leaves more room.
 */
const BESIDE = { answer: 34, payload: 26 };
const WHOLE_WIDTH = { answer: 72, payload: 60 };

/** @param document that with the answer, or that with the payload beside it */
export const lensRoom = (document: 'answer' | 'payload'): number =>
  (setting('invoke.answerPlace') === 'beside' ? BESIDE : WHOLE_WIDTH)[document];
