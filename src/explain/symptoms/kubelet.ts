/** kubelet (kubernetes pkg/kubelet) and the rotation of its certificates (client-go util/certificate). */
import type { Symptom } from '../types.ts';

export const kubelet: readonly Symptom[] = [
  {
    id: 'csr-pending',
    by: 'kubelet',
    pattern: /no serving certificate available for the kubelet/,
    says: 'the kubelet has asked for a serving certificate, and nobody has approved it yet',
    about: 'server',
    causes: ['csr-pending'],
  },
  {
    id: 'bootstrap-ended',
    by: 'kubelet, at its start',
    pattern: /part of the existing bootstrap client certificate in (?<file>[^\s"]{1,1000}) is expired/,
    says: "the kubelet's own client certificate has ended, so that it cannot ask for another with it",
    about: 'client',
    causes: ['expired', 'bootstrap-ended'],
  },
  {
    id: 'bootstrap-ended',
    by: 'kubelet, at its start',
    pattern: /unable to load bootstrap kubeconfig|bootstrap-kubelet\.conf[^\n]{0,40}no such file/,
    says: 'the kubelet has no good client certificate, and no bootstrap file to ask for one with',
    about: 'client',
    causes: ['bootstrap-ended', 'expired', 'file-missing'],
  },
  {
    id: 'bootstrap-refused',
    by: 'kubelet',
    pattern: /cannot create certificate signing request: Unauthorized/,
    says: 'the kubelet may not ask for a certificate: its bootstrap token is gone, or its old certificate is refused',
    about: 'client',
    causes: ['token', 'expired', 'anchor-missing', 'other-generation'],
  },
];
