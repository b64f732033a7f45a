import { isAllowed, rolesOf } from './authorize.ts';
import { failureStatus, json, type TwinResponse } from './http-values.ts';
import type { Identity } from './identity.ts';
import type { Attributes } from './request-info.ts';
import { readReview, type ReviewFields } from './review-body.ts';

/** The reviews of oneself: each is created, and the answer is in what comes back. */
type Review = (user: Identity, body: Uint8Array) => TwinResponse;

const REVIEWS: Readonly<Record<string, Review>> = {
  'selfsubjectreviews.authentication.k8s.io': whoAmI,
  'selfsubjectaccessreviews.authorization.k8s.io': mayI,
  'selfsubjectrulesreviews.authorization.k8s.io': whatMayI,
};

/** The review of this resource; undefined when there is none. */
export function reviewOf({
  group,
  resource,
  verb,
  version,
}: Attributes & { kind: 'resource' }): Review | undefined {
  const name = `${resource}.${group}`;
  return verb === 'create' && version === 'v1' && Object.hasOwn(REVIEWS, name) ? REVIEWS[name] : undefined;
}

function created(kind: string, group: string, fields: object): TwinResponse {
  const type = { kind, apiVersion: `${group}/v1` };
  return json({ ...type, metadata: { creationTimestamp: null }, ...fields }, 201);
}

function whoAmI({ name, uid, groups, extra }: Identity): TwinResponse {
  const userInfo = { username: name, ...(uid !== '' && { uid }), groups, extra };
  return created('SelfSubjectReview', 'authentication.k8s.io', { status: { userInfo } });
}

function mayI(user: Identity, body: Uint8Array): TwinResponse {
  const fields = readReview(body);
  const asked = attributesIn(fields);
  if (asked === undefined) {
    const reason = 'exactly one of nonResourceAttributes or resourceAttributes must be specified';
    const message = `SelfSubjectAccessReview.authorization.k8s.io "" is invalid: spec.resourceAttributes: ${reason}`;
    return failureStatus(422, 'Invalid', message);
  }
  const { resource, nonResource } = fields;
  return created('SelfSubjectAccessReview', 'authorization.k8s.io', {
    spec: resource ? { resourceAttributes: resource } : { nonResourceAttributes: nonResource },
    status: { allowed: isAllowed(user, asked) },
  });
}

function attributesIn({ resource, nonResource }: ReviewFields): Attributes | undefined {
  if ((resource === undefined) === (nonResource === undefined)) return undefined;
  if (nonResource) return { kind: 'path', verb: nonResource['verb'] ?? '', path: nonResource['path'] ?? '' };
  const of = (name: string): string => resource?.[name] ?? '';
  return {
    kind: 'resource',
    verb: of('verb'),
    group: of('group'),
    version: of('version'),
    resource: of('resource'),
    subresource: of('subresource'),
    namespace: of('namespace'),
    name: of('name'),
  };
}

function whatMayI(user: Identity, body: Uint8Array): TwinResponse {
  const { namespace = '' } = readReview(body);
  const roles = rolesOf(user);
  const resourceRules = roles.flatMap(({ resources }) =>
    resources.map(({ groups, resources, verbs, names }) => ({
      apiGroups: groups,
      resources,
      verbs,
      ...(names && { resourceNames: names }),
    })),
  );
  const nonResourceRules = roles.flatMap(({ paths }) =>
    paths.length > 0 ? [{ verbs: ['get'], nonResourceURLs: paths }] : [],
  );
  return created('SelfSubjectRulesReview', 'authorization.k8s.io', {
    spec: { namespace },
    status: { resourceRules, nonResourceRules, incomplete: false },
  });
}
