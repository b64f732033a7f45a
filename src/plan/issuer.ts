/** Issues from the authorities of one inventory, through ports: real keys for `apply`, pretended ones for `simulate`. */
import { expectedFailure, type Instant, KubetlsError, type Random, type Secret } from '../base/index.ts';
import type { AuthorityId, AuthorityItem, CertificateProfile } from '../cluster/index.ts';
import type { FileChange, Inventory } from '../inventory/index.ts';
import {
  type Authority,
  type CertificateTemplate,
  issueCertificate,
  type KeySource,
  newPersonId,
  personIdentity,
  type Signer,
} from '../issue/index.ts';
import type { Certificate, PrivateKey } from '../x509/index.ts';
import { certificateAt, keyAt } from './world.ts';

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
    const order = {
      template: templateFor(profile, random),
      publicKey: key.publicKey,
      authority: this.#authority(id),
      now,
      random,
      isTaken: (serial: Uint8Array) => isTaken(id, serial),
    };
    try {
      return issueCertificate(order);
    } catch (error) {
      const failure = expectedFailure(error);
      // What the issuer lacks is said of its file.
      if (failure.where || !failure.code.startsWith('issue/issuer')) throw failure;
      throw new KubetlsError({
        ...failure,
        message: failure.message,
        where: { file: this.#item(id).certificate.path },
      });
    }
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

export function templateFor(profile: CertificateProfile, random: Random): CertificateTemplate {
  const { person, authority, ...rest } = profile;
  const identity = person === undefined ? undefined : personIdentity(person, newPersonId(random));
  return {
    ...rest,
    subject: identity ? [...profile.subject, identity.subject] : profile.subject,
    dnsNames: identity ? [...profile.dnsNames, identity.dnsName] : profile.dnsNames,
    basicConstraints: { ca: authority !== undefined, pathLength: authority?.pathLength },
  };
}
