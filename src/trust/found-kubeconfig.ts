import { KubetlsError } from '../base/index.ts';
import type { StatePath } from '../cluster/index.ts';
import type { Entry, Inventory } from '../inventory/index.ts';
import { type Authentication, type ResolvedClient, resolveKubeconfig } from '../kubeconfig/index.ts';
import { type GoRules, newestRules } from '../verify/index.ts';
import { type Anchors, anchorsFrom, noAnchors } from './anchors.ts';
import { isWhole, loadPair, type Pair } from './pair.ts';
import { asSeen, inState, machineOf } from './places.ts';
import { type Broken, broken, type Source } from './sources.ts';

/** No certificate: `because` says what takes its place. */
export interface Nothing {
  readonly kind: 'nothing';
  readonly because: string;
  /** A token or the like goes with each request, or the edge needs nothing; undefined: it should have been there. */
  readonly instead: 'token' | 'none needed' | undefined;
}

/** The client does not look at the server's certificate. */
interface Skipped {
  readonly kind: 'skipped';
  readonly because: string;
}

/** What a program makes of a kubeconfig on its machine. */
export interface FoundKubeconfig {
  /** The name that the server's certificate must be good for; undefined when nothing can be dialled. */
  readonly name: string | undefined;
  readonly trusts: Anchors | Skipped | Broken;
  readonly presents: Pair | Nothing | Broken;
  /** Files that it names, there or not. */
  readonly files: readonly StatePath[];
}

/** By the rules of a release, absent: of the newest. */
export function findKubeconfig(
  file: StatePath,
  inventory: Inventory,
  rules: GoRules = newestRules,
): FoundKubeconfig {
  const entry = inventory.get(file);
  // clientcmd/loader.go: an explicit path is looked for before it is opened.
  if (!entry) return unusable(`stat ${asSeen(file)}: no such file or directory`);
  const found = newestOf(entry, inventory);
  // Hardly ever: what the newest Go refuses.
  const again = rules !== newestRules && !readsWhole(found);
  return again ? resolveEntry(entry, inventory, rules).found : found;
}

function newestOf(entry: Entry, inventory: Inventory): FoundKubeconfig {
  const last = known.get(entry);
  if (last?.read.every(([path, read]) => inventory.get(path) === read)) return last.found;
  const resolved = resolveEntry(entry, inventory, newestRules);
  known.set(entry, resolved);
  return resolved.found;
}

function readsWhole({ trusts, presents }: FoundKubeconfig): boolean {
  if (trusts.kind === 'broken' || presents.kind === 'broken') return false;
  return (
    (trusts.kind === 'skipped' || trusts.whole) && (presents.kind === 'nothing' || isWhole(presents.chain))
  );
}

/** What was made of an entry, and of which other entries: it holds for as long as they are the same. */
interface Resolved {
  readonly found: FoundKubeconfig;
  readonly read: readonly (readonly [StatePath, Entry | undefined])[];
}

const known = new WeakMap<Entry, Resolved>();

function resolveEntry({ path: file, content }: Entry, inventory: Inventory, rules: GoRules): Resolved {
  if (content.kind !== 'kubeconfig') {
    const reason = content.kind === 'unreadable' ? content.failure.message : 'no kubeconfig';
    return { found: unusable(`error loading config file "${asSeen(file)}": ${reason}`), read: [] };
  }
  const machine = machineOf(file);
  const read = new Map<StatePath, Entry | undefined>();
  const entryAt: EntryAt = (path) => {
    const place = inState(path, machine);
    if (place === undefined) return undefined;
    if (!read.has(place)) read.set(place, inventory.get(place));
    return read.get(place);
  };
  const options = { directory: machine.directory, read: (path: string) => entryAt(path)?.bytes };
  const found = attempt(() => sides(resolveKubeconfig(content.config, options), entryAt, rules));
  return { found: { ...found, files: [...read.keys()] }, read: [...read] };
}

function attempt(resolve: () => Sides): Sides {
  try {
    return resolve();
  } catch (error) {
    if (error instanceof KubetlsError) return unusable(error.message);
    throw error;
  }
}

function unusable(error: string): FoundKubeconfig {
  return { name: undefined, trusts: broken(error), presents: broken(error), files: [] };
}

type EntryAt = (path: string) => Entry | undefined;
type Sides = Omit<FoundKubeconfig, 'files'>;

function sides(client: ResolvedClient, entryAt: EntryAt, rules: GoRules): Sides {
  const { server, tlsServerName } = client;
  if (server.scheme === 'http') {
    const presents = {
      kind: 'nothing',
      because: 'plain HTTP has no certificates',
      instead: undefined,
    } as const;
    return { name: server.host, trusts: broken('Client sent an HTTP request to an HTTPS server.'), presents };
  }
  return {
    name: tlsServerName ?? server.host,
    trusts: trustOf(client, entryAt, rules),
    presents: credentialOf(client, entryAt, rules),
  };
}

function trustOf(
  { insecure, authority, files }: ResolvedClient,
  entryAt: EntryAt,
  rules: GoRules,
): FoundKubeconfig['trusts'] {
  if (insecure) return { kind: 'skipped', because: 'insecure-skip-tls-verify' };
  const source = sourceOf(files.authority, authority, entryAt);
  // Without a CA the operating system's roots are asked, which know nothing of a cluster's.
  return source ? anchorsFrom(source, 'client-go', rules) : noAnchors;
}

function credentialOf(client: ResolvedClient, entryAt: EntryAt, rules: GoRules): FoundKubeconfig['presents'] {
  const { files, clientCertificate, clientKey, authentication } = client;
  const certificate = sourceOf(files.clientCertificate, clientCertificate, entryAt);
  const key = sourceOf(files.clientKey, clientKey?.reveal(), entryAt);
  if (certificate && key) return loadPair(certificate, key, rules);
  const [method] = authentication;
  if (method === undefined)
    return { kind: 'nothing', because: 'the kubeconfig has no credential', instead: undefined };
  return { kind: 'nothing', because: INSTEAD[method], instead: 'token' };
}

const INSTEAD: Readonly<Record<Authentication, string>> = {
  certificate: 'a certificate that is not there',
  token: 'a token',
  basic: 'a password',
  exec: 'what a program hands out',
  'auth-provider': 'what an auth provider hands out',
};

/** The file itself where there is one: its entry knows what it holds. */
function sourceOf(
  path: string | undefined,
  bytes: Uint8Array | undefined,
  entryAt: EntryAt,
): Source | undefined {
  return (path === undefined ? undefined : entryAt(path)) ?? bytes;
}
