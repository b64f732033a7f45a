// A small cluster with openssl's certificates, its twin, and the probe to look at it with.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { systemKeys } from '../../src/apply/index.ts';
import { Secret, utf8 } from '../../src/base/index.ts';
import { type Cluster, describeCluster, parseSpec } from '../../src/cluster/index.ts';
import {
  probe,
  type ProbeCredential,
  type ProbeProtocol,
  type ProbeRequest,
  type ProbeResult,
  requestFor,
  type Speaker,
} from '../../src/probe/index.ts';
import { startTwin, type Twin, type TwinOptions } from '../../src/twin/index.ts';
import type { Made } from './openssl.ts';
import { type OpensslState, opensslState } from './openssl-state.ts';

const SPEC = `
apiVersion: kubetls/v1
kind: Cluster
metadata: { name: demo }
spec:
  profile: flat
  kubernetes: "1.37"
  endpoint: kube-apiserver:6443
  nodes:
    - { name: master, roles: [control-plane, etcd], addresses: [10.0.0.10] }
    - { name: worker-1, roles: [worker], addresses: [10.0.0.21] }
  users: [{ name: kube-admin, groups: ["system:masters"] }]
`;

export interface Asking {
  readonly speaker?: Speaker;
  readonly version?: ProbeProtocol;
  readonly request?: ProbeRequest;
}

export interface TwinFixture {
  readonly cluster: Cluster;
  readonly state: OpensslState;
  readonly twin: Twin;
  /** Probes an endpoint of the twin; with a chain when more than one is given. */
  ask(id: string, made?: Made | readonly Made[], asking?: Asking): Promise<ProbeResult>;
  end(): Promise<void>;
}

const small = describeCluster(parseSpec(SPEC, 'kubetls.yaml'));

export async function twinFixture(
  options: Partial<TwinOptions> = {},
  cluster: Cluster = small,
): Promise<TwinFixture> {
  const directory = mkdtempSync(path.join(tmpdir(), 'kubetls-twin-'));
  const state = opensslState(cluster, directory);
  const clock = { now: () => Date.now() };
  const twin = await startTwin(cluster, directory, { clock, keys: systemKeys(), ...options });
  return {
    cluster,
    state,
    twin,
    ask: (id, made, { speaker = made ? 'client' : 'anonymous', version = 'TLSv1.3', request } = {}) => {
      const endpoint = cluster.endpoints.find((endpoint) => endpoint.id === id);
      if (!endpoint) throw new Error(`no endpoint ${id}`);
      const target = { ...twin.address(id), request: request ?? requestFor(endpoint, speaker) };
      const credential = made && credentialOf(made);
      return probe(target, credential, { timeout: 5_000, minVersion: version, maxVersion: version });
    },
    end: async () => {
      await twin.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

export function credentialOf(made: Made | readonly Made[]): ProbeCredential {
  const chain = 'der' in made ? [made] : made;
  const certificate = chain.map((one) => one.certificate).join('');
  return { certificate: utf8(certificate), key: new Secret(utf8(chain[0]?.key ?? '')) };
}

export function get(path: string, headers: Readonly<Record<string, string>> = {}): ProbeRequest {
  return { method: 'GET', path, headers, body: undefined };
}
