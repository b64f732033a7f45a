/** The certificates that a question is about, from files, bundles and kubeconfigs. */
import { dirname, resolve } from 'node:path';
import { expectedFailure, type Failure, KubetlsError } from '../../base/index.ts';
import type { Kubeconfig } from '../../kubeconfig/index.ts';
import type { GoRules } from '../../verify/index.ts';
import { type Certificate, readPem, readPoolPem } from '../../x509/index.ts';
import type { CliCode } from '../context.ts';
import { readInput, sourceOf } from '../inspect/input.ts';
import { inspectBytes } from '../inspect/read.ts';
import { shownPath } from '../text.ts';
import { parse, type Parsed } from './parsed.ts';

/** A certificate, or Go's reason why it is none, and where it stands. */
export type Given = Parsed & { readonly source: string };

/** What of a kubeconfig is meant: who presents, or who is trusted. */
type Part = 'client' | 'authorities';

export interface Material {
  readonly given: readonly Given[];
  /** Authorities that stood beside a kubeconfig's client certificate. */
  readonly beside: readonly Given[];
  /** Blocks that no Go program would see. */
  readonly problems: readonly Failure[];
}

/**
 * The certificates of a file, in order. Of a kubeconfig: of the user or the cluster of its current context,
 * from the paths that it names, too.
 *
 * @throws KubetlsError `cli/file` when there is none
 */
export async function readMaterial(word: string, part: Part, rules?: GoRules): Promise<Material> {
  const bytes = await readInput(word);
  const source = sourceOf(word);
  const unseen: Failure[] = [];
  const found = givenIn(bytes, source, part, rules, unseen);
  if (found.length > 0) return { given: found, beside: [], problems: unseen };
  const { kubeconfigs, problems } = inspectBytes(bytes, source);
  const [config] = kubeconfigs;
  if (config) {
    const given = await fromKubeconfig(config, word, part, rules);
    const beside = part === 'client' ? await authoritiesBeside(config, word, rules) : [];
    return { given, beside, problems: [] };
  }
  const [{ message, hint } = NOTHING] = [...unseen, ...problems];
  throw failure(source, message, hint);
}

const NOTHING = { message: 'holds no certificate', hint: 'give PEM, DER or a kubeconfig' };

function failure(file: string, message: string, hint?: string): KubetlsError<CliCode> {
  return new KubetlsError({
    code: 'cli/file',
    message,
    where: { file },
    ...(hint === undefined ? {} : { hint }),
  });
}

const DER_SEQUENCE = 0x30;

/** Other blocks, such as a key, are passed over; of authorities what a Go program would not add to its pool, too. */
function givenIn(
  bytes: Uint8Array,
  source: string,
  part: Part,
  rules: GoRules | undefined,
  unseen: Failure[] = [],
): Given[] {
  const all = part === 'client' ? readPem(bytes, unseen) : readPoolPem(bytes, unseen);
  if (all.length === 0 && bytes[0] === DER_SEQUENCE) return [{ ...parse(bytes, rules), source }];
  const blocks = all.filter(({ label }) => label === 'CERTIFICATE');
  const several = blocks.length > 1;
  return blocks.map((block) => ({
    ...parse(block.bytes, rules),
    source: several ? `${source}:${block.line}` : source,
  }));
}

/** Nobody asked for them: what cannot be read is left out. */
async function authoritiesBeside(config: Kubeconfig, word: string, rules?: GoRules): Promise<Given[]> {
  try {
    return await fromKubeconfig(config, word, 'authorities', rules);
  } catch (error) {
    expectedFailure(error);
    return [];
  }
}

async function fromKubeconfig(
  config: Kubeconfig,
  word: string,
  part: Part,
  rules?: GoRules,
): Promise<Given[]> {
  const source = sourceOf(word);
  const { data, path, place } = part === 'client' ? clientOf(config, source) : authoritiesOf(config, source);
  if (data) return givenIn(data, `${source}, ${place}`, part, rules);
  if (path === undefined) throw failure(source, `${place} names no certificate`);
  const named = shownPath(resolve(word === '-' ? '.' : dirname(word), path));
  const found = givenIn(await readInput(named), named, part, rules);
  if (found.length === 0) throw failure(named, NOTHING.message, NOTHING.hint);
  return found;
}

interface Entry {
  readonly data: Uint8Array | undefined;
  readonly path: string | undefined;
  readonly place: string;
}

function clientOf(config: Kubeconfig, source: string): Entry {
  const { name, user } = chosen(config, config.users, 'user', source);
  return { data: user.clientCertificateData, path: user.clientCertificate, place: `user ${name}` };
}

function authoritiesOf(config: Kubeconfig, source: string): Entry {
  const { name, cluster } = chosen(config, config.clusters, 'cluster', source);
  const { certificateAuthorityData: data, certificateAuthority: path } = cluster;
  return { data, path, place: `cluster ${name}` };
}

/** The current context's; without one, the only one there is. */
function chosen<T extends { readonly name: string }>(
  { contexts, currentContext }: Kubeconfig,
  entries: readonly T[],
  kind: 'user' | 'cluster',
  source: string,
): T {
  const wanted = contexts.find(({ name }) => name === currentContext)?.context[kind];
  const [only, ...others] = entries;
  const one = entries.find(({ name }) => name === wanted) ?? (others.length === 0 ? only : undefined);
  if (one) return one;
  throw failure(
    source,
    entries.length === 0
      ? `the kubeconfig has no ${kind}`
      : `the kubeconfig has several ${kind}s, and no current context to choose by`,
    entries.length === 0 ? undefined : 'choose with: kubectl config use-context NAME',
  );
}

/** The certificates, and where each stands. */
export function certificatesOf(given: readonly Given[], sources: Map<Certificate, string>): Certificate[] {
  return given.flatMap((one) => {
    if ('refused' in one) return [];
    sources.set(one.certificate, one.source);
    return [one.certificate];
  });
}
