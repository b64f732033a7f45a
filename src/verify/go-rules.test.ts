/** What changes for a cluster when its Kubernetes does: each row was run on the Go of both releases. */
import { describe, expect, it } from 'vitest';
import {
  type Draft,
  intermediateDraft,
  keyOf,
  leafDraft,
  mint,
  mintDer,
  nameOf,
  NOW,
  rootDraft,
} from '../../test/judges/mint.ts';
import { DAY, expectedFailure } from '../base/index.ts';
import { type GeneralName, parseCertificateBy } from '../x509/index.ts';
import { goRules, parseRefusal, verifyChain } from './index.ts';

const bytes = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'));
const dns = (value: string): GeneralName => ({ kind: 'dns', value });
const root = () => rootDraft('KUBERNETES-CA', keyOf('root'));
const leafOf = (authority: Draft, names = ['kubernetes']) =>
  leafDraft(nameOf('kube-apiserver'), keyOf('leaf'), authority, names);

/** The answer of each release, 1.31 first. */
function answers(authority: Draft, leaf: Draft, name = 'kubernetes'): string[] {
  const [certificate, trusted] = [mint(leaf), mint(authority)];
  const request = { intermediates: [], roots: [trusted], at: NOW, usage: 'server', name } as const;
  return [31, 32, 33, 34, 35, 36, 37].map((minor) => {
    const answer = verifyChain({ ...request, leaf: certificate, rules: goRules(minor) });
    return answer.ok ? 'ok' : answer.error.replace(/^x509: /, '');
  });
}

function each<T>(...runs: readonly (readonly [T, number])[]): T[] {
  return runs.flatMap(([text, times]) => Array.from({ length: times }, () => text));
}

const unknown = (reason: string) =>
  `certificate signed by unknown authority (possibly because of "${reason}" while trying to verify candidate authority certificate "KUBERNETES-CA")`;
const unauthorized = (detail: string) =>
  `a root or intermediate certificate is not authorized to sign for this name: ${detail}`;

