/** Mermaid and a real browser, and Graphviz, about our pictures: of clusters, and of names that attack them. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { root } from '../../scripts/setup.mjs';
import { printable } from '../../src/base/index.ts';
import {
  DRAWING,
  type Drawing,
  drawingOf,
  graphDot,
  graphMermaid,
  graphSvg,
  trustGraph,
} from '../../src/graph/index.ts';
import { evaluateAll } from '../../src/trust/index.ts';
import { askChromium, chromiumName } from '../judges/chromium.ts';
import { inTemporaryDirectoryAsync } from '../judges/openssl.ts';
import { HOSTILE, workersGraph } from '../judges/trust-graphs.ts';
import { applied, clusterOf, NOW } from '../support/small-cluster.ts';

const unfolded = {
  ...DRAWING,
  most: Number.POSITIVE_INFINITY,
  kinds: new Set([...DRAWING.kinds, 'trusts' as const]),
};

const drawings: Drawing[] = HOSTILE.map((text) =>
  drawingOf(
    workersGraph({
      workers: 1,
      refused: new Set([0]),
      error: text,
      nameOf: (i) => (i < 0 ? text : `${text}${i}`),
    }),
    unfolded,
  ),
);

beforeAll(async () => {
  for (const profile of ['flat', 'kubeadm']) {
    const { cluster, inventory } = await applied(clusterOf({ profile }));
    const lost = inventory.withFiles([
      { path: 'nodes/worker-1/etc/kubernetes/pki/ca.crt', remove: true },
      { path: 'nodes/master/etc/kubernetes/pki/etcd/server.key', remove: true },
    ]);
    const verdicts = evaluateAll(cluster.edges, lost, NOW);
    drawings.push(drawingOf(trustGraph({ cluster, inventory: lost, verdicts, at: NOW })));
  }
  drawings.push(drawingOf(workersGraph({ workers: 500, refused: new Set([7]) })));
  drawings.push(drawingOf(workersGraph({ workers: 0 })));
});

/** As it is shown: white space is the layout's, and word joiners are not seen. */
const plain = (text: string) => text.replace(/[\s\u2060]/g, '');

interface Seen {
  readonly boxes: readonly string[];
  readonly lines: number;
  readonly title: string;
  readonly description: string;
}

const browser = chromiumName();

describe.skipIf(browser === undefined)('Mermaid in Chromium', () => {
  it('draws every box and line, with our words as text, and runs nothing', async () => {
    const answer = (await ask({
      files: [join(root, 'node_modules/@mermaid-js/tiny/dist/mermaid.tiny.js')],
      input: drawings.map(graphMermaid),
      script: `
        let alarms = 0;
        window.alert = () => { alarms++; };
        const stage = document.getElementById('stage');
        const seen = [];
        // What GitHub uses, and what lets the most through.
        for (const securityLevel of ['strict', 'loose']) {
          mermaid.initialize({ startOnLoad: false, securityLevel });
          for (const [i, text] of input.entries()) {
            const { svg } = await mermaid.render('m' + securityLevel + i, text);
            stage.innerHTML = svg;
            await new Promise((resolve) => setTimeout(resolve, 5));
            seen.push({
              boxes: Array.from(stage.querySelectorAll('.node .nodeLabel'), (label) => label.innerText),
              lines: stage.querySelectorAll('.edgePaths path').length,
              foreign: stage.querySelectorAll('script, img, a, iframe, b, i, strong, em, li, math, [onload], [onerror]').length,
              title: stage.querySelector('title').textContent,
              description: stage.querySelector('desc').textContent,
            });
          }
        }
        return { alarms, seen };`,
    })) as { alarms: number; seen: (Seen & { foreign: number })[] };
    expect(answer.alarms).toBe(0);
    expect(answer.seen).toHaveLength(2 * drawings.length);
    for (const [i, seen] of answer.seen.entries()) {
      const drawing = drawings[i % drawings.length] as Drawing;
      expect(seen.foreign, seen.title).toBe(0);
      expectSeen(seen, drawing);
      expect(plain(seen.title)).toBe(plain(shown(drawing.title)));
      expect(plain(seen.description)).toBe(plain(drawing.summary));
    }
  }, 240_000);
});

