import { existsSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { realTools } from '../../scripts/real-tools.mjs';
import { type EtcdCluster, startEtcdCluster } from './etcd-cluster.ts';
import type { EtcdMemberSettings } from './etcd-member.ts';
import { temporaryDirectory, type TemporaryDirectory } from './last-rites.ts';
import { opensslAuthority, opensslLeaf, type OpensslPair } from './openssl-pki.ts';

const real = await realTools();
const UNKNOWN = 'tls: failed to verify certificate: x509: certificate signed by unknown authority';
const errorsOf = ({ members }: EtcdCluster, name: string) =>
  members
    .find((member) => member.name === name)
    ?.tlsErrors()
    .map(({ error }) => error);

describe.skipIf('missing' in real)('real etcd (needs Go)', () => {
  const tools = 'missing' in real ? { etcd: '', etcdctl: '' } : real;
  const names = ['etcd-0', 'etcd-1', 'etcd-2'];
  let pki: TemporaryDirectory;
  let authority: OpensslPair;
  let cluster: EtcdCluster | undefined;

  beforeEach(async () => {
    pki = await temporaryDirectory('openssl');
    authority = await opensslAuthority(pki.path, 'etcd-ca');
  });
  afterEach(async () => {
    await cluster?.stop();
    await pki.remove();
  });

  async function member(name: string, signer = authority, trusted = authority): Promise<EtcdMemberSettings> {
    const { cert, key } = await opensslLeaf(pki.path, name, signer, ['DNS:localhost', 'IP:127.0.0.1']);
    const ca = trusted.cert;
    const tls = { cert, key, trustedCa: ca, peerCert: cert, peerKey: key, peerTrustedCa: ca };
    return { name, tls };
  }
  const client = async (signer = authority) => ({
    ...(await opensslLeaf(pki.path, `client-of-${path.basename(signer.cert)}`, signer)),
    ca: authority.cert,
  });

  it('three members with one authority are healthy, and stay so over a restart', async () => {
    cluster = await startEtcdCluster(tools, await Promise.all(names.map((name) => member(name))));
    await cluster.waitReady();
    const health = await cluster.health(await client());
    expect(health.code, health.stderr).toBe(0);
    expect(`${health.stdout}${health.stderr}`.match(/is healthy/g)).toHaveLength(3);
    expect(cluster.members.flatMap((one) => one.tlsErrors())).toEqual([]);

    const [first] = cluster.members;
    const before = first?.pid();
    await first?.restart();
    await cluster.waitReady();
    expect(first?.pid()).not.toBe(before);
  });

  it('a client of another authority is refused, and the log says why', async () => {
    cluster = await startEtcdCluster(tools, [await member('etcd-0')]);
    await cluster.waitReady();
    const stranger = await client(await opensslAuthority(pki.path, 'other-ca'));
    expect(await cluster.health(stranger)).toMatchObject({ code: 1 });
    expect(errorsOf(cluster, 'etcd-0')).toContain(UNKNOWN);
  });

  it('a member of another authority is refused by the two that agree', async () => {
    const other = await opensslAuthority(pki.path, 'other-ca');
    const settings = [await member('etcd-0'), await member('etcd-1'), await member('etcd-2', other, other)];
    cluster = await startEtcdCluster(tools, settings);
    await cluster.waitReady(['etcd-0', 'etcd-1']);
    await expect(cluster.waitReady(['etcd-2'], 500)).rejects.toThrow('remote error: tls: bad certificate');
    expect(await cluster.health(await client())).toMatchObject({ code: 1 });
    // An etcd that dials says at once only that it was refused, or nothing; its prober says why after 5 s.
    const disagreeing = cluster;
    await vi.waitFor(() => expect(errorsOf(disagreeing, 'etcd-2')).toContain(UNKNOWN), { timeout: 30_000 });
  });

  it('leaves neither processes nor data behind', async () => {
    cluster = await startEtcdCluster(tools, [await member('etcd-0')]);
    const pid = cluster.members[0]?.pid() ?? 0;
    expect(process.kill(pid, 0)).toBe(true);
    await cluster.stop();
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    expect(existsSync(cluster.directory)).toBe(false);
  });
});
