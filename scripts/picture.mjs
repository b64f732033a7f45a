/**
 * Draws docs/images/up.svg: what `kubetls up --once` really prints in a terminal of 120 columns, taken from
 * tmux with its colours. `node scripts/picture.mjs`; needs tmux.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ensureBuilt, root } from './setup.mjs';

const COLUMNS = 120;
const ROWS = 60;
const CELL = { width: 7.8, height: 18, font: 13 };
const MARGIN = 16;
const file = join(root, 'docs', 'images', 'up.svg');

/** The colours that picocolors uses, on a dark ground. */
const palette = { 31: '#ff7b72', 32: '#7ee787', 33: '#e3b341', 36: '#79c0ff' };
const ground = { plain: '#e6edf3', dim: '#8b949e', paper: '#0d1117' };

await ensureBuilt();
const pane = capture();
mkdirSync(dirname(file), { recursive: true });
writeFileSync(file, draw(['$ kubetls up --once', ...pane]));

/** What the pane shows, a line each, with escape sequences. */
function capture() {
  const directory = mkdtempSync(join(tmpdir(), 'kubetls-picture-'));
  const home = join(directory, 'demo');
  mkdirSync(home);
  const socket = join(directory, 'tmux');
  const tmux = (...words) => {
    const ran = spawnSync('tmux', ['-S', socket, '-f', '/dev/null', ...words], { encoding: 'utf8' });
    if (ran.status !== 0) throw new Error(`tmux ${words[0]}: ${ran.error ?? ran.stderr}`);
    return ran.stdout;
  };
  try {
    const command = `clear; '${join(root, 'kubetls')}' up --once; tmux -S '${socket}' wait-for -S done; sleep 60`;
    const size = ['-x', String(COLUMNS), '-y', String(ROWS)];
    tmux('new-session', '-d', ...size, '-c', home, '-e', 'CI=', '-e', 'NO_COLOR=', command);
    tmux('wait-for', 'done');
    return tmux('capture-pane', '-e', '-p').trimEnd().split('\n');
  } finally {
    tmux('kill-server');
    rmSync(directory, { recursive: true, force: true });
  }
}

function draw(lines) {
  const [width, height] = [COLUMNS * CELL.width + 2 * MARGIN, lines.length * CELL.height + 2 * MARGIN];
  const rows = lines.map((line, i) => {
    const y = MARGIN + (i + 0.75) * CELL.height;
    return `<text x="${MARGIN}" y="${y}">${spans(line)}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" xml:space="preserve" role="img" aria-label="kubetls up --once: every edge of the cluster, proven">
<rect width="${width}" height="${height}" rx="8" fill="${ground.paper}"/>
<g font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="${CELL.font}" fill="${ground.plain}">
${rows.join('\n')}
</g>
</svg>
`;
}

/** One line of the pane: text between `ESC [ … m`, which set bold, dim or a colour. */
function spans(line) {
  let style = '';
  const parts = line.split('\u001b[').map((part, i) => {
    const end = i === 0 ? 0 : part.indexOf('m') + 1;
    if (i > 0) style = styleOf(part.slice(0, end - 1), style);
    const text = part.slice(end).replace(/[&<>]/g, (sign) => `&#${sign.codePointAt(0)};`);
    return text === '' || style === '' ? text : `<tspan${style}>${text}</tspan>`;
  });
  return parts.join('');
}

function styleOf(codes, before) {
  return codes.split(';').reduce((style, code) => {
    if (code === '1') return `${style} font-weight="bold"`;
    if (code === '2') return `${style} fill="${ground.dim}"`;
    if (code in palette) return `${style} fill="${palette[code]}"`;
    return '';
  }, before);
}
