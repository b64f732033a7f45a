// The command line of each program, as kubeadm's manifests have it (cmd/kubeadm/app/phases/controlplane,
// phases/etcd), but for the addresses: several nodes share one namespace, so none may listen on all.
import path from 'node:path';
import type { ControlPlaneTools, RealTools } from '../../../scripts/real-tools.mjs';
import { type EtcdAddresses, memberCommand } from '../etcd-member.ts';
import { ownPairOf } from './own-pairs.ts';
import type {
  Address,
  AggregatedWiring,
  ApiserverWiring,
  ControllerManagerWiring,
  ControllerWiring,
  EtcdWiring,
} from './wiring.ts';

export type Command = [string, ...string[]];
export type Tools = RealTools & ControlPlaneTools;

/** What the programs of one cluster have in common. */
export interface Common {
  tools: Tools;
  serviceSubnets: readonly string[];
  dnsDomain: string;
  /** Kubelets run the control plane. */
  staticPods: boolean;
  /** The directory of own-pairs.ts; absent: programs make their own. */
  ownPairs: string | undefined;
}

export const at = ({ host, port }: Address) => `${host.includes(':') ? `[${host}]` : host}:${port}`;

export function etcdAddresses({ client, peer }: EtcdWiring): EtcdAddresses {
  return {
    client: `https://${at(client)}`,
    peer: `https://${at(peer)}`,
    metrics: `http://${at({ ...client, port: 2381 })}`,
  };
}

export function etcdCommand(
  { tools }: Common,
  member: EtcdWiring,
  dataDir: string,
  members: readonly EtcdWiring[],
): Command {
  const addresses = etcdAddresses(member);
  const { serving, peers } = member;
  const tls = {
    ...serving,
    trustedCa: member.clientCa,
    peerCert: peers.cert,
    peerKey: peers.key,
    peerTrustedCa: member.peerCa,
  };
  const initial = members.map((one) => `${one.node}=${etcdAddresses(one).peer}`).join(',');
  const loopback = `https://127.0.0.1:${member.client.port}`;
  const flags = [
    // A peer's certificate is held against the address that it dials from. On nodes of their own that is
    // the node's; here they share a device, so each has to be told.
    '--feature-gates=SetMemberLocalAddr=true',
    // The machine is shared: a member that waits for the processor, or for the disk in the middle of a handshake,
    // is not dead.
    '--heartbeat-interval=250',
    '--election-timeout=2500',
    '--raft-read-timeout=20s',
    ...(member.loopback ? [`--listen-client-urls=${addresses.client},${loopback}`] : []),
  ];
  return memberCommand(tools.etcd, { name: member.node, tls, flags }, addresses, dataDir, initial);
}

/** Flags beside what kubeadm gives it. */
export const APISERVER_HERE: Readonly<Record<string, string>> = {
  // No Service has an address here: an aggregated API server is dialled by that of its endpoint.
  'enable-aggregator-routing': 'true',
  // With watches open it would else live a minute longer.
  'shutdown-watch-termination-grace-period': '2s',
};

