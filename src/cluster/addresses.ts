import { ipText, parseIp, unmapIp } from '../x509/index.ts';

/** IP addresses, host names and subnets, as far as certificates and URLs need them. */

export interface Subnet {
  /** Octets of the network's own address: 4 or 16. */
  readonly network: Uint8Array;
  readonly prefix: number;
}

/** The address as Go prints it, or undefined when the text is no IP address. IPv4 in IPv6 comes out as IPv4. */
export function canonicalIp(text: string): string | undefined {
  const bytes = parseIp(text);
  return bytes && ipText(bytes);
}

export function isIp(text: string): boolean {
  return parseIp(text) !== undefined;
}

/** `[fd00::1]:6443`, `kube-apiserver:6443`: net.JoinHostPort. */
export function hostPort({ host, port }: { readonly host: string; readonly port: number }): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** `10.96.0.0/12`; undefined when it is no CIDR. Host bits are kept as they are written. */
export function parseSubnet(text: string): Subnet | undefined {
  const [address, length, ...rest] = text.split('/');
  const bytes = parseIp(address ?? '');
  if (!bytes || rest.length > 0 || !/^(0|[1-9]\d{0,2})$/.test(length ?? '')) return undefined;
  const network = unmapIp(bytes);
  const prefix = Number(length);
  return network === bytes && prefix <= network.length * 8 ? { network, prefix } : undefined;
}

export function subnetText({ network, prefix }: Subnet): string {
  return `${ipText(network)}/${prefix}`;
}

/** The same subnet with its host bits cleared. */
export function masked({ network, prefix }: Subnet): Subnet {
  return {
    network: network.map((octet, i) => octet & (0xff00 >> Math.min(8, Math.max(0, prefix - i * 8)))),
    prefix,
  };
}

export function contains(subnet: Subnet, address: Uint8Array): boolean {
  const bytes = unmapIp(address);
  if (bytes.length !== subnet.network.length) return false;
  return (
    Buffer.compare(masked({ network: bytes, prefix: subnet.prefix }).network, masked(subnet).network) === 0
  );
}

export function isSubnet(cidr: string): boolean {
  return parseSubnet(cidr) !== undefined;
}

/** The first address after the network's own: the Service `kubernetes` (kubeadm constants.GetAPIServerVirtualIP). */
export function firstAddress(cidr: string): string {
  const subnet = parseSubnet(cidr);
  if (!subnet) throw new TypeError(`${cidr} was not validated`);
  const bytes = masked(subnet).network;
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) + 1;
  return ipText(bytes);
}
