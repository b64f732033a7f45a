/** Authorities and leaves of an inventory, and who signed whom, by signature and not by name alone. */
import { asBuffer, type Instant, toRfc3339 } from '../base/index.ts';
import { certificatesIn, type FoundCertificate, type Inventory } from '../inventory/index.ts';
import type { SignatureOracle } from '../verify/index.ts';
import {
  type Certificate,
  commonName,
  fingerprint,
  isOldAuthority,
  nameText,
  sameKey,
} from '../x509/index.ts';
import type { AuthorityNode, CertificateNode, NodeState, PlainLink } from './types.ts';

export interface Authorities {
  /** Undefined for a certificate that nobody takes for an authority's. */
  idOf(certificate: Certificate): string | undefined;
}

/** One key under one name, with its certificates: a renewal keeps both. */
interface Authority {
  readonly id: string;
  readonly certificates: FoundCertificate[];
}

export interface Found extends Authorities {
  readonly authorities: readonly AuthorityNode[];
  readonly signs: readonly PlainLink[];
  readonly leaves: readonly { readonly found: FoundCertificate; readonly id: string }[];
}

/**
 * @param seen what is presented, which a loader may find where the inventory saw none
 * @param anchors what somebody trusts: authorities, whatever they say of themselves
 */
export function findCertificates(
  inventory: Inventory,
  at: Instant,
  { seen, anchors }: { readonly seen: readonly Certificate[]; readonly anchors: readonly Certificate[] },
  signatureRefusal: SignatureOracle,
): Found {
  const trusted = new Set(anchors.map(({ der }) => fingerprint(der)));
  const bySha256 = new Map(certificatesIn(inventory).map((found) => [found.sha256, found]));
  for (const certificate of [...seen, ...anchors]) {
    const sha256 = fingerprint(certificate.der);
    if (!bySha256.has(sha256)) bySha256.set(sha256, { certificate, sha256, places: [] });
  }
  const all = [...bySha256.values()];
  const isAuthority = ({ certificate, sha256 }: FoundCertificate) =>
    certificate.basicConstraints?.ca === true || isOldAuthority(certificate) || trusted.has(sha256);
  const known = gathered(all.filter(isAuthority));
  const leaves = all
    .filter((found) => !isAuthority(found))
    .map((found) => ({ found, id: `certificate:${found.sha256}` }));
  const missing = new Map<string, AuthorityNode>();
  const signedBy = (child: Certificate): string[] => {
    const named = known.bySubject.get(octets(child.issuer.der)) ?? [];
    const signers = named.filter(({ certificates: [first] }) => {
      return first !== undefined && signatureRefusal(child, first.certificate) === undefined;
    });
    if (signers.length > 0) return signers.map(({ id }) => id);
    const node = missingAuthority(child, named.length > 0);
    missing.set(node.id, node);
    return [node.id];
  };
  const signs: PlainLink[] = [];
  const link = (from: string, to: string) => signs.push({ kind: 'signs', from, to });
  for (const { id, certificates } of known.list) {
    // An authority that signs itself is a root: nothing to draw.
    const others = new Set(certificates.flatMap(({ certificate }) => signedBy(certificate)));
    for (const from of others) if (from !== id) link(from, id);
  }
  for (const { found, id } of leaves) for (const from of signedBy(found.certificate)) link(from, id);
  const authorities = [...known.list.map((one) => authorityNode(one, at)), ...missing.values()];
  return {
    authorities: authorities.map((one) => toldApart(one, authorities)),
    signs,
    leaves,
    idOf: (certificate) => known.idBySha256.get(fingerprint(certificate.der)),
  };
}

function gathered(found: readonly FoundCertificate[]) {
  const list: Authority[] = [];
  const bySubject = new Map<string, Authority[]>();
  const idBySha256 = new Map<string, string>();
  for (const one of found) {
    const { certificate, sha256 } = one;
    const subject = octets(certificate.subject.der);
    const named = bySubject.get(subject) ?? [];
    let authority = named.find(({ certificates: [first] }) => {
      return first && sameKey(first.certificate.publicKey, certificate.publicKey);
    });
    if (!authority) {
      authority = { id: `authority:${sha256}`, certificates: [] };
      list.push(authority);
      bySubject.set(subject, [...named, authority]);
    }
    authority.certificates.push(one);
    idBySha256.set(sha256, authority.id);
  }
  return { list, bySubject, idBySha256 };
}

function authorityNode({ id, certificates }: Authority, at: Instant): AuthorityNode {
  const [first] = certificates;
  if (!first) throw new TypeError('an authority without a certificate was gathered');
  const lives = certificates.map(({ certificate }) => lifeAt(certificate, at));
  const sound = lives.some(({ state }) => state === 'ok');
  const times = certificates.map(({ certificate }) => certificate);
  return {
    kind: 'authority',
    id,
    role: 'authority',
    name: calledBy(first),
    ...(sound ? { state: 'ok', problem: undefined } : (lives.at(-1) ?? UNKNOWN)),
    subject: nameText(first.certificate.subject),
    sha256: certificates.map(({ sha256 }) => sha256),
    notBefore: Math.min(...times.map(({ notBefore }) => notBefore)),
    notAfter: Math.max(...times.map(({ notAfter }) => notAfter)),
    places: [...new Set(certificates.flatMap(({ places }) => places))],
  };
}

/** Two keys under one name are what many a failure is about. */
function toldApart(node: AuthorityNode, all: readonly AuthorityNode[]): AuthorityNode {
  const [sha256] = node.sha256;
  const namesake = all.some(({ id, name }) => name === node.name && id !== node.id);
  return namesake && sha256 !== undefined ? { ...node, name: `${node.name} (${sha256.slice(0, 8)})` } : node;
}

const UNKNOWN: Life = { state: 'unknown', problem: undefined };

function missingAuthority({ issuer }: Certificate, another: boolean): AuthorityNode {
  const subject = nameText(issuer);
  return {
    kind: 'authority',
    id: `authority:not-found:${subject}`,
    role: 'authority',
    name: commonName(issuer) || subject || '(no name)',
    state: 'unknown',
    problem: another ? 'not found: only another key of this name' : 'not found',
    subject,
    sha256: [],
    notBefore: undefined,
    notAfter: undefined,
    places: [],
  };
}

/** @param uses by whom it is presented, such as `kubelet server`; none: nobody */
export function certificateNode(
  found: FoundCertificate,
  uses: readonly string[],
  at: Instant,
): CertificateNode {
  const { certificate, sha256, places } = found;
  return {
    kind: 'certificate',
    id: `certificate:${sha256}`,
    role: uses.join(', ') || 'not presented',
    name: calledBy(found),
    ...lifeAt(certificate, at),
    subject: nameText(certificate.subject),
    sha256,
    notBefore: certificate.notBefore,
    notAfter: certificate.notAfter,
    places,
  };
}

interface Life {
  readonly state: NodeState;
  readonly problem: string | undefined;
}

function lifeAt({ notBefore, notAfter }: Certificate, at: Instant): Life {
  if (at > notAfter) return { state: 'refused', problem: `ended ${toRfc3339(notAfter)}` };
  if (at < notBefore) return { state: 'refused', problem: `begins ${toRfc3339(notBefore)}` };
  return { state: 'ok', problem: undefined };
}

function calledBy({ certificate: { subject }, sha256 }: FoundCertificate): string {
  return commonName(subject) || nameText(subject) || `sha256:${sha256.slice(0, 12)}`;
}

function octets(bytes: Uint8Array): string {
  return asBuffer(bytes).toString('latin1');
}
