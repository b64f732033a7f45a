/** One planted fault for each rule that is stricter than Go's. */
import { DAY } from '../../src/base/index.ts';
import { makeName, Oid, parseName } from '../../src/x509/index.ts';
import { type DerNode, der, hex, readTree, writeTree } from './der-tree.ts';
import { type Draft, intermediateDraft, keyOf, leafDraft, nameOf, NOW, rootDraft, san } from './mint.ts';

/** The good authority above all of them. */
export const root = rootDraft('ca', keyOf('ca'));

const ca = (): Draft => ({
  ...intermediateDraft('below', keyOf('below'), root),
  keyUsage: ['keyCertSign', 'cRLSign'],
});
/** A good server. Its key may encipher, as kubeadm wants it; it is of RSA then, and takes long to find. */
export const server = (): Draft =>
  leafDraft(nameOf('server'), keyOf('leaf', 'rsa-2048'), root, ['a.example.test']);

const NULL = hex('0500');
const ECDSA_WITH_NULL = der(0x30, hex('06082a8648ce3d040302'), NULL);
const attribute = (type: string, value: string) =>
  der(0x30, hex(`0603${type}`), der(0x0c, Buffer.from(value)));
const [COMMON_NAME, ORGANIZATION] = ['550403', '55040a'];
const named = (...sets: readonly (readonly Uint8Array[])[]) =>
  parseName(der(0x30, ...sets.map((set) => der(0x31, ...set))));
const limits = (critical: boolean, range = '0a000000ff000000') => ({
  critical,
  permitted: [{ kind: 'ip', value: '', bytes: hex(range) } as const],
  excluded: [],
});

/** Fields of a TBSCertificate of version 3. */
const [VALIDITY, EXTENSIONS] = [4, 7];

/** Changes the fields of what will be signed. */
function reshaped(change: (fields: DerNode[]) => void): Pick<Draft, 'reshape'> {
  return {
    reshape: (tbs) => {
      const [node] = readTree(tbs) as [DerNode];
      change(node.children as DerNode[]);
      return writeTree(node);
    },
  };
}

const nothing: DerNode = { tag: 0x05, content: Uint8Array.of(), children: undefined };

export interface Planted {
  readonly id: string;
  readonly draft: Draft;
  readonly evidence?: string;
  /** What cannot be without it. */
  readonly more?: readonly string[];
  /** What `openssl verify -x509_strict` says to it; undefined when it is content. */
  readonly openssl?: RegExp;
}

const row = (id: string, draft: Draft, rest: Omit<Planted, 'id' | 'draft'> = {}): Planted => ({
  id,
  draft,
  ...rest,
});

const CANNOT_READ = /unable to load certificate/i;

