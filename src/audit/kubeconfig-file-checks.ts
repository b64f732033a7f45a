import type { Kubeconfig } from '../kubeconfig/index.ts';
import type { FileSubject } from './kubeconfig-subjects.ts';
import { modeTrouble } from './modes.ts';
import type { Check, Trouble } from './types.ts';

export const fileChecks: readonly Check<FileSubject>[] = [
  {
    id: 'file-mode',
    severity: 'error',
    remedy: 'chmod 600 it; when others may have read it, take its credentials back too',
    find: ({ source: { config, mode } }) =>
      holdsSecrets(config) ? modeTrouble('this file holds a key, a token or a password and', mode) : [],
  },
  {
    id: 'current-context-unknown',
    severity: 'error',
    remedy: 'choose one that is there: kubetls kubeconfig use-context NAME',
    find: currentTroubles,
  },
  {
    id: 'kubeconfig-empty',
    severity: 'warning',
    remedy:
      'name another with --kubeconfig, or copy one: /etc/kubernetes/admin.conf on a control plane of kubeadm',
    find: ({ before, merged }) =>
      before.length === 0 && merged.contexts.length === 0
        ? [{ message: 'there is no context in it: kubectl dials http://localhost:8080', field: 'contexts' }]
        : [],
  },
  {
    id: 'entry-hidden',
    severity: 'info',
    remedy: 'rename one of the two, or look at it alone with --kubeconfig',
    find: ({ source, before }) =>
      (['clusters', 'users', 'contexts'] as const).flatMap((list) =>
        source.config[list].flatMap(({ name }): Trouble[] => {
          const hider = before.find(({ config }) => config[list].some((entry) => entry.name === name));
          if (hider === undefined) return [];
          const kind = list.slice(0, -1);
          return [
            {
              message: `${kind} ${JSON.stringify(name)} is not used: ${hider.file} has one of this name`,
              field: list,
            },
          ];
        }),
      ),
  },
];

/** A program's environment and an auth provider's configuration hold tokens, as a rule. */
function holdsSecrets({ users }: Kubeconfig): boolean {
  return users.some(
    ({ user: { clientKeyData, token, password, authProvider, exec } }) =>
      (clientKeyData ?? token ?? password ?? authProvider) !== undefined || (exec?.env.length ?? 0) > 0,
  );
}

/** The first file that names one decides; the context may stand in any of them. */
function currentTroubles({ source, before, merged }: FileSubject): Trouble[] {
  const { currentContext: name } = source.config;
  const decided = name === '' || before.some(({ config }) => config.currentContext !== '');
  if (decided || merged.contexts.some((context) => context.name === name)) return [];
  return [
    { message: `the current context ${JSON.stringify(name)} does not exist`, field: 'current-context' },
  ];
}
