/**
 * The shell commands that make an equivalent of a certificate of the file: POSIX sh and OpenSSL 3, to learn
 * from and to run. What openssl cannot say (a start five minutes back, a life of hours) is said in a comment.
 */
import { DAY, HOUR } from '../../base/index.ts';
import type { AuthorityItem, CertificateProfile, Item } from '../../cluster/index.ts';
import { type ExtendedKeyUsage, type KeyAlgorithm, Oid } from '../../x509/index.ts';
import { shellWord } from '../text.ts';

const generate: Readonly<Record<KeyAlgorithm, (file: string) => string>> = {
  'rsa-2048': (file) => `openssl genrsa -out ${file} 2048`,
  'rsa-3072': (file) => `openssl genrsa -out ${file} 3072`,
  'rsa-4096': (file) => `openssl genrsa -out ${file} 4096`,
  'ecdsa-p256': (file) => `openssl ecparam -name prime256v1 -genkey -noout -out ${file}`,
  'ecdsa-p384': (file) => `openssl ecparam -name secp384r1 -genkey -noout -out ${file}`,
  'ecdsa-p521': (file) => `openssl ecparam -name secp521r1 -genkey -noout -out ${file}`,
  ed25519: (file) => `openssl genpkey -algorithm ed25519 -out ${file}`,
};

/** Digest that goes with the issuer's key, as Go chooses it. Ed25519 has its own. */
const digest: Readonly<Record<KeyAlgorithm, string>> = {
  'rsa-2048': ' -sha256',
  'rsa-3072': ' -sha256',
  'rsa-4096': ' -sha256',
  'ecdsa-p256': ' -sha256',
  'ecdsa-p384': ' -sha384',
  'ecdsa-p521': ' -sha512',
  ed25519: '',
};

const extendedNames: Readonly<Record<string, string>> = {
  any: 'anyExtendedKeyUsage',
  ocspSigning: 'OCSPSigning',
};

/** What an item asks openssl for; undefined for items that are no certificate. */
export interface Certifiable {
  readonly id: string;
  readonly profile: CertificateProfile;
  readonly algorithm: KeyAlgorithm;
  readonly issuer: AuthorityItem | undefined;
  /** Base name of the files: `apiserver` for apiserver.key, .csr, .crt. */
  readonly base: string;
}

export function certifiable(
  item: Item,
  authorities: ReadonlyMap<string, AuthorityItem>,
): Certifiable | undefined {
  switch (item.kind) {
    case 'authority':
      return { ...item, issuer: undefined, base: authorityBase(item) };
    case 'pair':
      return { ...item, issuer: authorities.get(item.issuer), base: baseName(item.certificate.path) };
    case 'kubeconfig': {
      if (!('embed' in item.credentials)) return undefined;
      const { issuer, profile, algorithm } = item.credentials.embed;
      return {
        id: item.id,
        profile,
        algorithm,
        issuer: authorities.get(issuer),
        base: baseName(item.file.path),
      };
    }
    case 'anchors':
    case 'copy':
    case 'key-pair':
      return undefined;
  }
}

/** A whole script: the authority first, unless its files are there already. */
export function opensslScript(one: Certifiable): string {
  const authority = one.issuer && certifiable(one.issuer, new Map());
  const parts = authority
    ? [guarded(authority.base, authorityCommands(authority)), leafCommands(one, authority)]
    : [authorityCommands(one)];
  return `${['set -eu', ...parts].join('\n\n')}\n`;
}

function guarded(base: string, commands: string): string {
  return `if [ ! -f ${shellWord(`${base}.key`)} ]; then\n${commands.replace(/^(?=.)/gm, '  ')}\nfi`;
}

function authorityCommands({ id, profile, algorithm, base }: Certifiable): string {
  const [key, crt] = files(base, 'key', 'crt');
  return [
    `# ${id}`,
    generate[algorithm](key),
    [
      `openssl req -x509 -new -key ${key}${digest[algorithm]} -days ${days(profile)} -set_serial 0x$(${serial(profile)})`,
      subject(profile).trim(),
      ...[...extensions(profile), ...keyIds(profile)].map((line) => `-addext ${shellWord(line)}`),
      `-out ${crt}`,
    ].join(' \\\n  '),
  ].join('\n');
}

function leafCommands(one: Certifiable, authority: Certifiable): string {
  const { id, profile, algorithm, base, issuer } = one;
  const [key, csr, crt, ext] = files(base, 'key', 'csr', 'crt', 'ext');
  const [caKey, caCrt] = files(authority.base, 'key', 'crt');
  return [
    `# ${id}${lifeComment(profile)}`,
    generate[algorithm](key),
    ...requestCommands(one, key, csr),
    `cat > ${ext} <<END`,
    ...extensions(profile),
    ...keyIds(profile),
    'END',
    [
      `openssl x509 -req -in ${csr} -CA ${caCrt} -CAkey ${caKey} -set_serial 0x$(${serial(profile)})`,
      `-days ${days(profile)}${digest[issuer?.algorithm ?? algorithm]} -extfile ${ext} -out ${crt}`,
    ].join(' \\\n  '),
  ].join('\n');
}

