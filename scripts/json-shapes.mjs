/**
 * What `-o json` prints, command by command: a contract. Keys may be added, none is taken away. The manual
 * prints it; test/docs/json-shapes.test.ts holds the real output against it, key by key.
 *
 * A string is a type as TypeScript writes it; a quoted word in it is that word. An array holds any number of
 * its one element.
 */
const time = 'time';
const outcome = { ok: 'boolean', error: 'string | null' };
const verdict = {
  ...outcome,
  server: outcome,
  client: outcome,
  expires: 'time | null',
  notes: ['string'],
};
const states = { ok: 'number', failed: 'number', unknown: 'number' };
const place = 'string | null';

const plan = {
  cluster: 'string',
  at: time,
  world: 'string',
  actions: [
    {
      id: 'string',
      verb: '"create" | "replace" | "rewrite" | "remove" | "keep"',
      node: 'string',
      path: 'string',
      paths: ['string'],
      reason: 'string',
      code: 'string',
      key: '"new" | "keep"',
      foreign: ['string'],
    },
  ],
  summary: { create: 'number', replace: 'number', rewrite: 'number', remove: 'number', keep: 'number' },
  warnings: ['string'],
};

const names = {
  dnsNames: ['string'],
  ipAddresses: ['string'],
  uris: ['string'],
  emails: ['string'],
  otherNames: ['string'],
};

const findings = [
  {
    id: 'string',
    severity: '"error" | "warning" | "info"',
    title: 'string',
    why: 'string',
    source: 'string',
    evidence: 'string',
  },
];

const chain = [
  {
    subject: 'string',
    issuer: 'string',
    notBefore: time,
    notAfter: time,
    keyAlgorithm: 'string',
    sha256: 'string',
    source: 'string | null',
  },
];
const stages = '"parse-leaf" | "parse-intermediate" | "parse-root" | "verify"';

const treeFinding = {
  id: 'string',
  severity: '"error" | "warning" | "info"',
  where: 'object',
  message: 'string',
  remedy: 'string',
  group: 'string',
  title: 'string',
  evidence: 'string',
  places: ['string'],
};

