// What a program makes for itself where it finds none is RSA (client-go, util/cert, GenerateSelfSignedCertKey), and
// Go's RSA signature costs a server a millisecond of a processor at each handshake: as much as all the rest at both
// ends. Where cheap handshakes are wanted, each finds a pair on a curve where it looks first.
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { mustRun } from '../run-program.ts';
import type { Disks } from './disks.ts';
import type { Wiring } from './wiring.ts';

/** `--cert-dir` of a program of the control plane, which looks there for `PROGRAM.crt`. `id`: `kube-scheduler@cp1`. */
export const ownPairOf = (directory: string, id: string): string => path.join(directory, 'own', id);

export async function makeOwnPairs(wiring: Wiring, disks: Disks, directory: string): Promise<void> {
  const { controllerManagers, schedulers, aggregated, kubelets } = wiring;
  const of = (component: string, node: string, name = component) =>
    make(ownPairOf(directory, `${component}@${node}`), name, node);
  await Promise.all([
    ...controllerManagers.map(({ node }) => of('kube-controller-manager', node)),
    ...schedulers.map(({ node }) => of('kube-scheduler', node)),
    of('aggregated-apiserver', aggregated.node, 'apiserver'),
    ...kubelets
      .filter(({ serving }) => serving === 'self-signed')
      .map(({ node }) => make(path.join(disks.of(node), 'var/lib/kubelet/pki'), 'kubelet', node)),
  ]);
}

async function make(directory: string, name: string, subject: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  const base = path.join(directory, name);
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  const files = ['-keyout', `${base}.key`, '-out', `${base}.crt`];
  await mustRun('openssl', ['req', '-x509', ...curve, ...files, '-days', '365', '-subj', `/CN=${subject}`]);
}
