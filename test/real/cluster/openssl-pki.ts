// A PKI by hand: what `kubetls openssl` prints, run by a shell, in place of everything that kubetls has issued.
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { AuthorityId, Item, StatePath } from '../../../src/cluster/index.ts';
import type { ClusterTree } from '../cluster-tree.ts';
import { kubetlsCommand } from '../kubetls-program.ts';
import { mustRun } from '../run-program.ts';

/** `at`: where a file of the state is to stand. Kubeconfigs and service-account keys stay as they are. */
export async function makeByOpenssl(tree: ClusterTree, at: (file: StatePath) => string): Promise<void> {
  const work = await mkdtemp(path.join(path.dirname(tree.state), 'openssl-'));
  const { items } = tree.cluster();
  const authorities = new Map<AuthorityId, string>(); // path in `work`, without its ending
  for (const item of items) {
    if (item.kind !== 'authority' && item.kind !== 'pair') continue;
    const base = path.join(work, await run(tree, item, work));
    if (item.kind === 'authority') authorities.set(item.authority, base);
    else await place(base, item, at);
  }
  const made = (authority: AuthorityId, ending: string) => `${authorities.get(authority) ?? ''}.${ending}`;
  for (const item of items) {
    if (item.kind === 'anchors') {
      const anchors = await Promise.all(item.of.map((authority) => readFile(made(authority, 'crt'), 'utf8')));
      await writeFile(at(item.file.path), anchors.join(''));
    }
    if (item.kind === 'copy' && item.from === 'authorities/cluster/g1/ca.key') {
      await copyFile(made('cluster', 'key'), at(item.file.path));
    }
  }
  await rm(work, { recursive: true });
}

/** The name of what was made. A script makes its authority first, where that is not there. */
async function run(tree: ClusterTree, { id }: Item, work: string): Promise<string> {
  const [program, ...args] = await kubetlsCommand(tree, ['openssl', id]);
  const { stdout } = await mustRun(program, args);
  await mustRun('sh', ['-c', 'cd "$0" && exec sh', work], { stdin: stdout });
  const made = [...stdout.matchAll(/-out (\S+)\.crt$/gm)].at(-1)?.[1];
  if (made === undefined) throw new Error(`the commands for ${id} make no certificate:\n${stdout}`);
  return made;
}

async function place(
  base: string,
  { certificate, key }: Item & { kind: 'pair' },
  at: (file: StatePath) => string,
): Promise<void> {
  await copyFile(`${base}.crt`, at(certificate.path));
  await copyFile(`${base}.key`, at(key.path));
}