export const jsonShapes = {
  init: { schema: '"kubetls/init/v1"', file: 'string' },
  adopt: {
    schema: '"kubetls/adopt/v1"',
    file: 'string',
    state: 'string',
    nodes: [{ name: 'string', root: 'string', layout: 'string', base: 'string' }],
    notes: ['string'],
    plan: { schema: '"kubetls/plan/v1"', ...plan },
  },
  plan: {
    schema: '"kubetls/plan/v1"',
    ...plan,
    breaks: [{ after: 'string', edge: 'string', error: 'string' }],
  },
  apply: { schema: '"kubetls/apply/v1"', ...plan, done: 'number', issued: 'number' },
  prove: {
    schema: '"kubetls/prove/v1"',
    at: time,
    edges: [
      {
        id: 'string',
        client: 'string',
        server: 'string',
        name: 'string',
        presented: 'string',
        trusted: 'string',
        state: '"ok" | "failed" | "unknown"',
        predicted: verdict,
        observed: { or: 'null', is: { ...verdict, stale: 'boolean' } },
        unknown: 'string | null',
        expires: 'time | null',
        logs: [{ component: 'string', text: 'string' }],
      },
    ],
    refusals: [
      {
        id: 'string',
        endpoint: 'string',
        refusal: '"no-certificate" | "wrong-authority" | "other-authority"',
        state: '"ok" | "failed" | "unknown"',
        predicted: outcome,
        observed: { or: 'null', is: outcome },
        unknown: 'string | null',
      },
    ],
    inMemory: {
      or: 'null',
      is: [
        {
          process: 'string',
          node: 'string',
          role: 'string',
          files: ['string'],
          state: '"fresh" | "stale" | "unknown"',
          by: '"leaf" | "authorities" | "trial" | "keys" | "published" | "start" | "leadership" | "looks" | "file" | "table" | null',
          text: 'string',
          onDisk: 'boolean',
          remedy: {
            or: 'null',
            is: { kind: '"restart" | "mend" | "wait"', within: 'number | null', commands: ['string'] },
          },
        },
      ],
    },
    summary: {
      edges: 'number',
      ...states,
      refusals: states,
      inMemory: { or: 'null', is: { fresh: 'number', stale: 'number', unknown: 'number' } },
    },
  },
  check: {
    schema: '"kubetls/check/v1"',
    at: time,
    certificates: 'number',
    edges: 'number | null',
    findings: [treeFinding],
    excepted: [{ ...treeFinding, reason: 'string', until: 'string' }],
    summary: { error: 'number', warning: 'number', info: 'number' },
  },
  'check --without': {
    schema: '"kubetls/check-without/v1"',
    at: time,
    certificates: [{ subject: 'string', sha256: 'string', places: ['string'] }],
    breaks: [{ edge: 'string', error: 'string' }],
    summary: { edges: 'number', evaluated: 'number', breaks: 'number' },
  },
  'check --compromised': {
    schema: '"kubetls/check-compromised/v1"',
    at: time,
    key: { keyAlgorithm: 'string', spkiSha256: 'string', places: ['string'] },
    tokens: 'boolean',
    identities: [
      {
        subject: 'string',
        sha256: 'string',
        notAfter: time,
        ended: 'boolean',
        user: 'string | null',
        groups: ['string'],
        power: 'string | null',
        enters: ['string'],
        deceives: ['string'],
      },
    ],
    authorities: [
      {
        subject: 'string',
        sha256: 'string',
        notAfter: time,
        enters: ['string'],
        speaksAt: ['string'],
        deceives: ['string'],
      },
    ],
  },
  'check --list': {
    schema: '"kubetls/checks/v1"',
    checks: [
      {
        id: 'string',
        group: 'string',
        severity: '"error" | "warning" | "info"',
        title: 'string',
        why: 'string',
        remedy: 'string',
        source: 'string',
      },
    ],
  },
  forecast: {
    schema: '"kubetls/forecast/v1"',
    at: time,
    until: time,
    broken: [{ edge: 'string', error: 'string' }],
    events: [
      {
        at: time,
        what: 'string',
        certificates: [
          {
            passes: '"ends" | "begins"',
            subject: 'string',
            issuer: 'string',
            serial: 'string',
            sha256: 'string',
            places: ['string'],
          },
        ],
        breaks: ['string'],
        errors: [{ edge: 'string', error: 'string' }],
        heals: ['string'],
        quorum: { or: 'null', is: { members: 'number', talking: 'number', survives: 'boolean' } },
      },
    ],
    summary: { events: 'number', breaks: 'number', broken: 'number', unknown: 'number', unread: 'number' },
  },
  explain: {
    schema: '"kubetls/explain/v1"',
    at: time,
    inventory: 'boolean',
    causes: [
      {
        id: 'string',
        likelihood: '"certain" | "likely" | "possible" | "unlikely"',
        title: 'string',
        edge: 'string | null',
        edges: ['string'],
        evidence: ['string'],
        files: ['string'],
        remedy: 'string',
        steps: ['string'],
        asOf: 'time | null',
        lines: ['number'],
      },
    ],
    lines: [
      {
        text: 'string',
        written: 'time | null',
        count: 'number',
        first: 'number',
        symptom: 'string',
        says: 'string',
        printedBy: 'string',
        clues: [{ clue: 'string', value: 'string' }],
      },
    ],
    unknown: ['string'],
    summary: { lines: 'number', known: 'number', unknown: 'number', beyond: 'number' },
  },
  graph: {
    schema: '"kubetls/graph/v1"',
    cluster: 'string',
    at: time,
    edgesFrom: '"kubetls.yaml" | "files" | null',
    nodes: [
      {
        id: 'string',
        kind: '"authority" | "certificate" | "client" | "endpoint"',
        role: 'string',
        name: 'string',
        state: '"ok" | "partly" | "refused" | "unknown"',
        problem: 'string | null',
        subject: 'string | null',
        sha256: ['string'],
        notBefore: 'time | null',
        notAfter: 'time | null',
        places: ['string'],
        node: 'string | null',
        address: 'string | null',
        selfSigned: 'boolean | null',
      },
    ],
    links: [
      {
        kind: '"signs" | "presents" | "trusts" | "dials"',
        from: 'string',
        to: 'string',
        edge: 'string | null',
        name: 'string | null',
        presents: 'string | null',
        state: '"ok" | "refused" | "unknown" | null',
        error: 'string | null',
        unverified: ['"server" | "client"'],
        notes: ['string'],
      },
    ],
    summary: {
      nodes: 'number',
      links: 'number',
      edges: 'number',
      ok: 'number',
      refused: 'number',
      unknown: 'number',
    },
  },
  inspect: {
    schema: '"kubetls/inspect/v1"',
    at: time,
    certificates: [
      {
        subject: 'string',
        issuer: 'string',
        serial: 'string',
        notBefore: time,
        notAfter: time,
        expired: 'boolean',
        ...names,
        uids: ['string'],
        usages: ['string'],
        extendedUsages: ['string'],
        ca: 'boolean',
        pathLength: 'number | null',
        keyAlgorithm: 'string',
        signatureAlgorithm: 'string',
        subjectKeyId: 'string | null',
        authorityKeyId: 'string | null',
        nameConstraints: {
          or: 'null',
          is: { critical: 'boolean', permitted: ['string'], excluded: ['string'] },
        },
        unhandledCritical: ['string'],
        version: 'number',
        findings,
        sha256: 'string',
        spkiSha256: 'string',
        source: 'string',
        place,
      },
    ],
    requests: [
      {
        subject: 'string',
        ...names,
        keyAlgorithm: 'string',
        signatureAlgorithm: 'string',
        signature: { ok: 'boolean', error: 'string | null' },
        findings,
        spkiSha256: 'string',
        source: 'string',
        place,
      },
    ],
    revocationLists: [
      {
        issuer: 'string',
        number: 'string | null',
        thisUpdate: time,
        nextUpdate: { or: 'null', is: time },
        overdue: 'boolean',
        count: 'number',
        entries: [{ serial: 'string', revokedAt: time, reason: 'string | null' }],
        entriesLeftOut: 'number',
        signatureAlgorithm: 'string',
        signature: {
          or: 'null',
          is: { ok: 'boolean', error: 'string | null', issuerSha256: 'string' },
        },
        authorityKeyId: 'string | null',
        findings,
        sha256: 'string',
        source: 'string',
        place,
      },
    ],
    keys: [{ private: 'boolean', keyAlgorithm: 'string', spkiSha256: 'string', source: 'string', place }],
    kubeconfigs: [
      {
        source: 'string',
        currentContext: 'string',
        clusters: [
          {
            name: 'string',
            server: 'string',
            tlsServerName: 'string | null',
            certificateAuthority: 'string | null',
            insecureSkipTlsVerify: 'boolean',
          },
        ],
        users: [{ name: 'string', clientCertificate: 'string | null', embedded: 'boolean' }],
        contexts: [{ name: 'string', cluster: 'string', user: 'string', namespace: 'string | null' }],
      },
    ],
    endpoints: [
      {
        host: 'string',
        port: 'number',
        protocols: ['string'],
        cipher: 'string | null',
        alpn: 'string | null',
        acceptableAuthorities: { or: 'null', is: ['string'] },
        withoutCertificate: 'string',
        source: 'string',
      },
    ],
    problems: [
      {
        source: 'string',
        code: 'string',
        message: 'string',
        where: 'object | null',
        hint: 'string | null',
      },
    ],
  },
  verify: {
    schema: '"kubetls/verify/v1"',
    at: time,
    source: 'string',
    name: 'string | null',
    usage: '"server" | "client" | "any"',
    kubernetes: 'string | null',
    ...outcome,
    stage: stages,
    handshake: { or: 'null', is: { client: 'string', server: 'string' } },
    skippedRoots: 'number',
    expires: 'time | null',
    chains: [chain],
    closest: chain,
    anchored: 'boolean',
    broken: { or: 'null', is: { source: 'string', detail: 'string' } },
    nearMisses: [{ kind: 'string', sha256: 'string', text: 'string', hint: 'string' }],
  },
  'verify --batch, a question': {
    id: 'string',
    leaf: 'string',
    intermediates: ['string'],
    roots: ['string'],
    at: 'string',
    usage: '"server" | "client" | "any"',
    name: 'string',
  },
  'verify --batch, an answer': {
    id: 'string | null',
    ok: 'boolean',
    error: 'string',
    stage: `"question" | ${stages}`,
    chains: 'number',
    chain_lengths: ['number'],
    skipped_roots: 'number',
  },
  kubeconfig: { schema: '"kubetls/kubeconfig/v1"', message: 'string', files: ['string'] },
  'kubeconfig get-contexts': {
    schema: '"kubetls/kubeconfig-contexts/v1"',
    current: 'string | null',
    contexts: [
      {
        name: 'string',
        cluster: 'string',
        user: 'string',
        namespace: 'string | null',
        current: 'boolean',
      },
    ],
  },
  'kubeconfig split': {
    schema: '"kubetls/kubeconfig-split/v1"',
    files: [{ context: 'string', file: 'string' }],
  },
  'kubeconfig extract': { schema: '"kubetls/kubeconfig-extract/v1"', files: ['string'] },
  'kubeconfig doctor': {
    schema: '"kubetls/kubeconfig-doctor/v1"',
    at: time,
    findings: [
      {
        id: 'string',
        severity: '"error" | "warning" | "info"',
        where: 'object',
        message: 'string',
        remedy: 'string',
      },
    ],
    summary: { error: 'number', warning: 'number', info: 'number' },
  },
  'kubeconfig current-context': { schema: '"kubetls/kubeconfig-current/v1"', current: 'string' },
  error: {
    schema: '"kubetls/error/v1"',
    errors: [{ code: 'string', message: 'string', where: 'object | null', hint: 'string | null' }],
  },
  openssl: { schema: '"kubetls/openssl/v1"', certificates: [{ id: 'string', script: 'string' }] },
};
