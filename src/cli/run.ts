/** Parses the command line, runs one command, renders its failure, and says the exit code. */
import { CommanderError } from 'commander';
import { expectedFailure, type Failure, KubetlsError, nearest } from '../base/index.ts';
import { eachCommand } from './command.ts';
import { commandTable } from './commands.ts';
import { createConsole } from './console.ts';
import { type CliCode, createContext, usage } from './context.ts';
import { Exit, exitFor } from './exit.ts';
import { problemsOf } from './problems.ts';
import { createProgram } from './program.ts';
import { watchOutput, watchSignals } from './signals.ts';

export async function run(arguments_: readonly string[], version: string): Promise<number> {
  const output = watchOutput();
  const signals = watchSignals();
  let code: number = Exit.ok;
  const program = createProgram(version, arguments_, async (spec, words, options, globals) => {
    if (spec.writes) signals.finishFirst();
    const heard = { interrupt: signals.interrupt, unheard: output.unheard };
    const context = createContext(globals, spec, heard, version);
    const command = await spec.load();
    code = await command.run(context, words, options);
  });
  try {
    if (arguments_.length === 0) program.outputHelp();
    else await program.parseAsync(helpAsked(arguments_), { from: 'user' });
  } catch (error) {
    code = report(error, arguments_);
  } finally {
    signals.close();
  }
  const failure = await output.failure();
  if (failure) code = report(failure, arguments_);
  return code;
}

function report(error: unknown, arguments_: readonly string[]): number {
  if (error instanceof CommanderError && error.exitCode === 0) return Exit.ok;
  const failure = failureOf(error, arguments_);
  const problems = problemsOf(failure);
  const json = wantsJson(arguments_);
  const color = !arguments_.includes('--no-color');
  const console = createConsole({ quiet: false, verbose: false, color, json });
  for (const problem of problems) console.fail(problem);
  if (json && failure.code !== 'cli/output') console.printJson(errorJson(problems));
  return exitFor(failure.code);
}

/** Everything expected as a coded failure; what is left is a defect of ours. */
function failureOf(error: unknown, arguments_: readonly string[]): KubetlsError {
  if (error instanceof CommanderError) return usageFailure(error, arguments_);
  if (!(error instanceof Error && 'syscall' in error)) return expectedFailure(error);
  const { code, syscall, path } = error as NodeJS.ErrnoException;
  return new KubetlsError<CliCode>({
    code: 'cli/system',
    message: `${syscall ?? 'a system call'} failed: ${code ?? error.message}`,
    ...(path !== undefined && { where: { file: path } }),
  });
}

/** Commander's sentences, with what it guesses as a hint. */
function usageFailure({ message }: CommanderError, arguments_: readonly string[]): KubetlsError {
  const command = wordsIn(arguments_);
  const see = `see: kubetls ${command.map((word) => `${word} `).join('')}--help`;
  // It prints the help when there is no command, and for help on something that is none.
  if (message === '(outputHelp)') {
    return arguments_.includes('help') ? noSuchCommand(arguments_, see) : usage('no command given', see);
  }
  const [said = '', guess] = message.replace(/^error: /, '').split('\n');
  if (guess !== undefined) return usage(said, guess.replace(/^\(Did(.*)\)$/, 'did$1'));
  const shorter = shorterCommand(said, command);
  return usage(said, shorter === undefined ? see : `did you mean ${shorter}?`);
}

function noSuchCommand(arguments_: readonly string[], see: string): KubetlsError {
  const asked = arguments_.filter((word) => word !== 'help' && !word.startsWith('-')).join(' ');
  const all = eachCommand(commandTable).map(({ words }) => words.join(' '));
  const near = nearest(asked, all);
  return usage(`there is no command ${asked}`, near === undefined ? see : `did you mean ${near}?`);
}

/** kubectl's `rename-context` is `rename` here: what it is about is told by the name. */
function shorterCommand(said: string, group: readonly string[]): string | undefined {
  const [, word] = /^unknown command '([a-z-]+)'$/.exec(said) ?? [];
  const found = eachCommand(commandTable).find(({ words }) => {
    const last = words.at(-1) ?? '';
    return (
      words.length === group.length + 1 && words[0] === group[0] && word?.startsWith(`${last}-`) === true
    );
  });
  return found?.words.at(-1);
}

/** A group's name by itself shows what there is in it; `help` looks no further than one word. */
function helpAsked(words: readonly string[]): string[] {
  const [first, second, ...more] = words;
  if (second === undefined) return isGroup(first) ? [...words, '--help'] : [...words];
  if (first !== 'help') return [...words];
  if (second === 'help') return ['help'];
  return isGroup(second) ? [second, ...(more.length > 0 ? ['help', ...more] : ['--help'])] : [...words];
}

function isGroup(name: string | undefined): boolean {
  return commandTable.some((row) => 'commands' in row && row.name === name);
}

/** The words of the command that is called; of a group without one of its commands, its name. */
function wordsIn(arguments_: readonly string[]): readonly string[] {
  const called = eachCommand(commandTable).find(({ words }) =>
    words.every((word) => arguments_.includes(word)),
  );
  const group = commandTable.find(({ name }) => arguments_.includes(name));
  return called?.words ?? (group ? [group.name] : []);
}

/** The command line may be the very thing that is wrong, so this asks no parser. */
function wantsJson(arguments_: readonly string[]): boolean {
  return arguments_.some((word, i) =>
    /^-[qvy]*o$|^--output$/.test(word)
      ? arguments_[i + 1] === 'json'
      : /^(-[qvy]*o|--output=)json$/.test(word),
  );
}

function errorJson(problems: readonly Failure[]): object {
  return {
    schema: 'kubetls/error/v1',
    errors: problems.map(({ code, message, where, hint }) => ({
      code,
      message,
      where: where ?? null,
      hint: hint ?? null,
    })),
  };
}
