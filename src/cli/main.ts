/** The entry of the bin. Nothing is loaded before it is known to be needed: start-up is felt on every call. */
declare const KUBETLS_VERSION: string;

const [first, ...rest] = process.argv.slice(2);

if (rest.length === 0 && (first === '--version' || first === '-V')) {
  process.stdout.write(`${KUBETLS_VERSION}\n`);
} else {
  import('./run.ts')
    .then(({ run }) => run(process.argv.slice(2), KUBETLS_VERSION))
    .then((code) => {
      process.exitCode = code;
    })
    .catch((error: unknown) => {
      // What arrives here is a defect of ours: everything expected is rendered by run().
      console.error(error);
      process.exitCode = 2;
    });
}
