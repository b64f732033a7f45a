import { equalBytes } from '../base/index.ts';
import type { Chain } from './chain.ts';
import { ANY_POLICY, PolicyGraph } from './policy-graph.ts';
import { type PolicyStatements, policyStatements, speaksOfPolicies } from './policy-extensions.ts';

/** State variables of RFC 5280, 6.1.2: each counts certificates until it bites at 0. */
interface Counters {
  explicitPolicy: number;
  policyMapping: number;
  inhibitAnyPolicy: number;
}

/**
 * policiesValid of crypto/x509/verify.go: RFC 5280, 6.1, as updated by RFC 9618, for a verifier that takes
 * any policy. The anchor says nothing; a chain of one certificate has nothing to say.
 */
export function policiesAllow(chain: Chain): boolean {
  if (chain.length === 1 || !chain.some(speaksOfPolicies)) return true;
  const n = chain.length - 1;
  const counters: Counters = { explicitPolicy: n + 1, policyMapping: n + 1, inhibitAnyPolicy: n + 1 };
  const leaf = policyStatements(chain[0]!);
  let graph: PolicyGraph | undefined = new PolicyGraph();
  for (let i = n - 1; i >= 0; i--) {
    const certificate = chain[i]!;
    const selfIssued = equalBytes(certificate.issuer.der, certificate.subject.der);
    const statements = i === 0 ? leaf : policyStatements(certificate);
    if (statements.policies.length === 0) graph = undefined;
    if (counters.explicitPolicy === 0 && !graph) return false;
    if (graph) {
      graph.descend(statements.policies, counters.inhibitAnyPolicy > 0 || (i > 0 && selfIssued));
      if (i > 0 && !applyMappings(graph, statements, counters)) return false;
    }
    if (i > 0) advance(counters, statements, selfIssued);
  }
  // 6.1.5 (a) and (b)
  const explicit = leaf.requireExplicitPolicy === 0 ? 0 : Math.max(counters.explicitPolicy - 1, 0);
  return explicit > 0 || (graph?.hasValidPolicies() ?? false);
}

/** 6.1.4 (b); false for a mapping of or to anyPolicy. */
function applyMappings(graph: PolicyGraph, { mappings }: PolicyStatements, counters: Counters): boolean {
  if (mappings.length === 0) return true;
  const bySource = new Map<string, string[]>();
  for (const { issuer, subject } of mappings) {
    if (counters.policyMapping === 0) {
      graph.deleteLeaf(issuer);
      continue;
    }
    if (issuer === ANY_POLICY || subject === ANY_POLICY) return false;
    const subjects = bySource.get(issuer);
    if (subjects) subjects.push(subject);
    else bySource.set(issuer, [subject]);
  }
  graph.prune();
  for (const [issuer, subjects] of bySource) graph.map(issuer, subjects);
  return true;
}

/** 6.1.4 (h) to (j) */
function advance(counters: Counters, statements: PolicyStatements, selfIssued: boolean): void {
  const step = selfIssued ? 0 : 1;
  const next = (counter: number, limit: number | undefined) =>
    Math.min(Math.max(counter - step, 0), limit ?? Number.POSITIVE_INFINITY);
  counters.explicitPolicy = next(counters.explicitPolicy, statements.requireExplicitPolicy);
  counters.policyMapping = next(counters.policyMapping, statements.inhibitPolicyMapping);
  counters.inhibitAnyPolicy = next(counters.inhibitAnyPolicy, statements.inhibitAnyPolicy);
}
