/**
 * The trust graph as a value: who signs, who presents what, who trusts whom, who dials whom. Nothing in it is
 * folded, and no text in it is escaped: each renderer does that for its own form.
 */
import type { Instant } from '../base/index.ts';
import type { StatePath } from '../cluster/index.ts';

export type GraphCode = 'graph/too-large';

export interface TrustGraph {
  readonly name: string;
  readonly at: Instant;
  /** What says who dials whom: the `kubetls.yaml`, or the files that were found; undefined: nothing does. */
  readonly edgesFrom: 'kubetls.yaml' | 'files' | undefined;
  readonly nodes: readonly TrustNode[];
  readonly links: readonly TrustLink[];
}

export type TrustNode = AuthorityNode | CertificateNode | ClientNode | EndpointNode;

/**
 * `refused`: none of its edges holds, or the certificate is not in force; `partly`: some of its edges do not
 * hold; `unknown`: nothing was said about it.
 */
export type NodeState = 'ok' | 'partly' | 'refused' | 'unknown';

interface NodeBase {
  /** `authority:…`, `certificate:…`, `client:…`, `endpoint:…` */
  readonly id: string;
  /** What alike nodes have in common: `kubelet`, `kubelet server`. */
  readonly role: string;
  readonly name: string;
  readonly state: NodeState;
  /** Why, where there is a sentence for it. */
  readonly problem: string | undefined;
}

/** The key pair of an authority, with every certificate of it that was found. */
export interface AuthorityNode extends NodeBase {
  readonly kind: 'authority';
  /** RFC 2253, as Go prints it. */
  readonly subject: string;
  /** SHA-256 of its certificates, hex; none when only its name is known. */
  readonly sha256: readonly string[];
  readonly notBefore: Instant | undefined;
  readonly notAfter: Instant | undefined;
  readonly places: readonly StatePath[];
}

export interface CertificateNode extends NodeBase {
  readonly kind: 'certificate';
  readonly subject: string;
  readonly sha256: string;
  readonly notBefore: Instant;
  readonly notAfter: Instant;
  readonly places: readonly StatePath[];
}

export interface ClientNode extends NodeBase {
  readonly kind: 'client';
  readonly node: string | undefined;
}

export interface EndpointNode extends NodeBase {
  readonly kind: 'endpoint';
  readonly node: string;
  readonly address: string;
  /** It makes a certificate at start and keeps it in memory: nobody can verify it. */
  readonly selfSigned: boolean;
}

export type TrustLink = PlainLink | DialLink;

/** `signs` from an authority; `presents` to a certificate; `trusts` to an authority. */
export interface PlainLink {
  readonly kind: 'signs' | 'presents' | 'trusts';
  readonly from: string;
  readonly to: string;
}

/** An edge of the cluster. */
export interface DialLink {
  readonly kind: 'dials';
  readonly from: string;
  readonly to: string;
  /** Id of the edge. */
  readonly edge: string;
  /** Host name or address that is dialled and verified. */
  readonly name: string;
  /** Id of the certificate that the client shows here. */
  readonly presents: string | undefined;
  readonly state: 'ok' | 'refused' | 'unknown';
  /** Go's text. */
  readonly error: string | undefined;
  /** `server`: the client does not look at the server's certificate; `client`: it shows none itself. */
  readonly unverified: readonly ('server' | 'client')[];
  readonly notes: readonly string[];
}

export type LinkKind = TrustLink['kind'];
