/**
 * The effect of one action, as file changes in the order in which they must reach the disk. Pure, given its
 * ports: `apply` hands it real keys and signers, `simulate` pretended ones, so that what is rehearsed is
 * what is carried out.
 */
import { type Instant, KubetlsError, type Random, type Secret, utf8 } from '../base/index.ts';
import type {
  AnchorsItem,
  AuthorityId,
  AuthorityItem,
  CertificateProfile,
  CopyItem,
  DesiredFile,
  KeyPairItem,
  PairItem,
  StatePath,
} from '../cluster/index.ts';
import type { FileChange, Inventory } from '../inventory/index.ts';
import {
  type Authority,
  type CertificateTemplate,
  issueAuthority,
  issueCertificate,
  type KeySource,
  newPersonId,
  personIdentity,
  type Signer,
} from '../issue/index.ts';
import { type Certificate, type PrivateKey, writePem, writePublicKey } from '../x509/index.ts';
import { certificateAt, keyAt } from './decide.ts';
import { kubeconfigChange } from './kubeconfig.ts';
import type { Action } from './types.ts';

export interface Ports {
  readonly now: Instant;
  readonly random: Random;
  readonly keys: KeySource;
  readonly signer: (key: PrivateKey) => Signer;
  /** PEM of a private key in the form that components read: PKCS#1 or SEC1 where there is one. */
  readonly writeKey: (key: PrivateKey) => Secret;
  /** Whether this authority has issued this serial before. */
  readonly isTaken: (authority: AuthorityId, serial: Uint8Array) => boolean;
}

export interface Effect {
  readonly changes: readonly FileChange[];
  /** What was issued on the way, for the ledger. */
  readonly issued: readonly { readonly certificate: Certificate; readonly by: AuthorityId }[];
}

export type CarryOutCode = 'plan/authority-missing' | 'plan/authority-key-missing' | 'plan/source-missing';

/** Path of each authority's certificate and key, from the plan's own items. */
export type AuthorityItems = ReadonlyMap<AuthorityId, AuthorityItem>;

export function carryOut(
  action: Action,
  inventory: Inventory,
  authorities: AuthorityItems,
  ports: Ports,
): Effect {
  const { item } = action;
  if (action.verb === 'keep') return { changes: [], issued: [] };
  if (!item) return { changes: action.paths.map((path) => ({ path, remove: true })), issued: [] };
  const issuer = new Issuer(inventory, authorities, ports);
  switch (item.kind) {
    case 'authority':
      if (action.verb === 'rewrite')
        return { changes: sameAgain([item.certificate, item.key], inventory), issued: [] };
      return authorityEffect(item, action, inventory, ports);
    case 'pair':
      if (action.verb === 'rewrite')
        return { changes: sameAgain([item.certificate, item.key], inventory), issued: [] };
      return pairEffect(item, action, inventory, issuer, ports);
    case 'kubeconfig':
      return kubeconfigChange(item, action, inventory, issuer, ports);
    case 'anchors':
      return { changes: [anchorsChange(item, issuer)], issued: [] };
    case 'copy':
      return { changes: [copyChange(item, inventory)], issued: [] };
    case 'key-pair':
      return { changes: keyPairChanges(item, action, inventory, ports), issued: [] };
  }
}

/** Issues from the authorities of one inventory. */
export class Issuer {
  readonly #inventory: Inventory;
  readonly #items: AuthorityItems;
  readonly #ports: Ports;

  constructor(inventory: Inventory, items: AuthorityItems, ports: Ports) {
    this.#inventory = inventory;
    this.#items = items;
    this.#ports = ports;
  }

