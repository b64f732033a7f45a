// Faults in how certificates are asked for.
import { HOUR } from '../../../../src/base/index.ts';
import { createRequest, signerFor } from '../../../../src/issue/index.ts';
import { writePem } from '../../../../src/x509/index.ts';
import { keyOf } from '../../../judges/mint.ts';
import type { RealCluster } from '../real-cluster.ts';
import { created, read } from './change.ts';
import { base64 } from './material.ts';
import type { LiveFault } from './types.ts';

/** Named after what becomes of it. */
const request = (name: string, signerName: string, usage = 'client auth') =>
  created({
    apiVersion: 'certificates.k8s.io/v1',
    kind: 'CertificateSigningRequest',
    metadata: { name },
    spec: { request: base64(requestPem()), signerName, usages: [usage] },
  });

function requestPem(): string {
  const names = { dnsNames: [], ipAddresses: [], uris: [] };
  const signer = signerFor(keyOf('somebody'));
  const { der } = createRequest({ subject: [{ type: 'CN', value: 'somebody' }], names, signer });
  return writePem('CERTIFICATE REQUEST', der);
}

const certificate = (cluster: RealCluster, verb: 'approve' | 'deny', name: string) =>
  cluster.mustKubectl(['certificate', verb, name]);

/**
 * Asked for an hour ago. No server takes such a date from outside, so it is put into etcd, as kube-apiserver would;
 * JSON is read there as well as what that writes itself (apimachinery, runtime/serializer/recognizer).
 */
async function age(cluster: RealCluster, name: string): Promise<void> {
  const object = await read<{ metadata: { creationTimestamp: string } }>(cluster, `csr ${name}`);
  object.metadata.creationTimestamp = `${new Date(Date.now() - HOUR).toISOString().slice(0, 19)}Z`;
  const { ca, cert, key, servers } = cluster.wiring.apiservers[0]!.etcd;
  const { etcdctl } = cluster.common.tools;
  const as = [`--endpoints=${servers.join()}`, `--cacert=${ca}`, `--cert=${cert}`, `--key=${key}`];
  const put = [etcdctl, ...as, 'put', `/registry/certificatesigningrequests/${name}`];
  const { code, stderr } = await cluster.run(put, JSON.stringify(object));
  if (code !== 0) throw new Error(`etcdctl ended with ${code}: ${stderr}`);
}

export const requests: readonly LiveFault[] = [
  {
    fault: 'a request was denied',
    plant: async (cluster) => {
      const mend = await request('denied', 'kubernetes.io/kube-apiserver-client')(cluster);
      await certificate(cluster, 'deny', 'denied');
      return mend;
    },
    finds: ['info live-request-failed at certificatesigningrequests/denied.json'],
  },
  {
    fault: 'a request was approved, and its signer refuses it',
    plant: async (cluster) => {
      const mend = await request('failed', 'kubernetes.io/kubelet-serving', 'server auth')(cluster);
      await certificate(cluster, 'approve', 'failed');
      await cluster.mustKubectl(['wait', '--for=condition=Failed', 'csr/failed']);
      return mend;
    },
    finds: ['warning live-request-failed at certificatesigningrequests/failed.json'],
  },
  {
    fault: 'a request was approved, and nobody signs it',
    plant: async (cluster) => {
      const mend = await request('unsigned', 'example.com/nobody')(cluster);
      await certificate(cluster, 'approve', 'unsigned');
      await age(cluster, 'unsigned');
      return mend;
    },
    finds: ['warning live-request-waiting at certificatesigningrequests/unsigned.json'],
  },
  {
    fault: 'nobody has approved a request for an hour',
    plant: async (cluster) => {
      await request('waiting', 'kubernetes.io/kube-apiserver-client')(cluster);
      await age(cluster, 'waiting');
      return () => certificate(cluster, 'approve', 'waiting');
    },
    finds: ['warning live-request-waiting at certificatesigningrequests/waiting.json'],
  },
];
