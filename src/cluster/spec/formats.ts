/** The forms that texts in the file must have: each function says why one does not, or nothing. */
import { MINUTE, YEAR } from '../../base/index.ts';
import { parseIp, unmapIp } from '../../x509/index.ts';
import { isIp, masked, parseSubnet, subnetText } from '../addresses.ts';
import { parseDuration } from './duration.ts';
import type { SpecCode } from './problems.ts';

interface Refusal {
  readonly message: string;
  readonly hint?: string | undefined;
  readonly code?: SpecCode;
}

export type Format = (text: string) => Refusal | undefined;

/** The versions whose reload and revocation rules are known. */
const OLDEST_MINOR = 31;
export const NEWEST_MINOR = 37;

/** RFC 1123 as Kubernetes checks it (apimachinery validation.IsDNS1123Subdomain). */
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

function isSubdomain(text: string): boolean {
  return text.length <= 253 && SUBDOMAIN.test(text) && text.split('.').every((label) => label.length <= 63);
}

const subdomain =
  (what: string): Format =>
  (text) => {
    if (isSubdomain(text)) return undefined;
    const lower = text.toLowerCase().replace(/\.$/, '');
    const hint = isSubdomain(lower)
      ? `write "${lower}"`
      : 'lower-case letters, digits and "-", in labels joined by "."';
    return { message: `${quoted(text)} is no ${what} (RFC 1123 subdomain)`, hint };
  };

export const nodeName = subdomain('node name');
export const dnsDomain = subdomain('DNS domain');

/** Goes into kubeconfigs as the cluster's name. */
export const clusterName: Format = (text) =>
  /^[A-Za-z0-9]([-._A-Za-z0-9]{0,61}[A-Za-z0-9])?$/.test(text)
    ? undefined
    : {
        message: `${quoted(text)} is no cluster name`,
        hint: 'letters, digits, "-", "." and "_", 63 at most',
      };

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

/**
 * A user's name is a common name, a file name, and part of a DNS name by which the certificate can be told
 * from others; `system:` names belong to components.
 */
export const userName: Format = (text) => {
  const code = 'cluster/spec-user';
  if (text.startsWith('system:')) {
    const hint = 'names that start with "system:" belong to components; pick another, and give it groups';
    return { code, message: `${quoted(text)} is a component's name`, hint };
  }
  if (COMPONENT_NAMES.some((name) => text === name || text.startsWith(`${name}@`)))
    return { code, message: `${quoted(text)} is a component's name`, hint: 'pick another' };
  // `ca.crt` stands beside the user's own certificate.
  if (text === 'ca')
    return { code, message: '"ca" is the name of the authority\'s file', hint: 'pick another' };
  if (/^[A-Za-z0-9]([-._@+A-Za-z0-9]{0,61}[A-Za-z0-9])?$/.test(text) && !text.includes('..'))
    return undefined;
  return {
    code,
    message: `${quoted(text)} is no user name`,
    hint: 'letters, digits, "-", ".", "_", "@" and "+", 63 at most',
  };
};

/** Common names of components, and of clients in edges: a user of that name would be taken for them. */
const COMPONENT_NAMES = [
  'kube-apiserver',
  'kube-apiserver-etcd-client',
  'kube-apiserver-kubelet-client',
  'kube-controller-manager',
  'kube-etcd-healthcheck-client',
  'kube-proxy',
  'kube-scheduler',
  'kubelet',
  'etcd',
  'front-proxy',
  'front-proxy-client',
  'healthcheck',
];

/** An organization in the subject: any text that a terminal can show. */
export const groupName: Format = (text) =>
  text.length <= 253 && /^[^\p{C}]+$/u.test(text) && text.trim() === text
    ? undefined
    : { message: `${quoted(text)} is no group name`, hint: 'printable text without spaces at its ends' };

export const kubernetesVersion: Format = (text) => {
  const match = /^1\.(\d{1,3})$/.exec(text);
  const minor = Number(match?.[1]);
  const known = `kubetls knows 1.${OLDEST_MINOR} to 1.${NEWEST_MINOR}`;
  if (minor >= OLDEST_MINOR && minor <= NEWEST_MINOR) return undefined;
  if (match)
    return {
      message: `Kubernetes ${text} is not known`,
      hint: minor > NEWEST_MINOR ? `${known}; a newer kubetls may know more` : known,
    };
  const meant = /^v?(1\.\d{1,3})(\.\d+)?$/.exec(text)?.[1];
  return {
    message: `${quoted(text)} is no Kubernetes version`,
    hint: meant ? `write "${meant}"` : `such as "1.${NEWEST_MINOR}"`,
  };
};

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

/** Shorter ones could not be renewed in time; Kubernetes' own signers refuse less than ten minutes too. */
export const lifetime: Format = (text) => {
  const code = 'cluster/spec-lifetime';
  const value = parseDuration(text);
  if (value === undefined) return noDuration(text);
  if (value < 10 * MINUTE) return { code, message: `${text} is shorter than 10m` };
  return value > 100 * YEAR ? { code, message: `${text} is longer than 100y` } : undefined;
};

export const duration: Format = (text) => (parseDuration(text) ? undefined : noDuration(text));

function noDuration(text: string): Refusal {
  return {
    message: `${quoted(text)} is no duration`,
    hint: 'such as 10y, 90d, 36h, 10m or 1d12h; a year has 365 days',
  };
}

/** As JSON, and cut short: what is refused may be long or hold characters that steer a terminal. */
export function quoted(text: string): string {
  const short = text.length > 80 ? `${text.slice(0, 77)}...` : text;
  return JSON.stringify(short).replace(
    /\p{C}/gu,
    (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );
}
