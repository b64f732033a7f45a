/** Servers on loopback that programs dial: one that answers with an alert and nothing else, and Go's. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import net, { type AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import type { Shown } from '../oracle.ts';

/** A fatal alert in a record of its own (RFC 8446, 5.1 and 6). */
export function alertRecord(alert: number): Buffer {
  return Buffer.from([21, 3, 3, 0, 2, 2, alert]);
}

interface Listener {
  readonly port: number;
  close(): void;
}

/** Answers whoever says anything with this alert. */
export async function alertServer(alert: number): Promise<Listener> {
  const server = net.createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => socket.end(alertRecord(alert)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it listens on a port
  return { port: (server.address() as AddressInfo).port, close: () => server.close() };
}

export interface GoServers {
  /** A server of crypto/tls; with `demands` it refuses who shows no certificate of `roots`. @returns its port */
  listen(server: Shown, options: { version: '1.2' | '1.3'; demands: boolean }): Promise<number>;
  /** What the server on this port said of the next who dialled it; empty when it was content. */
  heard(port: number): Promise<string>;
  close(): void;
}

/** Go's servers, for as long as they are not closed. The oracle answers in turn. */
export function goServers(oracle: string): GoServers {
  const child: ChildProcessWithoutNullStreams = spawn(oracle);
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const ask = async <Answer>(question: object): Promise<Answer> => {
    child.stdin.write(`${JSON.stringify(question)}\n`);
    const line: IteratorResult<string, unknown> = await lines.next();
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- our own program, shapes in oracle/serve.go
    return JSON.parse(String(line.value)) as Answer;
  };
  return {
    async listen(server, options) {
      const at = new Date().toISOString();
      const answer = await ask<{ port: number; error: string }>({ at, listen: { server, ...options } });
      if (answer.error !== '') throw new Error(answer.error);
      return answer.port;
    },
    heard: async (port) => (await ask<{ said: string }>({ heard: port })).said,
    close: () => child.stdin.end(),
  };
}
