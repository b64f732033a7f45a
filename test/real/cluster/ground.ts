// What a cluster of real programs needs of a machine.
import { controlPlaneTools, realTools } from '../../../scripts/real-tools.mjs';
import type { Tools } from './commands.ts';
import { namespacesMissing } from './namespace.ts';

export type Ground = { tools: Tools } | { missing: string };

/** Or why no cluster can be booted here, which is asked before minutes are spent on a build. */
export const ground: Ground = await groundOf(false);
/** For control planes without kubelets. */
export const rootlessGround: Ground = await groundOf(true);

async function groundOf(rootless: boolean): Promise<Ground> {
  if (process.env.KUBETLS_REAL === 'skip') return { missing: 'KUBETLS_REAL=skip' };
  if (!rootless && process.getuid?.() !== 0) return { missing: 'kubelets need root' };
  const missing = await namespacesMissing(rootless);
  if (missing !== undefined) return { missing };
  const judges = await realTools();
  if ('missing' in judges) return judges;
  const controlPlane = await controlPlaneTools();
  return 'missing' in controlPlane ? controlPlane : { tools: { ...judges, ...controlPlane } };
}
