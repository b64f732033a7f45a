import { describe, expect, it } from 'vitest';
import { type Draft, keyOf, leafDraft, mint, nameOf, NOW, rootDraft, san } from '../../test/judges/mint.ts';
import { DAY } from '../base/index.ts';
import { FAMILIES, type Family, type JudgeRequest, judge } from './index.ts';

const root = rootDraft('KUBERNETES-CA', keyOf('root'));
const leaf = leafDraft(nameOf('kube-apiserver'), keyOf('leaf'), root, ['kubernetes', '10.96.0.1']);

/** What each says, `ok` or the code; all in one line where they agree. */
function verdicts(change: Partial<Draft>, more: Partial<JudgeRequest> = {}, rootChange: Partial<Draft> = {}) {
  const certificate = mint({ ...leaf, ...change });
  const roots = [mint({ ...root, ...rootChange })];
  const asked = { leaf: certificate, intermediates: [], roots, at: NOW, usage: 'server' as const };
  const entries = FAMILIES.map((family) => {
    const judgement = judge(family, { name: 'kubernetes', ...asked, ...more });
    if (judgement.ok === undefined) return [family, `unknown: ${judgement.reason}`];
    return [family, judgement.ok ? 'ok' : judgement.code];
  });
  return Object.fromEntries(entries) as Record<Family, string>;
}

describe('judge', () => {
  it('agrees with everybody on a chain as kubeadm makes them, but for the strict', () => {
    const { 'python-strict': strict, ...others } = verdicts({});
    expect(new Set(Object.values(others))).toEqual(new Set(['ok']));
    expect(strict).toBe('ok');
    expect(verdicts({ authorityKeyId: undefined })).toMatchObject({
      go: 'ok',
      python: 'ok',
      'python-strict': 'MISSING_AUTHORITY_KEY_IDENTIFIER',
    });
  });

  it('finds a common name where Go asks for alternative names', () => {
    const change = { names: undefined, subject: nameOf('kubernetes') };
    expect(verdicts(change)).toMatchObject({
      go: 'verify/name-mismatch',
      curl: 'ok',
      node: 'ok',
      python: 'ok',
    });
    expect(verdicts({ names: [san('10.96.0.1')], subject: nameOf('kubernetes') })).toMatchObject({
      curl: 'PEER_FAILED_VERIFICATION',
      node: 'ok',
      python: 'ok',
    });
  });

  it('takes names for the same that differ in bytes only, where Go does not', () => {
    const issuer = nameOf('kubernetes-ca');
    expect(verdicts({ issuer })).toMatchObject({ go: 'verify/unknown-authority', curl: 'ok', python: 'ok' });
  });

  it('takes the last second for over, where Go does not', () => {
    const names = { go: 'ok', openssl: 'CERT_HAS_EXPIRED', node: 'CERT_HAS_EXPIRED' };
    expect(verdicts({ notAfter: NOW })).toMatchObject(names);
  });

  it('ends a chain in an intermediate for curl and strict Python only, and for Go', () => {
    const [partial, whole] = ['ok', 'UNABLE_TO_GET_ISSUER_CERT'];
    const inner = { issuer: nameOf('somebody'), signedBy: keyOf('somebody') };
    expect(verdicts({}, {}, inner)).toEqual({
      go: partial,
      openssl: whole,
      curl: partial,
      node: whole,
      python: whole,
      'python-strict': partial,
      java: partial,
    });
  });

  it('tells the last error for Node and the first for others', () => {
    const stranger = { signedBy: keyOf('else'), issuer: nameOf('else') };
    expect(verdicts({ ...stranger, notAfter: NOW - DAY })).toMatchObject({
      openssl: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
      curl: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
      node: 'CERT_HAS_EXPIRED',
    });
    expect(verdicts(stranger).node).toBe('UNABLE_TO_VERIFY_LEAF_SIGNATURE');
  });

  it('says unknown, with the reason, where the verdict hangs on what it does not read', () => {
    const more = [{ oid: '2.16.840.1.113730.1.1', critical: false, value: Uint8Array.of(3, 2, 6, 64) }];
    const { go, ...others } = verdicts({ more });
    expect(go).toBe('ok');
    expect(new Set(Object.values(others))).toEqual(new Set(['unknown: the extension nsCertType']));
    expect(verdicts({}, { usage: 'client', name: '' }).curl).toBe('unknown: a server of this family');
    expect(verdicts({}, { name: 'ma ster' }).python).toMatch(/^unknown: the name "ma ster"/);
  });
});
