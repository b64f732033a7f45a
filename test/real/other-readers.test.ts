// openssl, Node and an ASN.1 decoder of others about every certificate that kubetls makes.
import { X509Certificate } from 'node:crypto';
import { AsnConvert } from '@peculiar/asn1-schema';
import { Certificate as DecodedCertificate } from '@peculiar/asn1-x509';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemKeys } from '../../src/apply/index.ts';
import type { PairItem } from '../../src/cluster/index.ts';
import type { Inventory } from '../../src/inventory/index.ts';
import type { KeySource } from '../../src/issue/index.ts';
import { lintCertificate } from '../../src/lint/index.ts';
import { authoritiesOf } from '../../src/plan/index.ts';
import {
  type Certificate,
  type GeneralName,
  KEY_ALGORITHMS,
  type KeyAlgorithm,
  type PrivateKey,
  readCertificates,
} from '../../src/x509/index.ts';
import { hasOpenssl } from '../judges/openssl.ts';
import { type ClusterTree, clusterTree } from './cluster-tree.ts';
import { runProgram } from './run-program.ts';

/** kubeadm knows no others. */
const KUBEADM = ['rsa-2048', 'rsa-3072', 'rsa-4096', 'ecdsa-p256', 'ecdsa-p384'];
const ROWS = [
  ...KEY_ALGORITHMS.map((algorithm) => ['flat', algorithm] as const),
  ...KUBEADM.map((algorithm) => ['kubeadm', algorithm] as const),
];
const NODES = `nodes: [
    { name: m1, roles: [control-plane, etcd], addresses: [10.0.0.11, 'fd00::11'] },
    { name: worker-1, addresses: [10.0.0.21] }]`;

/** RSA keys take seconds to find: three of a size are given out in turn. */
function thriftyKeys(): KeySource {
  const keys = systemKeys();
  const known = new Map<KeyAlgorithm, PrivateKey[]>();
  return {
    generate(algorithm) {
      if (!algorithm.startsWith('rsa')) return keys.generate(algorithm);
      const given = known.get(algorithm) ?? [];
      const key = (given.length < 3 ? undefined : given.shift()) ?? keys.generate(algorithm);
      known.set(algorithm, [...given, key]);
      return key;
    },
  };
}

const keys = thriftyKeys();

describe.each(ROWS)('%s with %s', (profile, algorithm) => {
  let tree: ClusterTree;
  beforeAll(async () => {
    const text = `metadata: { name: demo }\nspec: { profile: ${profile}, keys: { algorithm: ${algorithm} }, ${NODES} }\n`;
    tree = await clusterTree(text, { keys });
  });
  afterAll(() => tree?.remove());

  it('Node and @peculiar/asn1-x509 read what was written, to the octet', async () => {
    const certificates = certificatesIn(await tree.inventory());
    expect(certificates.length).toBeGreaterThanOrEqual(15);
    for (const certificate of certificates) {
      const decoded = AsnConvert.parse(certificate.der, DecodedCertificate);
      expect(Buffer.from(AsnConvert.serialize(decoded))).toEqual(Buffer.from(certificate.der));
      const node = new X509Certificate(certificate.der);
      expect(node.subject.split('\n')).toEqual(subjectLines(certificate));
      expect(node.subjectAltName?.split(', ')).toEqual(certificate.subjectAltNames?.map(nodesName));
      expect([node.validFrom, node.validTo].map((date) => Date.parse(date))).toEqual([
        certificate.notBefore,
        certificate.notAfter,
      ]);
      expect(node.ca).toBe(certificate.basicConstraints?.ca);
      expect(node.checkIssued(node)).toBe(certificate.basicConstraints?.ca);
    }
  });

  it('has no finding, but for what kubeadm writes too', async () => {
    const found = certificatesIn(await tree.inventory()).flatMap(lintCertificate);
    // keyEncipherment whatever the key (cmd/kubeadm/app/util/pkiutil, NewSignedCert).
    const kubeadms = profile === 'kubeadm' && !algorithm.startsWith('rsa') ? ['encipherment-on-ec'] : [];
    expect([...new Set(found.map(({ id }) => id))]).toEqual(kubeadms);
  });

  it.skipIf(!hasOpenssl())(
    'openssl verify is content, to the letter of RFC 5280 (needs openssl)',
    async () => {
      const pairs = tree.cluster().items.filter((item) => item.kind === 'pair');
      expect(pairs.length).toBeGreaterThanOrEqual(8);
      for (const usage of ['serverAuth', 'clientAuth']) {
        for (const issuer of authoritiesOf(tree.cluster()).values()) {
          const leaves = pairs.filter((pair) => pair.issuer === issuer.authority && isFor(pair, usage));
          if (leaves.length === 0) continue;
          const files = leaves.map(({ certificate }) => tree.at(certificate.path));
          const purpose = usage === 'serverAuth' ? 'sslserver' : 'sslclient';
          const flags = ['verify', '-x509_strict', '-purpose', purpose];
          const { stdout, stderr } = await runProgram('openssl', [
            ...flags,
            '-CAfile',
            tree.at(issuer.certificate.path),
            ...files,
          ]);
          expect(`${stdout}${stderr}`).toBe(files.map((file) => `${file}: OK\n`).join(''));
        }
      }
    },
  );
});

function isFor({ profile }: PairItem, usage: string): boolean {
  return profile.extendedKeyUsage.includes(usage);
}

/** Each once. */
function certificatesIn({ entries }: Inventory): Certificate[] {
  const found = [...entries.values()].flatMap(({ content }) => {
    if (content.kind === 'certificates') return content.certificates;
    if (content.kind !== 'kubeconfig') return [];
    const [user] = content.config.users;
    return readCertificates(user?.user.clientCertificateData ?? new Uint8Array()).certificates;
  });
  return [...new Map(found.map((one) => [Buffer.from(one.der).toString('hex'), one])).values()];
}

const SHORT: Readonly<Record<string, string>> = { '2.5.4.3': 'CN', '2.5.4.10': 'O' };

/** A subject as Node writes it. */
function subjectLines({ subject }: Certificate): string[] {
  return subject.rdns.map((rdn) => rdn.map(({ type, text }) => `${SHORT[type] ?? type}=${text}`).join('+'));
}

/** As OpenSSL prints it: IPv6 in full. */
function nodesName(name: GeneralName): string {
  if (name.kind === 'dns') return `DNS:${name.value}`;
  if (name.kind !== 'ip') throw new Error(`a name of kind ${name.kind}`);
  if (name.bytes.length === 4) return `IP Address:${name.value}`;
  const groups = Buffer.from(name.bytes).toString('hex').match(/.{4}/g) ?? [];
  return `IP Address:${groups.map((group) => group.replace(/^0{1,3}/, '').toUpperCase()).join(':')}`;
}
