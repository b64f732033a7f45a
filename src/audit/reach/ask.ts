/** The two questions about a blast radius, from a person's words. */
import { KubetlsError } from '../../base/index.ts';
import type { TreeInput, View } from '../view/types.ts';
import { viewOf } from '../view/view.ts';
import { type Compromised, whoCouldBecome } from './compromised.ts';
import { derivedCompromised, derivedWithout } from './derived.ts';
import { certificatesMeant, isOne, keysMeant } from './target.ts';
import { edgesWithout, type Without } from './without.ts';

export type ReachCode = 'audit/unknown-target' | 'audit/ambiguous-target' | 'audit/no-edges';

const WAYS = 'name it by its path, by sha256:…, by its common name, or as cluster, etcd or front-proxy';

/** Which edges break without it. @throws KubetlsError of ReachCode */
export function askWithout(input: TreeInput, words: string): Without {
  const view = viewOf(input);
  const meant = certificatesMeant(view, words);
  if (meant.length === 0) throw unknown('certificate', words);
  if (!isOne(meant)) {
    throw ambiguous(
      words,
      meant.map(({ places }) => places[0]?.path ?? ''),
    );
  }
  if (input.cluster) return edgesWithout(view, meant, input.cluster);
  if (!input.derived) {
    throw new KubetlsError<ReachCode>({
      code: 'audit/no-edges',
      message: 'without kubetls.yaml nobody knows who dials whom',
      hint: 'kubetls init writes one, kubetls adopt for trees that somebody else made',
    });
  }
  return derivedWithout(view, meant, input.derived);
}

/** Who one could become with it. @throws KubetlsError of ReachCode */
export function askCompromised(input: TreeInput, words: string): Compromised {
  const view = viewOf(input);
  const keys = keysMeant(view, words);
  const [key, ...others] = keys;
  const found = key === undefined ? undefined : becoming(view, key, input);
  if (!found) throw unknown('key', words);
  if (others.length > 0) {
    throw ambiguous(
      words,
      keys.flatMap((one) => view.keys.get(one)?.places[0] ?? view.byKey.get(one)?.[0]?.places[0]?.path ?? []),
    );
  }
  return found;
}

function becoming(view: View, key: string, { cluster, derived }: TreeInput): Compromised | undefined {
  return cluster || !derived ? whoCouldBecome(view, key) : derivedCompromised(view, key, derived);
}

function unknown(what: string, words: string): KubetlsError<ReachCode> {
  const message = `there is no ${what} ${JSON.stringify(words)}`;
  return new KubetlsError({ code: 'audit/unknown-target', message, hint: WAYS });
}

function ambiguous(words: string, paths: readonly string[]): KubetlsError<ReachCode> {
  const message = `${JSON.stringify(words)} may mean ${paths.length} of them: ${paths.slice(0, 4).join(', ')}`;
  return new KubetlsError({ code: 'audit/ambiguous-target', message, hint: WAYS });
}
