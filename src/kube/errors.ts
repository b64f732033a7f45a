import { KubetlsError } from '../base/index.ts';
import type { KubeCode, KubeError } from './types.ts';

export function failed(code: KubeCode, message: string, hint?: string): KubeError {
  return new KubetlsError<KubeCode>({ code, message, ...(hint !== undefined && { hint }) });
}

export function interrupted(): KubeError {
  return failed('kube/interrupted', 'interrupted');
}
