/** What can be wrong with a chain: each row changes drafts before anything is signed. */
import { DAY, HOUR, type Instant } from '../../src/base/index.ts';
import type { Usage } from '../../src/verify/index.ts';
import {
  type GeneralName,
  type NameConstraints,
  parseName,
  type PublicKey,
  publicKeyFromSpki,
} from '../../src/x509/index.ts';
import { type Draft, intermediateDraft, keyOf, nameOf, NOW, rootDraft, san } from '../judges/mint.ts';

export interface Scene {
  /** From the root down; the last one issues the leaf. */
  authorities: Draft[];
  leaf: Draft;
  sent: Draft[];
  trusted: Draft[];
  at: Instant;
  usage: Usage;
  name: string;
}

/** Draws one of several. */
export type Draw = <T>(values: readonly T[]) => T;

const OTHER_NAMES = [
  '10.0.0.99',
  'api.example.test',
  'kubernetes.default.svc.cluster.local',
  'fd00::1',
  '[::1]',
  '::ffff:10.0.0.10',
  'KUBERNETES',
  'master.',
  'master..',
  '*.hooks.svc',
  'a.b.hooks.svc',
  'hooks.svc',
  '-x',
  '_srv',
  'ma ster',
  'fd00:0:0:1::',
  '010.0.0.1',
  '::1%lo',
  'é.test',
  '10.0.0.10.',
];

const ip = (text: string): GeneralName => {
  const [address = '', bits = '0'] = text.split('/');
  const name = san(address);
  if (name.kind !== 'ip') throw new TypeError(text);
  const mask = name.bytes.map((_, i) => 0xff & ~(0xff >> Math.min(8, Math.max(0, Number(bits) - 8 * i))));
  return { kind: 'ip', value: text, bytes: Uint8Array.of(...name.bytes, ...mask) };
};
const dns = (value: string): GeneralName => ({ kind: 'dns', value });
const email = (value: string): GeneralName => ({ kind: 'email', value });
const uri = (value: string): GeneralName => ({ kind: 'uri', value });

const CONSTRAINTS: readonly Omit<NameConstraints, 'critical'>[] = [
  { permitted: [dns('svc'), dns('default')], excluded: [] },
  { permitted: [dns('.svc'), dns('kubernetes'), dns('master')], excluded: [] },
  { permitted: [], excluded: [dns('default.svc'), dns('DEFAULT.svc'), dns('a.default.svc')] },
  { permitted: [], excluded: [dns('')] },
  { permitted: [ip('10.96.0.0/12'), ip('127.0.0.0/8')], excluded: [] },
  { permitted: [ip('10.0.0.1/8')], excluded: [] },
  { permitted: [], excluded: [ip('10.0.0.0/24'), ip('10.0.0.0/8'), ip('::/1')] },
  { permitted: [email('example.test'), email('a@b.test')], excluded: [uri('.svc')] },
  { permitted: [uri('cluster.local')], excluded: [email('.x.test')] },
];

const ODD_NAMES: readonly GeneralName[] = [
  uri('spiffe://cluster.local/ns/default/sa/x'),
  uri('https://User:p%40w@10.0.0.1:443/a b?q#f'),
  uri('urn:uuid:1'),
  uri('https://[::1]/'),
  uri('HTTPS://a.cluster.local:8443/%7e?x=%20'),
  email('root@Example.test'),
  email('"a b"@x.test'),
  email('nobody'),
  email('a@b.test'),
  dns('bad..name'),
  dns('ok.svc.'),
];

/** OID of an extension that nobody knows. */
const UNKNOWN = { oid: '1.3.6.1.4.1.99999.1', critical: true, value: Uint8Array.of(5, 0) };
const algorithm = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'));
const CLAIMS = [
  algorithm('300d06092a864886f70d0101050500'), // sha1WithRSAEncryption
  algorithm('300d06092a864886f70d0101040500'), // md5WithRSAEncryption
  algorithm('300d06092a864886f70d0101020500'), // md2WithRSAEncryption
  algorithm('300d06092a864886f70d01010b0500'), // sha256WithRSAEncryption
  algorithm('300906072a8648ce3d0401'), // ecdsa-with-SHA1
  algorithm('300a06082a8648ce3d040302'), // ecdsa-with-SHA256
  algorithm('300506032b6570'), // Ed25519
  algorithm('300b0609608648016503040302'), // dsa-with-sha256
];

