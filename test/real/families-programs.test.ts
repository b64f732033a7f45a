/** What the programs themselves say: openssl, curl, Node, Python and Java, of the same chains, to the letter. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import net, { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import tls from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DAY } from '../../src/base/index.ts';
import { type Family, judge } from '../../src/families/index.ts';
import { parseIp } from '../../src/x509/index.ts';
import { keyOf, leafDraft, mint, nameOf, NOW, rootDraft } from '../judges/mint.ts';
import { hasOpenssl } from '../judges/openssl.ts';
import { javaWords } from './families/java.ts';
import { askProgram, keyPem, pemOf, said } from './families/judged.ts';
import { type Question, questions } from './families/questions.ts';
import { mustRun, runProgram } from './run-program.ts';

const seed = Number(process.env['KUBETLS_SEED'] ?? Date.now() % 1_000_000);
const has = (program: string) => spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0;
const isKnown = (judgement: string) => judgement !== 'unknown';

const sinceThen = Math.floor((Date.now() - NOW) / DAY) * DAY;
const asked: readonly Question[] = questions(220, seed, sinceThen)
  .map((question) => ({ ...question, at: Date.now() }))
  // No handshake can be signed with a key of 512 bits: such a leaf is judged in families-openssl.test.ts.
  .filter(({ leafKey: { publicKey } }) => publicKey.kind !== 'rsa' || publicKey.bits >= 1_024);
const dialled = asked.filter(
  ({ usage, name, roots }) => usage === 'server' && name !== '' && roots.length > 0,
);

let directory = '';
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kubetls-families-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

async function fileOf(name: string, text: string): Promise<string> {
  const path = join(directory, name);
  await writeFile(path, text);
  return path;
}

/** Judgements beside what was heard; those that differ, and how many texts there were. */
function compare(rows: readonly { readonly id: string; readonly our: string; readonly heard: string }[]) {
  const known = rows.filter(({ our }) => isKnown(our));
  return {
    differing: known.filter(({ our, heard }) => our !== heard),
    texts: new Set(known.map(({ heard }) => heard)).size,
    known: known.length / rows.length,
  };
}

