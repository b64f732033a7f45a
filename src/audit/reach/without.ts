/** Which edges break when a certificate is gone, or an authority is believed no more. */
import type { Cluster, Edge } from '../../cluster/index.ts';
import type { Entry, FileChange, Inventory } from '../../inventory/index.ts';
import type { Kubeconfig } from '../../kubeconfig/index.ts';
import { edgeIndex, evaluate, type EvaluateOptions, nodeAddresses } from '../../trust/index.ts';
import { goRules } from '../../verify/index.ts';
import { type Certificate, readCertificates, writePem } from '../../x509/index.ts';
import type { Held, View } from '../view/types.ts';

export interface Without {
  readonly gone: readonly Held[];
  /** Files that hold it. */
  readonly files: readonly string[];
  /** Edges that held, and would not. */
  readonly breaks: readonly { readonly edge: Edge; readonly error: string }[];
  /** Edges that depend on those files; nothing else was evaluated again. */
  readonly touched: number;
  readonly edges: number;
}

/** A leaf is taken out of every place; an authority too, with all of its certificates that have the same key. */
export function edgesWithout(view: View, target: readonly Held[], cluster: Cluster): Without {
  const { inventory, at } = view;
  const gone = target.flatMap((held) => (held.isAuthority ? (view.byKey.get(held.key) ?? []) : [held]));
  const prints = new Set(gone.map(({ sha256 }) => sha256));
  const ders = new Set(gone.map(({ certificate }) => Buffer.from(certificate.der).toString('latin1')));
  const files = [...new Set(gone.flatMap(({ places }) => places.map(({ path }) => path)))];
  const isGone = ({ der }: Certificate) => ders.has(Buffer.from(der).toString('latin1'));
  const changes = files.flatMap((path) => {
    const entry = inventory.get(path);
    return entry ? [stripped(entry, isGone)] : [];
  });
  const after = inventory.withFiles(changes);
  const { edges, spec } = cluster;
  const options = { rules: goRules(spec.kubernetes.minor), addresses: nodeAddresses(edges) };
  const touched = edgeIndex(edges, inventory).touchedBy(files, after);
  return {
    gone: view.certificates.filter(({ sha256 }) => prints.has(sha256)),
    files,
    breaks: touched.flatMap((edge) => broken(edge, inventory, after, at, options)),
    touched: touched.length,
    edges: edges.length,
  };
}

function broken(edge: Edge, before: Inventory, after: Inventory, at: number, options: EvaluateOptions) {
  const { error } = evaluate(edge, after, at, options);
  return error === undefined || !evaluate(edge, before, at, options).ok ? [] : [{ edge, error }];
}

/** The file as it would be without these certificates. */
function stripped(entry: Entry, isGone: (certificate: Certificate) => boolean): FileChange {
  const { path, mode, bytes, content } = entry;
  if (content.kind === 'kubeconfig') {
    return {
      path,
      mode,
      bytes,
      content: { kind: 'kubeconfig', config: withoutEmbedded(content.config, isGone) },
    };
  }
  const all = content.kind === 'certificates' ? content.certificates : [];
  const left = all.filter((one) => !isGone(one));
  // Without its leaf a file of a pair is nothing.
  if (left.length === 0 || (all[0] && isGone(all[0]) && all[0].basicConstraints?.ca !== true))
    return { path, remove: true };
  return {
    path,
    mode,
    bytes: pemOf(left),
    content: { kind: 'certificates', certificates: left, problems: [] },
  };
}

function withoutEmbedded(config: Kubeconfig, isGone: (certificate: Certificate) => boolean): Kubeconfig {
  return {
    ...config,
    clusters: config.clusters.map((named) => {
      const { certificateAuthorityData: data, ...cluster } = named.cluster;
      if (data === undefined) return named;
      const left = readCertificates(data).certificates.filter((one) => !isGone(one));
      const kept = left.length === 0 ? {} : { certificateAuthorityData: pemOf(left) };
      return { ...named, cluster: { ...cluster, ...kept } };
    }),
    users: config.users.map((named) => {
      const { clientCertificateData: data, clientKeyData: _, ...user } = named.user;
      const [leaf] = data === undefined ? [] : readCertificates(data).certificates;
      return leaf && isGone(leaf) ? { ...named, user } : named;
    }),
  };
}

function pemOf(certificates: readonly Certificate[]): Buffer {
  return Buffer.from(certificates.map(({ der }) => writePem('CERTIFICATE', der)).join(''));
}
