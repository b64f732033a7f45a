/** The tables of commands and options, as commander wants them. */
import { Command, Option } from 'commander';
import type { CommandOptions, CommandSpec } from './command.ts';
import { commandTable } from './commands.ts';
import { type GlobalOptions, globalOptions, type OptionTable } from './options.ts';

type Runner = (
  spec: CommandSpec,
  words: readonly string[],
  options: CommandOptions,
  globals: GlobalOptions,
) => Promise<void>;

export function createProgram(version: string, runner: Runner): Command {
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
  for (const spec of commandTable) addCommand(program, spec, runner);
  addOptions(program, globalOptions, 'Options of every command:');
  program.addHelpText('after', '\nStart with: kubetls up');
  return program;
}

function addCommand(program: Command, spec: CommandSpec, runner: Runner): void {
  const command = program
    .command(spec.name)
    .summary(spec.summary)
    .description(`${spec.summary.charAt(0).toUpperCase()}${spec.summary.slice(1)}.`)
    .helpOption('-h, --help', 'print this help')
    .exitOverride()
    .configureOutput({ writeErr: () => {} });
  for (const { name, summary } of spec.arguments) command.argument(name, summary);
  addOptions(command, spec.options, 'Options:');
  const unused: readonly string[] = [spec.writes ? 'at' : 'yes', ...(spec.unused ?? [])];
  addOptions(command, globalOptions, 'Options of every command:', unused);
  if (spec.examples.length > 0)
    command.addHelpText('after', `\nExamples:\n${spec.examples.map((line) => `  ${line}`).join('\n')}`);
  command.action(async (...all: unknown[]) => {
    const [before, after] = [program.opts<CommandOptions>(), command.opts<CommandOptions>()];
    // `--no-color` has a default, so the one after the command would hide the one before it.
    const given = { ...before, ...after, color: before['color'] !== false && after['color'] !== false };
    const words = all
      .slice(0, spec.arguments.length)
      .flat()
      .filter((word): word is string => typeof word === 'string');
    await runner(spec, words, read(spec.options, given), read(globalOptions, given) as GlobalOptions);
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
  const entries = Object.entries(table).map(([name, { kind }]) => {
    // Commander stores `--no-color` as color: false.
    const value = name === 'noColor' ? given['color'] === false : given[name];
    return [name, kind === 'flag' ? value === true : kind === 'list' ? (value ?? []) : value] as const;
  });
  return Object.fromEntries(entries);
}
