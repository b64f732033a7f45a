/** `kubetls/verify/v1`: the shape is a contract; keys may be added. */
import { type Instant, toRfc3339 } from '../../base/index.ts';
import type { Chain } from '../../verify/index.ts';
import { type Certificate, fingerprint, nameText } from '../../x509/index.ts';
import { handshakeWords } from './handshake.ts';
import { nearMissText } from './near-miss-text.ts';
import { chainEnd, type Report } from './report.ts';

export function reportJson(report: Report): object {
  const { asked, usage, stage, error, chains, closest, anchored, misses, broken } = report;
  const view = (chain: Chain) => chain.map((one) => certificateJson(one, report));
  return {
    schema: 'kubetls/verify/v1',
    at: toRfc3339(asked.at),
    source: asked.source,
    name: asked.name ?? null,
    usage,
    kubernetes: asked.release?.version ?? null,
    ok: error === undefined,
    error: error ?? null,
    stage,
    handshake: handshakeWords(report) ?? null,
    skippedRoots: asked.roots.filter((root) => 'refused' in root).length,
    expires: expires(chains),
    chains: chains.map(view),
    closest: view(closest),
    anchored: error === undefined || anchored,
    broken: broken ?? null,
    nearMisses: misses.map((miss) => ({
      kind: miss.kind,
      sha256: fingerprint(miss.certificate.der),
      ...nearMissText(miss, asked.at),
    })),
  };
}

/** The end of the chain that lasts longest. */
function expires(chains: readonly Chain[]): string | null {
  const ends: Instant[] = chains.map((chain) => chainEnd(chain).notAfter);
  return ends.length === 0 ? null : toRfc3339(ends.reduce((a, b) => Math.max(a, b)));
}

function certificateJson(certificate: Certificate, { sources }: Report): object {
  return {
    subject: nameText(certificate.subject),
    issuer: nameText(certificate.issuer),
    notBefore: toRfc3339(certificate.notBefore),
    notAfter: toRfc3339(certificate.notAfter),
    keyAlgorithm: certificate.publicKey.name,
    sha256: fingerprint(certificate.der),
    source: sources.get(certificate) ?? null,
  };
}
