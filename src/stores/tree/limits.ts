/** What a tree may cost, and what of it is not looked at. */

export const LIMITS = {
  /** Twenty times what a node has outside of its programs and images. */
  files: 200_000,
  depth: 64,
  /** What a Secret or a ConfigMap may hold (core/v1 MaxSecretSize); no single file of a PKI is larger. */
  fileBytes: 1 << 20,
  /** Dumps and revocation lists: what the PEM reader takes. */
  largeFileBytes: 64 << 20,
  totalBytes: 1 << 30,
  /** Enough to tell text from anything else. */
  headBytes: 4096,
  /** As many links Linux follows in a path (linux/namei.h, MAXSYMLINKS). */
  links: 40,
} as const;

/** Names of dumps, bundles and lists of revoked certificates, which may be large. */
export const MAY_BE_LARGE = /\.(ya?ml|json|pem|crl|crt)$/i;

/** Names that promise something of a PKI: one that is not read is worth a word. */
export const PROMISING = /\.(crt|cer|cert|der|pem|key|pub|csr|crl|p12|pfx|jks|conf|kubeconfig|ya?ml|json)$/i;

/** A directory that has all of these is the root of a machine. */
export const MACHINE = ['etc', 'proc', 'usr'] as const;

/**
 * Below the root of a machine: views of the kernel, programs, containers' own trees, and the public
 * authorities of the operating system, of which none is the cluster's.
 */
export const NOT_ON_A_MACHINE: ReadonlySet<string> = new Set([
  'proc',
  'sys',
  'dev',
  'run',
  'tmp',
  'boot',
  'bin',
  'sbin',
  'lib',
  'lib32',
  'lib64',
  'usr/bin',
  'usr/sbin',
  'usr/lib',
  'usr/lib32',
  'usr/lib64',
  'usr/libexec',
  'usr/include',
  'usr/share',
  'usr/src',
  'etc/ssl/certs',
  'etc/pki/ca-trust',
  'etc/ca-certificates',
  'snap',
  'var/cache',
  'var/log',
  'var/lib/containerd',
  'var/lib/containers',
  'var/lib/docker',
  'var/lib/dpkg',
  'var/lib/apt',
  'var/lib/kubelet/pods',
  'var/lib/rancher/k3s/agent/containerd',
  'var/lib/rancher/k3s/data',
  'var/lib/rancher/rke2/agent/containerd',
  'var/lib/rancher/rke2/data',
  'var/lib/snapd',
  'var/snap/microk8s/common/var/lib/containerd',
]);
