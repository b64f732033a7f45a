import { describe, expect, it } from 'vitest';
import {
  type Draft,
  intermediateDraft,
  keyOf,
  leafDraft,
  mint,
  nameOf,
  NOW,
  rootDraft,
} from '../../../test/judges/mint.ts';
import { DAY } from '../../base/index.ts';
import { type Certificate, commonName, makeName } from '../../x509/index.ts';
import { diagnose, type NearMiss, verifyChain, type VerifyRequest } from '../index.ts';

const root = rootDraft('KUBERNETES-CA', keyOf('near root'));
const issuing = intermediateDraft('issuing', keyOf('near issuing'), root);
const leafBelow = (parent: Draft, names: readonly string[] = ['a.test']) =>
  leafDraft(nameOf('leaf'), keyOf('near leaf'), parent, names);

function ask(request: Partial<VerifyRequest> & { leaf: Certificate }, others?: readonly Certificate[]) {
  const whole: VerifyRequest = {
    intermediates: [],
    roots: [mint(root)],
    at: NOW,
    usage: 'server',
    ...request,
  };
  const answer = verifyChain(whole);
  if (answer.ok) throw new Error('it was not refused');
  const { closest, anchored, misses } = diagnose(whole, answer, others);
  return {
    code: answer.code,
    closest: closest.map(({ subject }) => commonName(subject)),
    anchored,
    misses: misses.map(plain),
  };
}

/** Certificates by their names. */
function plain(miss: NearMiss): object {
  return Object.fromEntries(
    Object.entries(miss).map(([key, value]) => {
      const named = typeof value === 'object' && value !== null && 'subject' in value;
      return [key, named ? commonName((value as Certificate).subject) : (value as unknown)];
    }),
  );
}

describe('a chain that ends too early', () => {
  it('an issuer that nobody gave', () => {
    expect(ask({ leaf: mint(leafBelow(issuing)) })).toEqual({
      code: 'verify/unknown-authority',
      closest: ['leaf'],
      anchored: false,
      misses: [{ kind: 'missing-issuer', certificate: 'leaf' }],
    });
  });

  it('the missing one is named at the end of what there is', () => {
    const lower = intermediateDraft('lower', keyOf('near lower'), issuing);
    const found = ask({ leaf: mint(leafBelow(lower)), intermediates: [mint(lower)] });
    expect(found.closest).toEqual(['leaf', 'lower']);
    expect(found.misses).toEqual([{ kind: 'missing-issuer', certificate: 'lower' }]);
  });

  it('a root that was sent, and is not trusted', () => {
    const other = rootDraft('other', keyOf('near other'));
    const found = ask({ leaf: mint(leafBelow(other)), intermediates: [mint(other)] });
    expect(found.closest).toEqual(['leaf', 'other']);
    expect(found.misses).toEqual([{ kind: 'untrusted-root', certificate: 'other' }]);
  });

  it('a leaf that signs itself', () => {
    const self = { ...leafBelow(root), issuer: nameOf('leaf'), signedBy: keyOf('near leaf') };
    expect(ask({ leaf: mint(self) }).misses).toEqual([{ kind: 'untrusted-root', certificate: 'leaf' }]);
  });

  it('the one that would fit was at hand, in no pool', () => {
    const found = ask({ leaf: mint(leafBelow(issuing)) }, [mint(root), mint(issuing)]);
    expect(found.misses).toEqual([{ kind: 'elsewhere', certificate: 'leaf', candidate: 'issuing' }]);
  });
});

