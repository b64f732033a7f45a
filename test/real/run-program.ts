import { spawn } from 'node:child_process';

export interface Outcome {
  /** Exit status; null when a signal ended the program, also ours at the time limit. */
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  stdin?: string;
  env?: NodeJS.ProcessEnv;
  /** Milliseconds until SIGKILL. */
  timeout?: number;
}

/** Runs to the end and keeps what was printed. Rejects only when the program cannot be started. */
export function runProgram(
  program: string,
  args: readonly string[],
  { stdin = '', env, timeout = 60_000 }: RunOptions = {},
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: 'pipe', ...(env && { env }) });
    const limit = setTimeout(() => child.kill('SIGKILL'), timeout);
    const outcome: Outcome = { code: null, stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (outcome.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (outcome.stderr += text));
    // A program that ends without reading its input closes the pipe; its exit status says enough.
    child.stdin.on('error', () => {}).end(stdin);
    child.on('error', (error) => {
      clearTimeout(limit);
      reject(error);
    });
    child.on('close', (code) => {
      clearTimeout(limit);
      resolve({ ...outcome, code });
    });
  });
}

/** As runProgram, but an exit status other than 0 is an error that shows what was printed. */
export async function mustRun(
  program: string,
  args: readonly string[],
  options?: RunOptions,
): Promise<Outcome> {
  const outcome = await runProgram(program, args, options);
  if (outcome.code === 0) return outcome;
  throw new Error(
    `${program} ${args.join(' ')} ended with ${outcome.code}\n${outcome.stdout}${outcome.stderr}`,
  );
}