describe.skipIf(!hasOpenssl())('families: openssl verify (needs openssl)', () => {
  it(`prints those lines (KUBETLS_SEED=${seed})`, async () => {
    const rows = [];
    for (const question of asked.slice(0, 80)) {
      if (/^[[.]/.test(question.name)) continue;
      const our = said(judge('openssl', question));
      rows.push({ id: `${question.id} ${question.name}`, our, heard: await opensslSays(question) });
    }
    const { differing, texts, known } = compare(rows);
    expect(differing).toEqual([]);
    expect(known).toBeGreaterThan(0.8);
    expect(texts).toBeGreaterThan(8);
  }, 300_000);
});

const PURPOSES = { server: 'sslserver', client: 'sslclient', any: 'any' };

async function opensslSays({ leaf, intermediates, roots, at, usage, name }: Question): Promise<string> {
  const nameArgs = name === '' ? [] : [parseIp(name) ? '-verify_ip' : '-verify_hostname', name];
  const { code, stderr } = await runProgram('openssl', [
    'verify',
    '-no-CApath',
    '-no-CAstore',
    '-attime',
    String(Math.floor(at / 1_000)),
    '-purpose',
    PURPOSES[usage],
    ...nameArgs,
    ...(roots.length > 0 ? ['-CAfile', await fileOf('roots.pem', pemOf(roots))] : ['-no-CAfile']),
    ...(intermediates.length > 0 ? ['-untrusted', await fileOf('sent.pem', pemOf(intermediates))] : []),
    await fileOf('leaf.pem', pemOf([leaf])),
  ]);
  if (code === 0) return 'ok';
  return (
    stderr
      .split('\n')
      .filter((line) => /^error \d+ at /.test(line))
      .join('\n') || 'verification failed'
  );
}

describe.skipIf(!has('python3'))('families: Python (needs python3)', () => {
  it.each([
    ['python', 0],
    ['python-strict', 0x8_0000 | 0x20],
  ] as const)(
    `%s says so, as client and as server (KUBETLS_SEED=${seed})`,
    async (family, flags) => {
      const cases = asked.filter(
        ({ usage, name }) => usage === 'client' || (usage === 'server' && name !== ''),
      );
      const known = cases.map((each) => ({ ...each, name: each.usage === 'client' ? '' : each.name }));
      const script = join(import.meta.dirname, 'families/handshakes.py');
      const server = ownServer();
      const texts = known.map(({ leaf, intermediates, leafKey, roots, name }) => ({
        chain: pemOf([leaf, ...intermediates]),
        key: keyPem(leafKey),
        roots: pemOf(roots),
        server,
        name: name || undefined,
        flags,
      }));
      const { answers: lines } = await askProgram(['python3', script], texts);
      const answers = lines as readonly (string | null)[];
      const {
        differing,
        texts: count,
        known: share,
      } = compare(
        known.map((question, i) => ({
          id: `${question.id} ${question.name}`,
          our: said(judge(family, question)),
          heard: answers[i]?.replace(/ \(_ssl\.c:\d+\)$/, '') ?? 'ok',
        })),
      );
      expect(differing).toEqual([]);
      expect(share).toBeGreaterThan(0.8);
      expect(count).toBeGreaterThan(10);
    },
    120_000,
  );
});

/** A server that no client checks: one that asks its clients for certificates. */
function ownServer(): string {
  const root = rootDraft('server', keyOf('server'));
  return pemOf([mint(leafDraft(nameOf('server'), root.key, root, ['server']))]) + keyPem(root.key);
}

describe('families: Node', () => {
  it(`says so (KUBETLS_SEED=${seed})`, async () => {
    const rows = await overTheWire('node', dialled, nodeSays);
    const { differing, texts, known } = compare(rows);
    expect(differing).toEqual([]);
    expect(known).toBeGreaterThan(0.8);
    expect(texts).toBeGreaterThan(10);
  }, 300_000);
});

describe.skipIf(!has('curl'))('families: curl (needs curl)', () => {
  it(`prints so (KUBETLS_SEED=${seed})`, async () => {
    const rows = await overTheWire('curl', dialled.slice(0, 70), curlSays);
    const { differing, texts, known } = compare(rows.map((row) => ({ ...row, ...withoutArithmetic(row) })));
    expect(differing).toEqual([]);
    expect(known).toBeGreaterThan(0.8);
    expect(texts).toBeGreaterThan(8);
  }, 300_000);
});

describe.skipIf(!has('javac'))('families: Java (needs a JDK)', () => {
  it(`says so (KUBETLS_SEED=${seed})`, async () => {
    const cases = dialled.filter((question) => isKnown(said(judge('java', question))));
    const servers = await Promise.all(cases.map(presenting));
    const lines = cases.map(async ({ name, roots }, i) => {
      const file = await fileOf(`java-${i}.pem`, pemOf(roots));
      return `${portOf(servers[i])}\t${name}\t${file}\n`;
    });
    const questionFile = await fileOf('java.tsv', (await Promise.all(lines)).join(''));
    const program = join(import.meta.dirname, 'families/Handshakes.java');
    const { stdout } = await mustRun('java', [...(await javaWords(program)), questionFile], {
      timeout: 250_000,
    });
    for (const server of servers) server.close();
    const heard = stdout.trimEnd().split('\n');
    const { differing, texts } = compare(
      cases.map((question, i) => ({
        id: `${question.id} ${question.name}`,
        our: said(judge('java', question)),
        heard: heard[i] ?? '',
      })),
    );
    expect(differing).toEqual([]);
    expect(cases.length / dialled.length, 'the share that is known').toBeGreaterThan(0.6);
    expect(texts).toBeGreaterThan(8);
  }, 300_000);
});

/** Of a wrong signature curl prints where in OpenSSL's arithmetic it was found, and OpenSSL's version. */
function withoutArithmetic({ our, heard }: { readonly our: string; readonly heard: string }) {
  const cut = (text: string) => text.replace(/^curl: \(35\) OpenSSL\/[^]*/, 'curl: (35) OpenSSL');
  return { our: cut(our), heard: cut(heard) };
}

type Says = (question: Question, port: number) => Promise<string>;

/** Each question to a server of its own on loopback that presents its chain. */
async function overTheWire(family: Family, cases: readonly Question[], says: Says) {
  const rows = [];
  for (const question of cases) {
    const our = said(judge(family, question));
    if (!isKnown(our)) continue;
    const server = await presenting(question);
    const heard = await says(question, portOf(server));
    rows.push({ id: `${question.id} ${question.name}`, our, heard });
    server.close();
  }
  return rows;
}

/** A server on loopback that presents the chain. */
async function presenting({ leaf, intermediates, leafKey }: Question): Promise<tls.Server> {
  const cert = pemOf([leaf, ...intermediates]);
  const answer = 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n';
  const server = tls.createServer({ cert, key: keyPem(leafKey), ciphers: 'DEFAULT@SECLEVEL=0' }, (socket) => {
    socket.on('error', () => {});
    socket.once('data', () => socket.end(answer));
  });
  server.on('tlsClientError', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

function portOf(server: tls.Server | undefined): number {
  const address = server?.address() as AddressInfo | undefined;
  return address?.port ?? 0;
}

function nodeSays({ name, roots }: Question, port: number): Promise<string> {
  const raw = net.connect(port, '127.0.0.1');
  raw.on('error', () => {});
  const servername = parseIp(name) ? {} : { servername: name };
  return new Promise<string>((resolve) => {
    const socket = tls.connect({
      socket: raw,
      host: name,
      ...servername,
      ca: roots.map((root) => pemOf([root])),
    });
    socket.on('secureConnect', () => resolve('ok'));
    socket.on('error', (error: Error & { readonly code?: string }) =>
      resolve(`${error.code}: ${error.message}`),
    );
  }).finally(() => raw.destroy());
}

async function curlSays({ name, roots }: Question, port: number): Promise<string> {
  const ca = await fileOf('ca.pem', pemOf(roots));
  const host = name.includes(':') ? `[${name}]` : name;
  const to = ['--noproxy', '*', '--connect-to', `::127.0.0.1:${port}`, `https://${host}/`];
  const child = spawn('curl', ['-sS', '--cacert', ca, ...to], { stdio: ['ignore', 'ignore', 'pipe'] });
  let text = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  const code = await new Promise((resolve) => child.on('close', resolve));
  return code === 0 ? 'ok' : (text.split('\n')[0] ?? '');
}
