/** Options as data: one table feeds the parser, the types, `--help` and docs/cli.md. */
export interface OptionSpec {
  /** As commander writes it: `-f, --file <file>`. */
  readonly flags: string;
  readonly summary: string;
  /** `list` may be given several times. */
  readonly kind: 'flag' | 'value' | 'list';
}

export type OptionTable = Readonly<Record<string, OptionSpec>>;

type ValueOf<Kind> = Kind extends 'flag'
  ? boolean
  : Kind extends 'list'
    ? readonly string[]
    : string | undefined;

export type OptionsOf<Table extends OptionTable> = {
  readonly [Name in keyof Table]: ValueOf<Table[Name]['kind']>;
};

export const globalOptions = {
  file: { flags: '-f, --file <file>', summary: 'the cluster file (default: kubetls.yaml)', kind: 'value' },
  state: {
    flags: '--state <dir>',
    summary: 'the state directory (default: kubetls-state beside the file)',
    kind: 'value',
  },
  output: { flags: '-o, --output <form>', summary: 'text or json (default: text)', kind: 'value' },
  at: {
    flags: '--at <time>',
    summary: 'judge as of this instant (2027-01-31, RFC 3339, or +30d); only where nothing is written',
    kind: 'value',
  },
  yes: { flags: '-y, --yes', summary: 'do not ask', kind: 'flag' },
  quiet: { flags: '-q, --quiet', summary: 'only what was asked for', kind: 'flag' },
  verbose: { flags: '-v, --verbose', summary: 'every line, nothing folded', kind: 'flag' },
  noColor: { flags: '--no-color', summary: 'no colours (also: NO_COLOR=1)', kind: 'flag' },
} as const satisfies OptionTable;

export type GlobalOptions = OptionsOf<typeof globalOptions>;
