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
} from '../../test/judges/mint.ts';
import { DAY } from '../base/index.ts';
import { createPool, type SignatureOracle, verifyChain, type VerifyRequest } from './index.ts';

const root = rootDraft('KUBERNETES-CA', keyOf('root'));
const leaf = leafDraft(nameOf('kube-apiserver'), keyOf('leaf'), root, ['kubernetes', '10.96.0.1']);
const rootCertificate = mint(root);

function verify(draft: Draft, more: Partial<VerifyRequest> = {}): string {
  const request = { intermediates: [], roots: [rootCertificate], at: NOW, usage: 'server' as const, ...more };
  const answer = verifyChain({ leaf: mint(draft), name: 'kubernetes', ...request });
  return answer.ok ? `chains of ${answer.chains.map((chain) => chain.length).join(', ')}` : answer.code;
}

describe('verifyChain', () => {
  it("tells the leaf's dates before its name, and its name before its authority", () => {
    const stranger = { ...leaf, signedBy: keyOf('else') };
    expect(verify({ ...stranger, notAfter: NOW - DAY }, { name: 'x' })).toBe('verify/expired');
    expect(verify({ ...stranger, notBefore: NOW + DAY }, { name: 'x' })).toBe('verify/not-yet-valid');
    expect(verify(stranger, { name: 'x' })).toBe('verify/name-mismatch');
    expect(verify(stranger)).toBe('verify/unknown-authority');
    expect(verify(leaf)).toBe('chains of 2');
  });

  it('takes both ends of a validity as inside', () => {
    const brief = { ...leaf, notBefore: NOW, notAfter: NOW };
    expect(verify(brief)).toBe('chains of 2');
    expect(verify(brief, { at: NOW + 1 })).toBe('verify/expired');
    expect(verify(brief, { at: NOW - 1 })).toBe('verify/not-yet-valid');
  });

  it('takes a leaf that is an anchor, whoever signed it, but not for another usage', () => {
    const own = mint({ ...leaf, signedBy: keyOf('else') });
    const asked = { leaf: own, intermediates: [], roots: [own], at: NOW };
    expect(verifyChain({ ...asked, usage: 'server' })).toEqual({ ok: true, chains: [[own]] });
    expect(verifyChain({ ...asked, usage: 'client' })).toMatchObject({ code: 'verify/usage' });
  });

  it("finds every chain, the old root's and the new root's", () => {
    const next = rootDraft('KUBERNETES-CA', keyOf('next'));
    const cross = mint({ ...intermediateDraft('x', next.key, root), subject: next.subject });
    const renewed = leafDraft(nameOf('kube-apiserver'), keyOf('leaf'), next, ['kubernetes']);
    expect(verify(renewed)).toBe('verify/unknown-authority');
    expect(verify(renewed, { intermediates: [cross] })).toBe('chains of 3');
    const both = [rootCertificate, mint(next)];
    expect(verify(renewed, { intermediates: [cross], roots: both })).toBe('chains of 2, 3');
    expect(verify(renewed, { roots: [cross] }), 'an anchor need not be self-signed').toBe('chains of 2');
  });

  it('gives up after a hundred candidates', () => {
    const crowd = Array.from({ length: 120 }, (_, i) => mint({ ...root, key: keyOf(`crowd ${i % 2}`) }));
    expect(verify(leaf, { roots: [...crowd.slice(0, 99), rootCertificate] })).toBe('chains of 2');
    expect(verify(leaf, { roots: crowd })).toBe('verify/signature-budget');
  });

  it('asks the oracle that it is given', () => {
    const asked: string[] = [];
    const oracle: SignatureOracle = (child, parent) => {
      asked.push(`${child.subject.rdns.length} ${parent.subject.rdns.length}`);
      return undefined;
    };
    expect(verify({ ...leaf, tampered: true }, { checkSignature: oracle })).toBe('chains of 2');
    expect(asked).toEqual(['1 1']);
  });
});

describe('createPool', () => {
  it('keeps the pool of an array, and each certificate once', () => {
    const certificates = [rootCertificate, mint(root), rootCertificate];
    const pool = createPool(certificates);
    expect(createPool(certificates)).toBe(pool);
    expect(pool.certificates).toEqual(certificates.slice(0, 2));
    expect(pool.contains(mint(leaf))).toBe(false);
    expect(pool.contains(rootCertificate)).toBe(true);
  });

  it('puts the parents first whose key id is the one that the child names', () => {
    const withId = (id: readonly number[] | undefined) =>
      mint({ ...root, subjectKeyId: id && Uint8Array.from(id) });
    const [other, none, right] = [withId([1]), withId(undefined), withId([2])];
    const child = mint({ ...leaf, authorityKeyId: Uint8Array.of(2) });
    expect(createPool([other, none, right]).parentsOf(child)).toEqual([right, none, other]);
    const silent = mint({ ...leaf, authorityKeyId: undefined });
    expect(createPool([other, none, right]).parentsOf(silent)).toEqual([none, other, right]);
  });
});
