import { describe, expect, it } from 'vitest';
import { forbidden, isAllowed } from './authorize.ts';
import { attributesOf } from './request-info.ts';

function may(name: string, groups: readonly string[], method: string, url: string): boolean {
  const [path = '', query = ''] = url.split('?');
  const user = { name, uid: '', groups, extra: {} };
  return isAllowed(user, attributesOf(method, path, new URLSearchParams(query)));
}

const EVERYONE = ['system:authenticated'];

describe('who may do what', () => {
  it.each<[name: string, groups: readonly string[], method: string, url: string, allowed: boolean]>([
    ['kube-admin', ['system:masters'], 'DELETE', '/api/v1/nodes/worker-1', true],
    ['kube-admin', ['system:masters'], 'GET', '/metrics', true],
    ['kubernetes-admin', ['kubeadm:cluster-admins'], 'GET', '/api/v1/secrets', true],
    // A user is no group, and a role's name is no user's.
    ['system:masters', EVERYONE, 'GET', '/api/v1/secrets', false],
    ['cluster-admin', EVERYONE, 'GET', '/api/v1/secrets', false],
    ['jane', EVERYONE, 'GET', '/api/v1/pods', false],
    ['jane', EVERYONE, 'GET', '/apis/apps/v1', true],
    ['jane', EVERYONE, 'POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', true],
    ['jane', EVERYONE, 'GET', '/metrics', false],
    ['jane', [...EVERYONE, 'system:monitoring'], 'GET', '/metrics', true],
    ['system:anonymous', ['system:unauthenticated'], 'GET', '/version', true],
    ['system:anonymous', ['system:unauthenticated'], 'GET', '/readyz', true],
    ['system:anonymous', ['system:unauthenticated'], 'GET', '/api', false],
    ['system:anonymous', ['system:unauthenticated'], 'POST', '/version', false],
    ['system:kube-scheduler', EVERYONE, 'GET', '/api/v1/pods?watch=true', true],
    ['system:kube-scheduler', EVERYONE, 'POST', '/api/v1/namespaces/default/pods/x/binding', true],
    ['system:kube-scheduler', EVERYONE, 'POST', '/api/v1/namespaces/default/pods', false],
    ['system:kube-scheduler', EVERYONE, 'GET', '/api/v1/secrets', false],
    [
      'system:kube-scheduler',
      EVERYONE,
      'PUT',
      '/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/kube-scheduler',
      true,
    ],
    [
      'system:kube-scheduler',
      EVERYONE,
      'PUT',
      '/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/other',
      false,
    ],
    ['system:kube-controller-manager', EVERYONE, 'GET', '/apis/example.com/v1/things', true],
    ['system:kube-controller-manager', EVERYONE, 'DELETE', '/api/v1/nodes/worker-1', false],
    ['system:kube-proxy', EVERYONE, 'GET', '/apis/discovery.k8s.io/v1/endpointslices', true],
    ['system:kube-proxy', EVERYONE, 'GET', '/api/v1/pods', false],
    ['system:node:worker-1', [...EVERYONE, 'system:nodes'], 'PATCH', '/api/v1/nodes/worker-1/status', true],
    ['system:node:worker-1', [...EVERYONE, 'system:nodes'], 'GET', '/api/v1/secrets', false],
    ['constructor', ['__proto__', 'toString'], 'GET', '/api/v1/pods', false],
  ])('%s of %j: %s %s is %s', (name, groups, method, url, allowed) => {
    expect(may(name, groups, method, url)).toBe(allowed);
  });

  it.each([
    [
      'GET',
      '/api/v1/namespaces/kube-system/pods',
      'pods is forbidden: User "jane" cannot list resource "pods" in API group "" in the namespace "kube-system"',
    ],
    [
      'GET',
      '/api/v1/namespaces/kube-system/pods/x/log',
      'pods "x" is forbidden: User "jane" cannot get resource "pods/log" in API group "" in the namespace "kube-system"',
    ],
    [
      'DELETE',
      '/apis/apps/v1/deployments',
      'deployments.apps is forbidden: User "jane" cannot deletecollection resource "deployments" in API group "apps" at the cluster scope',
    ],
    [
      'GET',
      '/api/v1/namespaces/default',
      'namespaces "default" is forbidden: User "jane" cannot get resource "namespaces" in API group "" in the namespace "default"',
    ],
    ['PUT', '/metrics', 'forbidden: User "jane" cannot put path "/metrics"'],
  ])('%s %s is refused in the API server’s words', (method, path, message) => {
    const user = { name: 'jane', uid: '', groups: EVERYONE, extra: {} };
    const { status, body } = forbidden(user, attributesOf(method, path, new URLSearchParams()));
    expect(status).toBe(403);
    expect(JSON.parse(body)).toMatchObject({ kind: 'Status', reason: 'Forbidden', code: 403, message });
  });
});
