import type { Failure } from '../base/index.ts';
import type { Kubeconfig } from '../kubeconfig/index.ts';
import type { Certificate, CertificateRequest, PublicKey, RevocationList } from '../x509/index.ts';

/** A file of a tree as a walk met it. A walk opens regular files only, and says of every other why not. */
export interface TreeFile {
  /** Name of the tree it belongs to: a node, a backup. */
  readonly root: string;
  /** Below the root, `/` between names, none at the start: `etc/kubernetes/pki/ca.crt`. */
  readonly path: string;
  /** Permission bits, of the file that a link leads to. */
  readonly mode: number;
  readonly owner: { readonly uid: number; readonly gid: number } | undefined;
  /** For a symbolic link: where it leads, below the same root. */
  readonly target?: string;
  /** Undefined when it was not read: then `failure` says why, or it holds nothing that a PKI is made of. */
  readonly bytes: Uint8Array | undefined;
  readonly failure?: Failure;
}

/** A value and where in its source it stands: a line, the name of a kubeconfig's entry, a field of an object. */
export interface Placed<T> {
  readonly value: T;
  readonly place: string | undefined;
}

/** Private keys are known by their public half only. */
export interface FoundKey extends Placed<PublicKey> {
  readonly private: boolean;
}

/** One flag, or one field of a configuration file under the name that the flag has. */
export interface Setting {
  readonly component: string;
  /** Without dashes: `client-ca-file`; `image` is that of a container. */
  readonly name: string;
  /** `true` for a flag without a value. */
  readonly value: string;
}

/** All that one file, or any other run of bytes, turned out to hold. */
export interface Material {
  readonly certificates: readonly Placed<Certificate>[];
  readonly requests: readonly Placed<CertificateRequest>[];
  readonly revocationLists: readonly Placed<RevocationList>[];
  readonly kubeconfigs: readonly Kubeconfig[];
  readonly keys: readonly FoundKey[];
  /** What components are told: flags, and fields of their configuration files. */
  readonly settings: readonly Setting[];
  /** What was passed over, with lines or fields. */
  readonly problems: readonly Failure[];
}

export interface SurveyedFile extends TreeFile {
  readonly material: Material;
}

export type SurveyCode =
  | 'survey/encrypted-key'
  | 'survey/unknown-block'
  | 'survey/container'
  | 'survey/utf16'
  | 'survey/pasted'
  | 'survey/yaml'
  /** Named like a certificate or a key, and holds none. */
  | 'survey/nothing'
  | 'survey/too-much';
