/** Findings as one page: nothing is fetched, nothing runs, and it can be printed and read aloud. */
import { type CheckRow, checkTable, GROUPS, type Severity } from '../../audit/index.ts';
import { escaped, toRfc3339 } from '../../base/index.ts';
import { findingsSummary } from '../findings-view.ts';
import { number, plural } from '../text.ts';
import { STYLE } from './html-style.ts';
import { type Block, blocksOf, type CheckReport, remediesOf, whereText } from './report.ts';

/** Places that are open from the start; the others fold out. */
const SHOWN = 5;

const WORDS: Readonly<Record<Severity, readonly [sign: string, one: string, many: string]>> = {
  error: ['✗', 'Error', 'Errors'],
  warning: ['!', 'Warning', 'Warnings'],
  info: ['–', 'Note', 'Notes'],
};

const rows = new Map(checkTable.map((row) => [row.id, row]));

export function checkHtml(report: CheckReport, version: string): string {
  const { findings, excepted, at, looked, certificates, checks, unseen } = report;
  const summary = findingsSummary(findings);
  const blocks = blocksOf(findings);
  const sections = (['error', 'warning', 'info'] as const).map((severity) =>
    sectionText(
      report,
      severity,
      blocks.filter((block) => block.severity === severity),
    ),
  );
  const over = `${plural(checks, 'check')} over ${plural(certificates, 'certificate')}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${verdict(summary, unseen)}: kubetls check</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<h1>${verdict(summary, unseen)}</h1>
<p>${over} in <code>${escaped(looked)}</code>, as of <time datetime="${toRfc3339(at)}">${toRfc3339(at)}</time>.${unseen.length > 0 ? ` Not seen: ${escaped(unseen.join(', '))}.` : ''}</p>
<ul class="counts">
${(['error', 'warning', 'info'] as const).map((severity) => countText(severity, summary[severity])).join('\n')}
</ul>
</header>
<main>
${sections.join('\n')}
${exceptedText(report)}
</main>
<footer><p>kubetls ${escaped(version)}; ${excepted.length === 0 ? 'nothing is excepted' : `${number(excepted.length)} excepted`}. Predicted from files: <code>kubetls prove</code> asks the servers.</p></footer>
</body>
</html>
`;
}

function verdict({ error, warning }: Readonly<Record<Severity, number>>, unseen: readonly string[]): string {
  if (error > 0) return plural(error, 'error');
  if (warning > 0) return plural(warning, 'warning');
  return unseen.length > 0 ? 'Nothing is wrong in what was seen' : 'Nothing is wrong';
}

function countText(severity: Severity, count: number): string {
  const [sign, one, many] = WORDS[severity];
  const text = `<span aria-hidden="true">${sign}</span> ${number(count)} ${(count === 1 ? one : many).toLowerCase()}`;
  return `<li class="${severity}">${count > 0 ? `<a href="#${severity}">${text}</a>` : text}</li>`;
}

function sectionText(report: CheckReport, severity: Severity, blocks: readonly Block[]): string {
  if (blocks.length === 0) return '';
  return `<section aria-labelledby="${severity}">
<h2 id="${severity}">${WORDS[severity][2]}</h2>
${blocks.map((block) => blockText(report, block)).join('\n')}
</section>`;
}

function blockText({ shown }: CheckReport, block: Block): string {
  const { severity, findings } = block;
  const [{ id, title, group }] = findings;
  const row = rows.get(id);
  const [sign, one] = WORDS[severity];
  const item = (finding: (typeof findings)[number]) => {
    const { evidence, places } = finding;
    const others = places.slice(1);
    const more =
      others.length === 0
        ? ''
        : `<details><summary>and ${plural(others.length, 'more place')}</summary><ul>${others.map((place) => `<li><code>${escaped(shown(place))}</code></li>`).join('')}</ul></details>`;
    return `<li><code>${escaped(whereText(finding, shown))}</code> ${escaped(evidence)}${more}</li>`;
  };
  const first = findings.slice(0, SHOWN).map(item).join('\n');
  const rest = findings.slice(SHOWN);
  const folded =
    rest.length === 0
      ? ''
      : `<details><summary>and ${number(rest.length)} more</summary><ul class="places">${rest.map(item).join('\n')}</ul></details>`;
  return `<article class="${severity}">
<h3><span class="sign" aria-hidden="true">${sign}</span> <span class="severity">${one}</span> ${escaped(title)}</h3>
<p class="id"><code>${escaped(id)}</code> · ${escaped(GROUPS[group])}</p>
<ul class="places">
${first}
</ul>
${folded}
<dl>
${remediesOf(block)
  .map((remedy) => `<dt>What to do</dt><dd>${escaped(remedy)}</dd>`)
  .join('\n')}
${whyText(row)}
</dl>
</article>`;
}

function whyText(row: CheckRow | undefined): string {
  if (!row) return '';
  return `<dt>Why</dt><dd>${escaped(row.why)}</dd>
<dt>Source</dt><dd>${escaped(row.source)}</dd>`;
}

function exceptedText({ excepted, shown }: CheckReport): string {
  if (excepted.length === 0) return '';
  const lines = excepted.map(
    ({ finding, exception }) =>
      `<tr><td><code>${escaped(finding.id)}</code></td><td><code>${escaped(whereText(finding, shown))}</code></td><td>${escaped(exception.reason)}</td><td>${toRfc3339(exception.until).slice(0, 10)}</td></tr>`,
  );
  return `<section aria-labelledby="excepted">
<h2 id="excepted">Excepted</h2>
<table>
<thead><tr><th scope="col">Check</th><th scope="col">Place</th><th scope="col">Reason</th><th scope="col">Until</th></tr></thead>
<tbody>
${lines.join('\n')}
</tbody>
</table>
</section>`;
}
