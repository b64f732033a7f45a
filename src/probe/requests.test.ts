import { describe, expect, it } from 'vitest';
import { describeCluster, parseSpec } from '../cluster/index.ts';
import { requestFor } from './index.ts';

const cluster = describeCluster(
  parseSpec(
    'apiVersion: kubetls/v1\nkind: Cluster\nmetadata: { name: demo }\nspec: { nodes: [{ name: cp, roles: [control-plane, etcd, worker], addresses: [10.0.0.1] }] }\n',
    'kubetls.yaml',
  ),
);

describe('what a probe asks', () => {
  const asked = Object.fromEntries(
    cluster.endpoints.map((endpoint) => {
      const words = (['client', 'front-proxy', 'anonymous'] as const).map((speaker) => {
        const { method, path } = requestFor(endpoint, speaker);
        return `${method} ${path}`;
      });
      return [endpoint.id, words];
    }),
  );

  it('is answered by what the credential is good for, and by everyone’s page without one', () => {
    const whoAmI = 'POST /apis/authentication.k8s.io/v1/selfsubjectreviews';
    expect(asked).toEqual({
      'kube-apiserver@cp': [whoAmI, whoAmI, 'GET /version'],
      'etcd@cp': ['GET /version', 'GET /version', 'GET /version'],
      'etcd-peer@cp': ['GET /version', 'GET /version', 'GET /version'],
      'kubelet@cp': ['GET /pods', 'GET /pods', 'GET /pods'],
      'kube-scheduler@cp': ['GET /metrics', 'GET /metrics', 'GET /healthz'],
      'kube-controller-manager@cp': ['GET /metrics', 'GET /metrics', 'GET /healthz'],
      'aggregated-apiserver@cp': ['GET /apis', 'GET /apis', 'GET /apis'],
    });
  });

  it('a front proxy speaks for a user without rights, and nobody else sends such headers', () => {
    for (const endpoint of cluster.endpoints) {
      expect(requestFor(endpoint, 'front-proxy').headers).toMatchObject({
        'X-Remote-User': 'system:kube-aggregator',
        'X-Remote-Group': 'system:authenticated',
      });
      expect(Object.keys(requestFor(endpoint).headers).join()).not.toMatch(/x-remote/i);
    }
  });
});
