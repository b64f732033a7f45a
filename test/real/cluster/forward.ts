// Ports of ours that lead into a cluster's namespace: for clients that dial by themselves.
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tunnel } from './dial.ts';
import type { Address } from './wiring.ts';

export interface Forward {
  /** On 127.0.0.1. */
  readonly port: number;
  close(): void;
}

export async function forwardTo(door: string, { host, port }: Address): Promise<Forward> {
  const open = new Set<Socket>();
  const pass = async (socket: Socket): Promise<void> => {
    const inner = await tunnel(door, host, port);
    for (const [from, to] of [
      [socket, inner],
      [inner, socket],
    ] as const) {
      open.add(from);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        open.delete(from);
        if (!from.readableEnded) to.destroy();
      });
      from.pipe(to);
    }
  };
  const server = createServer((socket) => void pass(socket).catch(() => socket.destroy()));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}
