/** The forms of hosts, endpoints and subnets. */
import { parseIp, unmapIp } from '../../x509/index.ts';
import { isIp, masked, parseSubnet, subnetText } from '../addresses.ts';
import { type Format, isSubdomain, quoted, type Refusal } from './formats.ts';

/** Where a node is reached: an IP address of a host, or a DNS name. */
export const address: Format = (text) => {
  const bytes = parseIp(text);
  if (bytes) return ofHost(unmapIp(bytes)) ? undefined : { message: `${text} is no address of a host` };
  return hostName(text, 'address');
};

export const subjectAltName: Format = (text) => {
  if (isIp(text)) return undefined;
  return hostName(text.startsWith('*.') ? text.slice(2) : text, 'SAN', text);
};

/** Unspecified, multicast and broadcast addresses belong to no host. */
function ofHost(bytes: Uint8Array): boolean {
  const first = bytes[0] ?? 0;
  return bytes.length === 4
    ? first !== 0 && first < 224
    : first !== 0xff && bytes.some((octet) => octet !== 0);
}

function hostName(name: string, what: string, whole = name): Refusal | undefined {
  // `10.0.0.300` is a DNS name by the letter; nobody means it so (WHATWG URL, "ends in a number").
  const numeric = /(^|\.)\d+$/.test(name);
  if (isSubdomain(name) && !numeric) return undefined;
  const lower = name.toLowerCase().replace(/\.$/, '');
  const form = what === 'SAN' ? 'IP address, DNS name or wildcard name' : 'IP address or DNS name';
  const hint =
    !numeric && isSubdomain(lower) ? `write "${whole.toLowerCase().replace(/\.$/, '')}"` : undefined;
  return { message: `${quoted(whole)} is no ${form}`, hint };
}

export const endpoint: Format = (text) => {
  if (isIp(text) && text.includes(':'))
    return { message: `${quoted(text)} has no port`, hint: `write "[${text}]:6443"` };
  const parts = splitEndpoint(text);
  if (!parts)
    return {
      message: `${quoted(text)} is no host and port`,
      hint: 'such as kube-apiserver:6443 or "[fd00::1]:6443"',
    };
  if (parts.port < 1 || parts.port > 65_535)
    return { message: `${parts.port} is no port`, hint: '1 to 65535' };
  return address(parts.host);
};

/** Host and port, 6443 when there is none; undefined when it has not the form. */
export function splitEndpoint(text: string): { host: string; port: number } | undefined {
  const match = /^(?:\[([0-9A-Fa-f:.]+)\]|([^:[\]/\s]+))(?::(\d{1,6}))?$/.exec(text);
  const host = match?.[1] ?? match?.[2];
  if (host === undefined || (match?.[1] !== undefined && !isIp(host))) return undefined;
  return { host, port: Number(match?.[3] ?? 6443) };
}

/**
 * One CIDR, or two of different families. kubeadm refuses fewer than ten addresses
 * (constants.MinimumAddressesInServiceSubnet); kube-apiserver more than 2^20, as it keeps them in a bitmap
 * (cmd/kube-apiserver/app/options/validation.go, validateMaxCIDRRange).
 */
export const serviceSubnet: Format = (text) => {
  const code = 'cluster/spec-subnet';
  const parts = text.split(',').map((part) => part.trim());
  for (const part of parts) {
    const refusal = oneSubnet(part);
    if (refusal) return { code, ...refusal };
  }
  const families = new Set(parts.map((part) => parseSubnet(part)?.network.length));
  if (parts.length <= 2 && families.size === parts.length) return undefined;
  return {
    code,
    message: `${quoted(text)} does not have one CIDR a family`,
    hint: 'one CIDR, or one of IPv4 and one of IPv6',
  };
};

function oneSubnet(text: string): Refusal | undefined {
  const subnet = parseSubnet(text);
  if (!subnet) return { message: `${quoted(text)} is no CIDR`, hint: 'such as 10.96.0.0/12' };
  const clean = subnetText(masked(subnet));
  if (clean !== subnetText(subnet))
    return { message: `${text} is an address in a subnet`, hint: `write ${clean}` };
  const bits = subnet.network.length * 8 - subnet.prefix;
  if (bits < 4)
    return { message: `${text} has only ${2 ** bits} addresses`, hint: 'kubeadm wants ten at least' };
  const widest = subnet.network.length * 8 - 20;
  return bits > 20
    ? { message: `${text} is too large for kube-apiserver`, hint: `/${widest} is the widest` }
    : undefined;
}
