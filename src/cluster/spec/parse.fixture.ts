import { parseSpec } from './parse.ts';
import { SpecError } from './problems.ts';

const NODES = 'nodes: [{ name: m, roles: [control-plane, etcd], addresses: [10.0.0.10] }]';

/** A file with these lines under `spec:`, after the nodes in line 3. */
export function file(...lines: string[]): string {
  return ['metadata: { name: demo }', 'spec:', `  ${NODES}`, ...lines.map((line) => `  ${line}`)].join('\n');
}

/** `line:column code message (hint)` of everything that is wrong. */
export function problemsOf(text: string): string[] {
  try {
    parseSpec(text, 'kubetls.yaml');
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    return error.problems.map(({ code, message, hint, where }) => {
      const place = `${where?.line}:${where?.column}`;
      return `${place} ${code.replace('cluster/spec-', '')}: ${message}${hint === undefined ? '' : ` (${hint})`}`;
    });
  }
  throw new Error('nothing was refused');
}