/** The attribute of a person's id is unknown to openssl, which leaves out what it does not know. */
function requestCommands({ profile, base }: Certifiable, key: string, csr: string): string[] {
  const request = `openssl req -new -key ${key}`;
  if (profile.person === undefined) return [`${request}${subject(profile)} -out ${csr}`];
  const [cnf] = files(base, 'cnf');
  return [
    '# an id of its own: by it this one certificate can be revoked',
    'id=$(openssl rand -hex 8)',
    `cat > ${cnf} <<END`,
    'oid_section=oids',
    '[oids]',
    `${PERSON_ID}=${Oid.kubernetesUid}`,
    '[req]',
    'distinguished_name=subject',
    '[subject]',
    'END',
    `${request} -config ${cnf}${subject(profile)} -out ${csr}`,
  ];
}

const PERSON_ID = 'kubernetesUid';

function files<const Endings extends readonly string[]>(
  base: string,
  ...endings: Endings
): { [K in keyof Endings]: string } {
  return endings.map((ending) => shellWord(`${base}.${ending}`)) as { [K in keyof Endings]: string };
}

/** Hexadecimal digits with the top bit clear: a positive serial number of as many octets as the profile's. */
function serial({ serialBits }: CertificateProfile): string {
  return `printf 0; openssl rand -hex ${Math.ceil(serialBits / 8)} | cut -c2-`;
}

/** `-subj` of openssl: `/` begins an RDN, `+` joins values of one RDN. */
function subject({ subject: attributes, person }: CertificateProfile): string {
  const escaped = (value: string) => value.replace(/[/+=\\]/g, '\\$&');
  const rdns = new Map<string, string[]>();
  for (const { type, value } of attributes)
    rdns.set(type, [...(rdns.get(type) ?? []), `${type}=${escaped(value)}`]);
  const fixed = [...rdns.values()].map((values) => `/${values.join('+')}`).join('');
  const ascii = /^[ -~]*$/.test(fixed);
  return `${ascii ? '' : ' -utf8'} -subj ${shellWord(fixed)}${person === undefined ? '' : `/${PERSON_ID}="$id"`}`;
}

function extensions(profile: CertificateProfile): string[] {
  const { authority, keyUsage, extendedKeyUsage } = profile;
  const path = authority?.pathLength === undefined ? '' : `,pathlen:${authority.pathLength}`;
  const names = subjectAltNames(profile);
  return [
    `basicConstraints=critical,CA:${authority ? `TRUE${path}` : 'FALSE'}`,
    `keyUsage=critical,${keyUsage.join(',')}`,
    ...(extendedKeyUsage.length > 0
      ? [`extendedKeyUsage=${extendedKeyUsage.map(extendedName).join(',')}`]
      : []),
    ...(names.length > 0 ? [`subjectAltName=${names.join(',')}`] : []),
  ];
}

function extendedName(usage: ExtendedKeyUsage): string {
  return extendedNames[usage] ?? usage;
}

function subjectAltNames({ dnsNames, ipAddresses, uris, person }: CertificateProfile): string[] {
  const own =
    person === undefined
      ? []
      : [`DNS:$id.${person.toLowerCase().replace(/[^a-z0-9]+/g, '-')}.c.kubetls.internal`];
  return [
    ...dnsNames.map((name) => `DNS:${name}`),
    ...own,
    ...ipAddresses.map((ip) => `IP:${ip}`),
    ...uris.map((uri) => `URI:${uri}`),
  ];
}

/** Said even where it is none: what openssl adds by itself differs from version to version, and by its configuration. */
function keyIds({ authority, subjectKeyId }: CertificateProfile): string[] {
  return [
    `subjectKeyIdentifier=${subjectKeyId ? 'hash' : 'none'}`,
    // Who signs itself needs no name for its issuer's key (RFC 5280, 4.2.1.1).
    `authorityKeyIdentifier=${authority ? 'none' : 'keyid:always'}`,
  ];
}

function days({ lifetime }: CertificateProfile): number {
  return Math.max(1, Math.round(lifetime / DAY));
}

function lifeComment({ lifetime }: CertificateProfile): string {
  return lifetime % DAY === 0
    ? ''
    : `: lives ${(lifetime / HOUR).toFixed(1)} hours here; openssl x509 -req counts days`;
}

function authorityBase({ authority }: AuthorityItem): string {
  return authority === 'cluster' ? 'ca' : `${authority}-ca`;
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).replace(/\.(crt|conf|kubeconfig)$/, '');
}
