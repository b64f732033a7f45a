import { spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { AsnConvert } from '@peculiar/asn1-schema';
import {
  Certificate,
  id_ce_authorityKeyIdentifier,
  id_ce_subjectAltName,
  id_ce_subjectKeyIdentifier,
} from '@peculiar/asn1-x509';
import { afterEach, describe, expect, it } from 'vitest';
import { hasOpenssl } from '../../../test/judges/openssl.ts';
import { type ClusterTree, clusterTree } from '../../../test/real/cluster-tree.ts';
import { temporaryDirectory, type TemporaryDirectory } from '../../../test/real/last-rites.ts';
import { DAY } from '../../base/index.ts';
import type { Item } from '../../cluster/index.ts';
import { authoritiesOf } from '../../plan/index.ts';
import { certifiable, opensslScript } from './script.ts';

const SPECS: readonly (readonly [string, string])[] = [
  ['flat', 'profile: flat, sans: { kube-apiserver: ["*.apps.example.test", "2001:db8::7"] }'],
  [
    'flat with shared pairs, RSA and odd names',
    `profile: flat, keys: { algorithm: rsa-2048 }, authorities: { etcd: shared },
    clients: { apiserver-etcd: reuse-server, apiserver-kubelet: reuse-server, kubelet-apiserver: reuse-server },
    users: [{ name: O_o+x@example.test, groups: ["a/b=c", "d+e", 'f\\g', "it's", "h, i", "ü"] }]`,
  ],
  ['flat, Ed25519', 'profile: flat, keys: { algorithm: ed25519 }, lifetimes: { certificate: 36h }'],
  ['flat, P-521', 'profile: flat, keys: { algorithm: ecdsa-p521 }'],
  ['kubeadm, P-384', 'profile: kubeadm, keys: { algorithm: ecdsa-p384 }, endpoint: api.example.test'],
];
const NODES = `nodes: [
    { name: m1, roles: [control-plane, etcd], addresses: [10.0.0.11, 'fd00::11'] },
    { name: worker-1, addresses: [worker-1.example.test, 10.0.0.21] }]`;

describe.skipIf(!hasOpenssl())('the printed commands (needs openssl)', () => {
  let tree: ClusterTree | undefined;
  let directory: TemporaryDirectory | undefined;
  afterEach(async () => {
    await tree?.remove();
    await directory?.remove();
  });

  it.each(SPECS)('make what kubetls makes: %s', async (_, spec) => {
    tree = await clusterTree(`metadata: { name: demo }\nspec: { ${spec}, ${NODES} }\n`);
    directory = await temporaryDirectory('openssl');
    const authorities = authoritiesOf(tree.cluster());
    let compared = 0;
    for (const item of tree.cluster().items) {
      const one = certifiable(item, authorities);
      if (!one) continue;
      const run = spawnSync('sh', { input: opensslScript(one), cwd: directory.path, encoding: 'utf8' });
      expect(run.status, `${item.id}\n${run.stderr}`).toBe(0);
      const file = (ending: string) =>
        readFileSync(path.join(directory?.path ?? '', `${one.base}.${ending}`));
      const theirs = new X509Certificate(file('crt'));
      const ours = new X509Certificate(await issued(item, tree));
      expect(facts(theirs), item.id).toEqual(facts(ours));
      expect(lifeOf(theirs) - lifeOf(ours), item.id).toBeLessThan(DAY);
      expect(lifeOf(theirs) - lifeOf(ours), item.id).toBeGreaterThan(-DAY);
      compared++;
    }
    expect(compared).toBeGreaterThanOrEqual(12);
  });
});

async function issued(item: Item, tree: ClusterTree): Promise<Buffer> {
  if (item.kind === 'authority' || item.kind === 'pair') return readFile(tree.at(item.certificate.path));
  if (item.kind !== 'kubeconfig') throw new Error(`${item.id} has no certificate`);
  const text = await readFile(tree.at(item.file.path), 'utf8');
  const [, data = ''] = /client-certificate-data: (\S+)/.exec(text) ?? [];
  return Buffer.from(data, 'base64');
}

/** What both must say; a person's id is drawn anew by each. */
function facts(certificate: X509Certificate): object {
  const { tbsCertificate, signatureAlgorithm } = AsnConvert.parse(certificate.raw, Certificate);
  const name = (rdns: typeof tbsCertificate.subject) =>
    [...rdns].map((rdn) => [...rdn].map(({ type, value }) => `${type}=${value.toString()}`).sort());
  const extensions = [...(tbsCertificate.extensions ?? [])].map(({ extnID, critical, extnValue }) => {
    const keyId = [id_ce_subjectKeyIdentifier, id_ce_authorityKeyIdentifier].includes(extnID);
    const value = extnID === id_ce_subjectAltName ? certificate.subjectAltName : hex(extnValue.buffer);
    return [extnID, critical, keyId ? `${extnValue.byteLength} bytes` : value];
  });
  return masked({
    subject: name(tbsCertificate.subject),
    issuer: name(tbsCertificate.issuer),
    key: hex(AsnConvert.serialize(tbsCertificate.subjectPublicKeyInfo.algorithm)),
    signature: signatureAlgorithm.algorithm,
    extensions: extensions.sort((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1)),
  });
}

function masked(value: object): object {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it was an object
  return JSON.parse(JSON.stringify(value).replaceAll(/\b[0-9a-f]{16}\b|\b[a-z2-7]{16}\b/g, 'ID')) as object;
}

function lifeOf({ validFrom, validTo }: X509Certificate): number {
  return Date.parse(validTo) - Date.parse(validFrom);
}

function hex(bytes: ArrayBuffer): string {
  return Buffer.from(bytes).toString('hex');
}
