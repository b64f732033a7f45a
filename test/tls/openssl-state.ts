// The state directory of a cluster as openssl would have made it: no code of ours issues anything.
import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
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

interface Material {
  readonly authorities: ReadonlyMap<AuthorityId, Made>;
  readonly pairs: ReadonlyMap<string, Made>;
  /** Path to content. */
  readonly files: ReadonlyMap<string, string>;
}

/** Made once for one cluster value: some seventy runs of openssl. */
const materials = new WeakMap<Cluster, Material>();

export function opensslState(cluster: Cluster, directory: string): OpensslState {
  const material = materials.get(cluster) ?? materialOf(cluster);
  materials.set(cluster, material);
  const write = (file: string, content: string): void => {
    const place = path.join(directory, file);
    mkdirSync(path.dirname(place), { recursive: true });
    writeFileSync(place, content);
  };
  for (const [file, content] of material.files) write(file, content);
  const { authorities, pairs } = material;
  return { directory, authorities, pairs, write, leaf: (...wish) => leafOf(authorities, ...wish) };
}

function leafOf(
  authorities: Material['authorities'],
  authority: AuthorityId,
  subject: string,
  extensions: readonly string[] = CLIENT,
  days = 10,
): Made {
  const issuer = authorities.get(authority);
  if (!issuer) throw new Error(`no authority ${authority}`);
  return make({ subject, issuer, extensions, days });
}

function materialOf({ items }: Cluster): Material {
  const authorities = new Map<AuthorityId, Made>();
  const pairs = new Map<string, Made>();
  const files = new Map<string, string>();
  const leaf = (authority: AuthorityId, profile: CertificateProfile): Made =>
    leafOf(authorities, authority, subjectOf(profile), extensionsOf(profile));
  for (const item of items) {
    if (item.kind === 'authority' || item.kind === 'pair') {
      const isLeaf = item.kind === 'pair';
      const made = isLeaf
        ? leaf(item.issuer, item.profile)
        : make({ subject: subjectOf(item.profile), extensions: CA, days: 30 });
      if (isLeaf) pairs.set(item.id, made);
      else authorities.set(item.authority, made);
      files.set(item.certificate.path, made.certificate).set(item.key.path, made.key);
    } else if (item.kind === 'anchors') {
      files.set(item.file.path, item.of.map((id) => authorities.get(id)?.certificate ?? '').join(''));
    } else if (item.kind === 'copy') {
      files.set(item.file.path, files.get(item.from) ?? '');
    } else if (item.kind === 'key-pair') {
      const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      files.set(item.publicKey.path, publicKey.export({ format: 'pem', type: 'spki' }).toString());
      files.set(item.privateKey.path, privateKey.export({ format: 'pem', type: 'pkcs8' }).toString());
    } else if (item.kind === 'kubeconfig' && 'embed' in item.credentials) {
      pairs.set(item.id, leaf(item.credentials.embed.issuer, item.credentials.embed.profile));
    }
  }
  return { authorities, pairs, files };
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
