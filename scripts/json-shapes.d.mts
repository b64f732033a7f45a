export type Shape =
  | string
  | readonly [Shape]
  | { readonly or: string; readonly is: Shape }
  | { readonly [key: string]: Shape };
export const jsonShapes: Readonly<
  Record<
    | 'init'
    | 'adopt'
    | 'plan'
    | 'apply'
    | 'prove'
    | 'check'
    | 'check --list'
    | 'check --without'
    | 'check --compromised'
    | 'explain'
    | 'forecast'
    | 'graph'
    | 'inspect'
    | 'verify'
    | 'verify --batch, a question'
    | 'verify --batch, an answer'
    | 'openssl'
    | 'error'
    | 'kubeconfig'
    | `kubeconfig ${'get-contexts' | 'current-context' | 'doctor' | 'split' | 'extract'}`,
    Shape
  >
>;
