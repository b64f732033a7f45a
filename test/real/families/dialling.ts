/** Clients of each family that dial a server on loopback, show a certificate or none, and wait for a byte. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import tls from 'node:tls';
import type { Family } from '../../../src/families/index.ts';
import { javaWords } from './java.ts';
import { asBuffer } from '../../../src/base/index.ts';
import type { Certificate, PrivateKey } from '../../../src/x509/index.ts';
import { mustRun, type Outcome, runProgram } from '../run-program.ts';
import { askProgram, base64, keyPem, pemOf } from './judged.ts';

export interface Dialled {
  readonly port: number;
  readonly name: string;
  /** Absent: whoever answers is trusted. */
  readonly root?: Certificate;
  readonly shown?: { readonly leaf: Certificate; readonly key: PrivateKey };
}

/** What the program says of each, empty when it is content; as `alertHeard` tells alerts. */
export type Dials = (dialled: readonly Dialled[]) => Promise<readonly string[]>;

export const DIALS: Readonly<Record<Exclude<Family, 'go' | 'python-strict'>, Dials>> = {
  openssl: each(byOpenssl),
  curl: each(byCurl),
  node: each(byNode),
  python: byPython,
  java: byJava,
};

function each(says: (dialled: Dialled, at: (text: string) => string) => Promise<string>): Dials {
  return async (all) => {
    const texts: string[] = [];
    for (const one of all) {
      const directory = mkdtempSync(join(tmpdir(), 'kubetls-dialling-'));
      let count = 0;
      const at = (text: string) => {
        const file = join(directory, `${++count}.pem`);
        writeFileSync(file, text);
        return file;
      };
      texts.push(await says(one, at).finally(() => rmSync(directory, { recursive: true })));
    }
    return texts;
  };
}

/** What takes a moment may hang on a machine that is busy: then it is ended, and tried once more. */
async function dial(program: string, args: readonly string[]): Promise<Outcome> {
  const outcome = await runProgram(program, args, { timeout: 15_000 });
  return outcome.code === null ? runProgram(program, args) : outcome;
}

async function byOpenssl({ port, name, root, shown }: Dialled, at: (text: string) => string) {
  const pair = shown && at(pemOf([shown.leaf]) + keyPem(shown.key));
  const to = ['-connect', `127.0.0.1:${port}`, '-servername', name];
  const { stderr } = await dial('openssl', [
    's_client',
    '-ign_eof',
    ...to,
    ...(root ? ['-CAfile', at(pemOf([root])), '-verify_return_error', '-verify_hostname', name] : []),
    ...(pair === undefined ? [] : ['-cert', pair, '-key', pair]),
  ]);
  return opensslAlert(stderr);
}

/** The line of an alert, without what differs; empty when there is none. */
export function opensslAlert(text: string): string {
  const line = text.split('\n').find((one) => one.includes('SSL alert number')) ?? '';
  return newerWords(line.replace(/^[0-9A-F]+:/, '…:').replace(/:[^:]*:\d+:(?=SSL alert number)/, ':…:'));
}

/** Of OpenSSL 3.2 and later, in the words of 3.0. */
function newerWords(text: string): string {
  return text.replace('ssl/tls alert', 'sslv3 alert').replace('SSL/TLS_ALERT', 'SSLV3_ALERT');
}

async function byCurl({ port, name, root, shown }: Dialled, at: (text: string) => string) {
  const pair = shown && at(pemOf([shown.leaf]) + keyPem(shown.key));
  const to = ['--noproxy', '*', '--connect-to', `::127.0.0.1:${port}`, `https://${name}/`];
  const { stderr } = await dial('curl', [
    '-sS',
    ...to,
    ...(root ? ['--cacert', at(pemOf([root]))] : ['-k']),
    ...(pair === undefined ? [] : ['--cert', pair]),
  ]);
  return newerWords((stderr.split('\n')[0] ?? '').replace(/OpenSSL\/[^:]*:/, 'OpenSSL/…:'));
}

function byNode({ port, name, root, shown }: Dialled): Promise<string> {
  const socket = tls.connect({
    port,
    host: '127.0.0.1',
    servername: name,
    rejectUnauthorized: root !== undefined,
    ...(root && { ca: pemOf([root]) }),
    ...(shown && { cert: pemOf([shown.leaf]), key: keyPem(shown.key) }),
  });
  return new Promise<string>((resolve) => {
    socket
      .once('data', () => resolve(''))
      .once('close', () => resolve(''))
      .once('error', (error: Error & { readonly code?: string }) => resolve(nodeText(error)));
  }).finally(() => socket.destroy());
}

/** `code: message`. */
export function nodeText({ code, message }: Error & { readonly code?: string }): string {
  const line = opensslAlert(message);
  return newerWords(`${code}: ${line || message}`);
}

async function byPython(all: readonly Dialled[]): Promise<readonly string[]> {
  const questions = all.map(({ port, name, root, shown }) => ({
    port,
    name,
    root: root && pemOf([root]),
    shown: shown && pemOf([shown.leaf]) + keyPem(shown.key),
  }));
  const { answers } = await askProgram(['python3', join(import.meta.dirname, 'alerts.py')], questions);
  return answers.map((text) => (typeof text === 'string' ? newerPython(text) : ''));
}

function newerPython(text: string): string {
  return newerWords(text.replace(/ \(_ssl\.c:\d+\)$/, ''));
}

async function byJava(all: readonly Dialled[]): Promise<readonly string[]> {
  const text = all
    .map(({ port, name, root, shown }) => {
      const key = shown ? asBuffer(shown.key.pkcs8.reveal()).toString('base64') : '';
      return [port, name, root ? base64(root) : '', shown ? base64(shown.leaf) : '', key].join('\t');
    })
    .join('\n');
  const directory = mkdtempSync(join(tmpdir(), 'kubetls-dialling-'));
  try {
    const file = join(directory, 'questions');
    writeFileSync(file, text);
    const program = join(import.meta.dirname, 'Alerts.java');
    const { stdout } = await mustRun('java', [...(await javaWords(program)), file], { timeout: 120_000 });
    return stdout
      .trimEnd()
      .split('\n')
      .map((line) => (line === 'ok' ? '' : line));
  } finally {
    rmSync(directory, { recursive: true });
  }
}
