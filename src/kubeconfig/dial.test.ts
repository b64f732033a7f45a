/** What the real kubectl dials, trusts and presents is what `resolveKubeconfig` says it would. */
import { X509Certificate } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { realTools } from '../../scripts/real-tools.mjs';
import { hasOpenssl } from '../../test/judges/openssl.ts';
import { opensslAuthority, opensslLeaf } from '../../test/real/openssl-pki.ts';
import { runProgram } from '../../test/real/run-program.ts';
import { Secret } from '../base/index.ts';
import {
  buildKubeconfig,
  type Kubeconfig,
  parseKubeconfig,
  resolveKubeconfig,
  writeKubeconfig,
} from './index.ts';

const real = await realTools();

interface Seen {
  readonly serverName: string;
  readonly certificate: string;
  readonly authorization: string;
}

describe.skipIf('missing' in real || !hasOpenssl())('kubectl dials (needs kubectl, openssl)', () => {
  let directory: string;
  const seen: Seen[] = [];
  let server: Server;
  let base: Kubeconfig;

  beforeAll(async () => {
    // Not before: of what is skipped nobody cleans up.
    directory = mkdtempSync(join(tmpdir(), 'kubetls-dial-'));
    const authority = await opensslAuthority(directory, 'ca');
    const serving = await opensslLeaf(directory, 'server', authority, ['DNS:kubernetes.test']);
    await opensslLeaf(directory, 'client', authority);
    const tls = {
      key: readFileSync(serving.key),
      cert: readFileSync(serving.cert),
      ca: readFileSync(authority.cert),
    };
    server = createServer({ ...tls, requestCert: true, rejectUnauthorized: false }, (request, response) => {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- an https server's sockets are TLS
      const socket = request.socket as TLSSocket & { servername?: string | false };
      seen.push({
        serverName: String(socket.servername),
        certificate: socket.getPeerX509Certificate()?.fingerprint256 ?? 'none',
        authorization: request.headers.authorization ?? 'none',
      });
      response.end('ok');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it listens on a port
    const { port } = server.address() as AddressInfo;
    writeFileSync(join(directory, 'token'), 'TOKEN\n');
    base = buildKubeconfig({
      clusterName: 'c',
      server: `https://127.0.0.1:${port}`,
      tlsServerName: 'kubernetes.test',
      authority: { path: 'ca.crt' },
      userName: 'u',
      credentials: { certificate: { path: 'client.crt' }, key: { path: join(directory, 'client.key') } },
    });
  });
  afterAll(async () => {
    await new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
    rmSync(directory, { recursive: true, force: true });
  });

  it.each([
    ['with paths', (config: Kubeconfig) => config],
    [
      'with a token file beside the certificate',
      (config: Kubeconfig) => withUser(config, { tokenFile: 'token' }),
    ],
    [
      'with a token file alone',
      (config: Kubeconfig) => ({ ...config, users: [{ name: 'u', user: { tokenFile: 'token' } }] }),
    ],
    ['with everything inside', embedded],
  ])('%s', async (_how, make) => {
    const file = join(directory, 'config');
    writeFileSync(file, writeKubeconfig(make(base)).reveal());
    const kubectl = 'missing' in real ? '' : real.kubectl;
    const { stdout, stderr } = await runProgram(kubectl, ['get', '--raw', '/', `--kubeconfig=${file}`], {
      env: { HOME: directory },
    });
    expect({ stdout, stderr }).toEqual({ stdout: 'ok', stderr: '' });

    const client = resolveKubeconfig(parseKubeconfig(readFileSync(file)), {
      directory,
      read: (path) => (existsSync(path) ? readFileSync(path) : undefined),
    });
    const token = client.token && Buffer.from(client.token.value.reveal()).toString();
    expect(seen.at(-1)).toEqual({
      serverName: client.tlsServerName,
      certificate: client.clientCertificate
        ? new X509Certificate(client.clientCertificate).fingerprint256
        : 'none',
      authorization: token === undefined ? 'none' : `Bearer ${token}`,
    });
    expect(Buffer.from(client.authority ?? []).equals(readFileSync(join(directory, 'ca.crt')))).toBe(true);
  });

  function withUser(config: Kubeconfig, more: Kubeconfig['users'][number]['user']): Kubeconfig {
    return { ...config, users: config.users.map(({ name, user }) => ({ name, user: { ...user, ...more } })) };
  }

  function embedded(config: Kubeconfig): Kubeconfig {
    const [cluster] = config.clusters;
    return buildKubeconfig({
      clusterName: 'c',
      server: cluster?.cluster.server ?? '',
      tlsServerName: 'kubernetes.test',
      authority: { data: readFileSync(join(directory, 'ca.crt')) },
      userName: 'u',
      credentials: {
        certificate: { data: readFileSync(join(directory, 'client.crt')) },
        key: { data: new Secret(readFileSync(join(directory, 'client.key'))) },
      },
    });
  }
});