describe('from Kubernetes 1.31 to 1.37', () => {
  it('an RSA authority of less than 1024 bits is refused since 1.33', () => {
    const authority = rootDraft('KUBERNETES-CA', keyOf('small', 'rsa-512'));
    const reason =
      'crypto/rsa: 512-bit keys are insecure (see https://go.dev/pkg/crypto/rsa#hdr-Minimum_key_size)';
    expect(answers(authority, leafOf(authority))).toEqual(each(['ok', 2], [unknown(reason), 5]));
  });

  it('policies are understood since 1.32, and their text changed with 1.36', () => {
    const authority = root();
    authority.more = [{ oid: '2.5.29.36', critical: true, value: bytes('3003800100') }];
    const leaf = leafOf(authority);
    expect(answers(authority, leaf)).toEqual(
      each(
        ['unhandled critical extension', 1],
        ['ok', 6], // an anchor's own policies are not looked at
      ),
    );
    leaf.more = authority.more;
    expect(answers(root(), leaf)).toEqual(
      each(
        ['unhandled critical extension', 1],
        ['no valid chains built: all candidate chains have invalid policies', 4],
        ['no valid chains built: 1 candidate chains with invalid policies', 2],
      ),
    );
  });

  it('SHA-1 can no longer be switched on since 1.32', () => {
    const leaf = leafOf(root());
    leaf.claims = bytes('300906072a8648ce3d0401');
    const reason = 'x509: cannot verify signature: insecure algorithm ECDSA-SHA1';
    const before = `${reason} (temporarily override with GODEBUG=x509sha1=1)`;
    expect(answers(root(), leaf)).toEqual(each([unknown(before), 1], [unknown(reason), 6]));
  });

  it('a hundred names are only counted since 1.32', () => {
    const names = Array.from({ length: 100 }, (_, i) => `n${i}`);
    const texts = answers(root(), leafOf(root(), names), 'x');
    const counted = 'certificate is valid for 100 names, but none matched x';
    expect(texts).toEqual(each([`certificate is valid for ${names.join(', ')}, not x`, 1], [counted, 6]));
  });

  it('a wildcard is excluded with what it may stand for since 1.32', () => {
    const authority = root();
    authority.nameConstraints = { critical: true, permitted: [], excluded: [dns('a.svc')] };
    const refused = unauthorized('DNS name "*.svc" is excluded by constraint "a.svc"');
    expect(answers(authority, leafOf(authority, ['*.svc']), 'b.svc')).toEqual(each(['ok', 1], [refused, 6]));
  });

  it('name constraints come before usages until 1.35, and name the first constraint, not the widest', () => {
    const authority = root();
    authority.nameConstraints = { critical: true, permitted: [], excluded: [dns('a.svc'), dns('svc')] };
    const leaf = { ...leafOf(authority, ['a.svc']), extendedKeyUsage: ['clientAuth'] };
    expect(answers(authority, leaf, 'a.svc')).toEqual(
      each(
        [unauthorized('DNS name "a.svc" is excluded by constraint "a.svc"'), 5],
        ['certificate specifies an incompatible key usage', 2],
      ),
    );
    const server = leafOf(authority, ['a.svc']);
    expect(answers(authority, server, 'a.svc')).toEqual(
      each(
        [unauthorized('DNS name "a.svc" is excluded by constraint "a.svc"'), 5],
        [unauthorized('DNS name "a.svc" is excluded by constraint "svc"'), 2],
      ),
    );
  });

  it('a range with host bits covers all of its addresses until 1.35', () => {
    const authority = root();
    const range = (text: string, hex: string): GeneralName => ({
      kind: 'ip',
      value: text,
      bytes: bytes(hex),
    });
    authority.nameConstraints = {
      critical: true,
      permitted: [range('10.96.0.1/32', '0a600001ffffffff'), range('10.96.5.5/12', '0a600505fff00000')],
      excluded: [],
    };
    const leaf = leafOf(authority, ['10.96.0.2']);
    const refused = unauthorized('IP address "10.96.0.2" is not permitted by any constraint');
    expect(answers(authority, leaf, '10.96.0.2')).toEqual(each(['ok', 5], [refused, 2]));
  });

  it('a better chain is searched for beside one that breaks a constraint', () => {
    const old = { ...root(), nameConstraints: { critical: true, permitted: [dns('other')], excluded: [] } };
    const cross = intermediateDraft('x', root().key, rootDraft('old root', keyOf('old')));
    const sent = { ...cross, subject: root().subject, notAfter: NOW + DAY };
    const request = {
      leaf: mint(leafOf(root())),
      intermediates: [mint(sent)],
      roots: [mint(old), mint(rootDraft('old root', keyOf('old')))],
      at: NOW,
      usage: 'server',
    } as const;
    for (const minor of [35, 37]) {
      expect(verifyChain({ ...request, rules: goRules(minor) }), `1.${minor}`).toMatchObject({ ok: true });
    }
  });

  it('a certificate with an odd host is read until 1.35, one with a negative serial number by 1.31 only', () => {
    const read = (draft: Draft) =>
      [31, 32, 33, 34, 35, 36, 37].map((minor) => {
        try {
          return parseCertificateBy(mintDer(draft), goRules(minor)).subjectAltNames?.at(-1);
        } catch (error) {
          return parseRefusal(expectedFailure(error), goRules(minor)).replace(/^x509: /, '');
        }
      });
    const odd = leafOf(root());
    for (const [value, port] of [
      ['http://::1/', '::1'],
      ['http://a:b:80/', ':b:80'],
      ['https://10.0.0.1:1:2', ':1:2'],
    ] as const) {
      const uri: GeneralName = { kind: 'uri', value };
      odd.names = [uri];
      const reason = `cannot parse URI "${value}": parse "${value}": invalid port "${port}" after host`;
      expect(read(odd)).toEqual(each<unknown>([uri, 5], [reason, 2]));
    }
    const negative = leafOf(root(), ['a']);
    negative.reshape = (tbs) => bytes(Buffer.from(tbs).toString('hex').replace('020401', '020481'));
    expect(read(negative)).toEqual(each<unknown>([dns('a'), 1], ['negative serial number', 6]));
  });

  it('a release that is not known is as the nearest one', () => {
    expect(goRules(40)).toBe(goRules(37));
    expect(goRules(12)).toBe(goRules(31));
  });
});
