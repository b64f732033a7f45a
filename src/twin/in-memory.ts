/** What a process tells of itself: when it started, the keys that it read then, what it publishes. */
import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { KubetlsError, SECOND } from '../base/index.ts';
import type { Cluster, Endpoint, StatePath } from '../cluster/index.ts';
import { holdingsOf } from '../trust/index.ts';
import { readPem, writePem } from '../x509/index.ts';
import { json, text, type TwinResponse } from './http-values.ts';
import type { TwinCode } from './types.ts';

/** Files that a component reads for others, beside those of its sockets. */
export interface OwnFiles {
  /** kube-apiserver's --service-account-key-file. */
  readonly keys: StatePath | undefined;
  /** The controller manager's --root-ca-file. */
  readonly published: StatePath | undefined;
}

export function ownFilesOf(cluster: Cluster): (endpoint: Endpoint) => OwnFiles {
  const holdings = holdingsOf(cluster);
  const file = (role: 'token-keys' | 'published-anchors', { component, node }: Endpoint) =>
    holdings.find(
      (one) =>
        one.role === role &&
        one.component === component &&
        one.node === node &&
        (role !== 'token-keys' || one.told),
    )?.files[0];
  return (endpoint) => ({
    keys: endpoint.component === 'kube-apiserver' ? file('token-keys', endpoint) : undefined,
    published:
      endpoint.component === 'kube-controller-manager' ? file('published-anchors', endpoint) : undefined,
  });
}

/** What others know of the controller manager that leads. */
export interface Leading {
  readonly node: string;
  /** Milliseconds since the epoch. */
  readonly since: number;
  readonly published: string | undefined;
}

export function metrics(started: number, more = ''): TwinResponse {
  return text(`${more}process_start_time_seconds ${started / SECOND}\n`);
}

/** kubernetes/pkg/serviceaccount/openidmetadata.go. */
export function jwks(keys: readonly KeyObject[]): TwinResponse {
  return json({
    keys: keys.map((key) => ({
      use: 'sig',
      kid: createHash('sha256')
        .update(key.export({ format: 'der', type: 'spki' }))
        .digest('base64url'),
      ...key.export({ format: 'jwk' }),
    })),
  });
}

/** Every block that is a public key; a component would not start without one. */
export function publicKeys([bytes]: readonly Buffer[]): readonly KeyObject[] {
  const blocks = readPem(bytes ?? Buffer.alloc(0)).filter(({ label }) => label === 'PUBLIC KEY');
  if (blocks.length > 0) {
    try {
      return blocks.map((block) => createPublicKey(writePem(block.label, block.bytes)));
    } catch {
      // Told below.
    }
  }
  throw new KubetlsError<TwinCode>({
    code: 'twin/material',
    message: 'data does not contain any valid RSA or ECDSA public keys',
  });
}

export function rootConfigMap(namespace: string, { published }: Leading): object {
  return {
    kind: 'ConfigMap',
    apiVersion: 'v1',
    metadata: { name: ROOT_CONFIG_MAP, namespace },
    data: { 'ca.crt': published ?? '' },
  };
}

export const ROOT_CONFIG_MAP = 'kube-root-ca.crt';

export function lease(namespace: string, { node, since }: Leading): object {
  const time = new Date(since).toISOString().replace('Z', '000Z');
  return {
    kind: 'Lease',
    apiVersion: 'coordination.k8s.io/v1',
    metadata: { name: 'kube-controller-manager', namespace },
    spec: { holderIdentity: `${node}_twin`, leaseDurationSeconds: 15, acquireTime: time, renewTime: time },
  };
}
