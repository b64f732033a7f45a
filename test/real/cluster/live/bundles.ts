// Faults in what Kubernetes itself writes: who is trusted, by kube-apiservers and by pods.
import { merge, read, writtenAnew } from './change.ts';
import { foreign } from './material.ts';
import type { LiveFault } from './types.ts';

const AUTHENTICATION = '-n kube-system configmap extension-apiserver-authentication';
const ROOT = '-n default configmap kube-root-ca.crt';

/** kube-apiserver takes nothing away from it that holds, so that it stays. */
const trusting =
  (key: string): LiveFault['plant'] =>
  async (cluster) => {
    const { data } = await read<{ data: Record<string, string> }>(cluster, AUTHENTICATION);
    await merge(cluster, AUTHENTICATION, { data: { [key]: `${data[key]}${foreign()}` } });
    return () => writtenAnew(cluster, AUTHENTICATION);
  };
const place = (key: string) => `ConfigMap kube-system/extension-apiserver-authentication, data.${key}`;

const lacking = { data: { 'ca.crt': foreign() } };

export const bundles: readonly LiveFault[] = [
  {
    fault: 'kube-apiservers trust one more authority for clients',
    plant: trusting('client-ca-file'),
    finds: [`warning live-client-authority at ${place('client-ca-file')}`],
  },
  {
    fault: 'kube-apiservers trust one more authority for front proxies',
    plant: trusting('requestheader-client-ca-file'),
    finds: [`warning live-front-proxy-authority at ${place('requestheader-client-ca-file')}`],
  },
  {
    fault: 'pods are given a foreign authority, and nobody runs who would write it anew',
    plant: async (cluster) => {
      const writer = cluster.component('kube-controller-manager@cp1');
      await writer.stop();
      await merge(cluster, ROOT, lacking);
      return () => writer.start();
    },
    finds: ['error live-root-authority at ConfigMap default/kube-root-ca.crt, data.ca.crt'],
  },
  {
    fault: 'pods are given a foreign authority, in a ConfigMap that nobody can write',
    plant: async (cluster) => {
      await merge(cluster, ROOT, { ...lacking, immutable: true });
      return () => writtenAnew(cluster, ROOT);
    },
    finds: ['error live-root-authority at ConfigMap default/kube-root-ca.crt, data.ca.crt'],
  },
];
