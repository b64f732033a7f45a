/** Parses the command line, runs one command, renders its failure, and says the exit code. */
import { setMaxListeners } from 'node:events';
import { Command, CommanderError, Option } from 'commander';
import { expectedFailure } from '../base/index.ts';
import type { CommandOptions, CommandSpec } from './command.ts';
import { commandTable } from './commands.ts';
import { createConsole } from './console.ts';
import { createContext, usage } from './context.ts';
import { Exit, exitFor } from './exit.ts';
import { problemsOf } from './problems.ts';
import { type GlobalOptions, globalOptions, type OptionTable } from './options.ts';

export async function run(arguments_: readonly string[], version: string): Promise<number> {
  const interrupt = new AbortController();
  // Every handshake under way listens to it.
  setMaxListeners(0, interrupt.signal);
  const onSignal = () => {
    // The second one means it.
    if (interrupt.signal.aborted) process.exit(Exit.interrupted);
    interrupt.abort();
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  // A reader that went away (`| head`) is no failure of ours.
  process.stdout.on('error', (error: NodeJS.ErrnoException) =>
    process.exit(error.code === 'EPIPE' ? Exit.ok : Exit.usage),
  );
  let code: number = Exit.ok;
  const program = createProgram(version, async (spec, words, options, globals) => {
    const context = createContext(globals, spec.writes, interrupt.signal);
    const command = await spec.load();
    code = await command.run(context, words, options);
  });
  try {
    await program.parseAsync(arguments_, { from: 'user' });
  } catch (error) {
    code = report(error, arguments_);
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  }
  return code;
}

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
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({ writeErr: () => {} });
  for (const spec of commandTable) {
    const command = program
      .command(spec.name)
      .description(spec.summary)
      .exitOverride()
      .configureOutput({ writeErr: () => {} });
    for (const { name, summary } of spec.arguments) command.argument(name, summary);
    addOptions(command, { ...spec.options, ...globalOptions });
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
  addOptions(program, globalOptions);
  program.addHelpText('after', '\nStart with: kubetls up');
  return program;
}

function addOptions(command: Command, table: OptionTable): void {
  for (const { flags, summary, kind } of Object.values(table)) {
    const option = new Option(flags, summary);
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

function report(error: unknown, arguments_: readonly string[]): number {
  const json = arguments_.includes('json');
  const console = createConsole({
    quiet: false,
    verbose: false,
    color: !arguments_.includes('--no-color'),
    json,
  });
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return Exit.ok;
    const message = error.message.replace(/^error: /, '');
    console.fail(usage(message === '(outputHelp)' ? 'no command given' : message, 'see: kubetls --help'));
    return Exit.usage;
  }
  const failure = expectedFailure(error);
  for (const problem of problemsOf(failure)) console.fail(problem);
  return exitFor(failure.code);
}
