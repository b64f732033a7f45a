import { failureStatus, type TwinResponse } from './http-values.ts';
import type { Identity } from './identity.ts';
import type { Attributes } from './request-info.ts';
import { GROUP_ROLES, type ResourceRule, type Role, ROLES, USER_ROLES } from './roles.ts';

/** May this user do that? RBAC over the default roles; what no role grants is refused. */
export function isAllowed(user: Identity, attributes: Attributes): boolean {
  return rolesOf(user).some((role) =>
    attributes.kind === 'path'
      ? attributes.verb === 'get' && role.paths.some((pattern) => matchesPath(pattern, attributes.path))
      : role.resources.some((rule) => grants(rule, attributes)),
  );
}

/** Every role that this user has, by name and by groups. */
export function rolesOf({ name, groups }: Identity): Role[] {
  const own = Object.hasOwn(USER_ROLES, name) ? USER_ROLES[name] : undefined;
  const names = groups.flatMap((group) =>
    Object.hasOwn(GROUP_ROLES, group) ? (GROUP_ROLES[group] ?? []) : [],
  );
  return (own === undefined ? names : [own, ...names]).map((role) => ROLES[role]);
}

/** RBAC's PolicyRule (component-helpers auth/rbac, VerbMatches and its neighbours). */
function grants(rule: ResourceRule, asked: Attributes & { kind: 'resource' }): boolean {
  const resource = asked.subresource === '' ? asked.resource : `${asked.resource}/${asked.subresource}`;
  return (
    (rule.verbs.includes('*') || rule.verbs.includes(asked.verb)) &&
    (rule.groups.includes('*') || rule.groups.includes(asked.group)) &&
    (rule.resources.includes('*') || rule.resources.includes(resource)) &&
    (rule.names === undefined || rule.names.includes(asked.name))
  );
}

function matchesPath(pattern: string, path: string): boolean {
  return pattern.endsWith('*') ? path.startsWith(pattern.slice(0, -1)) : pattern === path;
}

/** 403 with the texts of apiserver endpoints/handlers/responsewriters/errors.go and api/errors NewForbidden. */
export function forbidden(user: Identity, attributes: Attributes): TwinResponse {
  const who = `User ${JSON.stringify(user.name)} cannot`;
  if (attributes.kind === 'path') {
    const message = `forbidden: ${who} ${attributes.verb} path ${JSON.stringify(attributes.path)}`;
    return failureStatus(403, 'Forbidden', message);
  }
  const { verb, group, resource, subresource, namespace, name } = attributes;
  const scope = namespace === '' ? 'at the cluster scope' : `in the namespace ${JSON.stringify(namespace)}`;
  const what = subresource === '' ? resource : `${resource}/${subresource}`;
  const qualified = group === '' ? resource : `${resource}.${group}`;
  const subject = name === '' ? qualified : `${qualified} ${JSON.stringify(name)}`;
  const reason = `${who} ${verb} resource ${JSON.stringify(what)} in API group ${JSON.stringify(group)} ${scope}`;
  return failureStatus(403, 'Forbidden', `${subject} is forbidden: ${reason}`, {
    ...(name !== '' && { name }),
    ...(group !== '' && { group }),
    kind: resource,
  });
}
