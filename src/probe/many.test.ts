import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { probeMany, type ProbeResult, type ProbeTask } from './index.ts';

describe('many probes', () => {
  const sockets = new Set<Socket>();
  let server: Server;
  let port: number;
  let most: number;
  /** Milliseconds before the server ends a connection; later ones sooner, so that results come out of order. */
  let delay: (nth: number) => number;
  beforeEach(async () => {
    let nth = 0;
    let waiting = 0;
    most = 0;
    delay = () => 1;
    server = createServer((socket) => {
      sockets.add(socket.on('error', () => {}).on('close', () => sockets.delete(socket)));
      waiting += 1;
      most = Math.max(most, waiting);
      setTimeout(() => {
        waiting -= 1;
        socket.end('HTTP/1.0 400 Bad Request\r\n\r\n');
      }, delay(nth++)).unref();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    port = typeof address === 'object' && address !== null ? address.port : 0;
  });
  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });

  function tasks(count: number): ProbeTask[] {
    const request = { method: 'GET', path: '/', headers: {}, body: undefined } as const;
    const options = { timeout: 2_000 };
    // Every third goes where nobody listens.
    return Array.from({ length: count }, (_, i) => ({
      target: { host: '127.0.0.1', port: i % 3 === 2 ? 1 : port, request },
      credential: undefined,
      options,
    }));
  }

  const textOf = ({ result }: ProbeResult): string =>
    result.kind === 'unreachable' ? result.text : result.kind;

  it('are bounded, each told once, and come back in the order of the tasks', async () => {
    delay = (nth) => Math.max(1, 40 - nth * 5);
    const told: number[] = [];
    const results = await probeMany(tasks(12), { concurrency: 4, onResult: (_, index) => told.push(index) });
    expect(results.map(textOf)).toEqual(
      Array.from({ length: 12 }, (_, i) =>
        i % 3 === 2
          ? 'dial tcp 127.0.0.1:1: connect: connection refused'
          : 'http: server gave HTTP response to HTTPS client',
      ),
    );
    expect(told.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, i) => i));
    expect(told).not.toEqual(told.toSorted((a, b) => a - b));
    expect(most).toBeLessThanOrEqual(4);
    expect(most).toBeGreaterThan(1);
  });

  it('end early when told so, with a result for each', async () => {
    delay = () => 60_000;
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 50);
    const results = await probeMany(tasks(9), { concurrency: 2, signal: stop.signal });
    expect(results.length).toBe(9);
    expect(results.map(textOf)).toContain('context canceled');
    expect(results.slice(-1).map(textOf)).toEqual(['context canceled']);
  });

  it('of none is none', async () => {
    expect(await probeMany([], { concurrency: 4 })).toEqual([]);
  });
});
