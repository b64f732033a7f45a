/**
 * The library: what the command line is made of, for programs. Functions and values, then the types that
 * their signatures need. Bytes are `Uint8Array`, instants milliseconds since the epoch, failures `KubetlsError`.
 *
 *   spec text -> parseSpec -> describeCluster -> makePlan(inventory) -> applyPlan(store) -> prove(addresses)
 *   makeRenewal, makeRescue -> applyPlan -> deliveriesOf(disks) -> planRollout, planRescue -> carryRollout(hosts)
 *   trees of others -> readTrees -> Surveyor -> recogniseLayouts, or adopt -> spec text and the state to go with it
 */

export * from './library-material.ts';
export * from './library-cluster.ts';
export * from './library-machines.ts';
