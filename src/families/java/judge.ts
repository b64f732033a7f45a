import type { Certificate } from '../../x509/index.ts';
import type { Judgement, JudgeRequest } from '../types.ts';
import { javaNameRefusal } from './host.ts';
import { findPath } from './path.ts';

/**
 * The trust manager of JDK 17 in a handshake (sun/security/ssl, X509TrustManagerImpl): a path, then what its
 * leaf is for, then its name.
 */
export function judgeByJava({ leaf, intermediates, roots, at, usage, name }: JudgeRequest): Judgement {
  const path = findPath({ sent: [leaf, ...intermediates], roots, at });
  if ('error' in path) return { ok: false, ...path };
  // A leaf that is trusted itself is asked nothing.
  const unfit =
    path.chain.length > 1 ? usageRefusal(leaf, usage === 'client' ? 'client' : 'server') : undefined;
  if (unfit !== undefined) return { ok: false, code: 'usage', error: unfit };
  const misnamed = name && usage === 'server' ? javaNameRefusal(leaf, name) : undefined;
  if (misnamed !== undefined) return { ok: false, code: 'name', error: misnamed };
  return { ok: true, chains: [path.chain] };
}

/** Netscape's and Microsoft's step-up usages stand for a server. */
const EXTENDED = {
  server: ['serverAuth', 'any', '1.3.6.1.4.1.311.10.3.3', '2.16.840.1.113730.4.1'],
  client: ['clientAuth', 'any'],
} as const;

/** EndEntityChecker: the leaf only; usages of authorities do not bind. */
function usageRefusal(
  { keyUsage, extendedKeyUsage }: Certificate,
  usage: 'server' | 'client',
): string | undefined {
  if (keyUsage && !keyUsage.includes('digitalSignature')) return 'KeyUsage does not allow digital signatures';
  const allowed: readonly string[] = EXTENDED[usage];
  if (!extendedKeyUsage || extendedKeyUsage.some((listed) => allowed.includes(listed))) return undefined;
  return `Extended key usage does not permit use for TLS ${usage} authentication`;
}
