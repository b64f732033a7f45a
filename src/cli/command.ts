/** What a command is: a row in command-table/, and the code behind it. */
import type { Context } from './context.ts';
import type { globalOptions, OptionTable } from './options.ts';

/** Commands that share a first word: `kubetls kubeconfig view`. */
export interface CommandGroup {
  readonly name: string;
  readonly summary: string;
  /** What all of them go by, for help and manual. */
  readonly description: string;
  readonly examples: readonly string[];
  readonly commands: readonly CommandSpec[];
}

export interface CommandSpec {
  readonly name: string;
  readonly summary: string;
  /** As commander writes it: `[plan]`, `<what...>`. */
  readonly arguments: readonly { readonly name: string; readonly summary: string }[];
  readonly options: OptionTable;
  readonly examples: readonly string[];
  /** `--at` and nothing written, or writing and `-y`. */
  readonly writes: boolean;
  /** What `-o` takes beside text and json. */
  readonly forms?: readonly string[];
  /** A sentence about what is printed. */
  readonly note?: string;
  /** Options of every command that mean nothing here. */
  readonly unused?: readonly (keyof typeof globalOptions)[];
  load(): Promise<Command>;
}

/** Every command with the words that call it, in the order of the table. */
export function eachCommand(
  table: readonly (CommandSpec | CommandGroup)[],
): { readonly words: readonly string[]; readonly spec: CommandSpec }[] {
  return table.flatMap((row) =>
    'commands' in row
      ? row.commands.map((spec) => ({ words: [row.name, spec.name], spec }))
      : [{ words: [row.name], spec: row }],
  );
}

export type CommandOptions = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

export interface Command {
  /** Returns the exit code. */
  run(context: Context, words: readonly string[], options: CommandOptions): Promise<number>;
}
