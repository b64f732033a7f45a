import { readFile, stat } from 'node:fs/promises';
import { renderFailure } from '../../base/index.ts';
import type { Context } from '../context.ts';
import { Exit } from '../exit.ts';
import { type Inspected, inspectBytes } from '../inspect/read.ts';
import { inspectJson } from '../inspect/json.ts';
import { printInspected } from '../inspect/view.ts';

/** 16 MiB: the largest kubeconfig that the reader takes; no bundle in use comes near. */
const LARGEST = 16 * 1024 * 1024;

export async function run(context: Context, words: readonly string[]): Promise<number> {
  const { console, at } = context;
  const found: Inspected[] = [];
  for (const word of words) found.push(await inspectOne(word));
  if (console.json) console.printJson(inspectJson(found, at));
  else for (const [i, one] of found.entries()) printInspected(console, one, at, i > 0);
  for (const { problems, source } of found) {
    for (const problem of problems) console.warn(`${source}: ${renderFailure(problem)}`);
  }
  const nothing = found.filter(({ certificates, requests, kubeconfigs, keys }) =>
    [certificates, requests, kubeconfigs, keys].every((list) => list.length === 0),
  );
  for (const { source } of nothing) {
    console.fail({
      code: 'cli/file',
      message: `${source} holds no certificate, request, key or kubeconfig`,
      hint: 'give PEM, DER or a kubeconfig',
    });
  }
  return nothing.length > 0 ? Exit.usage : Exit.ok;
}

async function inspectOne(word: string): Promise<Inspected> {
  const source = word === '-' ? 'standard input' : word;
  const empty = { source, certificates: [], requests: [], kubeconfigs: [], keys: [] };
  const failed = (message: string): Inspected => ({ ...empty, problems: [{ code: 'cli/file', message }] });
  try {
    if (word === '-') return inspectBytes(await readStandardInput(), source);
    const info = await stat(word);
    // A FIFO or a device would block, or never end.
    if (!info.isFile()) return failed('is no regular file');
    if (info.size > LARGEST) return failed(`is larger than ${LARGEST} bytes`);
    return inspectBytes(await readFile(word), source);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return failed(code === 'ENOENT' ? 'there is no such file' : `cannot be read: ${code}`);
  }
}

async function readStandardInput(): Promise<Uint8Array> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of process.stdin as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > LARGEST) break;
    parts.push(part);
  }
  return Buffer.concat(parts);
}
