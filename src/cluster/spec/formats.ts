/**
 * The forms that texts in the file must have: each function says why one does not, or nothing. Those of
 * addresses: `formats-network.ts`.
 */
import { MINUTE, YEAR } from '../../base/index.ts';
import { parseDuration } from './duration.ts';
import type { SpecCode } from './problems.ts';

export interface Refusal {
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

export function isSubdomain(text: string): boolean {
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

/** systemd.unit(5): letters, digits and `:-_.\@`; it goes into an argument list, so it begins with no dash. */
export const unitName: Format = (text) =>
  /^[A-Za-z0-9:_.@\\][A-Za-z0-9:_.@\\-]{0,254}$/.test(text)
    ? undefined
    : { message: `${quoted(text)} is no systemd unit`, hint: 'such as kubelet or k3s.service' };

export const commandWord: Format = (text) =>
  text.length <= 4_096 && !/\p{Cc}/u.test(text)
    ? undefined
    : { message: `${quoted(text)} is no word of a command`, hint: '4096 printable characters at most' };

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

/** Of a good `kubernetesVersion`, which has no other major number. */
export function minorOf(version: string): number {
  return Number(version.slice(2));
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
