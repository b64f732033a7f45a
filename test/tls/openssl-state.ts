// The state directory of a cluster as openssl would have made it: no code of ours issues anything.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { AuthorityId, CertificateProfile, Cluster } from '../../src/cluster/index.ts';
import { CA, make, type Made } from './openssl.ts';

export interface OpensslState {
  readonly directory: string;
  readonly authorities: ReadonlyMap<AuthorityId, Made>;
  /** Pairs by item id, also those that a kubeconfig embeds. */
  readonly pairs: ReadonlyMap<string, Made>;
  /** Another leaf of this authority. */
  leaf(authority: AuthorityId, subject: string, extensions?: readonly string[], days?: number): Made;
  write(file: string, content: string): void;
}

export function opensslState(cluster: Cluster, directory: string): OpensslState {
  const authorities = new Map<AuthorityId, Made>();
  const pairs = new Map<string, Made>();
  const write = (file: string, content: string): void => {
    const place = path.join(directory, file);
    mkdirSync(path.dirname(place), { recursive: true });
    writeFileSync(place, content);
  };
  const leaf: OpensslState['leaf'] = (authority, subject, extensions = CLIENT, days = 10) => {
    const issuer = authorities.get(authority);
    if (!issuer) throw new Error(`no authority ${authority}`);
    return make({ subject, issuer, extensions, days });
  };
  for (const item of cluster.items) {
    if (item.kind === 'authority') {
      const made = make({ subject: subjectOf(item.profile), extensions: CA, days: 30 });
      authorities.set(item.authority, made);
      write(item.certificate.path, made.certificate);
      write(item.key.path, made.key);
    } else if (item.kind === 'pair') {
      const made = leaf(item.issuer, subjectOf(item.profile), extensionsOf(item.profile));
      pairs.set(item.id, made);
      write(item.certificate.path, made.certificate);
      write(item.key.path, made.key);
    } else if (item.kind === 'anchors') {
      write(item.file.path, item.of.map((id) => authorities.get(id)?.certificate ?? '').join(''));
    } else if (item.kind === 'copy') {
      const source = path.join(directory, item.from);
      if (!item.from.includes('service-account')) write(item.file.path, readFileSync(source, 'utf8'));
    } else if (item.kind === 'kubeconfig' && 'embed' in item.credentials) {
      const { issuer, profile } = item.credentials.embed;
      pairs.set(item.id, leaf(issuer, subjectOf(profile), extensionsOf(profile)));
    }
  }
  return { directory, authorities, pairs, leaf, write };
}

const CLIENT = ['extendedKeyUsage=clientAuth'];

function subjectOf({ subject }: CertificateProfile): string {
  const types = { CN: 'CN', O: 'O', UID: 'kubernetesUid' };
  return subject.map(({ type, value }) => `/${types[type]}=${value}`).join('');
}

function extensionsOf({ dnsNames, ipAddresses, extendedKeyUsage }: CertificateProfile): string[] {
  const names = [...dnsNames.map((name) => `DNS:${name}`), ...ipAddresses.map((address) => `IP:${address}`)];
  return [
    `extendedKeyUsage=${extendedKeyUsage.join(',')}`,
    ...(names.length > 0 ? [`subjectAltName=${names.join(',')}`] : []),
  ];
}
