/** DER content of 2.5.29.32.0, as text. */
export const ANY_POLICY = '\x55\x1d\x20\x00';

interface Node {
  readonly policy: string;
  expected: readonly string[];
  readonly parents: Set<Node>;
  readonly children: Set<Node>;
}

/**
 * The valid policy graph of RFC 9618, 3, one stratum a certificate: unlike the tree of RFC 5280 it grows
 * with the number of policies and not with their product. After policyGraph of crypto/x509/verify.go.
 */
export class PolicyGraph {
  readonly #strata: Map<string, Node>[] = [new Map([[ANY_POLICY, newNode(ANY_POLICY, [])]])];

  get #leaves(): Map<string, Node> {
    return this.#strata.at(-1)!;
  }

  /** 6.1.3 (d): one stratum more, for a certificate with these policies. */
  descend(policies: readonly string[], anyPolicyCounts: boolean): void {
    const above = this.#leaves;
    const expecting = byExpectedPolicy(above);
    this.#strata.push(new Map());
    const any = above.get(ANY_POLICY);
    for (const policy of policies) {
      if (policy === ANY_POLICY) continue;
      const parents = expecting.get(policy) ?? (any ? [any] : []);
      if (parents.length > 0) this.#insert(newNode(policy, parents));
    }
    if (anyPolicyCounts && policies.includes(ANY_POLICY)) {
      const missing = [...expecting].filter(([policy]) => !this.#leaves.has(policy));
      for (const [policy, parents] of missing) this.#insert(newNode(policy, parents));
    }
    this.prune();
  }

  /** 6.1.4 (b) (1) and (2): what the policy is called further down. */
  map(issuer: string, subjects: readonly string[]): void {
    const leaf = this.#leaves.get(issuer);
    const any = this.#leaves.get(ANY_POLICY);
    if (leaf) leaf.expected = subjects;
    else if (any) this.#insert(newNode(issuer, [any], subjects));
  }

  deleteLeaf(policy: string): void {
    const leaf = this.#leaves.get(policy);
    if (!leaf) return;
    for (const parent of leaf.parents) parent.children.delete(leaf);
    this.#leaves.delete(policy);
  }

  /** Inner nodes without children go, from below. */
  prune(): void {
    for (const stratum of this.#strata.slice(1, -1).reverse()) {
      for (const [policy, node] of stratum) {
        if (node.children.size > 0) continue;
        for (const parent of node.parents) parent.children.delete(node);
        stratum.delete(policy);
      }
    }
  }

  /** 6.1.5 (g): is there a policy under which the chain is valid. */
  hasValidPolicies(): boolean {
    if (this.#leaves.has(ANY_POLICY)) return true;
    const nodes = this.#strata.flatMap((stratum) => [...stratum.values()]);
    return nodes.some(
      ({ policy, parents: [parent, ...others] }) =>
        policy !== ANY_POLICY && others.length === 0 && parent?.policy === ANY_POLICY,
    );
  }

  #insert(node: Node): void {
    this.#leaves.set(node.policy, node);
  }
}

function newNode(policy: string, parents: readonly Node[], expected: readonly string[] = [policy]): Node {
  const node: Node = { policy, expected, parents: new Set(parents), children: new Set() };
  for (const parent of parents) parent.children.add(node);
  return node;
}

function byExpectedPolicy(stratum: ReadonlyMap<string, Node>): Map<string, Node[]> {
  const nodes = new Map<string, Node[]>();
  for (const node of stratum.values()) {
    for (const policy of node.expected) {
      const same = nodes.get(policy);
      if (same) same.push(node);
      else nodes.set(policy, [node]);
    }
  }
  return nodes;
}
