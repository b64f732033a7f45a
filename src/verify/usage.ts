import type { Certificate } from '../x509/index.ts';

/** What the certificate is presented as: ExtKeyUsageServerAuth, ExtKeyUsageClientAuth, ExtKeyUsageAny. */
export type Usage = 'server' | 'client' | 'any';

export const EXTENDED = { server: 'serverAuth', client: 'clientAuth' } as const;

/**
 * checkChainForKeyUsage: usages nest, so every certificate of the chain that lists any, the root
 * included, must list this one or `any`. An empty list counts as none.
 */
export function allowsUsage(chain: readonly Certificate[], usage: Usage): boolean {
  if (usage === 'any') return true;
  return chain.every(({ extendedKeyUsage: listed = [] }) => {
    return listed.length === 0 || listed.includes('any') || listed.includes(EXTENDED[usage]);
  });
}
