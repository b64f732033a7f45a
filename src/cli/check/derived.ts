/** Who dials whom in trees without a kubetls.yaml: what adoption would write, kept in memory. */
import { adopt } from '../../adopt/index.ts';
import type { TreeInput } from '../../audit/index.ts';
import { expectedFailure, type Failure, type Instant } from '../../base/index.ts';
import { describeCluster, parseSpec } from '../../cluster/index.ts';
import { readInventory } from '../../inventory/index.ts';
import type { Survey } from '../../survey/index.ts';
import type { NamedRoot } from '../survey.ts';

/** The cluster, or why there is none: trees of an unknown layout, of one whose files nobody here makes. */
export function derivedFrom(
  survey: Survey,
  roots: readonly NamedRoot[],
  at: Instant,
): NonNullable<TreeInput['derived']> | Failure {
  const named = new Set(roots.filter((one) => one.named).map(({ name }) => name));
  try {
    const { text, files } = adopt(survey, { name: 'kubernetes', addresses: new Map(), named }, at);
    const origins = new Map(files.map(({ path, bytes }) => [path, bytes] as const));
    const found = new Map(
      survey.files.flatMap(({ root, path, bytes }) =>
        bytes ? [[bytes, `nodes/${root}/${path}`] as const] : [],
      ),
    );
    return {
      cluster: describeCluster(parseSpec(text, 'kubetls.yaml')),
      inventory: readInventory(files),
      origin: (path) => {
        const bytes = origins.get(path);
        return bytes && found.get(bytes);
      },
    };
  } catch (error) {
    return expectedFailure(error);
  }
}
