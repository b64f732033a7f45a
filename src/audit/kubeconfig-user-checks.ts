import { type User } from '../kubeconfig/index.ts';
import { organizations } from '../x509/index.ts';
import { tokenEnd } from './json-web-token.ts';
import { certificateOf, pairOf } from './kubeconfig-material.ts';
import type { UserSubject } from './kubeconfig-subjects.ts';
import { lifeTrouble } from './life.ts';
import { modeTrouble } from './modes.ts';
import type { Check, World } from './types.ts';
import { toRfc3339 } from '../base/index.ts';

/** Groups that may do everything: by the code of kube-apiserver, and by a binding that kubeadm makes. */
const ADMINISTRATORS: Readonly<Record<string, string>> = {
  'system:masters': 'which no RBAC rule can take back: kube-apiserver asks none',
  'kubeadm:cluster-admins': 'which kubeadm binds to cluster-admin',
};

export const userChecks: readonly Check<UserSubject>[] = [
  {
    id: 'pair-unusable',
    severity: 'error',
    remedy: 'put certificate and key of one pair there, as PEM',
    find: ({ user }, world) => {
      const { pair, field = '' } = pairOf(user, world) ?? {};
      return pair?.kind === 'broken' ? [{ message: pair.error, field }] : [];
    },
  },
  {
    id: 'certificate-life',
    severity: 'error',
    remedy: 'have a new certificate issued',
    find: ({ user }, world) => {
      const found = certificateOf(user, world);
      const trouble = found && lifeTrouble('the client certificate', found.leaf, world.at);
      return trouble ? [{ ...trouble, field: found.field }] : [];
    },
  },
  {
    id: 'certificate-usage',
    severity: 'error',
    remedy: 'have one issued with the extended key usage clientAuth',
    find: ({ user }, world) => {
      const found = certificateOf(user, world);
      const usages = found?.leaf.extendedKeyUsage ?? ['any'];
      if (!found || usages.some((usage) => usage === 'clientAuth' || usage === 'any')) return [];
      return [
        {
          message: `the client certificate is for ${usages.join(', ')}, not for clients`,
          field: found.field,
        },
      ];
    },
  },
  {
    id: 'certificate-is-authority',
    severity: 'warning',
    remedy: 'have a certificate issued that can sign nothing',
    find: ({ user }, world) => {
      const found = certificateOf(user, world);
      return found?.leaf.basicConstraints?.ca === true
        ? [{ message: 'the client certificate is an authority: its key can make others', field: found.field }]
        : [];
    },
  },
  {
    id: 'cluster-admin',
    severity: 'warning',
    remedy: 'use it for emergencies only, and a person with rights of its own for daily work',
    find: ({ user }, world) => {
      const found = certificateOf(user, world);
      return (found ? organizations(found.leaf.subject) : [])
        .filter((group) => group in ADMINISTRATORS)
        .map((group) => ({
          message: `it may do everything: group ${group}, ${ADMINISTRATORS[group] ?? ''}`,
          ...(found && { field: found.field }),
        }));
    },
  },
  {
    id: 'key-alone',
    severity: 'info',
    remedy: 'add the certificate, or remove the key',
    find: ({ user }) =>
      (user.clientKey ?? user.clientKeyData) !== undefined &&
      (user.clientCertificate ?? user.clientCertificateData) === undefined
        ? [{ message: 'a key without a certificate is not used' }]
        : [],
  },
  {
    id: 'secret-mode',
    severity: 'error',
    remedy: 'chmod 600 the file; when others may have read it, have a new one issued',
    find: ({ user }, { mode }) => [
      ...(user.clientKey === undefined
        ? []
        : modeTrouble(`the key ${user.clientKey}`, mode(user.clientKey), 'client-key')),
      ...(user.tokenFile === undefined
        ? []
        : modeTrouble(`the token ${user.tokenFile}`, mode(user.tokenFile), 'tokenFile')),
    ],
  },
  {
    id: 'token-life',
    severity: 'error',
    remedy: 'get a new token: kubectl create token NAME',
    find: ({ user }, world) => {
      const end = tokenEnd(tokenText(user, world));
      const field = user.tokenFile === undefined ? 'token' : 'tokenFile';
      return end !== undefined && end < world.at
        ? [{ message: `the token ended ${toRfc3339(end)}`, field }]
        : [];
    },
  },
  {
    id: 'token-file-missing',
    severity: 'error',
    remedy: 'put the file there, or correct the path: it starts at the kubeconfig',
    find: ({ user: { tokenFile, token } }, { read }) =>
      tokenFile !== undefined && read(tokenFile) === undefined
        ? [
            {
              message: `the token file ${tokenFile} cannot be read`,
              field: 'tokenFile',
              ...(token !== undefined && { severity: 'warning' as const }),
            },
          ]
        : [],
  },
  {
    id: 'command-missing',
    severity: 'error',
    remedy: 'install it, or correct its path: it starts at the kubeconfig',
    find: ({ user: { exec } }, { runs }) =>
      exec && exec.command !== '' && !runs(exec.command)
        ? [
            {
              message: `the program ${exec.command} is not found`,
              field: 'exec',
              ...(exec.installHint !== undefined && { remedy: exec.installHint }),
            },
          ]
        : [],
  },
];

function tokenText({ tokenFile, token }: User, { read }: World): Uint8Array | undefined {
  return (tokenFile === undefined ? undefined : read(tokenFile)) ?? token?.reveal();
}
