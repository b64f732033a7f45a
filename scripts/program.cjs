/**
 * The program, which stands in a comment behind the entry that this file becomes part of.
 *
 * V8 reads a script to its end before it runs the first line, which for all of it takes as long as to start
 * Node; `--version` does without. Whatever else runs is compiled from V8's code cache, where the build left
 * one beside the bundle, for this very program and this V8: it takes a third off a small run. (Node's own,
 * `enableCompileCache`, keeps it in a directory for temporary files, where others may write.)
 */
const { readFileSync } = require('node:fs');
const { Script } = require('node:vm');

const START = '/*program:\n';
const END = '*/\n';
/** What ends a comment would end this one. */
const BROKEN_END = '*\u0001/';

exports.asComment = (program) => {
  if (program.includes(BROKEN_END) || program.includes(START))
    throw new Error('the program holds a mark of ours');
  // It is read back as Latin-1, which is quicker. esbuild escapes texts, but not regular expressions: write \\u there.
  const beyond = /.{0,40}[^\0-\x7f].{0,40}/.exec(program)?.[0];
  if (beyond !== undefined) throw new Error(`the program holds more than ASCII: ${beyond}`);
  return START + program.replaceAll('*/', BROKEN_END) + END;
};

/** `id` is of one build: V8 itself compares no more than the length of a source. */
exports.load = (bundle, id) => {
  const text = readFileSync(bundle, 'latin1');
  const comment = text.slice(text.lastIndexOf(START) + START.length, -END.length);
  const source = `(function (module, require) {${comment.replaceAll(BROKEN_END, '*/')}\n})`;
  const cachedData = cacheOf(bundle, id);
  const script = new Script(source, { filename: `${bundle}#program`, ...(cachedData && { cachedData }) });
  const program = { exports: {} };
  script.runInThisContext()(program, require);
  return { script, exports: program.exports };
};

const cacheFile = (bundle) => bundle.replace(/\.cjs$/, '.cache');

exports.cacheFile = cacheFile;

function cacheOf(bundle, id) {
  try {
    const bytes = readFileSync(cacheFile(bundle));
    if (bytes.toString('latin1', 0, id.length) === id) return bytes.subarray(id.length);
  } catch {
    // There is none: an installed package has the bundle alone.
  }
  return undefined;
}
