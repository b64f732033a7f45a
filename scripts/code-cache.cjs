/** `node code-cache.cjs BUNDLE ID`: runs the main job once, and leaves V8's code cache of it beside the bundle. */
const { mkdtempSync, renameSync, rmSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { cacheFile, load } = require('./program.cjs');

const [bundle, id] = process.argv.slice(2);
const directory = mkdtempSync(join(tmpdir(), 'kubetls-build-'));

async function main() {
  const { script, exports: program } = load(bundle, id);
  const where = ['-f', join(directory, 'kubetls.yaml')];
  await program.run(['up', '--once', ...where], id);
  for (const command of ['plan', 'check', 'forecast']) await program.run([command, ...where], id);
  const aside = `${cacheFile(bundle)}.${process.pid}`;
  writeFileSync(aside, Buffer.concat([Buffer.from(id, 'latin1'), script.createCachedData()]));
  renameSync(aside, cacheFile(bundle));
}

main().finally(() => rmSync(directory, { recursive: true, force: true }));
