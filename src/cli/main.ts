/** The entry of the bin. Nothing is loaded before it is known to be needed: start-up is felt on every call. */
declare const KUBETLS_VERSION: string;

async function main(words: readonly string[]): Promise<void> {
  if (words.length === 1 && (words[0] === '--version' || words[0] === '-V')) {
    process.stdout.write(`${KUBETLS_VERSION}\n`);
    return;
  }
  const { run } = await import('./run.ts');
  process.exitCode = await run(words, KUBETLS_VERSION);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  // What arrives here is a defect of ours: everything expected is rendered by run().
  console.error(error);
  process.exitCode = 2;
});
