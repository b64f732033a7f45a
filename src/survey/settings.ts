/** What components are told, by flags in manifests, units and files of arguments, and by configuration files. */
import { type Plain, isPlainMap, listUnder, textUnder, under } from './documents.ts';
import { FILE_FLAGS, isComponent } from './flags.ts';
import type { Setting } from './types.ts';

/** Flags that may hold a secret are not kept. */
const SECRET = /(^|-)(token|password|secret)$/;

/** kube-apiserver of kubeadm has 30 flags. */
const MOST = 500;

/** Whether a YAML text is worth parsing for settings. */
export function mayBeSettings(text: string): boolean {
  return /"?kind"?: *"?(Pod|PodList|List|Kube\w+Configuration)\b|-transport-security|-arg"?:|datastore-/.test(
    text,
  );
}

export function settingsInDocument(document: Plain): Setting[] {
  const kind = textUnder(document, 'kind') ?? '';
  if (kind === 'Pod') return podSettings(document);
  if (kind === 'List' || kind === 'PodList') {
    return listUnder(document, 'items').flatMap((item) =>
      textUnder(item, 'kind') === 'Pod' ? podSettings(item) : [],
    );
  }
  if (kind === '' && isPlainMap(document)) {
    const words = [...document].flatMap(([key, value]) => k3sWords(key, value));
    if (words.length > 0) return flagsIn('k3s', words);
  }
  return FIELDS.filter(({ of }) => of(kind, document)).flatMap(({ component, fields }) =>
    Object.entries(fields).flatMap(([path, name]) => {
      const value = textUnder(document, ...path.split('.'));
      return value === undefined || value === '' ? [] : [{ component, name, value }];
    }),
  );
}

/** k3s and RKE2 take their flags from /etc/rancher/…/config.yaml, too: a list repeats the flag. */
function k3sWords(key: string, value: Plain): string[] {
  if (!/-arg$|^datastore-/.test(key)) return [];
  const values: readonly Plain[] = Array.isArray(value) ? (value as readonly Plain[]) : [value];
  return values.flatMap((one) => (typeof one === 'string' ? [`--${key}=${one}`] : []));
}

interface FieldTable {
  readonly component: string;
  readonly of: (kind: string, document: Plain) => boolean;
  /** Path in the document, and the flag that means the same. */
  readonly fields: Readonly<Record<string, string>>;
}

const client = { 'clientConnection.kubeconfig': 'kubeconfig' };

/** kubelet.config.k8s.io/v1beta1, kubescheduler, kubeproxy; etcd server/embed/config.go, configYAML. */
const FIELDS: readonly FieldTable[] = [
  {
    component: 'kubelet',
    of: (kind) => kind === 'KubeletConfiguration',
    fields: {
      'authentication.x509.clientCAFile': 'client-ca-file',
      'authentication.anonymous.enabled': 'anonymous-auth',
      'authorization.mode': 'authorization-mode',
      tlsCertFile: 'tls-cert-file',
      tlsPrivateKeyFile: 'tls-private-key-file',
      serverTLSBootstrap: 'rotate-server-certificates',
      rotateCertificates: 'rotate-certificates',
      clusterDomain: 'cluster-domain',
      readOnlyPort: 'read-only-port',
    },
  },
  { component: 'kube-scheduler', of: (kind) => kind === 'KubeSchedulerConfiguration', fields: client },
  { component: 'kube-proxy', of: (kind) => kind === 'KubeProxyConfiguration', fields: client },
  {
    component: 'etcd',
    of: (kind, document) =>
      kind === '' &&
      (isPlainMap(under(document, 'client-transport-security')) ||
        isPlainMap(under(document, 'peer-transport-security'))),
    fields: {
      name: 'name',
      'listen-client-urls': 'listen-client-urls',
      'listen-peer-urls': 'listen-peer-urls',
      'advertise-client-urls': 'advertise-client-urls',
      'initial-advertise-peer-urls': 'initial-advertise-peer-urls',
      'initial-cluster': 'initial-cluster',
      ...securityFields('client-transport-security', ''),
      ...securityFields('peer-transport-security', 'peer-'),
    },
  },
];

function securityFields(section: string, prefix: string): Record<string, string> {
  const flags = ['cert-file', 'key-file', 'trusted-ca-file', 'client-cert-file', 'client-key-file'];
  const fields = flags.map((flag) => [`${section}.${flag}`, prefix + flag] as const);
  const required = prefix === '' ? 'client-cert-auth' : 'peer-client-cert-auth';
  return { ...Object.fromEntries(fields), [`${section}.client-cert-auth`]: required };
}

