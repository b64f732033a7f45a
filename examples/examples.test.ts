import { copyFileSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scratch } from '../test/support/kubetls.ts';

const examples = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

describe('examples', () => {
  it.each(examples)(
    '%s: planned, applied, proven, and then nothing is left to do',
    async (name) => {
      const here = await scratch();
      try {
        copyFileSync(join(import.meta.dirname, name, 'kubetls.yaml'), join(here.directory, 'kubetls.yaml'));
        const plan = here.kubetls('plan');
        expect(plan.stdout, plan.stderr).toMatch(/Plan: [1-9]\d* to create, 0 to replace/);
        const apply = here.kubetls('apply', '-y');
        expect(apply.status, apply.stderr).toBe(0);
        expect(apply.stdout).toMatch(/Rehearsed: no edge breaks/);

        const proof = here.kubetls('prove', '--twin', '-o', 'json');
        const { summary } = JSON.parse(proof.stdout) as Proof;
        expect(summary).toMatchObject({
          edges: summary.edges,
          ok: summary.edges,
          failed: 0,
          unknown: 0,
          refusals: { ok: summary.refusals.ok, failed: 0, unknown: 0 },
          inMemory: { stale: 0 },
        });
        expect(summary.edges).toBeGreaterThan(10);
        expect(summary.refusals.ok).toBeGreaterThan(10);
        expect(proof.status).toBe(0);

        const again = here.kubetls('apply');
        expect(again.stdout, again.stderr).toContain('Nothing to do');
        expect(again.status).toBe(0);
      } finally {
        here.remove();
      }
    },
    120_000,
  );

  it('are all named in the README beside them', () => {
    const readme = readFileSync(join(import.meta.dirname, 'README.md'), 'utf8');
    expect(examples.length).toBeGreaterThanOrEqual(6);
    for (const name of examples) expect(readme).toContain(`(${name}/kubetls.yaml)`);
  });
});

interface Proof {
  readonly summary: {
    readonly edges: number;
    readonly ok: number;
    readonly refusals: { readonly ok: number };
  };
}
