/** What a process shows of a file's content: the certificate that it presents, its keys, what it publishes. */
import { createHash, createPublicKey } from 'node:crypto';
import { asBuffer, equalBytes, KubetlsError } from '../../base/index.ts';
import type { Inventory } from '../../inventory/index.ts';
import {
  type Certificate,
  nameText,
  parseCertificate,
  type PemBlock,
  readPem,
  readPrivateKey,
  serialDecimal,
} from '../../x509/index.ts';
import { anchorsFrom } from '../anchors.ts';
import type { Finding } from './findings.ts';
import { placeOf } from './place.ts';
import type { Holding, Sights } from './types.ts';

export function leafSeen(holding: Holding, sights: Sights): Finding | undefined {
  const { endpoints, files } = holding;
  const [own] = files.flatMap((path) => certificatesIn(sights.files, path).slice(0, 1));
  const shown = endpoints.flatMap(({ id }) => sights.sockets.get(id)?.leaf ?? []);
  if (!own || shown.length === 0) return undefined;
  const other = shown.find((der) => !equalBytes(der, own.der));
  if (!other) return { state: 'fresh', by: 'leaf', text: 'presents the certificate in it', whole: true };
  const text = `presents ${serialIn(other)}, ${placeOf(holding, sights)} it has the serial ${serialDecimal(own.serial)}`;
  return { state: 'stale', by: 'leaf', text };
}

function serialIn(der: Uint8Array): string {
  const certificate = attempt(() => parseCertificate(der));
  return certificate
    ? `a certificate with the serial ${serialDecimal(certificate.serial)}`
    : 'a certificate that cannot be read';
}

function certificatesIn(files: Inventory, path: string): readonly Certificate[] {
  const content = files.get(path)?.content;
  return content?.kind === 'certificates' ? content.certificates : [];
}

/** The keys that kube-apiserver tells of are those of its key files, and no others (serviceaccount/openidmetadata.go). */
export function keysSeen({ endpoints, files, told }: Holding, sights: Sights): Finding | undefined {
  const [endpoint] = endpoints;
  const seen = endpoint && sights.keys.get(endpoint.id);
  const [path = ''] = files;
  const entry = sights.files.get(path);
  const onDisk = entry && keyIdsIn(entry.bytes);
  if (!told || !onDisk || !seen || !('value' in seen)) return undefined;
  const inMemory = new Set(seen.value);
  const missing = [...onDisk].filter((kid) => !inMemory.has(kid));
  const extra = [...inMemory].filter((kid) => !onDisk.has(kid));
  if (missing.length + extra.length === 0) {
    return { state: 'fresh', by: 'keys', text: 'verifies tokens by the keys in it', whole: true };
  }
  const parts = [
    ...(missing.length > 0 ? [`does not know ${keysText(missing)}, which is in it`] : []),
    ...(extra.length > 0 ? [`knows ${keysText(extra)}, which is no longer in it`] : []),
  ];
  return { state: 'stale', by: 'keys', text: parts.join('; ') };
}

function keysText(kids: readonly string[]): string {
  const [first = ''] = kids;
  return `key ${first.slice(0, 12)}…${kids.length > 1 ? ` and ${kids.length - 1} more` : ''}`;
}

/**
 * client-go util/keyutil/key.go, ParsePublicKeysPEM: private keys, certificates and public keys, each block by
 * itself. The id is keyIDFromPublicKey's (kubernetes/pkg/serviceaccount/jwt.go). Undefined: none can be read.
 */
function keyIdsIn(bytes: Uint8Array): ReadonlySet<string> | undefined {
  const blocks = attempt(() => readPem(bytes)) ?? [];
  const ids = blocks.flatMap((block) => {
    const spki = attempt(() => spkiOf(block));
    return spki ? [createHash('sha256').update(spki).digest('base64url')] : [];
  });
  return ids.length === 0 ? undefined : new Set(ids);
}

function spkiOf({ label, bytes }: PemBlock): Uint8Array | undefined {
  if (label === 'PUBLIC KEY') return bytes;
  if (label === 'CERTIFICATE') return parseCertificate(bytes).publicKey.spki;
  if (label === 'RSA PUBLIC KEY') return pkcs1(bytes);
  return label.endsWith('PRIVATE KEY') ? readPrivateKey(bytes).publicKey.spki : undefined;
}

function pkcs1(der: Uint8Array): Uint8Array | undefined {
  try {
    const key = createPublicKey({ key: asBuffer(der), format: 'der', type: 'pkcs1' });
    return key.export({ format: 'der', type: 'spki' });
  } catch {
    return undefined;
  }
}

/** The publisher hands on the whole file (pkg/controller/certificates/rootcacertpublisher). */
export function publishedSeen({ files }: Holding, { files: disk, published }: Sights): Finding | undefined {
  const [path = ''] = files;
  const entry = disk.get(path);
  const own = entry && anchorsFrom(entry, 'client-go');
  if (own?.kind !== 'anchors' || !('value' in published)) return undefined;
  const inMemory = published.value;
  const onDisk = own.pool.certificates;
  const [missing] = without(onDisk, inMemory);
  const [extra] = without(inMemory, onDisk);
  if (!missing && !extra) {
    const text = 'publishes what is in it as kube-root-ca.crt';
    return { state: 'fresh', by: 'published', text, whole: true };
  }
  const parts = [
    ...(missing ? [`does not publish ${named(missing)}, which is in it`] : []),
    ...(extra ? [`publishes ${named(extra)}, which is no longer in it`] : []),
  ];
  return { state: 'stale', by: 'published', text: `${parts.join('; ')} (kube-root-ca.crt)` };
}

function without(some: readonly Certificate[], others: readonly Certificate[]): Certificate[] {
  return some.filter(({ der }) => !others.some((other) => equalBytes(other.der, der)));
}

const named = ({ subject, serial }: Certificate): string =>
  `${nameText(subject) || 'an authority without a name'} (serial ${serialDecimal(serial)})`;

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof KubetlsError) return undefined;
    throw error;
  }
}