function podSettings(pod: Plain): Setting[] {
  return listUnder(pod, 'spec', 'containers').flatMap((container) => {
    const words = [...listUnder(container, 'command'), ...listUnder(container, 'args')].filter(
      (word) => typeof word === 'string',
    );
    const component = componentOf(words[0]) ?? componentOf(textUnder(container, 'name'));
    if (component === undefined) return [];
    const image = textUnder(container, 'image');
    return [
      ...(image === undefined ? [] : [{ component, name: 'image', value: image }]),
      ...flagsIn(component, words),
    ];
  });
}

function componentOf(word: string | undefined): string | undefined {
  const name = word?.slice(word.lastIndexOf('/') + 1);
  return name !== undefined && isComponent(name) ? name : undefined;
}

/** `--name=value`, `--name value`, `--name`, and the same with one dash, as Go's own flags may have. */
function flagsIn(component: string, words: readonly string[]): Setting[] {
  const found: Setting[] = [];
  for (const [i, word] of words.entries()) {
    const [, name, value] = /^--?([a-z][a-z0-9-]*)(?:=([^]*))?$/.exec(word) ?? [];
    if (name === undefined || SECRET.test(name) || found.length >= MOST) continue;
    const next = words[i + 1];
    const taken = value ?? (next === undefined || next.startsWith('-') ? 'true' : next);
    // k3s hands `--kube-apiserver-arg=client-ca-file=/x` on.
    const inner =
      component === 'k3s' && name.endsWith('-arg') ? componentOf(name.slice(0, -'-arg'.length)) : undefined;
    if (inner === undefined) found.push({ component, name, value: taken });
    else found.push(...flagsIn(inner, [`--${taken.replace(/^--/, '')}`]));
  }
  return found;
}

/** Of variables that systemd units hand to components: kubeadm's drop-in, packages of distributions. */
const VARIABLES: Readonly<Record<string, string>> = {
  KUBELET: 'kubelet',
  KUBE_API: 'kube-apiserver',
  KUBE_APISERVER: 'kube-apiserver',
  KUBE_CONTROLLER_MANAGER: 'kube-controller-manager',
  KUBE_SCHEDULER: 'kube-scheduler',
  KUBE_PROXY: 'kube-proxy',
  ETCD: 'etcd',
};

/**
 * systemd units and drop-ins, files of variables (etcd takes each flag as ETCD_…), and files of flags alone,
 * whose name says for whom, as MicroK8s has them.
 */
export function settingsInLines(text: string, source: string): Setting[] {
  if (!/^--|ExecStart|ETCD_|_ARGS|_OPTS/m.test(text)) return [];
  const named = componentOf(source);
  const found = text
    .replace(/\\\r?\n/g, ' ')
    .split('\n')
    .flatMap((line) => lineSettings(line.trim(), named));
  return found.slice(0, MOST);
}

function lineSettings(line: string, named: string | undefined): Setting[] {
  if (line.startsWith('#')) return [];
  if (line.startsWith('--')) return named === undefined ? [] : flagsIn(named, wordsOf(line));
  const [, command] = /^ExecStart=[-@:+!]*(.*)$/.exec(line) ?? [];
  if (command !== undefined) return commandSettings(wordsOf(command));
  const [, variable = '', value = ''] = /^(?:Environment=)?["']?([A-Z][A-Z_]*)=(.*)$/.exec(line) ?? [];
  const component = variableComponent(variable);
  if (component !== undefined) return flagsIn(component, wordsOf(unquoted(value)));
  const flag = variable.startsWith('ETCD_')
    ? variable.slice(5).toLowerCase().replaceAll('_', '-')
    : undefined;
  const known = flag !== undefined && (Object.hasOwn(FILE_FLAGS['etcd'] ?? {}, flag) || ETCD_FLAGS.has(flag));
  return known ? [{ component: 'etcd', name: flag, value: unquoted(value) }] : [];
}

/** Of etcd's other flags those that say where it listens and whom it lets in. */
const ETCD_FLAGS = new Set([
  'name',
  'listen-client-urls',
  'listen-peer-urls',
  'advertise-client-urls',
  'initial-advertise-peer-urls',
  'initial-cluster',
  'client-cert-auth',
  'peer-client-cert-auth',
]);

/** KUBELET_KUBECONFIG_ARGS, KUBE_APISERVER_OPTS: the longest name that begins it. */
function variableComponent(variable: string): string | undefined {
  if (!/_(ARGS|OPTS)$/.test(variable)) return undefined;
  const name = Object.keys(VARIABLES).findLast((prefix) => variable.startsWith(`${prefix}_`));
  return name === undefined ? undefined : VARIABLES[name];
}

function commandSettings(words: readonly string[]): Setting[] {
  const component = componentOf(words[0]);
  return component === undefined ? [] : flagsIn(component, words.slice(1));
}

function unquoted(text: string): string {
  return text.trim().replace(/^["']|["']$/g, '');
}

/** Words of a command line, without their quotes. */
function wordsOf(line: string): string[] {
  const words = line.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? [];
  return words.map((word) => word.replace(/["']/g, ''));
}