/** certificatePolicies with one policy, and policyConstraints that ask for policies at once. */
const POLICY = { oid: '2.5.29.32', critical: false, value: algorithm('3006300406022a03') };
const EXPLICIT = { oid: '2.5.29.36', critical: true, value: algorithm('3003800100') };

/** RSA key of these numbers, content octets of INTEGERs in hexadecimal. */
function rsaKey(modulus: string, exponent: string): PublicKey {
  const element = (tag: string, content: string) => {
    const length = content.length / 2;
    return `${tag}82${length.toString(16).padStart(4, '0')}${content}`;
  };
  const short = `02${(exponent.length / 2).toString(16).padStart(2, '0')}${exponent}`;
  const key = element('30', element('02', modulus) + short);
  const spki = element('30', `300d06092a864886f70d0101010500${element('03', `00${key}`)}`);
  return publicKeyFromSpki(new Uint8Array(Buffer.from(spki, 'hex')));
}

const issuerOf = (scene: Scene): Draft => scene.authorities.at(-1)!;

type Fault = (scene: Scene, pick: Draw) => void;

export const FAULTS: Readonly<Record<string, Fault>> = {
  none: () => {},
  'leaf expired': ({ leaf }, pick) => {
    leaf.notAfter = NOW - pick([1_000, HOUR, 10 * DAY]);
  },
  'leaf not yet valid': ({ leaf }, pick) => {
    leaf.notBefore = NOW + pick([1_000, HOUR, DAY]);
  },
  'leaf at its last second': ({ leaf }) => {
    leaf.notAfter = NOW;
  },
  'authority expired': ({ authorities }, pick) => {
    pick(authorities).notAfter = NOW - DAY;
  },
  'authority not yet valid': ({ authorities }, pick) => {
    pick(authorities).notBefore = NOW + DAY;
  },
  'another time': (scene, pick) => {
    scene.at = NOW + pick([400 * DAY, -50 * DAY, 4_000 * DAY, 500]);
  },
  'another name': (scene, pick) => {
    scene.name = pick(OTHER_NAMES);
  },
  'another usage': (scene, pick) => {
    scene.usage = pick(['server', 'client', 'any']);
  },
  'no alternative names': ({ leaf }) => {
    leaf.names = undefined;
  },
  'name only in the subject': (scene) => {
    scene.leaf.names = undefined;
    scene.leaf.subject = nameOf(scene.name || 'x');
  },
  'many names': ({ leaf }, pick) => {
    leaf.names = Array.from({ length: pick([99, 100, 130]) }, (_, i) =>
      pick([dns(`n${i}.svc`), san(`10.9.0.${i}`)]),
    );
  },
  'odd names': ({ leaf }, pick) => {
    leaf.names = [...(leaf.names ?? []), pick(ODD_NAMES), pick(ODD_NAMES)];
  },
  'usages of the leaf': ({ leaf }, pick) => {
    leaf.extendedKeyUsage = pick([
      undefined,
      ['any'],
      ['codeSigning'],
      ['1.2.3.4'],
      ['clientAuth', 'serverAuth'],
    ]);
  },
  'usages of an authority': ({ authorities }, pick) => {
    pick(authorities).extendedKeyUsage = pick([['serverAuth'], ['clientAuth'], ['ocspSigning'], ['any']]);
  },
  'authority is none': ({ authorities }, pick) => {
    pick(authorities).basicConstraints = pick([undefined, { ca: false, pathLength: undefined }]);
  },
  'authority may not sign': ({ authorities }, pick) => {
    pick(authorities).keyUsage = pick([['digitalSignature'], ['cRLSign'], undefined]);
  },
  'path length': ({ authorities }, pick) => {
    pick(authorities).basicConstraints = { ca: true, pathLength: pick([0, 0, 1]) };
  },
  'unknown critical extension': (scene, pick) => {
    pick([scene.leaf, ...scene.authorities]).more = [UNKNOWN];
  },
  'intermediates not sent': (scene) => {
    scene.sent = [];
  },
  'root not trusted': (scene) => {
    scene.trusted = [];
  },
  'another authority of the same name': (scene, pick) => {
    const wrong = { ...pick(scene.authorities), key: keyOf('impostor') };
    scene.trusted = pick([[wrong], [wrong, ...scene.trusted], [...scene.trusted, wrong]]);
  },
  'authority of another name': (scene) => {
    scene.trusted = [rootDraft('somebody else', keyOf('else'))];
  },
  'another key id': (scene, pick) => {
    pick([scene.leaf, ...scene.authorities]).authorityKeyId = pick([undefined, Uint8Array.of(1, 2, 3)]);
  },
  tampered: (scene, pick) => {
    pick([scene.leaf, ...scene.authorities]).tampered = true;
  },
  'claimed algorithm': (scene, pick) => {
    pick([scene.leaf, ...scene.authorities]).claims = pick(CLAIMS);
  },
  'short RSA key': (scene, pick) => {
    const small = keyOf('small', 'rsa-512');
    if (pick([true, false])) scene.leaf.key = small;
    else {
      const issuer = issuerOf(scene);
      issuer.key = small;
      scene.leaf.signedBy = small;
      if (scene.authorities.length === 1) issuer.signedBy = small;
    }
  },
  'odd RSA numbers': (scene, pick) => {
    const issuer = issuerOf(scene);
    const real = keyOf('odd', 'rsa-2048');
    const hex = Buffer.from(real.publicKey.spki).toString('hex');
    const modulus = hex.slice(hex.indexOf('02820101') + 8, -10);
    const even = `${modulus.slice(0, -1)}8`;
    const [n, e] = pick([
      [even, '010001'],
      [modulus, '01'],
      [modulus, '02'],
      [modulus, '010000'],
      [modulus, '0100000001'],
      [modulus, '03'],
    ]);
    issuer.key = { ...real, publicKey: rsaKey(n, e) };
    scene.leaf.signedBy = real;
    if (scene.authorities.length === 1) issuer.signedBy = real;
  },
  'name constraints': (scene, pick) => {
    pick(scene.authorities).nameConstraints = { ...pick(CONSTRAINTS), critical: pick([true, false]) };
  },
  policies: (scene, pick) => {
    for (const draft of [scene.leaf, ...scene.authorities])
      if (pick([true, true, false])) draft.more = [POLICY];
    const strict = pick(scene.authorities);
    strict.more = [...strict.more.filter((extension) => extension !== EXPLICIT), EXPLICIT];
  },
  'leaf is an anchor': (scene, pick) => {
    scene.trusted = pick([[scene.leaf], [scene.leaf, ...scene.trusted]]);
  },
  'self-signed leaf': ({ leaf }) => {
    leaf.issuer = leaf.subject;
    leaf.signedBy = leaf.key;
  },
  'intermediate is the anchor': (scene) => {
    scene.trusted = [issuerOf(scene)];
  },
  'cross-signed': (scene, pick) => {
    const [root] = scene.authorities;
    const old = rootDraft('old root', keyOf('old'));
    if (!root) return;
    const cross = intermediateDraft('x', root.key, old);
    scene.sent.push({ ...cross, subject: root.subject, notAfter: pick([cross.notAfter, NOW - DAY]) });
    scene.trusted = pick([[old], [old, ...scene.trusted], [...scene.trusted, old]]);
  },
  'signed in a circle': (scene) => {
    const [root] = scene.authorities;
    const friend = rootDraft('friend', keyOf('friend'));
    if (!root) return;
    scene.sent.push(
      { ...root, issuer: friend.subject, signedBy: friend.key },
      { ...friend, issuer: root.subject, signedBy: root.key },
    );
    scene.trusted = [];
  },
  'names as UTF8String': ({ leaf }) => {
    const der = Buffer.from(leaf.issuer.der);
    for (let at = der.indexOf('0603550403', 0, 'hex'); at >= 0; at = der.indexOf('0603550403', at + 1, 'hex'))
      der[at + 5] = 0x0c;
    leaf.issuer = parseName(new Uint8Array(der));
  },
  'a crowd of candidates': (scene, pick) => {
    const issuer = issuerOf(scene);
    const crowd = Array.from({ length: pick([40, 99, 120]) }, (_, i) => ({
      ...issuer,
      key: keyOf(`crowd ${i % 3}`),
      notAfter: issuer.notAfter + i * DAY,
    }));
    scene.trusted = pick([
      [...crowd, ...scene.trusted],
      [...scene.trusted, ...crowd],
    ]);
  },
  'odd subject of the authority': (scene, pick) => {
    const name = pick([nameOf('quote " back \\ bell \u0007'), nameOf('zero\u200bwidth\u00a0ä')]);
    const [root] = scene.authorities;
    if (!root) return;
    for (const draft of [...scene.authorities, scene.leaf])
      if (draft.issuer === root.subject) draft.issuer = name;
    scene.trusted = [{ ...root, subject: name, key: keyOf('impostor') }];
  },
};
