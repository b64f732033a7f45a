import { DAY, HOUR, type Instant, MINUTE, SECOND } from '../base/index.ts';
import type { Kind, Shown } from './objects.ts';

/**
 * Objects as the Table that kubectl prints (meta/v1, Table). The columns are those of
 * kubernetes/pkg/printers/internalversion/printers.go; the second list is for `-o wide`.
 */
const COLUMNS: Readonly<Record<Kind, readonly [always: readonly string[], wide: readonly string[]]>> = {
  Pod: [
    ['Name', 'Ready', 'Status', 'Restarts', 'Age'],
    ['IP', 'Node', 'Nominated Node', 'Readiness Gates'],
  ],
  Node: [
    ['Name', 'Status', 'Roles', 'Age', 'Version'],
    ['Internal-IP', 'External-IP', 'OS-Image', 'Kernel-Version', 'Container-Runtime'],
  ],
  Service: [['Name', 'Age'], []],
  Namespace: [['Name', 'Status', 'Age'], []],
};

/** What a column says that nothing is known for; kubectl's own word differs by column. */
const UNKNOWN: Readonly<Record<string, string>> = {
  'OS-Image': '<unknown>',
  'Kernel-Version': '<unknown>',
  'Container-Runtime': '<unknown>',
};

export function tableOf(kind: Kind, shown: readonly Shown[], now: Instant): object {
  const [always, wide] = COLUMNS[kind];
  const columns = [...always, ...wide];
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata: { resourceVersion: '1' },
    columnDefinitions: columns.map((name, index) => ({
      name,
      type: 'string',
      format: name === 'Name' ? 'name' : '',
      description: '',
      priority: index < always.length ? 0 : 1,
    })),
    rows: shown.map(({ object: { metadata }, cells }) => ({
      cells: columns.map((column) => {
        if (column === 'Name') return metadata.name;
        if (column === 'Age') return ageText(now - Date.parse(metadata.creationTimestamp));
        return cells[column] ?? UNKNOWN[column] ?? '<none>';
      }),
      object: { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata },
    })),
  };
}

/** apimachinery util/duration, HumanDuration, to one unit. */
function ageText(age: number): string {
  if (age < 2 * MINUTE) return `${Math.max(0, Math.floor(age / SECOND))}s`;
  if (age < 3 * HOUR) return `${Math.floor(age / MINUTE)}m`;
  return age < 2 * DAY ? `${Math.floor(age / HOUR)}h` : `${Math.floor(age / DAY)}d`;
}
