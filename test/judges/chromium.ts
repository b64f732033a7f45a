/** A real browser as a judge: it loads one page, runs the page's own questions, and hands back what they found. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { runProgram } from '../real/run-program.ts';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

export function chromiumName(): string | undefined {
  return NAMES.find((name) => spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0);
}

/** Milliseconds: drawing a hundred diagrams takes some seconds. */
const PATIENCE = 100_000;

/**
 * @param script the body of an async function that returns something JSON can hold; `input` is what it is handed
 * @param files scripts that the page loads before, by their paths
 */
export async function askChromium(
  name: string,
  at: (file: string) => string,
  { script, input, files = [] }: { script: string; input: unknown; files?: readonly string[] },
): Promise<unknown> {
  const page = at('page.html');
  const json = JSON.stringify(input).replaceAll('<', '\\u003c');
  writeFileSync(
    page,
    `<!doctype html><meta charset="utf-8"><body><div id="stage"></div>
${files.map((file) => `<script src="${pathToFileURL(file).href}"></script>`).join('\n')}
<script>
(async (input) => { ${script} })(${json})
  .then((value) => ({ value }), (error) => ({ error: String(error && error.stack || error) }))
  .then((answer) => {
    const pre = document.createElement('pre');
    pre.id = 'answer';
    // Base64, so that nothing of it is markup again.
    pre.textContent = btoa(unescape(encodeURIComponent(JSON.stringify(answer))));
    document.body.replaceChildren(pre);
  });
</script>`,
  );
  const words = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run'];
  const ran = await runProgram(
    name,
    [
      ...words,
      '--host-resolver-rules=MAP * ~NOTFOUND',
      '--disable-background-networking',
      `--user-data-dir=${at('profile')}`,
      '--virtual-time-budget=600000',
      `--timeout=${PATIENCE}`,
      '--dump-dom',
      pathToFileURL(page).href,
    ],
    { timeout: PATIENCE },
  );
  const [, base64] = /<pre id="answer">([\w+/=]+)<\/pre>/.exec(ran.stdout) ?? [];
  if (base64 === undefined)
    throw new Error(`${name} did not answer: ${ran.stderr.slice(-2_000)}${ran.stdout.slice(0, 500)}`);
  const answer = JSON.parse(Buffer.from(base64, 'base64').toString('utf8')) as {
    value?: unknown;
    error?: string;
  };
  if (answer.error !== undefined) throw new Error(answer.error);
  return answer.value;
}