export function apiserverCommand(common: Common, wiring: ApiserverWiring): Command {
  const { address, serving, etcd, kubelet, frontProxy, serviceAccount } = wiring;
  return [
    common.tools['kube-apiserver'],
    `--advertise-address=${address.host}`,
    `--bind-address=${address.host}`,
    `--secure-port=${address.port}`,
    '--allow-privileged=true',
    '--authorization-mode=Node,RBAC',
    `--client-ca-file=${wiring.clientCa}`,
    '--enable-admission-plugins=NodeRestriction',
    '--enable-bootstrap-token-auth=true',
    `--etcd-cafile=${etcd.ca}`,
    `--etcd-certfile=${etcd.cert}`,
    `--etcd-keyfile=${etcd.key}`,
    `--etcd-servers=${etcd.servers.join(',')}`,
    ...(kubelet.ca === undefined ? [] : [`--kubelet-certificate-authority=${kubelet.ca}`]),
    `--kubelet-client-certificate=${kubelet.cert}`,
    `--kubelet-client-key=${kubelet.key}`,
    '--kubelet-preferred-address-types=InternalIP,ExternalIP,Hostname',
    `--proxy-client-cert-file=${frontProxy.client.cert}`,
    `--proxy-client-key-file=${frontProxy.client.key}`,
    `--requestheader-allowed-names=${frontProxy.allowedNames.join(',')}`,
    `--requestheader-client-ca-file=${frontProxy.ca}`,
    '--requestheader-extra-headers-prefix=X-Remote-Extra-',
    '--requestheader-group-headers=X-Remote-Group',
    '--requestheader-username-headers=X-Remote-User',
    `--service-account-issuer=https://kubernetes.default.svc.${common.dnsDomain}`,
    `--service-account-key-file=${serviceAccount.publicKey}`,
    `--service-account-signing-key-file=${serviceAccount.privateKey}`,
    `--service-cluster-ip-range=${common.serviceSubnets.join(',')}`,
    `--tls-cert-file=${serving.cert}`,
    `--tls-private-key-file=${serving.key}`,
    ...Object.entries(APISERVER_HERE).map(([name, value]) => `--${name}=${value}`),
  ];
}

export function controllerManagerCommand(common: Common, wiring: ControllerManagerWiring): Command {
  return [
    common.tools['kube-controller-manager'],
    ...controllerFlags(common, 'kube-controller-manager', wiring),
    `--client-ca-file=${wiring.clientCa}`,
    `--requestheader-client-ca-file=${wiring.frontProxyCa}`,
    `--root-ca-file=${wiring.clientCa}`,
    `--service-account-private-key-file=${wiring.serviceAccountKey}`,
    `--cluster-signing-cert-file=${wiring.signing.cert}`,
    `--cluster-signing-key-file=${wiring.signing.key}`,
    '--use-service-account-credentials=true',
    '--controllers=*,bootstrapsigner,tokencleaner',
  ];
}

export function schedulerCommand(common: Common, wiring: ControllerWiring): Command {
  return [common.tools['kube-scheduler'], ...controllerFlags(common, 'kube-scheduler', wiring)];
}

function controllerFlags(
  { ownPairs }: Common,
  component: string,
  { node, address, kubeconfig }: ControllerWiring,
): string[] {
  return [
    ...(ownPairs === undefined ? [] : [`--cert-dir=${ownPairOf(ownPairs, `${component}@${node}`)}`]),
    `--bind-address=${address.host}`,
    `--secure-port=${address.port}`,
    '--leader-elect=true',
    `--kubeconfig=${kubeconfig}`,
    `--authentication-kubeconfig=${kubeconfig}`,
    `--authorization-kubeconfig=${kubeconfig}`,
  ];
}

/** Kubernetes' own example of an aggregated API server. It keeps its objects in the cluster's etcd. */
export function aggregatedCommand(
  common: Common,
  wiring: AggregatedWiring,
  { etcd }: ApiserverWiring,
  directory: string,
): Command {
  const { ownPairs } = common;
  const own = ownPairs && ownPairOf(ownPairs, `aggregated-apiserver@${wiring.node}`);
  return [
    common.tools['sample-apiserver'],
    `--bind-address=${wiring.address.host}`,
    `--secure-port=${wiring.address.port}`,
    `--cert-dir=${own ?? path.join(directory, 'own')}`,
    `--kubeconfig=${wiring.kubeconfig}`,
    `--authentication-kubeconfig=${wiring.kubeconfig}`,
    `--authorization-kubeconfig=${wiring.kubeconfig}`,
    `--etcd-cafile=${etcd.ca}`,
    `--etcd-certfile=${etcd.cert}`,
    `--etcd-keyfile=${etcd.key}`,
    `--etcd-servers=${etcd.servers.join(',')}`,
  ];
}
