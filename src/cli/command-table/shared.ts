/** Options and arguments that several commands take alike. */
export const TREES = {
  name: '[tree...]',
  summary:
    'trees that somebody else made, each the root of a node: DIRECTORY or NAME=DIRECTORY; none: the state',
} as const;

export const PASSWORD_FILE = {
  flags: '--password-file <file>',
  summary: 'a file whose first line opens keystores and encrypted keys',
  kind: 'value',
} as const;
