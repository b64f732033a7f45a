import { KubetlsError, type Where } from '../base/index.ts';

export type KubeconfigCode =
  /** Larger, deeper, or with more aliases than a kubeconfig can need. */
  | 'kubeconfig/too-large'
  | 'kubeconfig/yaml'
  /** `kind` or `apiVersion` says that this is something else. */
  | 'kubeconfig/kind'
  | 'kubeconfig/type'
  | 'kubeconfig/base64'
  | 'kubeconfig/duplicate-name'
  /** There is nothing in it. */
  | 'kubeconfig/empty'
  | 'kubeconfig/context-not-found'
  | 'kubeconfig/not-found'
  | 'kubeconfig/namespace'
  | 'kubeconfig/server'
  | 'kubeconfig/proxy-url'
  /** Both data and a path were given for the same thing. */
  | 'kubeconfig/ambiguous'
  | 'kubeconfig/unreadable'
  | 'kubeconfig/key-missing'
  | 'kubeconfig/authentication'
  | 'kubeconfig/insecure-with-authority'
  /** More than one of the above, in one sentence. */
  | 'kubeconfig/invalid';

export function failure(code: KubeconfigCode, message: string, where?: Where, hint?: string): KubetlsError {
  return new KubetlsError<KubeconfigCode>({
    code,
    message,
    ...(where === undefined ? {} : { where }),
    ...(hint === undefined ? {} : { hint }),
  });
}
