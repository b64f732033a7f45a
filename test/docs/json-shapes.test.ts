/** The JSON that commands really print, held against the shapes of the manual, key by key, both ways. */
import { chmodSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jsonShapes, type Shape } from '../../scripts/json-shapes.mjs';
import { clusterFile } from '../support/loopback-cluster.ts';
import { type Ran, type Scratch, scratch } from '../support/kubetls.ts';
import { CRL, CRL_ISSUER } from '../support/revocation-list.ts';
import { verifyBatch } from '../support/verify-batch.ts';
import { createRequest, signerFor, systemKeys, writePem } from '../../src/index.ts';

let here: Scratch;
beforeAll(async () => {
  here = await scratch();
  writeFileSync(join(here.directory, 'kubetls.yaml'), clusterFile());
});
afterAll(() => here.remove());

describe('JSON output is as docs/cli.md says', () => {
  it('init', () => {
    expectShape('init', here.kubetls('-f', 'other.yaml', 'init', '-o', 'json'));
  });

  it('plan, when there is something to do', () => {
    const plan = expectShape('plan', here.kubetls('plan', '-o', 'json'));
    expect(plan).toMatchObject({ summary: { keep: 0 } });
    expect(existsSync(join(here.directory, 'kubetls-state'))).toBe(false);
  });

  it('apply, and plan when there is nothing to do', () => {
    expectShape('apply', here.kubetls('apply', '-y', '-o', 'json'));
    expect(expectShape('plan', here.kubetls('plan', '-o', 'json'))).toMatchObject({ summary: { create: 0 } });
  });

  it('adopt', () => {
    const words = ['-f', 'adopted.yaml', '--state', 'adopted', 'adopt', 'kubetls-state', '-o', 'json'];
    expectShape('adopt', here.kubetls(...words));
  });

  it('plan, when it would break edges: an authority is lost', () => {
    const authority = join(here.directory, 'kubetls-state/authorities/cluster');
    const aside = join(here.directory, 'aside');
    renameSync(authority, aside);
    const plan = expectShape('plan', here.kubetls('plan', '-o', 'json'));
    renameSync(aside, authority);
    expect(plan).toMatchObject({ breaks: expect.arrayContaining([expect.anything()]) as unknown });
  });

  it('prove, seen', () => {
    const proof = expectShape('prove', here.kubetls('prove', '--twin', '-o', 'json'));
    expect(proof).toMatchObject({ summary: { failed: 0, unknown: 0 } });
  });

  it('prove, failed: a worker has lost its anchors', () => {
    const anchors = join(here.directory, 'kubetls-state/nodes/worker-1/etc/kubernetes/pki/ca.crt');
    const bytes = readFileSync(anchors);
    writeFileSync(anchors, '');
    const ran = here.kubetls('prove', '--twin', '-o', 'json');
    writeFileSync(anchors, bytes);
    expect(ran.status).toBe(1);
    expectShape('prove', ran);
  });

  it('prove, unseen: nobody listens', () => {
    const ran = here.kubetls('prove', '-o', 'json');
    expect(ran.status).toBe(3);
    expect(expectShape('prove', ran)).toMatchObject({ summary: { ok: 0 } });
  });

  it('inspect: certificates, keys, kubeconfigs, requests, CRLs, problems', () => {
    const signer = signerFor(systemKeys().generate('ecdsa-p256'));
    const { der } = createRequest({
      subject: [{ type: 'CN', value: 'a' }],
      names: { dnsNames: ['a.test'], ipAddresses: [], uris: [] },
      signer,
    });
    writeFileSync(join(here.directory, 'a.csr'), writePem('CERTIFICATE REQUEST', der));
    writeFileSync(join(here.directory, 'a.crl'), `${CRL}${CRL_ISSUER}`);
    writeFileSync(join(here.directory, 'bad.crt'), writePem('CERTIFICATE', Buffer.from('no')));
    const users = 'kubetls-state/users/kube-admin';
    const files = [
      `${users}/admin.crt`,
      `${users}/admin.key`,
      `${users}/admin.kubeconfig`,
      'a.csr',
      'a.crl',
      'bad.crt',
    ];
    const found = expectShape('inspect', here.kubetls('inspect', ...files, '-o', 'json'));
    const kinds = ['certificates', 'keys', 'kubeconfigs', 'requests', 'revocationLists', 'problems'] as const;
    for (const kind of kinds) {
      expect((found as Record<string, unknown[]>)[kind], kind).not.toEqual([]);
    }
  });

  it('verify: yes, and no with what is near', () => {
    const pki = 'kubetls-state/nodes/master/etc/kubernetes/pki';
    const ask = (...words: string[]) =>
      here.kubetls('verify', `${pki}/apiserver.crt`, '--roots', `${pki}/ca.crt`, '-o', 'json', ...words);
    expect(expectShape('verify', ask())).toMatchObject({ ok: true, nearMisses: [] });
    const no = ask('--name', 'kubernetes.defaul');
    expect(no.status).toBe(1);
    expect(expectShape('verify', no)).toMatchObject({ ok: false, nearMisses: [{ kind: 'name' }] });
  });

  it('verify --batch: both ways', async () => {
    const question = { id: 'a', leaf: '', intermediates: [''], roots: [], at: '', usage: 'any', name: '' };
    expect(differences(question, jsonShapes['verify --batch, a question'], 'question')).toEqual([]);
    const { answers } = await verifyBatch(`${JSON.stringify(question)}\nno`);
    expect(answers).toHaveLength(2);
    for (const answer of answers)
      expect(differences(answer, jsonShapes['verify --batch, an answer'], 'answer')).toEqual([]);
  });

  it('kubeconfig, and what is read from one', () => {
    writeFileSync(
      join(here.directory, 'k'),
      'contexts: [{name: a, context: {cluster: c, user: u}}]\nusers: [{name: u, user: {client-key-data: QQ==}}]\nclusters: [{name: c}]',
    );
    const one = ['--kubeconfig', 'k', '-o', 'json'];
    expectShape('kubeconfig', here.kubetls('kubeconfig', 'use-context', 'a', ...one));
    expectShape('kubeconfig get-contexts', here.kubetls('kubeconfig', 'get-contexts', ...one));
    expectShape('kubeconfig current-context', here.kubetls('kubeconfig', 'current-context', ...one));
    expectShape('kubeconfig doctor', here.kubetls('kubeconfig', 'doctor', ...one));
    expectShape('kubeconfig split', here.kubetls('kubeconfig', 'split', ...one));
    expectShape('kubeconfig extract', here.kubetls('kubeconfig', 'extract', ...one));
  });

  it('error, in place of a value', () => {
    const failed = here.kubetls('-f', 'no-such.yaml', 'plan', '-o', 'json');
    expect(failed.status).toBe(2);
    expectShape('error', failed);
    expect(failed.stderr).toContain('error: no-such.yaml');
  });

  it('explain: in this cluster, and of lines that are not known', () => {
    const found = expectShape(
      'explain',
      here.kubetls('explain', '-o', 'json', 'x509: certificate is valid for a, not b'),
    );
    expect(found).toMatchObject({ inventory: true, summary: { known: 1 } });
    const ran = here.kubetls('explain', '-o', 'json', 'tls: something new');
    expect(ran.status).toBe(3);
    expect(expectShape('explain', ran)).toMatchObject({ unknown: ['tls: something new'] });
  });

  it('forecast', () => {
    const found = expectShape('forecast', here.kubetls('forecast', '-o', 'json'));
    expect(found).toMatchObject({ broken: [], summary: { broken: 0 } });
    expect((found as { events: { breaks: string[] }[] }).events.some(({ breaks }) => breaks[0])).toBe(true);
  });

  it('graph', () => {
    const found = expectShape('graph', here.kubetls('graph', '-o', 'json'));
    expect(found).toMatchObject({ cluster: 'demo', summary: { refused: 0, unknown: 0 } });
    const { nodes, links } = found as { nodes: { kind: string }[]; links: { kind: string }[] };
    expect(new Set(nodes.map(({ kind }) => kind)).size).toBe(4);
    expect(new Set(links.map(({ kind }) => kind)).size).toBe(4);
    expectShape('graph', here.kubetls('graph', '-o', 'json', '--only', 'refused'));
    expectShape('graph', here.kubetls('graph', 'kubetls-state/nodes/master', '-o', 'json'));
  });

  it('check, and the list of checks', () => {
    const key = join(here.directory, 'kubetls-state/nodes/master/etc/kubernetes/pki/apiserver.key');
    chmodSync(key, 0o644);
    const found = here.kubetls('check', '-o', 'json');
    chmodSync(key, 0o600);
    expect(found.status).toBe(1);
    expect(found.stdout).toContain('"id": "key-mode"');
    expectShape('check', found);
    expectShape('check --without', here.kubetls('check', '--without', 'etcd', '-o', 'json'));
    for (const key of ['cluster', 'kube-admin'])
      expectShape('check --compromised', here.kubetls('check', '--compromised', key, '-o', 'json'));
    expectShape('check --list', here.kubetls('check', '--list', '-o', 'json'));
  });

  it('openssl', () => {
    expectShape('openssl', here.kubetls('openssl', '-o', 'json'));
  });
});

