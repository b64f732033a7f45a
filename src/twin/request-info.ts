/** What a request asks to be allowed to do (authorizer.Attributes). */
export type Attributes =
  | {
      readonly kind: 'resource';
      readonly verb: string;
      readonly group: string;
      readonly version: string;
      readonly resource: string;
      readonly subresource: string;
      readonly namespace: string;
      readonly name: string;
    }
  | { readonly kind: 'path'; readonly verb: string; readonly path: string };

const VERBS: Readonly<Record<string, string>> = {
  GET: 'get',
  HEAD: 'get',
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
};

/** apiserver endpoints/request/requestinfo.go, NewRequestInfo, as far as plain resources go. */
export function attributesOf(method: string, path: string, query: URLSearchParams): Attributes {
  const parts = path.split('/').filter((part) => part !== '');
  const prefix = parts[0] === 'api' ? 1 : parts[0] === 'apis' ? 2 : 0;
  if (prefix === 0 || parts.length < prefix + 2) {
    return { kind: 'path', verb: method === 'HEAD' ? 'head' : method.toLowerCase(), path };
  }
  const group = prefix === 2 ? (parts[1] ?? '') : '';
  const version = parts[prefix] ?? '';
  const rest = parts.slice(prefix + 1);
  const namespace = rest[0] === 'namespaces' ? (rest[1] ?? '') : '';
  const inNamespace = namespace !== '' && rest.length > 2;
  const [resource = '', name = '', subresource = ''] = inNamespace ? rest.slice(2) : rest;
  const verb = VERBS[method] ?? '';
  return {
    kind: 'resource',
    verb: verbOn(verb, name, query),
    group,
    version,
    resource,
    subresource,
    namespace,
    name,
  };
}

function verbOn(verb: string, name: string, query: URLSearchParams): string {
  if (name !== '') return verb;
  if (verb === 'delete') return 'deletecollection';
  if (verb !== 'get') return verb;
  return ['true', '1'].includes(query.get('watch') ?? '') ? 'watch' : 'list';
}
