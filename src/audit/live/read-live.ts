/** Objects of the API, of which nothing is believed, as what the checks look at. */
import type { StatePath } from '../../cluster/index.ts';
import type { LiveAddress, LiveNode, LiveRequest } from './types.ts';

type Value = unknown;

/** Where an object stands among the files: `live/configmaps/kube-public/cluster-info.json`. */
export function livePath(resource: string, namespace: string | undefined, name: string): StatePath {
  return `${['live', resource, ...(namespace === undefined ? [] : [namespace]), name].join('/')}.json`;
}

export function liveNode(object: Value): LiveNode {
  return {
    name: textAt(object, 'metadata', 'name') ?? '',
    addresses: addressesOf(at(object, 'status', 'addresses')),
  };
}

function addressesOf(list: Value): LiveAddress[] {
  return listOf(list).flatMap((entry) => {
    const [type, address] = [textAt(entry, 'type'), textAt(entry, 'address')];
    return type === undefined || address === undefined ? [] : [{ type, address }];
  });
}

/** pkg/apis/certificates/helpers: a condition counts when it is there; `Denied` and `Failed` end a request. */
export function liveRequest(object: Value): LiveRequest {
  const conditions = listOf(at(object, 'status', 'conditions'));
  const condition = (type: string) => conditions.find((one) => textAt(one, 'type') === type);
  const [denied, failed] = [condition('Denied'), condition('Failed')];
  const issued = (textAt(object, 'status', 'certificate') ?? '') !== '';
  const created = Date.parse(textAt(object, 'metadata', 'creationTimestamp') ?? '');
  return {
    name: textAt(object, 'metadata', 'name') ?? '',
    signer: textAt(object, 'spec', 'signerName') ?? '',
    user: textAt(object, 'spec', 'username') ?? '',
    created: Number.isNaN(created) ? undefined : created,
    state: denied
      ? 'denied'
      : failed
        ? 'failed'
        : issued
          ? 'issued'
          : condition('Approved')
            ? 'approved'
            : 'waiting',
    message: textAt(denied ?? failed, 'message'),
  };
}

function at(value: Value, ...path: readonly string[]): Value {
  let found = value;
  for (const key of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return undefined;
    found = (found as Record<string, Value>)[key];
  }
  return found;
}

function textAt(value: Value, ...path: readonly string[]): string | undefined {
  const found = at(value, ...path);
  return typeof found === 'string' ? found : undefined;
}

function listOf(value: Value): readonly Value[] {
  return Array.isArray(value) ? value : [];
}
