/** Long synchronous work gives way to the event loop every so often, in milliseconds. */
const SLICE = 8;

/** Milliseconds that only grow. Node loads a room of its own for `performance`, which takes it a millisecond. */
export function elapsed(): number {
  return process.uptime() * 1e3;
}

/** Await the result of each call: it is undefined, and free, until a slice is used up. */
export function slicer(): () => Promise<void> | undefined {
  let end = elapsed() + SLICE;
  return () => {
    if (elapsed() < end) return undefined;
    return new Promise((resolve) => {
      setImmediate(() => {
        end = elapsed() + SLICE;
        resolve();
      });
    });
  };
}

/** How many fsyncs wait at once. The thread pool has four threads; the second four fill the gaps. */
const AT_ONCE = 8;

/** Runs `work` on each item, several at a time, in order of start. After a failure nothing new is begun. */
export async function eachAtOnce<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  // One iterator for all workers: each item is taken once.
  const left = items.values();
  let failed = false;
  const worker = async (): Promise<void> => {
    for (const item of left) {
      if (failed) return;
      try {
        await work(item);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const results = await Promise.allSettled(Array.from({ length: AT_ONCE }, worker));
  const bad = results.find((result) => result.status === 'rejected');
  if (bad) throw bad.reason;
}
