/** `--kubernetes`: by the Go of which release a chain is judged. */
import { kubernetesVersion, minorOf } from '../../cluster/index.ts';
import { type GoRules, goRules } from '../../verify/index.ts';
import type { CommandOptions } from '../command.ts';
import { usage } from '../context.ts';

export interface Release {
  /** `1.33` */
  readonly version: string;
  readonly rules: GoRules;
}

/** Undefined: nothing was asked for. @throws for what is no release that is known */
export function releaseFrom(version: CommandOptions[string]): Release | undefined {
  if (typeof version !== 'string') return undefined;
  const refusal = kubernetesVersion(version);
  if (refusal) throw usage(`--kubernetes: ${refusal.message}`, refusal.hint);
  return { version, rules: goRules(minorOf(version)) };
}
