import { describe, expect, it } from 'vitest';
import { applied, clusterOf, NOW } from '../../test/support/small-cluster.ts';
import { YEAR } from '../base/index.ts';
import { type Certificate, readCertificates } from '../x509/index.ts';
import { makeRescue } from './rescue.ts';
import { simulate } from './simulate.ts';
import { certificatesAt } from './world.ts';

const LEAF = 'nodes/master/etc/kubernetes/pki/apiserver.crt';
const CONF = 'nodes/master/etc/kubernetes/admin.conf';
const CA = 'authorities/cluster/g1/ca.crt';

const world = await applied(clusterOf({ profile: 'kubeadm' }));
const stranger = await applied(clusterOf({ profile: 'kubeadm' }));

/** What stands there after a rescue at `at`, where `behind` stood behind the leaves that have ended. */
function rescued(at: number, behind: Uint8Array): { pair: number; config: number; leaf: Certificate } {
  const { cluster, inventory } = world;
  const text = Buffer.from(inventory.get(CONF)!.bytes).toString();
  const chained = text.replace(
    /(client-certificate-data: )(\S+)/,
    (_, name: string, data: string) =>
      name + Buffer.concat([Buffer.from(data, 'base64'), behind]).toString('base64'),
  );
  const found = inventory.withFiles([
    { path: LEAF, mode: 0o644, bytes: Buffer.concat([inventory.get(LEAF)!.bytes, behind]) },
    { path: CONF, mode: 0o600, bytes: Buffer.from(chained) },
  ]);
  const plan = makeRescue({ cluster, inventory: found, found, at, written: new Map() });
  const { after } = simulate(plan, cluster, found, at);
  const content = after.get(CONF)?.content;
  const shown =
    content?.kind === 'kubeconfig' ? content.config.users[0]?.user.clientCertificateData : undefined;
  const [leaf, ...chain] = certificatesAt(after.get(LEAF));
  return {
    leaf: leaf!,
    pair: chain.length,
    config: readCertificates(shown ?? new Uint8Array()).certificates.length - 1,
  };
}

describe('what stands behind a leaf', () => {
  it('stays, as long as it leads on from the authority and holds', () => {
    const { leaf, ...chain } = rescued(NOW + 2 * YEAR, world.inventory.get(CA)!.bytes);
    expect(leaf.notAfter).toBe(NOW + 3 * YEAR);
    expect(chain).toEqual({ pair: 1, config: 1 });
  });

  it('goes where it is of another authority, or has ended', () => {
    const other = rescued(NOW + 2 * YEAR, stranger.inventory.get(CA)!.bytes);
    expect(other).toMatchObject({ pair: 0, config: 0 });
    expect(rescued(NOW + 11 * YEAR, world.inventory.get(CA)!.bytes)).toMatchObject({ pair: 0, config: 0 });
    expect(rescued(NOW + 2 * YEAR, new Uint8Array())).toMatchObject({ pair: 0, config: 0 });
  });
});
