/**
 * Keeps a network namespace alive and is its door: the address space inside is nobody else's, so what is
 * outside dials through here. Plain Node: it runs before anything is built.
 *
 *   node warden.mjs SOCKET [HOST:PORT=BACKEND,BACKEND]
 *
 * SOCKET is a unix socket, an HTTP proxy that knows CONNECT only. The second argument is a TCP load balancer
 * in front of kube-apiservers: each connection goes to the next backend that takes it.
 */
import { createServer as createHttpServer } from 'node:http';
import { connect, createServer } from 'node:net';

const [, , socketPath, balanced] = process.argv;

const door = createHttpServer();
door.on('connect', (request, client) => {
  const [host, port] = split(request.url);
  const inside = connect({ host, port });
  inside.once('connect', () => {
    client.write('HTTP/1.1 200 Connected\r\n\r\n');
    join(client, inside);
  });
  inside.once('error', ({ code }) => client.end(`HTTP/1.1 502 ${code}\r\n\r\n`));
  client.on('error', () => inside.destroy());
});
door.listen(socketPath);

if (balanced) {
  const [front, list] = balanced.split('=');
  const [host, port] = split(front);
  const backends = list.split(',').map(split);
  let turn = 0;
  createServer((client) => {
    client.on('error', () => client.destroy());
    const start = turn++;
    const attempt = (tried) => {
      if (tried === backends.length) return client.destroy();
      const [to, at] = backends[(start + tried) % backends.length];
      const inside = connect({ host: to, port: at });
      inside.once('error', () => attempt(tried + 1));
      inside.once('connect', () => {
        inside.removeAllListeners('error');
        join(client, inside);
      });
    };
    attempt(0);
  }).listen(port, host);
}

function join(one, other) {
  for (const [from, to] of [
    [one, other],
    [other, one],
  ]) {
    // What has ended has been passed on, and may still be on its way to a reader who is slower.
    from.on('error', () => to.destroy()).on('close', () => from.readableEnded || to.destroy());
    from.pipe(to);
  }
}

/** `10.20.0.11:6443`, `[::1]:6443` */
function split(text) {
  const at = text.lastIndexOf(':');
  return [text.slice(0, at).replace(/[[\]]/g, ''), Number(text.slice(at + 1))];
}
