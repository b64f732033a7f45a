/** What a command is: a row of the table in commands.ts, and the code behind it. */
import type { Context } from './context.ts';
import type { globalOptions, OptionTable } from './options.ts';

export interface CommandSpec {
  readonly name: string;
  readonly summary: string;
  /** As commander writes it: `[plan]`, `<what...>`. */
  readonly arguments: readonly { readonly name: string; readonly summary: string }[];
  readonly options: OptionTable;
  readonly examples: readonly string[];
  /** `--at` and nothing written, or writing and `-y`. */
  readonly writes: boolean;
  /** Options of every command that mean nothing here. */
  readonly unused?: readonly (keyof typeof globalOptions)[];
  load(): Promise<Command>;
}

export type CommandOptions = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

export interface Command {
  /** Returns the exit code. */
  run(context: Context, words: readonly string[], options: CommandOptions): Promise<number>;
}