function expectShape(name: keyof typeof jsonShapes, { stdout, stderr }: Ran): unknown {
  expect(stdout, stderr).not.toBe('');
  const value: unknown = JSON.parse(stdout);
  expect(differences(value, jsonShapes[name], name)).toEqual([]);
  return value;
}

/** Where a value is not of a shape: the places, each with what is wrong. */
function differences(value: unknown, shape: Shape, at: string): string[] {
  if (typeof shape === 'string')
    return isOf(value, shape) ? [] : [`${at} is ${JSON.stringify(value)}, not ${shape}`];
  if (isList(shape)) {
    if (!Array.isArray(value)) return [`${at} is no array`];
    return value.flatMap((one, i) => differences(one, shape[0], `${at}[${i}]`));
  }
  if (isAlternative(shape)) return String(value) === shape.or ? [] : differences(value, shape.is, at);
  if (typeof value !== 'object' || value === null) return [`${at} is no object`];
  const found = value as Record<string, unknown>;
  const added = Object.keys(found).filter((key) => !(key in shape));
  return [
    ...added.map((key) => `${at}.${key} is not in the manual`),
    ...Object.entries(shape).flatMap(([key, one]) => differences(found[key], one, `${at}.${key}`)),
  ];
}

const isList = (shape: Shape): shape is readonly [Shape] => Array.isArray(shape);
const isAlternative = (shape: Shape): shape is { readonly or: string; readonly is: Shape } =>
  typeof shape === 'object' && 'or' in shape;

const kinds: Readonly<Record<string, (value: unknown) => boolean>> = {
  null: (value) => value === null,
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  boolean: (value) => typeof value === 'boolean',
  object: (value) => typeof value === 'object' && value !== null,
  time: (value) => typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/.test(value),
};

function isOf(value: unknown, type: string): boolean {
  return type.split(' | ').some((one) => kinds[one]?.(value) ?? one === JSON.stringify(value));
}
