/** Options that several commands have. */

export const connect = {
  flags: '--connect <endpoint=host:port>',
  summary: 'dial this endpoint at another address, such as kube-apiserver@master=127.0.0.1:6443',
  kind: 'list',
} as const;

export const overwrite = {
  flags: '--overwrite <path>',
  summary: 'allow a file that kubetls did not write to be replaced: a path of the plan, or all',
  kind: 'list',
} as const;

export const acceptBreak = {
  flags: '--accept-break <edge>',
  summary: 'allow this edge to fail meanwhile, by its id',
  kind: 'list',
} as const;
