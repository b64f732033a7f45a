import type { Instant } from '../base/index.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../base/index.ts';
import type { KubernetesObject } from './objects.ts';

/**
 * Objects as the Table that kubectl prints (meta/v1, Table; columns of
 * kubernetes/pkg/printers/internalversion/printers.go).
 */
interface Column {
  readonly name: string;
  readonly type?: 'integer';
  /** 0: always shown; 1: with `-o wide`. */
  readonly priority?: 1;
  readonly cell: (object: KubernetesObject, now: Instant) => string | number;
}

const NAME: Column = { name: 'Name', cell: ({ metadata }) => metadata.name };
const AGE: Column = {
  name: 'Age',
  cell: ({ metadata }, now) => ageText(now - Date.parse(metadata.creationTimestamp)),
};

const COLUMNS: Readonly<Record<KubernetesObject['kind'], readonly Column[]>> = {
  Pod: [
    NAME,
    { name: 'Ready', cell: () => '1/1' },
    { name: 'Status', cell: ({ status }) => String(status['phase']) },
    { name: 'Restarts', cell: () => '0' },
    AGE,
    { name: 'IP', priority: 1, cell: ({ status }) => String(status['podIP']) },
    { name: 'Node', priority: 1, cell: ({ spec }) => String(spec['nodeName']) },
    { name: 'Nominated Node', priority: 1, cell: () => '<none>' },
    { name: 'Readiness Gates', priority: 1, cell: () => '<none>' },
  ],
  Node: [
    NAME,
    { name: 'Status', cell: () => 'Ready' },
    { name: 'Roles', cell: rolesText },
    AGE,
    versionColumn(),
  ],
  Namespace: [NAME, { name: 'Status', cell: ({ status }) => String(status['phase']) }, AGE],
};

function rolesText({ metadata }: KubernetesObject): string {
  const prefix = 'node-role.kubernetes.io/';
  const roles = Object.keys(metadata.labels).filter((label) => label.startsWith(prefix));
  return roles.map((label) => label.slice(prefix.length)).join(',') || '<none>';
}

function versionColumn(): Column {
  const version = (status: KubernetesObject['status']): unknown =>
    Reflect.get(Object(status['nodeInfo']), 'kubeletVersion');
  return { name: 'Version', cell: ({ status }) => String(version(status)) };
}

export function tableOf(
  kind: KubernetesObject['kind'],
  objects: readonly KubernetesObject[],
  now: Instant,
): object {
  const columns = COLUMNS[kind];
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata: { resourceVersion: '1' },
    columnDefinitions: columns.map(({ name, type = 'string', priority = 0 }) => ({
      name,
      type,
      format: name === 'Name' ? 'name' : '',
      description: '',
      priority,
    })),
    rows: objects.map((object) => ({
      cells: columns.map(({ cell }) => cell(object, now)),
      object: { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata },
    })),
  };
}

/** apimachinery util/duration, HumanDuration, to one unit. */
function ageText(age: number): string {
  if (age < 2 * MINUTE) return `${Math.max(0, Math.floor(age / SECOND))}s`;
  if (age < 3 * HOUR) return `${Math.floor(age / MINUTE)}m`;
  return age < 2 * DAY ? `${Math.floor(age / HOUR)}h` : `${Math.floor(age / DAY)}d`;
}
