// What kubetls makes of a cluster that is at fault.
import { checkAnswer, type Finding } from '../../kubetls-program.ts';
import type { RealCluster } from '../real-cluster.ts';

/** The first cause of what showed somewhere: of its new lines, and of a whole log. */
export interface Explained {
  readonly where: string;
  readonly id: string | undefined;
  readonly likelihood: string | undefined;
  readonly files: readonly string[];
  /** For whoever has to look at a failure: what it knew of what it was told, and the end of that. */
  readonly lines: readonly string[];
}

/** Characters. */
const TOLD = 8_000;

export async function explain(cluster: RealCluster, where: string, input: string): Promise<Explained> {
  const { stdout, stderr, code } = await cluster.kubetls(['explain', '-o', 'json'], input);
  if (!stdout.startsWith('{')) throw new Error(`kubetls explain ended with ${code}\n${stdout}${stderr}`);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the shape that docs promise
  const { causes, lines } = JSON.parse(stdout) as {
    causes: { id: string; likelihood: string; files: string[] }[];
    lines: { text: string; symptom: string }[];
  };
  const [first] = causes;
  return {
    where,
    id: first?.id,
    likelihood: first?.likelihood,
    files: first?.files ?? [],
    lines:
      lines.length > 0
        ? lines.map(({ symptom, text }) => `${symptom}: ${text}`)
        : [`knows nothing of:\n${input.slice(-TOLD)}`],
  };
}

export async function check(cluster: RealCluster): Promise<readonly Finding[]> {
  return checkAnswer(await cluster.kubetls(['check', '-o', 'json'])).findings;
}
