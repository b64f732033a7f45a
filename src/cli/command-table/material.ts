/** The rows of what looks at certificates, whosever they are. */
import type { CommandSpec } from '../command.ts';
import { PASSWORD_FILE } from './shared.ts';

export const inspect: CommandSpec = {
  name: 'inspect',
  summary: 'what a certificate, bundle, request, CRL, key, kubeconfig, keystore or dump says',
  arguments: [
    { name: '<file...>', summary: 'files, directories, servers as HOST:PORT; - for standard input' },
  ],
  options: {
    passwordFile: PASSWORD_FILE,
  },
  examples: [
    'kubetls inspect ca.crt',
    'kubetls inspect ca.crl ca.crt',
    'kubetls inspect ~/.kube/config -o json',
    'kubetls inspect --password-file password keystore.p12 truststore.jks',
    'kubectl get secrets,configmaps -A -o yaml | kubetls inspect -',
    'kubetls inspect /etc/kubernetes',
    'kubetls inspect localhost:6443',
    'kubetls inspect --at +90d *.crt',
    'openssl s_client -connect localhost:6443 -showcerts </dev/null | kubetls inspect -',
  ],
  writes: false,
  unused: ['file', 'state'],
  load: () => import('../commands/inspect.ts'),
};

export const verify: CommandSpec = {
  name: 'verify',
  summary: "a certificate and its chain by the rules of Go's crypto/x509, and how near a refusal was",
  arguments: [
    {
      name: '[leaf]',
      summary: 'certificate, bundle or kubeconfig; - for standard input; none with --batch',
    },
  ],
  options: {
    intermediates: {
      flags: '--intermediates <file>',
      summary: 'certificates between leaf and root, beside those in the file of the leaf',
      kind: 'list',
    },
    roots: { flags: '--roots <file>', summary: 'who is trusted: a bundle, or a kubeconfig', kind: 'list' },
    name: {
      flags: '--name <name>',
      summary: 'the DNS name or IP address that the certificate must be good for',
      kind: 'value',
    },
    usage: {
      flags: '--usage <usage>',
      summary:
        'server, client or any (default: server with --name; else what the certificate is for, any when that is both or neither)',
      kind: 'value',
    },
    family: {
      flags: '--family <family>',
      summary:
        'whose verdict: go, openssl, curl, node, python, python-strict (3.13 and later), java, or all side by side (default: go)',
      kind: 'value',
    },
    kubernetes: {
      flags: '--kubernetes <version>',
      summary: 'the release of Kubernetes whose Go judges, 1.31 to 1.37 (default: the newest)',
      kind: 'value',
    },
    batch: {
      flags: '--batch',
      summary:
        'answer each JSON line on standard input (id, leaf, intermediates, roots, at, usage, name) with a JSON line',
      kind: 'flag',
    },
  },
  examples: [
    'kubetls verify apiserver.crt --roots ca.crt --name 10.96.0.1',
    'kubetls verify ~/.kube/config --roots ca.crt',
    'kubetls verify kubelet.crt --roots ca.crt --name worker-1 --at +90d',
    'kubetls verify apiserver.crt --roots ca.crt --name 10.96.0.1 --family all',
    'kubetls verify --batch < questions.jsonl > answers.jsonl',
  ],
  writes: false,
  unused: ['file', 'state'],
  load: () => import('../commands/verify.ts'),
};

export const openssl: CommandSpec = {
  name: 'openssl',
  summary: 'the shell commands that make an equivalent of a certificate of the file',
  arguments: [{ name: '[id...]', summary: 'ids as plan shows them, such as master/apiserver; none: a list' }],
  options: {},
  examples: ['kubetls openssl', 'kubetls openssl master/apiserver | sh'],
  writes: false,
  unused: ['state', 'at'],
  load: () => import('../commands/openssl.ts'),
};
