/** The tables of commands and options, as commander wants them. */
import { Command, Option } from 'commander';
import type { CommandGroup, CommandOptions, CommandSpec } from './command.ts';
import { commandTable } from './commands.ts';
import { type GlobalOptions, globalOptions, type OptionTable } from './options.ts';

type Runner = (
  spec: CommandSpec,
  words: readonly string[],
  options: CommandOptions,
  globals: GlobalOptions,
) => Promise<void>;

/**
 * @param words of the command line: who is none of them cannot be called, and is made with its name and summary
 *   alone. All options of all commands take commander a tenth of the time of a small run.
 */
export function createProgram(version: string, words: readonly string[], runner: Runner): Command {
  const program = new Command('kubetls')
    .description(
      'Every certificate of a Kubernetes cluster: declared in one file, issued, proven by real handshakes.',
    )
    .usage('COMMAND [options]')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .configureHelp({ subcommandTerm: (command) => command.name() })
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({ writeErr: () => {} });
  const add = (parent: Command, row: CommandSpec | CommandGroup): void => {
    const command = silent(parent.command(row.name), row.summary);
    if (!words.includes(row.name)) return;
    if ('commands' in row) {
      fillGroup(command, row);
      for (const spec of row.commands) add(command, spec);
    } else fillCommand([program, parent, command], row, runner);
  };
  for (const row of commandTable) add(program, row);
  addOptions(program, globalOptions, 'Options of every command:');
  program.addHelpText('after', '\nStart with: kubetls up');
  return program;
}

function fillGroup(command: Command, group: CommandGroup): void {
  command
    .description(`${sentence(group.summary)}\n\n${group.description}`)
    .usage('COMMAND [options]')
    .helpCommand('help [command]', 'print the help of a command')
    .configureHelp({ subcommandTerm: (one) => one.name() });
  addOptions(command, globalOptions, 'Options of every command:');
  addExamples(command, group.examples);
}

/** Its errors are rendered elsewhere. */
function silent(command: Command, summary: string): Command {
  return command
    .summary(summary)
    .description(sentence(summary))
    .helpOption('-h, --help', 'print this help')
    .exitOverride()
    .configureOutput({ writeErr: () => {} });
}

function sentence(summary: string): string {
  return `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`;
}

function addExamples(command: Command, examples: readonly string[]): void {
  if (examples.length === 0) return;
  command.addHelpText('after', `\nExamples:\n${examples.map((line) => `  ${line}`).join('\n')}`);
}

function addForms(command: Command, { forms = [], note }: CommandSpec): void {
  const also = forms.length > 0 ? [`-o also takes ${forms.join(', ')}.`] : [];
  const lines = [...also, ...(note === undefined ? [] : [note])];
  if (lines.length > 0) command.addHelpText('after', `\n${lines.join('\n')}`);
}

function fillCommand(
  [program, parent, command]: readonly [Command, Command, Command],
  spec: CommandSpec,
  runner: Runner,
): void {
  for (const { name, summary } of spec.arguments) command.argument(name, summary);
  addOptions(command, spec.options, 'Options:');
  const unused: readonly string[] = [spec.writes ? 'at' : 'yes', ...(spec.unused ?? [])];
  addOptions(command, globalOptions, 'Options of every command:', unused);
  addForms(command, spec);
  addExamples(command, spec.examples);
  command.action(async (...all: unknown[]) => {
    const levels = [...new Set([program, parent, command])].map((one) => one.opts<CommandOptions>());
    // `--no-color` has a default, so the one after the command would hide the one before it.
    const color = levels.every((options) => options['color'] !== false);
    const given = levels.reduce((all, one) => ({ ...all, ...one }), {});
    const words = all
      .slice(0, spec.arguments.length)
      .flat()
      .filter((word): word is string => typeof word === 'string');
    await runner(
      spec,
      words,
      read(spec.options, given),
      read(globalOptions, { ...given, color }) as GlobalOptions,
    );
  });
}

/** `hidden` are taken and not shown. */
function addOptions(
  command: Command,
  table: OptionTable,
  group: string,
  hidden: readonly string[] = [],
): void {
  for (const [name, { flags, summary, kind }] of Object.entries(table)) {
    const option = new Option(flags, summary).helpGroup(group).hideHelp(hidden.includes(name));
    if (kind === 'list')
      option.argParser((value: string, before: string[] | undefined) => [...(before ?? []), value]);
    command.addOption(option);
  }
}

/** Commander's bag of values, as the table types it: every option is there. */
function read(table: OptionTable, given: CommandOptions): CommandOptions {
  const entries = Object.entries(table).map(([name, { flags, kind }]) => {
    // Commander stores `--no-color` as color: false.
    const [, denied] = /--no-(\w+)/.exec(flags) ?? [];
    const value = denied === undefined ? given[name] : given[denied] === false;
    return [name, kind === 'flag' ? value === true : kind === 'list' ? (value ?? []) : value] as const;
  });
  return Object.fromEntries(entries);
}
