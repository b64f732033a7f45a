import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import Ajv from 'ajv';
import { beforeAll, describe, expect, it } from 'vitest';
import { cleanTree, crt } from '../../../test/judges/audited-tree.ts';
import { keyOf, leafDraft, mint, nameOf, NOW, rootDraft } from '../../../test/judges/mint.ts';
import { applyExceptions, auditTree, parseExceptions, type Severity } from '../../audit/index.ts';
import { checkHtml } from './html-view.ts';
import { printCheck } from './text-view.ts';
import { checkJunit } from './junit-view.ts';
import type { CheckReport } from './report.ts';
import { checkSarif } from './sarif-view.ts';

/** Names of files and of people that would like to be markup, or to move a cursor. */
const HOSTILE = `<img src=x onerror=alert(1)>&"'\u001b[2J\u202e ]]>`;
const PATH = `nodes/cp1/a b%20<i>&"'\u001b[2J\ud800\uffff.crt`;

const EXCEPTIONS = `apiVersion: kubetls/v1
kind: Exceptions
exceptions:
  - { id: masters-member, place: "**", reason: "<b>why</b>", until: 2999-01-01 }
  - { id: expired, place: "**", reason: gone, until: 2999-01-01 }
`;

let report: CheckReport;
beforeAll(async () => {
  const { inventory } = await cleanTree('kubeadm');
  const stranger = leafDraft(nameOf(HOSTILE), keyOf('a'), rootDraft('stranger', keyOf('stranger')), []);
  const planted = inventory.withFiles([crt(PATH, mint(stranger))]);
  const found = auditTree({ inventory: planted, at: NOW });
  const excepted = applyExceptions(found, parseExceptions(EXCEPTIONS, 'e.yaml'), NOW);
  const words = {
    looked: '<state>',
    unseen: [],
    certificates: 3,
    checks: 9,
    edges: undefined,
    shown: (path: string) => path,
  };
  report = { ...excepted, at: NOW, ...words };
});

describe('SARIF', () => {
  it('is valid by the schema', () => {
    const require = createRequire(import.meta.url);
    const schemas = require
      .resolve('@microsoft/jest-sarif/package.json')
      .replace('package.json', 'lib/schemas');
    const schema: unknown = JSON.parse(readFileSync(`${schemas}/sarif-2.1.0-rtm.5.json`, 'utf8'));
    const draft4: unknown = require('ajv/lib/refs/json-schema-draft-04.json');
    const ajv = new Ajv({ schemaId: 'auto', unknownFormats: 'ignore', meta: false, logger: false });
    ajv.addMetaSchema(draft4 as object);
    const validate = ajv.compile(schema as object);
    const good = JSON.parse(JSON.stringify(checkSarif(report, '1.2.3'))) as {
      runs: { results: unknown[] }[];
    };
    expect(validate(good), JSON.stringify(validate.errors?.slice(0, 3))).toBe(true);
    // The schema would say no.
    const bad = { ...good, runs: [{ ...good.runs[0], results: [{ level: 'fatal' }] }] };
    expect(validate(bad)).toBe(false);
  });

  it('has every rule, a place that can be opened, and what is excepted as suppressed', () => {
    const { runs } = checkSarif(report, '1.2.3') as {
      runs: [{ tool: { driver: { rules: { id: string }[] } }; results: Result[] }];
    };
    const [{ tool, results }] = runs;
    for (const { ruleId, ruleIndex } of results) expect(tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
    const stranger = results.find(({ ruleId }) => ruleId === 'issuer-unknown');
    const { uri } = stranger?.locations[0].physicalLocation.artifactLocation ?? { uri: '' };
    expect(uri).toBe("nodes/cp1/a%20b%2520%3Ci%3E%26%22'%1B%5B2J%EF%BF%BD%EF%BF%BF.crt");
    expect(stranger?.message.text).toContain(String.raw`\u001b[2J`);
    const ended = results.find(({ ruleId }) => ruleId === 'exception-unmatched');
    expect(ended?.locations[0].physicalLocation).toMatchObject({
      artifactLocation: { uri: 'e.yaml' },
      region: { startLine: 5 },
    });
    expect(results.filter(({ suppressions }) => suppressions).map(({ ruleId }) => ruleId)).toEqual([
      'masters-member',
    ]);
  });
});

interface Result {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly message: { readonly text: string };
  readonly suppressions?: unknown;
  readonly locations: [
    { readonly physicalLocation: { readonly artifactLocation: { readonly uri: string } } },
  ];
}

describe('JUnit', () => {
  const parsed = (failing: readonly Severity[]) => {
    const script =
      'import sys, json, xml.etree.ElementTree as e\nr = e.fromstring(sys.stdin.buffer.read())\n' +
      'print(json.dumps([r.attrib, [c.attrib["name"] for c in r.iter("testcase") if c.find("failure") is not None], len(list(r.iter("testcase"))), "".join(r.itertext())]))';
    const run = spawnSync('python3', ['-c', script], {
      input: checkJunit(report, failing),
      encoding: 'utf8',
    });
    expect(run.stderr).toBe('');
    return JSON.parse(run.stdout) as [Record<string, string>, string[], number, string];
  };

  it.skipIf(spawnSync('python3', ['-V']).status !== 0)(
    'is XML, with a case for each check; the failing ones fail (needs Python)',
    () => {
      const [suites, failed, count, text] = parsed(['error', 'warning']);
      expect(failed).toEqual(['issuer-unknown', 'exception-unmatched']);
      expect(suites).toMatchObject({ tests: `${count}`, failures: '2', errors: '0' });
      expect(text).toContain('<img src=x onerror=alert(1)>');
      expect(parsed(['error'])[1]).toEqual([]);
    },
  );
});

describe('HTML', () => {
  it('fetches nothing, runs nothing, and nothing from outside is markup', () => {
    const page = checkHtml(report, '1.2.3');
    expect(page).not.toMatch(/<script|<img|<link|<iframe|<i>|<b>|<state>|https?:|url\(|@import/);
    for (const raw of ['\u001b', '\u202e']) expect(page).not.toContain(raw);
    expect(page).toContain('&lt;img src=x onerror=alert(1)&gt;&amp;\\&quot;&#39;');
    expect(page).toContain(String.raw`\x1b[2J`);
  });

  it('says the severity in words, and what to do', () => {
    const page = checkHtml(report, '1.2.3');
    expect(page).toContain('<h1>2 warnings</h1>');
    expect(page).toMatch(/<span class="severity">Warning<\/span> nothing here has signed it/);
    expect(page).toContain('<dt>What to do</dt>');
    expect(page).toContain('<td>&lt;b&gt;why&lt;/b&gt;</td>');
  });
});

it('nothing is called right of which a part was not seen', () => {
  const blind = { ...report, findings: [], excepted: [], unseen: ['the running <cluster>'] };
  const html = checkHtml(blind, '1.2.3');
  expect(html).toContain('<h1>Nothing is wrong in what was seen</h1>');
  expect(html).toContain('Not seen: the running &lt;cluster&gt;.');
  const printed: string[] = [];
  const plain = (text: string) => text;
  const console = {
    print: (text = '') => void printed.push(text),
    colors: new Proxy({}, { get: () => plain }),
    symbols: { ok: 'OK', unknown: '?' },
    verbose: false,
  } as unknown as Parameters<typeof printCheck>[0];
  printCheck(console, blind);
  expect(printed.join('\n')).toMatch(
    /^\? Nothing is wrong in what was seen.*; not seen: the running <cluster>\.$/,
  );
  expect(printed.join('\n')).not.toContain('OK');
});