export const planted: readonly Planted[] = [
  row('serial-short', server()),
  row('key-weak', { ...server(), key: keyOf('small', 'rsa-512') }, { evidence: '512 bits' }),
  row(
    'validity-reversed',
    { ...server(), notBefore: NOW, notAfter: NOW - DAY },
    { openssl: /certificate has expired/ },
  ),
  row(
    'issuer-empty',
    { ...server(), issuer: makeName([]) },
    { openssl: /unable to get local issuer certificate/ },
  ),
  row(
    'ca-without-key-usage',
    { ...ca(), keyUsage: undefined },
    { openssl: /CA cert does not include key usage extension/ },
  ),
  row('ca-cannot-sign', { ...ca(), keyUsage: ['digitalSignature'] }),
  row(
    'ca-without-subject',
    { ...ca(), subject: makeName([]) },
    { more: ['nameless'], openssl: /Subject name empty/ },
  ),
  row(
    'ca-without-key-id',
    { ...ca(), subjectKeyId: undefined },
    { openssl: /Missing Subject Key Identifier/ },
  ),
  row(
    'leaf-signs',
    { ...server(), keyUsage: ['keyCertSign'] },
    { openssl: /Key usage keyCertSign invalid for non-CA cert/ },
  ),
  row(
    'leaf-path-length',
    { ...server(), basicConstraints: { ca: false, pathLength: 0 } },
    { openssl: /Path length invalid for non-CA cert/ },
  ),
  row(
    'issuer-key-id-missing',
    { ...server(), authorityKeyId: undefined },
    { openssl: /Missing Authority Key Identifier/ },
  ),
  row('encipherment-on-ec', { ...server(), key: keyOf('ec') }, { evidence: 'ecdsa-p256' }),
  row(
    'nameless',
    { ...leafDraft(makeName([]), keyOf('leaf', 'rsa-2048'), root, []) },
    { openssl: /Subject name empty/ },
  ),
  row('server-without-names', { ...server(), names: undefined }),
  row('dns-trailing-dot', { ...server(), names: [san('a.example.')] }, { evidence: 'a.example.' }),
  row('dns-underscore', { ...server(), names: [san('a_b.example')] }, { evidence: 'a_b.example' }),
  row('dns-wildcard', { ...server(), names: [san('a*.example')] }, { evidence: 'a*.example' }),
  row('dns-malformed', { ...server(), names: [san('a..example')] }, { evidence: 'a..example' }),
  row(
    'server-name-not-among-names',
    { ...server(), subject: nameOf('b.example.test') },
    { evidence: 'b.example.test' },
  ),
  row(
    'common-name-twice',
    {
      ...server(),
      subject: named([attribute(COMMON_NAME, 'a')], [attribute(COMMON_NAME, 'b')]),
    },
    { evidence: 'a, b' },
  ),
  row(
    'attribute-twice',
    { ...server(), subject: named([attribute(ORGANIZATION, 'a'), attribute(ORGANIZATION, 'b')]) },
    { evidence: '2.5.4.10' },
  ),
  row('subject-part-empty', { ...server(), subject: named([], [attribute(COMMON_NAME, 'a')]) }),
  row(
    'set-unsorted',
    { ...server(), subject: named([attribute(ORGANIZATION, 'a'), attribute(COMMON_NAME, 'b')]) },
    { evidence: 'subject' },
  ),
  row(
    'names-empty',
    { ...server(), names: [] },
    { more: ['server-without-names'], openssl: /Empty Subject Alternative Name extension/ },
  ),
  row(
    'names-unread',
    { ...server(), names: [san('a.test'), { kind: 'other', tag: 0xa2, der: hex('a203820161') }] },
    { evidence: 'other[2]:a203820161' },
  ),
  row(
    'key-usage-empty',
    { ...server(), keyUsage: [] },
    { openssl: /unable to get local issuer certificate/ },
  ),
  row('extended-usage-empty', { ...server(), extendedKeyUsage: [] }),
  row('key-usage-bits', {
    ...server(),
    keyUsage: undefined,
    more: [{ oid: Oid.keyUsage, critical: true, value: hex('030200a0') }],
  }),
  row(
    'default-written',
    {
      ...server(),
      basicConstraints: undefined,
      more: [{ oid: Oid.basicConstraints, critical: true, value: hex('3003010100') }],
    },
    { evidence: 'cA' },
  ),
  row(
    'default-written',
    {
      ...server(),
      ...reshaped((fields) => {
        const [extension] = fields[EXTENSIONS]?.children?.[0]?.children?.slice(-1) ?? [];
        extension?.children?.splice(1, 0, { tag: 0x01, content: Uint8Array.of(0), children: undefined });
      }),
    },
    { evidence: `critical, of ${Oid.subjectAltName}` },
  ),
  row(
    'trailing-data',
    { ...server(), ...reshaped((fields) => void fields.push(nothing)) },
    { evidence: 'tbsCertificate', openssl: CANNOT_READ },
  ),
  row(
    'trailing-data',
    { ...server(), ...reshaped((fields) => void fields[VALIDITY]?.children?.push(nothing)) },
    { evidence: 'validity', openssl: CANNOT_READ },
  ),
  row(
    'trailing-data',
    {
      ...server(),
      keyUsage: undefined,
      more: [{ oid: Oid.keyUsage, critical: true, value: hex('030205a00500') }],
    },
    { evidence: `value of extension ${Oid.keyUsage}` },
  ),
  row(
    'unique-identifier',
    {
      ...server(),
      ...reshaped(
        (fields) =>
          void fields.splice(EXTENSIONS, 0, { tag: 0x81, content: hex('0001'), children: undefined }),
      ),
    },
    { evidence: 'issuer' },
  ),
  row('signature-parameters', { ...server(), claims: ECDSA_WITH_NULL }, { evidence: 'ECDSA-SHA256' }),
  row(
    'time-form',
    {
      ...server(),
      ...reshaped((fields) => {
        const [, notAfter] = fields[VALIDITY]?.children ?? [];
        if (notAfter) notAfter.content = Buffer.from('270101000000+0100');
      }),
    },
    { evidence: '270101000000+0100', openssl: /format error in certificate's notAfter field/ },
  ),
  row(
    'time-form',
    {
      ...server(),
      ...reshaped((fields) => {
        const [, notAfter] = fields[VALIDITY]?.children ?? [];
        if (notAfter) Object.assign(notAfter, { tag: 0x18, content: Buffer.from('20270101000000Z') });
      }),
    },
    { evidence: '20270101000000Z' },
  ),
  row(
    'ca-with-extended-usage',
    { ...ca(), extendedKeyUsage: ['serverAuth', 'clientAuth'] },
    { evidence: 'serverAuth, clientAuth' },
  ),
  row('leaf-name-constraints', { ...server(), nameConstraints: limits(true) }),
  row('name-constraints-not-critical', { ...ca(), nameConstraints: limits(false) }),
  row(
    'name-constraints-host-bits',
    { ...ca(), nameConstraints: limits(true, '0a000001ff000000') },
    { evidence: 'IP Address:10.0.0.1/8' },
  ),
  row(
    'names-not-critical',
    { ...server(), subject: makeName([]) },
    { openssl: /Subject empty and Subject Alt Name extension not critical/ },
  ),
  row(
    'unknown-critical',
    { ...server(), more: [{ oid: '1.2.3.4', critical: true, value: NULL }] },
    { evidence: '1.2.3.4', openssl: /unhandled critical extension/ },
  ),
  row(
    'ca-constraints-not-critical',
    {
      ...ca(),
      basicConstraints: undefined,
      more: [{ oid: Oid.basicConstraints, critical: false, value: hex('30030101ff') }],
    },
    { openssl: /Basic Constraints of CA cert not marked critical/ },
  ),
  row(
    'version-old',
    {
      ...server(),
      ...reshaped((fields) => {
        fields.splice(EXTENSIONS);
        fields.shift();
      }),
    },
    { evidence: 'version 1' },
  ),
];
