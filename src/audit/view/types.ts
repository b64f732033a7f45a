import type { Failure, Instant, Secret } from '../../base/index.ts';
import type { Cluster, StatePath } from '../../cluster/index.ts';
import type { Entry, Inventory } from '../../inventory/index.ts';
import type { Plan } from '../../plan/index.ts';
import type { FileRole } from '../../layouts/index.ts';
import type { FileReference } from '../../survey/index.ts';
import type { Certificate, PublicKey, RevocationList } from '../../x509/index.ts';
import type { LiveCluster } from '../live/types.ts';
import type { Beyond } from './beyond.ts';
import type { Use } from './uses.ts';

/** What the audit of a tree is told. */
export interface TreeInput {
  readonly inventory: Inventory;
  readonly at: Instant;
  /** What `kubetls.yaml` wants. Without it the files are judged by themselves. */
  readonly cluster?: Cluster | undefined;
  /** What files are for by the layout of their tree, where neither their place on a node nor a flag says it. */
  readonly roles?: ReadonlyMap<StatePath, FileRole> | undefined;
  /** Who dials whom, as far as the files themselves tell it; only without `cluster`. */
  readonly derived?: Derived | undefined;
  /** The difference between the two, at the same instant. */
  readonly plan?: Plan | undefined;
  /** What could not be read, and why. */
  readonly unread?: readonly { readonly path: StatePath; readonly failure: Failure }[] | undefined;
  /** Number of the user whose file it is, where it is known. */
  readonly owners?: ReadonlyMap<StatePath, number> | undefined;
  /** What the running cluster says; its objects are files below `live/`. */
  readonly live?: LiveCluster | undefined;
  /** Opens keystores and encrypted keys. */
  readonly password?: Secret | undefined;
}

/** A cluster that nobody has declared: described from its files, which stand where its edges look for them. */
export interface Derived {
  readonly cluster: Cluster;
  readonly inventory: Inventory;
  /** Ids of edges that nobody can judge: files of theirs are outside of what was looked at, or could not be read. */
  readonly unseen: ReadonlySet<string>;
  /** Where one of its files was found. */
  readonly origin: (path: StatePath) => StatePath | undefined;
}

/** Where a certificate stands, and as what. */
export interface Place {
  readonly path: StatePath;
  /** Where in the file, when it is no file of certificates: `Secret kube-system/web, data.tls.crt`. */
  readonly inside?: string | undefined;
  /** `nodes/master`, `users/kube-admin`, `authorities/cluster` */
  readonly machine: string;
  /** The first of a file or one after it; in a kubeconfig an anchor, or the client's own. */
  readonly as: 'first' | 'further' | 'anchor' | 'client';
  readonly use: Use | undefined;
}

/** A certificate, once, with all its places in order of path. */
export interface Held {
  readonly certificate: Certificate;
  readonly sha256: string;
  /** Octets of its SubjectPublicKeyInfo, for maps. */
  readonly key: string;
  readonly isAuthority: boolean;
  readonly places: readonly Place[];
}

/** A private key with all its places; the key itself is not looked at. */
export interface HeldKey {
  readonly publicKey: PublicKey;
  readonly key: string;
  /** Ids (`placeId`). */
  readonly places: readonly StatePath[];
}

/** A certificate in one of its places. */
export interface Used {
  readonly held: Held;
  readonly place: Place;
}

export interface HeldList {
  /** Id (`placeId`). */
  readonly path: StatePath;
  readonly list: RevocationList;
  readonly isPem: boolean;
}

/** What all checks look at, indexed once: no check walks over all files for each certificate. */
export interface View extends TreeInput {
  readonly entries: readonly Entry[];
  /** What is in files that no component reads as they are. */
  readonly beyond: Beyond;
  /** Which flag of which component names which file. */
  readonly references: readonly FileReference[];
  /** What a file is for, by its name or by who is told of it. */
  readonly useOf: (path: StatePath) => Use | undefined;
  readonly certificates: readonly Held[];
  /** Not authorities. */
  readonly leaves: readonly Held[];
  /** By the DER of the subject. */
  readonly bySubject: ReadonlyMap<string, readonly Held[]>;
  /** By `Held.key`. */
  readonly byKey: ReadonlyMap<string, readonly Held[]>;
  readonly byUse: ReadonlyMap<Use, readonly Used[]>;
  /** Ids (`placeId`) of all places with certificates. */
  readonly holders: Iterable<StatePath>;
  /** Of one file or place, in its order; empty for one without. */
  readonly inFile: (path: StatePath) => readonly Held[];
  /** Those that a kubeconfig embeds as anchors. */
  readonly anchorsIn: (path: StatePath) => readonly Held[];
  readonly keys: ReadonlyMap<string, HeldKey>;
  /** The private key that stands in a file or a place of its own. */
  readonly keyIn: (path: StatePath) => HeldKey | undefined;
  readonly lists: readonly HeldList[];
  /** Machines below `nodes/` that run kube-apiserver or hold what it serves. */
  readonly controlPlanes: ReadonlySet<string>;
  /** Certificates whose key has signed this one, whatever else is wrong with them. Itself, when self-signed. */
  readonly issuersOf: (held: Held) => readonly Held[];
}