describe('an authority that is nearly the issuer', () => {
  const anew = rootDraft('KUBERNETES-CA', keyOf('near anew'));

  it('the same name with another key: it was made anew', () => {
    const found = ask({ leaf: mint(leafBelow(anew)) });
    expect(found.misses).toEqual([
      { kind: 'other-key', certificate: 'leaf', candidate: 'KUBERNETES-CA', sameKeyId: false },
    ]);
  });

  it('without key ids only the signature tells', () => {
    const mute = { ...anew, subjectKeyId: undefined };
    const found = ask({ leaf: mint(leafBelow(root)), roots: [mint(mute)] });
    expect(found.misses).toMatchObject([{ kind: 'other-key', sameKeyId: undefined }]);
  });

  it('the same key with another name', () => {
    const renamed = { ...root, subject: nameOf('K8S-CA'), issuer: nameOf('K8S-CA') };
    expect(ask({ leaf: mint(leafBelow(root)), roots: [mint(renamed)] }).misses).toEqual([
      { kind: 'other-name', certificate: 'leaf', candidate: 'K8S-CA', looksEqual: false },
    ]);
  });

  it('the same key, and a name that only looks the same', () => {
    const subject = makeName([
      { type: 'O', value: 'x' },
      { type: 'CN', value: 'KUBERNETES-CA' },
    ]);
    const turned = makeName([
      { type: 'CN', value: 'KUBERNETES-CA' },
      { type: 'O', value: 'x' },
    ]);
    const issuer = { ...root, subject };
    const found = ask({
      leaf: mint(leafBelow(issuer)),
      roots: [mint({ ...root, subject: turned, issuer: turned })],
    });
    expect(found.misses).toMatchObject([{ kind: 'other-name', looksEqual: true }]);
  });

  it.each([
    ['no-authority', { basicConstraints: { ca: false, pathLength: undefined } }],
    ['key-usage', { keyUsage: ['cRLSign'] }],
  ] as const)('it may not sign: %s', (why, change) => {
    const found = ask({ leaf: mint(leafBelow(root)), roots: [mint({ ...root, ...change })] });
    expect(found.misses).toMatchObject([{ kind: 'cannot-sign', candidate: 'KUBERNETES-CA', why }]);
  });

  it('a path length that is used up', () => {
    const narrow = { ...root, basicConstraints: { ca: true, pathLength: 0 } };
    const found = ask({
      leaf: mint(leafBelow(issuing)),
      intermediates: [mint(issuing)],
      roots: [mint(narrow)],
    });
    expect(found).toMatchObject({
      code: 'verify/path-length',
      closest: ['leaf', 'issuing', 'KUBERNETES-CA'],
      misses: [
        { kind: 'cannot-sign', candidate: 'KUBERNETES-CA', certificate: 'issuing', why: 'path-length' },
      ],
    });
  });

  it('a key that is too weak to count', () => {
    const weak = rootDraft('weak', keyOf('near weak', 'rsa-512'));
    const found = ask({ leaf: mint(leafBelow(weak)), roots: [mint(weak)] });
    expect(found.misses).toMatchObject([{ kind: 'cannot-sign', why: 'algorithm' }]);
  });
});

describe('a whole chain that is refused', () => {
  const leaf = mint(leafBelow(root));

  it('its dates, from both sides', () => {
    const late = ask({ leaf, at: NOW + 400 * DAY });
    expect(late).toMatchObject({
      anchored: true,
      misses: [{ kind: 'date', certificate: 'leaf', side: 'after' }],
    });
    const early = ask({ leaf, at: NOW - 20 * DAY });
    expect(early.misses).toEqual([{ kind: 'date', certificate: 'leaf', side: 'before' }]);
  });

  it('an authority that has ended', () => {
    const ended = mint({ ...root, notAfter: NOW - DAY });
    expect(ask({ leaf, roots: [ended] }).misses).toEqual([
      { kind: 'date', certificate: 'KUBERNETES-CA', side: 'after' },
    ]);
  });

  it('its usage', () => {
    expect(ask({ leaf, usage: 'client' }).misses).toEqual([
      { kind: 'usage', certificate: 'leaf', wanted: 'clientAuth', listed: ['serverAuth'] },
    ]);
  });

  it('the constraints of the authority that has them, not of the others', () => {
    const only = { critical: true, permitted: [{ kind: 'dns', value: 'b.test' }], excluded: [] } as const;
    const narrow = { ...issuing, nameConstraints: only };
    const found = ask({ leaf: mint(leafBelow(narrow)), intermediates: [mint(narrow)] });
    expect(found.misses).toEqual([
      {
        kind: 'constraint',
        certificate: 'leaf',
        authority: 'issuing',
        detail: 'DNS name "a.test" is not permitted by any constraint',
      },
    ]);
  });

  it('an extension that Go does not know', () => {
    const odd = { oid: '1.2.3.4', critical: true, value: Uint8Array.of(5, 0) };
    expect(ask({ leaf: mint({ ...leafBelow(root), more: [odd] }) }).misses).toEqual([
      { kind: 'critical-extension', certificate: 'leaf', oids: ['1.2.3.4'] },
    ]);
  });

  it('everything at once, what Go tells first', () => {
    const found = ask({
      leaf: mint(leafBelow(issuing)),
      usage: 'client',
      name: 'b.test',
      at: NOW + 400 * DAY,
    });
    expect(found.code).toBe('verify/expired');
    expect(found.misses.map((miss) => (miss as NearMiss).kind)).toEqual([
      'date',
      'name',
      'missing-issuer',
      'usage',
    ]);
    const named = ask({ leaf: mint(leafBelow(issuing)), name: 'b.test' });
    expect(named.misses.map((miss) => (miss as NearMiss).kind)).toEqual(['name', 'missing-issuer']);
  });
});
