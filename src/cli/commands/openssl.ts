import type { Context } from '../context.ts';
import { usage } from '../context.ts';
import { Exit } from '../exit.ts';
import { authoritiesOf } from '../../plan/index.ts';
import { type Certifiable, certifiable, opensslScript } from '../openssl/script.ts';
import { readCluster } from '../session.ts';

export async function run(context: Context, words: readonly string[]): Promise<number> {
  const { console } = context;
  const cluster = await readCluster(context);
  const authorities = authoritiesOf(cluster);
  const all = cluster.items.map((item) => certifiable(item, authorities)).filter((one) => one !== undefined);
  const wanted = words.map((word) => find(word, all));
  if (console.json) {
    console.printJson({
      schema: 'kubetls/openssl/v1',
      certificates: (wanted.length > 0 ? wanted : all).map((one) => ({
        id: one.id,
        script: opensslScript(one),
      })),
    });
  } else if (wanted.length === 0) {
    for (const { id } of all) console.print(id);
    console.say('Show the commands of one: kubetls openssl ID');
  } else {
    for (const one of wanted) console.print(opensslScript(one));
  }
  return Exit.ok;
}

function find(word: string, all: readonly Certifiable[]): Certifiable {
  const one = all.find(({ id }) => id === word);
  if (one) return one;
  const near = all.filter(({ id }) => id.includes(word)).slice(0, 3);
  throw usage(
    `there is no certificate ${word} in the file`,
    near.length > 0
      ? `did you mean ${near.map(({ id }) => id).join(' or ')}?`
      : 'list them with: kubetls openssl',
  );
}
