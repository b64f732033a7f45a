/** What the references do: the same files and signatures, and nothing else. Each runs as a process of its own. */
import { createECDH, generateKeyPairSync, hash, sign } from 'node:crypto';
import * as fs from 'node:fs';
import { dirname, join } from 'node:path';
import { parseKubeconfig } from '../../src/kubeconfig/index.ts';
import { readCertificates, readPrivateKey, readPublicKey } from '../../src/x509/index.ts';

/** What is to be written, as a role can be told it. */
export interface Manifest {
  readonly certificates: number;
  readonly files: readonly { readonly path: string; readonly size: number; readonly mode: number }[];
}

const CONTENT = ['authorities', 'nodes', 'users'];

export function manifestOf(state: string): Manifest {
  const files = regularFiles(state).map((path) => {
    const { size, mode } = fs.statSync(join(state, path));
    return { path, size, mode: mode & 0o777 };
  });
  const ledger = fs.readFileSync(join(state, 'ledger'), 'utf8');
  return { certificates: ledger.split('\n').length - 1, files };
}

function regularFiles(state: string): string[] {
  return CONTENT.flatMap((top) =>
    fs
      .readdirSync(join(state, top), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(state.length + 1)),
  );
}

/** How many fsyncs wait at once, as in the store. */
const AT_ONCE = 8;

/** A key and a signature for each certificate; each file written, synced and renamed; each directory synced. */
export async function issueAndWrite(manifestFile: string, root: string): Promise<void> {
  const manifest = JSON.parse(fs.readFileSync(manifestFile, 'utf8')) as Manifest;
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const ecdh = createECDH('prime256v1');
  const toBeSigned = Buffer.alloc(450, 1);
  for (let i = 0; i < manifest.certificates; i++) {
    ecdh.generateKeys();
    sign('sha256', toBeSigned, privateKey);
  }
  const directories = new Set<string>();
  const left = manifest.files.values();
  const worker = async (): Promise<void> => {
    for (const { path, size, mode } of left) {
      const file = join(root, path);
      const directory = dirname(file);
      if (!directories.has(directory)) fs.mkdirSync(directory, { recursive: true });
      directories.add(directory);
      await writeDurably(file, Buffer.alloc(size, 1), mode);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  for (const directory of directories) {
    const fd = fs.openSync(directory, 'r');
    fs.fsyncSync(fd);
    fs.closeSync(fd);
  }
}

async function writeDurably(file: string, bytes: Uint8Array, mode: number): Promise<void> {
  const fd = fs.openSync(`${file}.new`, 'wx', mode);
  fs.writeSync(fd, bytes);
  await new Promise<void>((resolve, reject) => {
    fs.fsync(fd, (error) => (error ? reject(error) : resolve()));
  });
  fs.closeSync(fd);
  fs.renameSync(`${file}.new`, file);
}

/** Reads every file and parses each content once, what stands inside kubeconfigs included. */
export async function readAndParse(state: string): Promise<void> {
  const seen = new Set<string>();
  let found = 0;
  for (const path of regularFiles(state)) {
    const bytes = fs.readFileSync(join(state, path));
    const digest = hash('sha256', bytes, 'hex');
    if (!seen.has(digest)) found += parse(path, bytes);
    seen.add(digest);
  }
  if (found === 0) throw new Error('there was nothing to read');
  return Promise.resolve();
}

function parse(path: string, bytes: Uint8Array): number {
  if (path.endsWith('.crt')) return certificates(bytes);
  if (path.endsWith('.key')) return readPrivateKey(bytes).publicKey.bits;
  if (path.endsWith('.pub')) return readPublicKey(bytes).bits;
  const { users, clusters } = parseKubeconfig(bytes);
  const inside = users.map(({ user }) => [
    user.clientCertificateData ? certificates(user.clientCertificateData) : 0,
    user.clientKeyData ? readPrivateKey(user.clientKeyData.reveal()).publicKey.bits : 0,
  ]);
  return clusters.length + inside.flat().length;
}

function certificates(bytes: Uint8Array): number {
  return readCertificates(bytes).certificates.reduce((sum, { notAfter }) => sum + notAfter, 0);
}
