import type { Symptom } from '../types.ts';
import { alerts } from './alerts.ts';
import { clients } from './clients.ts';
import { curl } from './curl.ts';
import { etcd } from './etcd.ts';
import { goTls } from './go-tls.ts';
import { goX509 } from './go-x509.ts';
import { java } from './java.ts';
import { kubeApiserver } from './kube-apiserver.ts';
import { kubelet } from './kubelet.ts';
import { node } from './node.ts';
import { openssl } from './openssl.ts';

/**
 * In the order in which a line is held against them, so that what says most is met first: a component's own words,
 * then those of the libraries below it, last what only says that something is wrong.
 */
export const symptomTable: readonly Symptom[] = [
  ...kubelet,
  ...kubeApiserver.filter(({ id }) => id !== 'webhook'),
  ...etcd.filter(({ id }) => id !== 'peer-lost'),
  ...goX509,
  ...goTls,
  ...alerts,
  ...java,
  ...node,
  ...openssl,
  ...curl,
  ...clients,
  ...kubeApiserver.filter(({ id }) => id === 'webhook'),
  ...etcd.filter(({ id }) => id === 'peer-lost'),
];

export function symptomOf(
  text: string,
): { readonly symptom: Symptom; readonly match: RegExpExecArray } | undefined {
  for (const symptom of symptomTable) {
    const match = symptom.pattern.exec(text);
    if (match) return { symptom, match };
  }
  return undefined;
}
