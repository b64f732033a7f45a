/** What the judges of the families have in common: questions as programs take them. */
import { spawn } from 'node:child_process';
import { asBuffer } from '../../../src/base/index.ts';
import type { Judgement } from '../../../src/families/index.ts';
import { type Certificate, type PrivateKey, writePem, writePrivateKey } from '../../../src/x509/index.ts';

export const base64 = ({ der }: Certificate): string => asBuffer(der).toString('base64');

export function pemOf(certificates: readonly Certificate[]): string {
  return certificates.map(({ der }) => writePem('CERTIFICATE', der)).join('');
}

export const keyPem = (key: PrivateKey): string =>
  asBuffer(writePrivateKey(key, 'pkcs8').reveal()).toString();

/** `ok`, `unknown`, or the text. */
export function said(judgement: Judgement): string {
  if (judgement.ok === undefined) return 'unknown';
  return judgement.ok ? 'ok' : judgement.error;
}

/** One JSON object a line in, one a line out; the first line out says who answers. */
export async function askProgram(
  command: readonly [string, ...string[]],
  questions: readonly unknown[],
): Promise<{ readonly who: unknown; readonly answers: readonly unknown[] }> {
  const [program, ...args] = command;
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  const output: Buffer[] = [];
  const errors: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
  child.stdin
    .on('error', () => {})
    .end(questions.map((question) => `${JSON.stringify(question)}\n`).join(''));
  const code = await new Promise((resolve) => child.on('close', resolve));
  if (code !== 0)
    throw new Error(`${program} ended with ${String(code)}: ${Buffer.concat(errors).toString()}`);
  const lines = Buffer.concat(output).toString().trim().split('\n');
  const [who, ...answers] = lines.map((line) => JSON.parse(line) as unknown);
  return { who, answers };
}
