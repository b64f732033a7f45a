import type { Host } from './types.ts';

/** Calls on one host run one after another, also when their caller does not wait. */
export function inTurn(host: Host): Host {
  let last: Promise<unknown> = Promise.resolve();
  const next = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(work, work);
    last = turn.catch(() => undefined);
    return turn;
  };
  return {
    name: host.name,
    read: (paths) => next(() => host.read(paths)),
    times: (paths) => next(() => host.times(paths)),
    write: (sets, options) => next(() => host.write(sets, options)),
    run: (command, options) => next(() => host.run(command, options)),
    close: () => next(() => host.close()),
  };
}
