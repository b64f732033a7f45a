/**
 * kubetls as a library: plan and apply a cluster in memory, judge it now and for two years, explain a line of
 * a log, then issue one more certificate from its authority and verify it by Go's rules. Prints what it did. Needs `npm install kubetls`.
 */
import {
  applyPlan,
  auditTree,
  createExplainer,
  describeCluster,
  evaluateAll,
  forecast,
  issueCertificate,
  makePlan,
  memoryStore,
  parseSpec,
  readCertificates,
  readInventory,
  readLine,
  readPrivateKey,
  signerFor,
  systemKeys,
  systemRandom,
  verifyChain,
  writePem,
} from 'kubetls';

const text = `
metadata: { name: library }
spec:
  nodes: [{ name: master, roles: [control-plane, etcd], addresses: [10.0.0.10] }]
`;

// What is desired, what is there (nothing), the difference, and the difference carried out.
const cluster = describeCluster(parseSpec(text, 'library.yaml'));
const store = memoryStore();
const [keys, random, clock] = [systemKeys(), systemRandom(), { now: Date.now }];
const empty = readInventory(await store.read());
const plan = makePlan({ cluster, inventory: empty, at: clock.now(), written: await store.written() });
const nothing = new Set();
const { issued, inventory } = await applyPlan({
  plan,
  cluster,
  inventory: empty,
  store,
  clock,
  random,
  keys,
  overwrite: nothing,
  acceptBreaks: nothing,
});
console.log(`${issued} certificates issued`);

// Will every edge hold? Computed, without a socket.
const verdicts = [...evaluateAll(cluster.edges, inventory, clock.now()).values()];
console.log(`${verdicts.filter(({ ok }) => ok).length} of ${verdicts.length} edges predicted to hold`);

// What is wrong, and what breaks within two years?
const at = clock.now();
const findings = auditTree({ inventory, cluster, at });
const errors = findings.filter(({ severity }) => severity === 'error');
console.log(`${errors.length} errors among ${findings.length} findings`);
const twoYears = at + 2 * 365 * 24 * 3_600_000;
const { events } = forecast({ edges: cluster.edges, inventory, from: at, until: twoYears });
console.log(`${events[0]?.breaks.length} edges break at ${new Date(events[0]?.at ?? 0).toISOString()}`);

// What can be behind a line of a log?
const line = readLine('tls: failed to verify certificate: x509: certificate signed by unknown authority');
const [cause] = line ? createExplainer()(line) : [];
console.log(`most likely: ${cause?.title}`);

// One more certificate, for a pod, from the cluster's authority.
/** @param {string} path */
const file = async (path) => (await store.readFile(path)).bytes;
const [authority] = readCertificates(await file('authorities/cluster/g1/ca.crt')).certificates;
const authorityKey = readPrivateKey(await file('authorities/cluster/g1/ca.key'));
const podKey = keys.generate('ecdsa-p256');
const certificate = issueCertificate({
  template: {
    subject: [{ type: 'CN', value: 'shop' }],
    dnsNames: ['shop.default.svc'],
    ipAddresses: [],
    uris: ['spiffe://cluster.local/ns/default/sa/shop'],
    keyUsage: ['digitalSignature'],
    extendedKeyUsage: ['serverAuth', 'clientAuth'],
    basicConstraints: { ca: false, pathLength: undefined },
    subjectKeyId: true,
    lifetime: 24 * 3_600_000,
    serialBits: 127,
    exactUsages: false,
  },
  publicKey: podKey.publicKey,
  authority: { certificate: authority, signer: signerFor(authorityKey) },
  now: clock.now(),
  random,
});
const verification = verifyChain({
  leaf: certificate,
  intermediates: [],
  roots: [authority],
  at: clock.now(),
  usage: 'server',
  name: 'shop.default.svc',
});
console.log(verification.ok ? 'verified' : `refused: ${verification.error}`);
console.log(writePem('CERTIFICATE', certificate.der));
