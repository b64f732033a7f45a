import * as v from 'valibot';
import type { Failure } from '../../base/index.ts';
import type { ClusterSpec } from '../types.ts';
import { buildSpec } from './build.ts';
import { draftOf } from './draft.ts';
import { impossible } from './impossible.ts';
import { pathText, type Problem, type SpecCode, SpecError } from './problems.ts';
import { FileSchema } from './schema.ts';
import { isAboutList, shapeProblem } from './shape-problems.ts';
import { tooLong } from './sizes.ts';
import { unknownKeys } from './unknown-keys.ts';
import { LARGEST, readYaml, type Yaml } from './yaml.ts';

/**
 * Reads a `kubetls.yaml`. `file` is its name in messages. Throws a SpecError that lists everything that is
 * wrong, with line, column, path and hint.
 */
export function parseSpec(text: string, file: string): ClusterSpec {
  if (text.length > LARGEST) {
    const message = `${file} is larger than ${LARGEST / 1024 / 1024} MiB, no description of a cluster`;
    throw new SpecError(file, [{ code: 'cluster/spec-too-large', message, where: { file } }]);
  }
  const yaml = readYaml(text);
  if (yaml.refused) {
    const { message, isTooLarge } = yaml.refused;
    const where = { file, ...yaml.locate([], false) };
    const hint = 'blank lines and comments count too; ten thousand nodes need 410,000';
    throw new SpecError(file, [
      isTooLarge
        ? { code: 'cluster/spec-too-large', message, where, hint }
        : { code: 'cluster/spec-yaml', message, where },
    ]);
  }
  const long = tooLong(yaml.value);
  if (long) throw specError([long], yaml, file);
  const result = v.safeParse(FileSchema, yaml.value);
  const problems = [
    ...yaml.problems,
    ...unknownKeys(FileSchema, yaml.value),
    ...(result.issues ?? []).filter((issue) => !isAboutList(issue)).map(shapeProblem),
    ...impossible(draftOf(yaml.value)),
  ];
  if (problems.length > 0 || !result.success) throw specError(problems, yaml, file);
  return buildSpec(result.output);
}

function specError(problems: readonly Problem[], yaml: Yaml, file: string): SpecError {
  const failures = problems.map((problem) => placed(problem, yaml, file));
  failures.sort((a, b) => a.where.line - b.where.line || a.where.column - b.where.column);
  const [first, ...rest] = failures;
  if (!first) throw new TypeError('refused without a problem');
  return new SpecError(file, [first, ...rest]);
}

function placed({ code, path, message, hint, atKey }: Problem, yaml: Yaml, file: string) {
  const where = {
    file,
    ...yaml.locate(path, atKey ?? false),
    ...(path.length > 0 ? { path: pathText(path) } : {}),
  };
  const failure: Failure<SpecCode> = { code, message, ...(hint === undefined ? {} : { hint }) };
  return { ...failure, where };
}
