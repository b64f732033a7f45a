/** Findings as SARIF 2.1.0, for code scanning and whoever reads it. */
import { createHash } from 'node:crypto';
import { checkTable, GROUPS, placeParts, type Severity, type TreeFinding } from '../../audit/index.ts';
import { toRfc3339 } from '../../base/index.ts';
import { printable } from '../text.ts';
import type { CheckReport } from './report.ts';

/** 3.27.10: what we call a note is one there, too. */
const LEVELS: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'note' };
/** Places beside the first that a result names: a reader opens one or two. */
const RELATED = 10;

const indexOf = new Map(checkTable.map(({ id }, i) => [id, i]));

export function checkSarif(report: CheckReport, version: string): object {
  const { findings, excepted, shown, at } = report;
  const results = [
    ...findings.map((finding) => resultOf(finding, shown)),
    ...excepted.map(({ finding, exception }) => ({
      ...resultOf(finding, shown),
      suppressions: [
        {
          kind: 'external',
          justification: printable(`${exception.reason} (until ${toRfc3339(exception.until).slice(0, 10)})`),
        },
      ],
    })),
  ];
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'kubetls', semanticVersion: version, rules: checkTable.map(ruleOf) } },
        columnKind: 'unicodeCodePoints',
        properties: { at: toRfc3339(at) },
        results,
      },
    ],
  };
}

function ruleOf({ id, group, severity, title, why, remedy, source }: (typeof checkTable)[number]) {
  return {
    id,
    shortDescription: { text: sentence(title) },
    fullDescription: { text: `${sentence(title)} ${sentence(why)}` },
    help: { text: `${sentence(remedy)} (${source})` },
    defaultConfiguration: { level: LEVELS[severity] },
    properties: { tags: ['security', GROUPS[group]] },
  };
}

function resultOf(finding: TreeFinding, shown: CheckReport['shown']) {
  const { id, severity, where, message, remedy, evidence, places } = finding;
  const { line, column, file = '', path: inside } = where;
  const others = places.slice(1, RELATED + 1);
  return {
    ruleId: id,
    ruleIndex: indexOf.get(id),
    level: LEVELS[severity],
    message: { text: `${sentence(printable(message))} ${sentence(printable(remedy))}` },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: uriOf(shown(file)) },
          ...(line !== undefined && {
            region: { startLine: line, ...(column !== undefined && { startColumn: column }) },
          }),
        },
        ...logicalOf(inside),
      },
    ],
    ...(others.length > 0 && {
      relatedLocations: others.map((place) => {
        const { file: other, inside: within } = placeParts(place);
        return {
          physicalLocation: { artifactLocation: { uri: uriOf(shown(other)) } },
          ...logicalOf(within),
        };
      }),
    }),
    // The same finding tomorrow, whatever else has changed.
    partialFingerprints: {
      'kubetls/v1': digest([id, file, ...(inside === undefined ? [] : [inside]), evidence]),
    },
  };
}

/** 3.33: what stands inside of a file, such as an object of a dump. */
function logicalOf(inside: string | undefined): object {
  return inside === undefined ? {} : { logicalLocations: [{ fullyQualifiedName: printable(inside) }] };
}

/** 3.4.3: RFC 3986, relative to where the command was typed, or with the scheme of a file. */
function uriOf(path: string): string {
  const encoded = path
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .split('/')
    .map(encodeURIComponent)
    .join('/');
  return path.startsWith('/') ? `file://${encoded}` : encoded;
}

function digest(parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\0')).digest('hex');
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
