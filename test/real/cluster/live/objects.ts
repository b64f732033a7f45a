// Faults in objects that somebody made.
import { authorityDraft } from '../symptoms/plants.ts';
import { treeOf } from '../symptoms/plant.ts';
import { created, merge } from './change.ts';
import { clusterInfo, definition, secret, webhook } from './manifests.ts';
import { base64, endedAuthority, endedLeaf, foreign, leaf } from './material.ts';
import type { LiveFault } from './types.ts';

const AGGREGATED = 'apiservice v1alpha1.wardle.example.com';

const INFO = 'ConfigMap kube-public/cluster-info, data.kubeconfig, cluster ';

export const objects: readonly LiveFault[] = [
  {
    fault: 'a Secret with what has ended',
    plant: created(secret(endedLeaf(), 'web')),
    finds: ['error expired at Secret default/web, data.tls.crt'],
  },
  {
    fault: 'a Secret whose certificate is not of its key',
    plant: created(secret(leaf(), 'another')),
    finds: [
      'error pair-mismatch at Secret default/web, data.tls.crt and 1 more',
      'info key-orphan at Secret default/web, data.tls.key',
    ],
  },
  {
    fault: 'nodes that join are told of a foreign authority',
    plant: created(clusterInfo(foreign())),
    finds: [`error live-cluster-info at ${INFO}`],
  },
  {
    fault: 'nodes that join are told of the authority as it was, and has ended',
    plant: async (cluster) => {
      const own = authorityDraft(await treeOf(cluster), 'cluster');
      return created(clusterInfo(endedAuthority(own)))(cluster);
    },
    finds: [
      `error live-cluster-info at ${INFO}`,
      `error authority-expired at ${INFO}`,
      'info authority-resigned at authorities/cluster/g1/ca.crt and 9 more',
    ],
  },
  {
    fault: 'a validating webhook is verified by what has ended',
    plant: created(webhook('ValidatingWebhookConfiguration', endedAuthority())),
    finds: [
      'error authority-expired at ValidatingWebhookConfiguration planted, webhooks[0].clientConfig.caBundle',
    ],
  },
  {
    fault: 'a mutating webhook is verified by its own certificate, which has ended',
    plant: created(webhook('MutatingWebhookConfiguration', endedLeaf())),
    finds: ['error expired at MutatingWebhookConfiguration planted, webhooks[0].clientConfig.caBundle'],
  },
  {
    fault: 'a webhook is verified by two authorities, of which one has ended',
    plant: created(webhook('ValidatingWebhookConfiguration', foreign() + endedAuthority())),
    finds: [
      'info anchor-leftover at ValidatingWebhookConfiguration planted, webhooks[0].clientConfig.caBundle',
    ],
  },
  {
    fault: 'the converter of a resource is verified by what has ended',
    plant: created(definition(endedAuthority())),
    finds: [
      'error authority-expired at CustomResourceDefinition plants.example.com, spec.conversion.webhook.clientConfig.caBundle',
    ],
  },
  {
    fault: 'an aggregated server is verified by what has ended',
    plant: async (cluster) => {
      const caBundle = base64(endedAuthority());
      await merge(cluster, AGGREGATED, { spec: { insecureSkipTLSVerify: false, caBundle } });
      return () => merge(cluster, AGGREGATED, { spec: { insecureSkipTLSVerify: true, caBundle: null } });
    },
    finds: ['error authority-expired at APIService v1alpha1.wardle.example.com, spec.caBundle'],
  },
];
