// What people type at a cluster when something is wrong with it, and all that they are told.
import type { RealCluster } from '../real-cluster.ts';
import { at } from '../commands.ts';
import { API_NAME } from '../scenarios.ts';
import type { Row } from './types.ts';

type Asks = NonNullable<Row['asks']>;

const told = ({ stdout, stderr }: { stdout: string; stderr: string }) => stdout + stderr;

/** As the administrator. */
export const kubectl =
  (...words: string[]): Asks =>
  async (cluster) =>
    told(await cluster.kubectl(words));

/** The first member of etcd, as kube-apiserver dials it. */
export const etcdctl: Asks = async (cluster: RealCluster) => {
  const { etcd } = cluster.wiring.apiservers[0]!;
  const { client } = cluster.wiring.etcd[0]!;
  const words = ['--cacert', etcd.ca, '--cert', etcd.cert, '--key', etcd.key];
  const limits = ['--dial-timeout=1s', '--command-timeout=1s'];
  const dialled = ['--endpoints', `https://${at(client)}`];
  return told(
    await cluster.run([cluster.common.tools.etcdctl, ...dialled, ...words, ...limits, 'endpoint', 'health']),
  );
};

/** kube-apiserver dials a kubelet anew for it. */
export const exec = kubectl('exec', 'on-cp1', '--', 'printenv', 'CONTAINER');

/** With a token that kube-apiserver has just signed, and nothing else. */
export const withToken: Asks = async (cluster) => {
  const { common, wiring } = cluster;
  const made = await cluster.kubectl(['create', 'token', 'default']);
  if (made.code !== 0) return told(made);
  const server = [
    '--server',
    `https://${API_NAME}:6443`,
    '--certificate-authority',
    wiring.apiservers[0]!.clientCa,
  ];
  const bare = [common.tools.kubectl, '--kubeconfig', '/dev/null', ...server];
  return told(await cluster.run([...bare, '--token', made.stdout.trim(), 'get', 'nodes']));
};

/** Asks the cluster for a certificate, and approves of it: a new one each time, for what is signed is not signed again. */
export const withRequest: Asks = async (cluster) => {
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', '/dev/null'];
  const { stdout } = await cluster.run(['openssl', 'req', '-new', ...key, '-subj', '/CN=somebody']);
  const metadata = { generateName: 'somebody-' };
  const spec = {
    request: Buffer.from(stdout).toString('base64'),
    signerName: 'kubernetes.io/kube-apiserver-client',
    usages: ['client auth'],
  };
  const object = { apiVersion: 'certificates.k8s.io/v1', kind: 'CertificateSigningRequest', metadata, spec };
  const made = await cluster.kubectl(['create', '-o', 'name', '-f', '-'], JSON.stringify(object));
  if (made.code !== 0) return told(made);
  const [, name = ''] = made.stdout.trim().split('/');
  return told(made) + told(await cluster.kubectl(['certificate', 'approve', name]));
};
