import { equalBytes, type Instant } from '../../base/index.ts';
import type { Certificate } from '../../x509/index.ts';
import type { OpensslError, Problem } from './errors.ts';
import { factsOf, likelyIssued } from './facts.ts';
import { keyObject } from './signatures.ts';
import { validityErrors } from './validity.ts';

export interface BuildInput {
  readonly leaf: Certificate;
  /** What came with it. In a handshake the leaf itself is among them. */
  readonly untrusted: readonly Certificate[];
  readonly trusted: readonly Certificate[];
  readonly at: Instant;
  /** X509_V_FLAG_PARTIAL_CHAIN: any trusted certificate may end the chain. */
  readonly partialChain: boolean;
}

/** Leaf first. A chain is built also where none is trusted: what is wrong with it is told as well. */
export interface Built {
  readonly chain: readonly Certificate[];
  readonly problems: readonly Problem[];
}

/** X509_VERIFY_PARAM depth of the default table (crypto/x509/x509_vpm.c): so many issuers. */
const MOST_ISSUERS = 100;

/**
 * build_chain of crypto/x509/x509_vfy.c with X509_V_FLAG_TRUSTED_FIRST, as everybody here has it: one chain
 * and no search. Each issuer is the first trusted one that fits, or else the first that was sent; one that
 * is valid now before others. A wrong choice is not taken back, unlike in Go.
 *
 * @param earlier what was told before the search; it is told again in place of the search's own failure
 */
export function buildChain(input: BuildInput, earlier: OpensslError | undefined): Built {
  const { leaf, trusted, at, partialChain } = input;
  const chain = [leaf];
  const left = [...input.untrusted];
  let untrustedCount = 1;
  let fromPeer = true;
  while (chain.length <= MOST_ISSUERS + 2) {
    const last = chain.at(-1)!;
    const tooLong = chain.length > MOST_ISSUERS + 1;
    const isEnd = factsOf(last).selfSigned;
    const issuer = tooLong ? undefined : bestIssuer(last, trusted, at);
    if (issuer && !keyObject(last.publicKey)) return internalError(chain);
    if (issuer && isEnd && equalBytes(issuer.der, last.der)) {
      chain[chain.length - 1] = issuer;
      return { chain, problems: [] };
    }
    if (issuer && !isEnd) {
      chain.push(issuer);
      fromPeer = false;
      if (partialChain || factsOf(issuer).selfSigned) return { chain, problems: [] };
      continue;
    }
    if (!fromPeer) break;
    const sent = isEnd || tooLong ? undefined : bestIssuer(last, unused(left, chain), at);
    if (!sent) break;
    left.splice(left.indexOf(sent), 1);
    chain.push(sent);
    untrustedCount++;
  }
  const trustsLeaf = partialChain && chain.length === untrustedCount && chain.length <= MOST_ISSUERS + 1;
  if (trustsLeaf && trusted.some(({ der }) => equalBytes(der, leaf.der))) return { chain, problems: [] };
  return { chain, problems: failures(chain, untrustedCount, earlier) };
}

/** find_issuer passes over what is in the chain, unless a self-issued leaf asks for itself. */
function unused(left: readonly Certificate[], chain: readonly Certificate[]): readonly Certificate[] {
  if (chain.length === 1 && factsOf(chain[0]!).selfIssued) return left;
  return left.filter(({ der }) => !chain.some((used) => equalBytes(used.der, der)));
}

/** X509_STORE_CTX_get1_issuer, find_issuer: the first that is valid now, else the one that ended last. */
function bestIssuer(
  child: Certificate,
  candidates: readonly Certificate[],
  at: Instant,
): Certificate | undefined {
  const fitting = candidates.filter((candidate) => likelyIssued(candidate, child));
  const valid = fitting.find((candidate) => validityErrors(candidate, at).length === 0);
  if (valid) return valid;
  return fitting.reduce<Certificate | undefined>(
    (best, next) => (best && best.notAfter >= next.notAfter ? best : next),
    undefined,
  );
}

function failures(
  chain: readonly Certificate[],
  untrustedCount: number,
  earlier: OpensslError | undefined,
): Problem[] {
  const depth = chain.length - 1;
  if (earlier) return [{ error: earlier, depth }];
  const problems: Problem[] = [];
  if (chain.length > MOST_ISSUERS + 1) problems.push({ error: 'CERT_CHAIN_TOO_LONG', depth });
  const endsInItself = factsOf(chain.at(-1)!).selfSigned;
  const missing =
    untrustedCount < chain.length ? 'UNABLE_TO_GET_ISSUER_CERT' : 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY';
  const selfSigned = depth === 0 ? 'DEPTH_ZERO_SELF_SIGNED_CERT' : 'SELF_SIGNED_CERT_IN_CHAIN';
  problems.push({ error: endsInItself ? selfSigned : missing, depth });
  return problems;
}

/** X509_self_signed gives up on a certificate whose key cannot be read. */
function internalError(chain: readonly Certificate[]): Built {
  return { chain, problems: [{ error: 'UNSPECIFIED', depth: chain.length - 1, fatal: true }] };
}
