import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { clusterOf } from '../../../test/support/small-cluster.ts';
import { directoryHost } from '../../hosts/index.ts';
import { holdingsOf } from '../../trust/index.ts';
import { askAtHome } from './at-home.ts';
import type { Disk } from './disks.ts';

const servers: ReturnType<typeof createServer>[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function portOf(body: string, status = 200): Promise<number> {
  const server = createServer((_, response) => response.writeHead(status).end(body));
  servers.push(server);
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  return (server.address() as AddressInfo).port;
}

/** The shell and the tools of this machine, at another port than kube-proxy's own. */
async function asked(port: number) {
  const here = directoryHost('/');
  const disk: Disk = {
    read: (paths) => here.read(paths),
    times: (paths) => here.times(paths),
    run: (command, options) =>
      here.run(
        command.slice(0, 5).map((word) => word.replace(':10249/', `:${port}/`)),
        options,
      ),
  };
  const cluster = clusterOf();
  const disks = new Map([['worker-1', disk]]);
  const unseenDisks = new Map([['master', 'away']]);
  const found = await askAtHome(holdingsOf(cluster), { cluster, disks, unseenDisks });
  expect([...found.keys()]).toEqual(['kube-proxy@worker-1']);
  return found.get('kube-proxy@worker-1');
}

it('two of many metrics come back, however long the answer is', async () => {
  const many = 'go_goroutines 17\n'.repeat(20_000);
  const own = 'rest_client_transport_ca_reload_total{reason="updated",result="success"} 3\n';
  const port = await portOf(`${many}process_start_time_seconds 17.5\nprocess_start_time_seconds_x 1\n${own}`);
  expect(await asked(port)).toEqual({ value: { started: 17_500, looks: 3 } });
});

it('nobody there, a refusal, and something else are told apart', async () => {
  expect(await asked(await portOf('nothing'))).toEqual({
    why: 'the answer has no process_start_time_seconds',
  });
  expect(await asked(await portOf('process_start_time_seconds 17\n', 403))).toMatchObject({
    why: expect.stringMatching(
      /^answers nobody over TLS; on its node http:\S+ does not answer: .*403/,
    ) as string,
  });
  const port = await portOf('');
  servers.pop()?.close();
  expect(await asked(port)).toMatchObject({ why: expect.stringContaining('does not answer: ') as string });
});
