/** What a tree may cost, and what of it is not looked at. */

export const LIMITS = {
  /** Twenty times what a node has outside of its programs and images. */
  files: 200_000,
  depth: 64,
  /** In characters (linux/limits.h, PATH_MAX). */
  pathLength: 4096,
  /** Read because settings name them, beside the walk: a node has a dozen. */
  named: 1_000,
  namedBytes: 64 << 20,
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
