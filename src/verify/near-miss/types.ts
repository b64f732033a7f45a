import type { Certificate, ExtendedKeyUsage } from '../../x509/index.ts';
import type { NameMiss } from './names.ts';

/** One thing that stands between a chain and a yes, as facts: what came close, and what it lacks. */
export type NearMiss =
  /** Nobody that was given has the name of its issuer. */
  | { readonly kind: 'missing-issuer'; readonly certificate: Certificate }
  /** The chain ends in an authority that signs itself, and is not among the roots. */
  | { readonly kind: 'untrusted-root'; readonly certificate: Certificate }
  /** Not in a pool where it would count, but its name and key would fit. */
  | { readonly kind: 'elsewhere'; readonly certificate: Certificate; readonly candidate: Certificate }
  /** The name of the issuer, and another key than the one that signed. */
  | {
      readonly kind: 'other-key';
      readonly certificate: Certificate;
      readonly candidate: Certificate;
      /** Whether the key ids say so, too: undefined when one of them is missing. */
      readonly sameKeyId: boolean | undefined;
    }
  /** The key that signed, and another name than the issuer's; `looksEqual`: only its bytes differ. */
  | {
      readonly kind: 'other-name';
      readonly certificate: Certificate;
      readonly candidate: Certificate;
      readonly looksEqual: boolean;
    }
  /** The issuer by name, but it may not sign this, or its signature is of a kind that does not count. */
  | {
      readonly kind: 'cannot-sign';
      readonly certificate: Certificate;
      readonly candidate: Certificate;
      readonly why: 'no-authority' | 'key-usage' | 'path-length' | 'algorithm';
      /** Go's text. */
      readonly error: string;
    }
  | { readonly kind: 'date'; readonly certificate: Certificate; readonly side: 'before' | 'after' }
  | NameMiss
  /** What it lists instead. */
  | {
      readonly kind: 'usage';
      readonly certificate: Certificate;
      readonly wanted: 'serverAuth' | 'clientAuth';
      readonly listed: readonly ExtendedKeyUsage[];
    }
  /** The authority whose name constraints the certificate's names break; `detail` is Go's. */
  | {
      readonly kind: 'constraint';
      readonly certificate: Certificate;
      readonly authority: Certificate;
      readonly detail: string;
    }
  | {
      readonly kind: 'critical-extension';
      readonly certificate: Certificate;
      readonly oids: readonly string[];
    };
