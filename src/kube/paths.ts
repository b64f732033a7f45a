import { failed } from './errors.ts';
import type { ObjectName, Resource } from './types.ts';

type Query = Readonly<Record<string, string | undefined>>;

/** A resource, in one namespace or in all (apiserver pkg/endpoints/request/requestinfo.go). */
export function collectionPath(
  { group, version, resource, namespaced }: Resource,
  namespace: string | undefined,
  query: Query = {},
): string {
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  const within = namespaced && namespace !== undefined ? `/namespaces/${segment(namespace)}` : '';
  return withQuery(`${root}${within}/${resource}`, query);
}

export function objectPath(
  resource: Resource,
  { name, namespace }: ObjectName,
  subresource?: string,
  query: Query = {},
): string {
  if (resource.namespaced && namespace === undefined) {
    throw failed('kube/invalid', `${resource.resource} ${JSON.stringify(name)}: no namespace is given`);
  }
  const path = `${collectionPath(resource, namespace)}/${segment(name)}`;
  return withQuery(subresource === undefined ? path : `${path}/${segment(subresource)}`, query);
}

/** What apimachinery pkg/api/validation/path refuses, a name could leave its path by. */
function segment(text: string): string {
  if (text === '' || text === '.' || text === '..' || /[/%]/.test(text)) {
    throw failed('kube/invalid', `${JSON.stringify(text)} cannot be part of a path`);
  }
  return encodeURIComponent(text);
}

function withQuery(path: string, query: Query): string {
  const given = Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== undefined);
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given).toString()}`;
}
