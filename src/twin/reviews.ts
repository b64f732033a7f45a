import { isAllowed } from './authorize.ts';
import { failureStatus, json, type TwinResponse } from './http-values.ts';
import type { Identity } from './identity.ts';
import type { Attributes } from './request-info.ts';

/** POST selfsubjectreviews: who am I (authentication.k8s.io/v1). */
export function selfSubjectReview(user: Identity): TwinResponse {
  const userInfo = {
    username: user.name,
    ...(user.uid !== '' && { uid: user.uid }),
    groups: user.groups,
    extra: user.extra,
  };
  const type = { kind: 'SelfSubjectReview', apiVersion: 'authentication.k8s.io/v1' };
  return json({ ...type, metadata: { creationTimestamp: null }, status: { userInfo } }, 201);
}

/** POST selfsubjectaccessreviews: may I (authorization.k8s.io/v1). */
export function selfSubjectAccessReview(user: Identity, body: string): TwinResponse {
  const spec = field(parsed(body), 'spec');
  const asked = askedIn(spec);
  if (asked === undefined) {
    const reason = 'exactly one of nonResourceAttributes or resourceAttributes must be specified';
    const message = `SelfSubjectAccessReview.authorization.k8s.io "" is invalid: spec.resourceAttributes: ${reason}`;
    return failureStatus(422, 'Invalid', message);
  }
  const type = { kind: 'SelfSubjectAccessReview', apiVersion: 'authorization.k8s.io/v1' };
  const status = { allowed: isAllowed(user, asked) };
  return json({ ...type, metadata: { creationTimestamp: null }, spec, status }, 201);
}

function askedIn(spec: unknown): Attributes | undefined {
  const resource = field(spec, 'resourceAttributes');
  const path = field(spec, 'nonResourceAttributes');
  const textOf = (of: unknown, name: string): string => {
    const value = field(of, name);
    return typeof value === 'string' ? value : '';
  };
  if (resource !== undefined) {
    return {
      kind: 'resource',
      verb: textOf(resource, 'verb'),
      group: textOf(resource, 'group'),
      version: textOf(resource, 'version'),
      resource: textOf(resource, 'resource'),
      subresource: textOf(resource, 'subresource'),
      namespace: textOf(resource, 'namespace'),
      name: textOf(resource, 'name'),
    };
  }
  return path === undefined
    ? undefined
    : { kind: 'path', verb: textOf(path, 'verb'), path: textOf(path, 'path') };
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
