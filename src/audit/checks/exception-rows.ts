import { groupOf, type CheckRow } from './types.ts';

/** Found while exceptions are applied: an exception that says nothing any more hides what comes next. */
export const exceptionRows: readonly CheckRow[] = groupOf('exceptions', [
  {
    id: 'exception-ended',
    severity: 'warning',
    title: 'an exception that is past its date',
    why: 'it was granted for a time: what it excused is told again',
    remedy: 'mend what it excused, or decide anew and give it another date',
    source: 'docs/checks.md',
  },
  {
    id: 'exception-unmatched',
    severity: 'warning',
    title: 'an exception that matches nothing',
    why: 'what it excused is gone: left there, it would excuse the next one, which nobody has looked at',
    remedy: 'remove it, or correct its place',
    source: 'docs/checks.md',
  },
]);
