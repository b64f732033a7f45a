import { expectedFailure } from '../base/index.ts';
import type { Answer, Draft, Made } from './types.ts';

/** All of a chunk, or the first refusal. A defect of ours is thrown, and ends the process. */
export function answerTo(drafts: readonly Draft[], make: (draft: Draft) => Made): Answer {
  const made: Made[] = [];
  try {
    for (const draft of drafts) made.push(make(draft));
    return { made };
  } catch (error) {
    const { code, message, where, hint } = expectedFailure(error);
    return { refused: { code, message, ...(where && { where }), ...(hint !== undefined && { hint }) } };
  }
}
