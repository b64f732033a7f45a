// Faults of nodes: what the API says of them, and what stands on their disks.
import { reissued } from '../../../judges/audited-tree.ts';
import { san } from '../../../judges/mint.ts';
import { planted, treeOf } from '../symptoms/plant.ts';
import { WORKER } from '../symptoms/plants.ts';
import { created } from './change.ts';
import { serial } from './material.ts';
import type { LiveFault } from './types.ts';

/** Its certificate is issued anew for these names alone. */
const serving =
  (...names: readonly string[]): LiveFault['plant'] =>
  async (cluster) => {
    const change = { names: names.map(san), serial: serial() };
    return planted(cluster, [reissued(await treeOf(cluster), `${WORKER}/kubelet`, change)]);
  };

export const nodes: readonly LiveFault[] = [
  {
    fault: 'a kubelet serves without the address of its node',
    plant: serving('w1', '10.20.0.99'),
    finds: [`error live-node-address at ${WORKER}/kubelet.crt`],
  },
  {
    fault: 'a kubelet serves without the name of its node',
    plant: serving('10.20.0.21'),
    finds: [`warning live-node-address at ${WORKER}/kubelet.crt`],
  },
  {
    fault: 'a node runs that the file does not know',
    plant: created({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'w9' } }),
    finds: ['info live-node-unknown at kubetls.yaml'],
  },
];
