import type { Instant } from '../../base/index.ts';
import type { ComponentName, Endpoint, FileRole, ReloadFact, StatePath } from '../../cluster/index.ts';
import type { Inventory } from '../../inventory/index.ts';
import type { GoRules } from '../../verify/index.ts';
import type { Certificate } from '../../x509/index.ts';
import type { Chain } from '../pair.ts';

/** What a program read from these files once, and goes by until it reads them again. */
export interface Holding {
  readonly component: ComponentName;
  readonly node: string;
  readonly role: FileRole;
  readonly files: readonly StatePath[];
  readonly fact: ReloadFact;
  /** Its sockets that serve these files, or let in by them. */
  readonly endpoints: readonly Endpoint[];
  /** Service-account keys: the ones that kube-apiserver tells everybody. */
  readonly told: boolean;
}

/** Seen, or why not. */
export type Sight<T> = { readonly value: T } | { readonly why: string };

/** By the node's own clock, none too early. `modified`: what the file holds; `changed`: that, its owner, its mode, its name. */
export interface Times {
  readonly modified: Instant;
  readonly changed: Instant;
}

export interface ProcessSight {
  readonly started: Instant;
  /** How often it has looked whether files of authorities that it dials by have changed, with success; undefined: it does not say. */
  readonly looks: number | undefined;
}

/** A client with a certificate, and what the endpoint made of it. */
export interface Trial {
  readonly chain: Chain;
  readonly as: 'client' | 'front-proxy';
  readonly answer: 'let in' | 'refused';
}

/** What the handshakes with one endpoint showed. */
export interface SocketSight {
  /** DER; undefined: nothing was presented. */
  readonly leaf: Uint8Array | undefined;
  /** Subjects of the authorities that it says it accepts, DER; empty: it says nothing. */
  readonly authorities: readonly Uint8Array[];
  readonly trials: readonly Trial[];
}

/** All that could be seen of the running programs and of their files. */
export interface Sights {
  readonly now: Instant;
  readonly rules?: GoRules | undefined;
  /** Files as they stand: on the disks that are in sight; of all others the state's own. */
  readonly files: Inventory;
  /** By path: of files on disks in sight. */
  readonly times: ReadonlyMap<StatePath, Times>;
  /** By node: why its disk is not in sight. */
  readonly unseenDisks: ReadonlyMap<string, string>;
  /** By `component@node`. */
  readonly processes: ReadonlyMap<string, Sight<ProcessSight>>;
  /** By endpoint. */
  readonly sockets: ReadonlyMap<string, SocketSight>;
  /** By endpoint: key ids that kube-apiserver tells (kid: base64url of SHA-256 of SubjectPublicKeyInfo). */
  readonly keys: ReadonlyMap<string, Sight<readonly string[]>>;
  /** ConfigMap kube-root-ca.crt: what the leading controller manager holds. */
  readonly published: Sight<readonly Certificate[]>;
  /** Nodes that have one. */
  readonly controllerManagers: readonly string[];
  /** Of the controller managers, which read some files when they begin to lead. */
  readonly leader: Sight<Leader>;
}

export interface Leader {
  /** Name of the machine: its host name. */
  readonly host: string;
  readonly since: Instant;
}

export type HeldState = 'fresh' | 'stale' | 'unknown';

/** How it was seen. `table`: by what is known of the program, not by looking at it. */
export type EvidenceKind =
  | 'leaf'
  | 'authorities'
  | 'trial'
  | 'keys'
  | 'published'
  | 'start'
  | 'leadership'
  | 'looks'
  /** The file itself: no program could read it now. */
  | 'file'
  | 'table';

/** What makes it fresh again. */
export type Remedy =
  | { readonly kind: 'restart' }
  /** The file first: whoever is started now has nobody to trust, or does not start. */
  | { readonly kind: 'mend' }
  /** By itself, within so many milliseconds of the change. */
  | { readonly kind: 'wait'; readonly within: number };

/** A holding, judged. */
export interface Held extends Holding {
  readonly state: HeldState;
  /** undefined where nothing was seen. */
  readonly by: EvidenceKind | undefined;
  /** What was seen, or why nothing was. A sentence without its subject: the program. */
  readonly text: string;
  /** Of what is stale, or may be. */
  readonly remedy: Remedy | undefined;
  /** Where what the program shows was compared with its files: `on disk`, that of its node, or `in the state`. */
  readonly comparedWith: 'on disk' | 'in the state';
  /** Whether the file was seen where the program reads it; else it is the state's copy. */
  readonly onDisk: boolean;
}