describe.skipIf(browser === undefined)('our SVG in Chromium', () => {
  it('is XML, its texts lie in their boxes as they are really drawn, and nothing in it runs', async () => {
    const answer = (await ask({
      input: drawings.map(graphSvg),
      script: `
        let alarms = 0;
        window.alert = () => { alarms++; };
        const stage = document.getElementById('stage');
        return input.map((text) => {
          const parsed = new DOMParser().parseFromString(text, 'image/svg+xml');
          if (parsed.querySelector('parsererror')) return { problem: parsed.documentElement.textContent };
          stage.replaceChildren(document.importNode(parsed.documentElement, true));
          const outside = [];
          const groups = [...stage.querySelectorAll('.node')];
          for (const group of groups) {
            const box = group.querySelectorAll('path')[group.querySelectorAll('path').length - 1].getBBox();
            for (const text of group.querySelectorAll('text')) {
              const { x, y, width, height } = text.getBBox();
              if (x < box.x || y < box.y || x + width > box.x + box.width || y + height > box.y + box.height)
                outside.push(text.textContent);
            }
          }
          return {
            outside,
            alarms,
            boxes: groups.map((group) => group.querySelector('title').textContent),
            lines: stage.querySelectorAll('.drawing .wire').length,
            title: stage.querySelector('title').textContent,
            description: stage.querySelector('desc').textContent,
          };
        });`,
    })) as (Seen & { problem?: string; outside: string[]; alarms: number })[];
    expect(answer).toHaveLength(drawings.length);
    for (const [i, seen] of answer.entries()) {
      const drawing = drawings[i] as Drawing;
      expect(seen.problem).toBeUndefined();
      expect(seen.alarms).toBe(0);
      expect(seen.outside).toEqual([]);
      expect(seen.boxes).toHaveLength(drawing.boxes.length);
      expect(seen.lines).toBe(drawing.lines.length);
      expect(seen.title).toBe(shown(drawing.title));
    }
  }, 240_000);
});

const hasGraphviz = spawnSync('dot', ['-V'], { stdio: 'ignore' }).status === 0;

describe.skipIf(!hasGraphviz)('Graphviz', () => {
  it('draws every box and line without a complaint, with our words as text', () => {
    for (const drawing of drawings) {
      const { status, stdout, stderr } = spawnSync('dot', ['-Tsvg'], {
        input: graphDot(drawing),
        encoding: 'utf8',
      });
      expect([status, stderr]).toEqual([0, '']);
      const groups = [...stdout.matchAll(/<g id="[^"]*" class="(node|edge)">([^]*?)<\/g>\n(?=<!--|<\/g>)/g)];
      const inner = groups.filter(([, kind]) => kind === 'node').map(([, , markup = '']) => markup);
      const words = (markup: string) =>
        Array.from(markup.matchAll(/<text [^>]*>([^<]*)<\/text>/g), ([, text = '']) => resolved(text)).join(
          '',
        );
      expectSeen({ boxes: inner.map(words), lines: groups.length - inner.length }, drawing);
    }
  }, 120_000);
});

/** Boxes come in any order. Texts are cut to their first lines. */
function expectSeen({ boxes, lines }: Pick<Seen, 'boxes' | 'lines'>, drawing: Drawing): void {
  expect(lines).toBe(drawing.lines.length);
  expect(boxes).toHaveLength(drawing.boxes.length);
  const texts = boxes.map(plain);
  for (const { title, texts: wanted } of drawing.boxes) {
    const start = plain(shown(title)).slice(0, 60);
    const whole = wanted.every((text) => text.length < 60) ? wanted.map((text) => plain(shown(text))) : [];
    const found = texts.filter(
      (text) => text.slice(1).startsWith(start) && whole.every((one) => text.includes(one)),
    );
    expect(found, `${JSON.stringify(title)} of ${JSON.stringify(texts)}`).not.toEqual([]);
  }
}

/** Characters that XML has not are drawn as U+FFFD. */
function shown(text: string): string {
  return printable(text).replace(/[\ufffe\uffff]/g, '\ufffd');
}

/** XML's entities, once. */
function resolved(text: string): string {
  const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
  return text.replace(/&(?:#(\d+)|(\w+));/g, (_, code: string | undefined, name: string) =>
    code === undefined ? (named[name] ?? '') : String.fromCodePoint(Number(code)),
  );
}

function ask(question: Parameters<typeof askChromium>[2]): Promise<unknown> {
  return inTemporaryDirectoryAsync((at) => askChromium(browser ?? '', at, question));
}