  certificate(id: AuthorityId): Certificate {
    const certificate = certificateAt(this.#inventory.get(this.#item(id).certificate.path));
    if (certificate) return certificate;
    throw new KubetlsError<CarryOutCode>({
      code: 'plan/authority-missing',
      message: `the certificate of the authority ${id} is missing or unreadable`,
      where: { file: this.#item(id).certificate.path },
    });
  }

  issue(id: AuthorityId, profile: CertificateProfile, key: PrivateKey): Certificate {
    const { now, random, isTaken } = this.#ports;
    return issueCertificate({
      template: templateFor(profile, random),
      publicKey: key.publicKey,
      authority: this.#authority(id),
      now,
      random,
      isTaken: (serial) => isTaken(id, serial),
    });
  }

  #authority(id: AuthorityId): Authority {
    const key = keyAt(this.#inventory.get(this.#item(id).key.path));
    if (key) return { certificate: this.certificate(id), signer: this.#ports.signer(key) };
    throw new KubetlsError<CarryOutCode>({
      code: 'plan/authority-key-missing',
      message: `the key of the authority ${id} is not here, so nothing can be issued from it`,
      where: { file: this.#item(id).key.path },
      hint: 'put the key there for this run; it is never copied to workers',
    });
  }

  #item(id: AuthorityId): AuthorityItem {
    const item = this.#items.get(id);
    if (item) return item;
    throw new KubetlsError<CarryOutCode>({
      code: 'plan/authority-missing',
      message: `there is no authority ${id}`,
    });
  }
}

function templateFor(profile: CertificateProfile, random: Random): CertificateTemplate {
  const { person, authority, ...rest } = profile;
  const identity = person === undefined ? undefined : personIdentity(person, newPersonId(random));
  return {
    ...rest,
    subject: identity ? [...profile.subject, identity.subject] : profile.subject,
    dnsNames: identity ? [...profile.dnsNames, identity.dnsName] : profile.dnsNames,
    basicConstraints: { ca: authority !== undefined, pathLength: authority?.pathLength },
  };
}

function authorityEffect(item: AuthorityItem, action: Action, inventory: Inventory, ports: Ports): Effect {
  const key = keyFor(item, action, inventory, ports);
  const certificate = issueAuthority({
    template: templateFor(item.profile, ports.random),
    signer: ports.signer(key),
    now: ports.now,
    random: ports.random,
  });
  return {
    changes: pairChanges(item, certificate, key, action, inventory, ports),
    issued: [{ certificate, by: item.authority }],
  };
}

function pairEffect(
  item: PairItem,
  action: Action,
  inventory: Inventory,
  issuer: Issuer,
  ports: Ports,
): Effect {
  const key = keyFor(item, action, inventory, ports);
  const certificate = issuer.issue(item.issuer, item.profile, key);
  return {
    changes: pairChanges(item, certificate, key, action, inventory, ports),
    issued: [{ certificate, by: item.issuer }],
  };
}

function keyFor(
  item: AuthorityItem | PairItem,
  action: Action,
  inventory: Inventory,
  ports: Ports,
): PrivateKey {
  const found = action.key === 'keep' ? keyAt(inventory.get(item.key.path)) : undefined;
  return found ?? ports.keys.generate(item.algorithm);
}

/**
 * With the key kept, one rename replaces the certificate: no reader can see a torn pair. A new key is put
 * in place while no certificate stands beside it: old pair, no certificate, new pair, and never a mixture.
 */
function pairChanges(
  item: AuthorityItem | PairItem,
  certificate: Certificate,
  key: PrivateKey,
  action: Action,
  inventory: Inventory,
  ports: Ports,
): FileChange[] {
  const changes: FileChange[] = [];
  if (action.key === 'new') {
    if (inventory.get(item.certificate.path)) changes.push({ path: item.certificate.path, remove: true });
    changes.push({ ...item.key, bytes: ports.writeKey(key).reveal(), content: { kind: 'private-key', key } });
  }
  changes.push(certificateChange(item.certificate, [certificate]));
  return changes;
}

function certificateChange(file: DesiredFile, certificates: readonly Certificate[]): FileChange {
  const pem = certificates.map(({ der }) => writePem('CERTIFICATE', der)).join('');
  return { ...file, bytes: utf8(pem), content: { kind: 'certificates', certificates } };
}

function anchorsChange(item: AnchorsItem, issuer: Issuer): FileChange {
  return certificateChange(
    item.file,
    item.of.map((id) => issuer.certificate(id)),
  );
}

function copyChange(item: CopyItem, inventory: Inventory): FileChange {
  const source = inventory.get(item.from);
  if (source) return { ...item.file, bytes: source.bytes, content: source.content };
  throw new KubetlsError<CarryOutCode>({
    code: 'plan/source-missing',
    message: `cannot copy ${item.from}: it does not exist`,
    where: { file: item.file.path },
  });
}

function keyPairChanges(item: KeyPairItem, action: Action, inventory: Inventory, ports: Ports): FileChange[] {
  const found = action.key === 'keep' ? keyAt(inventory.get(item.privateKey.path)) : undefined;
  const key = found ?? ports.keys.generate(item.algorithm);
  const { publicKey } = key;
  const publicChange: FileChange = {
    ...item.publicKey,
    bytes: utf8(writePublicKey(publicKey)),
    content: { kind: 'public-key', key: publicKey },
  };
  if (found) return [...sameAgain([item.privateKey], inventory), publicChange];
  return [
    { ...item.privateKey, bytes: ports.writeKey(key).reveal(), content: { kind: 'private-key', key } },
    publicChange,
  ];
}

/** The same bytes once more, with the mode that they should have. */
function sameAgain(files: readonly DesiredFile[], inventory: Inventory): FileChange[] {
  return files.flatMap((file) => {
    const entry = inventory.get(file.path);
    return entry ? [{ ...file, bytes: entry.bytes, content: entry.content }] : [];
  });
}
