/**
 * Lines that programs really print, each with where its text comes from, and what is mostly behind it. `lab`: heard
 * from real clusters; else the file that has the format.
 */
import { describe, expect, it } from 'vitest';
import { type Draft, keyOf, leafDraft, mint, nameOf, NOW, rootDraft, san } from '../../test/judges/mint.ts';
import { DAY } from '../base/index.ts';
import { alertHeard, FAMILIES, judge } from '../families/index.ts';
import { alertText } from '../verify/index.ts';
import { createExplainer, readLine } from './index.ts';

const LINES: readonly (readonly [source: string, line: string, symptom: string, cause: string])[] = [
  [
    'kubectl pkg/cmd/util/helpers.go',
    'Unable to connect to the server: tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2026-11-23T12:00:00Z is after 2026-11-22T12:00:00Z',
    'expired',
    'expired',
  ],
  [
    'kubectl pkg/cmd/util/helpers.go',
    'Unable to connect to the server: x509: certificate has expired or is not yet valid: current time 2026-11-23T12:00:00+01:00 is before 2026-11-24T12:00:00Z',
    'not-yet-valid',
    'not-yet-valid',
  ],
  [
    'lab, kubectl',
    'Unable to connect to the server: tls: failed to verify certificate: x509: certificate is valid for 10.20.0.99, not 10.20.0.13',
    'name',
    'name-missing',
  ],
  [
    'lab, kubectl',
    "Unable to connect to the server: x509: cannot validate certificate for 10.0.0.10 because it doesn't contain any IP SANs",
    'name',
    'name-missing',
  ],
  [
    'crypto/x509/verify.go',
    'x509: certificate relies on legacy Common Name field, use SANs instead',
    'name',
    'name-missing',
  ],
  [
    'crypto/x509/verify.go',
    'x509: certificate is not valid for any names, but wanted to match kubernetes',
    'name',
    'name-missing',
  ],
  [
    'lab, etcd',
    '{"level":"warn","ts":"2026-11-23T12:00:00.000000Z","caller":"embed/config_logging.go:195","msg":"rejected connection on client endpoint","remote-addr":"10.0.0.10:41234","server-name":"","error":"tls: failed to verify certificate: x509: certificate specifies an incompatible key usage"}',
    'usage',
    'wrong-usage',
  ],
  [
    'lab, etcd',
    '{"level":"warn","msg":"rejected connection on peer endpoint","remote-addr":"10.0.0.11:41234","error":"remote error: tls: bad certificate"}',
    'alert-bad-certificate',
    'anchor-missing',
  ],
  [
    'etcd listener_tls.go',
    '{"level":"warn","msg":"rejected connection on peer endpoint","remote-addr":"10.20.0.13:4123","error":"tls: \\"10.20.0.13\\" does not match any of DNSNames [\\"cp-3\\" \\"localhost\\"]"}',
    'peer-address',
    'peer-address',
  ],
  [
    'etcd listener_tls.go',
    '{"level":"warn","msg":"rejected connection on client endpoint","error":"transport: certificate serial 3ade68b1 revoked"}',
    'revoked',
    'revoked',
  ],
  [
    'crypto/tls/handshake_server.go',
    '{"level":"warn","msg":"rejected connection on client endpoint","error":"tls: client didn\'t provide a certificate"}',
    'no-certificate',
    'no-client-certificate',
  ],
  [
    'crypto/tls/conn.go',
    '{"level":"warn","msg":"rejected connection on client endpoint","error":"tls: first record does not look like a TLS handshake"}',
    'not-tls',
    'plain-http',
  ],
  [
    'etcd rafthttp/probing_status.go',
    '{"level":"warn","caller":"rafthttp/probing_status.go:68","msg":"prober detected unhealthy status","round-tripper-name":"ROUND_TRIPPER_SNAPSHOT","remote-peer-id":"8211f1d0f64f3269","rtt":"0s","error":"tls: failed to verify certificate: x509: certificate signed by unknown authority"}',
    'unknown-authority',
    'anchor-missing',
  ],
  [
    'lab, kube-apiserver',
    'E1123 12:00:00.000000       1 authentication.go:75] "Unable to authenticate the request" err="[x509: certificate signed by unknown authority, verifying certificate SN=1234567, SKID=, AKID=AA:BB failed: x509: certificate has expired or is not yet valid: current time 2026-11-23T12:00:00Z is after 2026-11-22T12:00:00Z]"',
    'expired',
    'expired',
  ],
  [
    'lab, kubelet',
    'E1123 12:00:00.000000    1234 server.go:387] "Unable to authenticate the request due to an error" err="verifying certificate SN=77, SKID=, AKID=AA:BB failed: x509: certificate signed by unknown authority (possibly because of \\"x509: ECDSA verification failure\\" while trying to verify candidate authority certificate \\"kubernetes\\")"',
    'other-key',
    'other-generation',
  ],
  [
    'apiserver authentication/request/x509/x509.go',
    'E1123 12:00:00.000000       1 authentication.go:75] "Unable to authenticate the request" err="[x509: subject with cn=evil is not in the allowed list, verifying certificate SN=9, SKID=, AKID=AA failed: x509: certificate signed by unknown authority]"',
    'front-proxy-name',
    'front-proxy-name',
  ],
  [
    'apiserver bearertoken.go',
    'E1123 12:00:00.000000       1 authentication.go:75] "Unable to authenticate the request" err="[invalid bearer token, service account token has expired]"',
    'bearer-token',
    'token',
  ],
  [
    'net/http/server.go',
    'I1123 12:00:00.000000       1 log.go:245] http: TLS handshake error from 10.0.0.21:39214: remote error: tls: bad certificate',
    'alert-bad-certificate',
    'anchor-missing',
  ],
  ['net/http/server.go', 'http: TLS handshake error from 10.0.0.5:39214: EOF', 'hung-up', 'scanner'],
  [
    'lab, kube-apiserver of an OpenSSL client',
    'http: TLS handshake error from 10.0.0.5:39214: local error: tls: bad record MAC',
    'garbled',
    'anchor-missing',
  ],
  [
    'net/http/server.go',
    'http: TLS handshake error from 10.0.0.5:39214: client sent an HTTP request to an HTTPS server',
    'not-tls',
    'plain-http',
  ],
  [
    'dynamic_cafile_content.go',
    'E1123 12:00:00.000000       1 dynamic_cafile_content.go:241] "Unhandled Error" err="missing content for CA bundle \\"client-ca-bundle::/etc/kubernetes/pki/ca.crt\\""',
    'bundle-empty',
    'file-unreadable',
  ],
  [
    'client-go util/cert/pem.go',
    'E1123 12:00:00.000000       1 x.go:1] "Unhandled Error" err="error loading CA bundle for \\"client-ca-bundle::/pki/ca.crt\\": data does not contain any valid RSA or ECDSA certificates"',
    'no-pem',
    'file-unreadable',
  ],
  [
    'lab, kube-apiserver',
    'E1123 12:00:00.000000       1 run.go:72] "command failed" err="tls: private key does not match public key"',
    'key-mismatch',
    'key-mismatch',
  ],
  [
    'lab, kube-apiserver',
    'E1123 12:00:00.000000       1 run.go:72] "command failed" err="open /etc/kubernetes/pki/apiserver.crt: no such file or directory"',
    'file-missing',
    'file-missing',
  ],
  [
    'lab, kube-apiserver',
    'F1123 12:00:00.000000       1 run.go:72] "command failed" err="error creating storage factory: etcd grpc connection not ready: context deadline exceeded"',
    'etcd-not-ready',
    'anchor-missing',
  ],
  [
    'lab, kube-apiserver',
    'W1123 12:00:00.000000       1 logging.go:55] [core] grpc: addrConn.createTransport failed to connect to {Addr: "127.0.0.1:2379", ServerName: "127.0.0.1:2379", }. Err: connection error: desc = "transport: authentication handshake failed: tls: failed to verify certificate: x509: certificate signed by unknown authority"',
    'unknown-authority',
    'anchor-missing',
  ],
  [
    'lab, etcdctl',
    'desc = "error reading server preface: remote error: tls: unknown certificate authority"',
    'alert-unknown-ca',
    'anchor-missing',
  ],
  [
    'certificates/signer/ca_provider.go',
    'Sync csr-7x failed with : error auto signing csr: error reading CA cert file "csr-controller::/pki/ca.crt::/pki/ca.key": expected 1 certificate, found 2',
    'signing-bundle',
    'signing-bundle',
  ],
  [
    'apiserver util/webhook/error.go',
    'Internal error occurred: failed calling webhook "validate.example.test": failed to call webhook: Post "https://hook.default.svc:443/validate?timeout=10s": tls: failed to verify certificate: x509: certificate signed by unknown authority',
    'unknown-authority',
    'webhook-bundle',
  ],
  [
    'kubelet.go',
    'I1123 12:00:00.000000    1234 log.go:245] http: TLS handshake error from 10.0.0.10:4321: no serving certificate available for the kubelet',
    'csr-pending',
    'csr-pending',
  ],
  [
    'lab, kubectl logs',
    'Error from server: Get "https://10.0.0.21:10250/containerLogs/default/p/c": remote error: tls: internal error',
    'alert-internal-error',
    'csr-pending',
  ],
  [
    'lab, kubectl logs',
    'Error from server: Get "https://10.0.0.21:10250/containerLogs/default/p/c": tls: failed to verify certificate: x509: certificate signed by unknown authority',
    'unknown-authority',
    'anchor-missing',
  ],
  [
    'kubelet certificate/bootstrap/bootstrap.go',
    'E1123 12:00:00.000000    1234 bootstrap.go:267] "Unhandled Error" err="part of the existing bootstrap client certificate in /etc/kubernetes/kubelet.conf is expired: 2026-11-22 12:00:00 +0000 UTC"',
    'bootstrap-ended',
    'expired',
  ],
  [
    'client-go util/certificate/csr/csr.go',
    'E1123 12:00:00.000000    1234 certificate_manager.go:1] "Unhandled Error" err="kubernetes.io/kube-apiserver-client-kubelet: Failed while requesting a signed certificate from the control plane: cannot create certificate signing request: Unauthorized"',
    'bootstrap-refused',
    'token',
  ],
  [
    'journald of a kubelet',
    'Nov 23 12:00:00 worker-1 kubelet[1234]: E1123 12:00:00.000000    1234 controller.go:208] "Failed to ensure lease exists, will retry" err="Get \\"https://10.0.0.10:6443/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/worker-1?timeout=10s\\": tls: failed to verify certificate: x509: certificate signed by unknown authority" interval="7s"',
    'unknown-authority',
    'anchor-missing',
  ],
  [
    'client-go tools/leaderelection',
    'E1123 12:00:00.000000       1 leaderelection.go:378] "Error retrieving lease lock" err="Unauthorized" lock="kube-system/kube-scheduler"',
    'unauthorized',
    'expired',
  ],
  [
    'kubectl pkg/cmd/util/helpers.go',
    'error: You must be logged in to the server (Unauthorized)',
    'unauthorized',
    'expired',
  ],
  [
    'kubectl',
    'Error from server (Forbidden): pods is forbidden: User "jane" cannot list resource "pods" in API group "" in the namespace "default"',
    'forbidden',
    'rights',
  ],
  [
    'kube-apiserver',
    'Error from server (Forbidden): nodes is forbidden: User "system:anonymous" cannot list resource "nodes"',
    'anonymous',
    'no-client-certificate',
  ],
  [
    'client-go clientcmd/validation.go',
    'error: invalid configuration: client-key-data or client-key must be specified for jane to use the clientCert authentication method.',
    'kubeconfig-fields',
    'kubeconfig-fields',
  ],
  [
    'encoding/base64',
    'error: error loading config file "/root/.kube/config": illegal base64 data at input byte 512',
    'base64',
    'kubeconfig-fields',
  ],
  [
    'client-go transport.go',
    'error: unable to load root certificates: unable to parse bytes as PEM block',
    'no-pem',
    'file-unreadable',
  ],
  [
    'curl lib/vtls/openssl.c',
    'curl: (60) SSL certificate problem: unable to get local issuer certificate',
    'unknown-authority',
    'anchor-missing',
  ],
  [
    'curl',
    'curl: (60) SSL certificate problem: self-signed certificate in certificate chain',
    'self-signed',
    'anchor-missing',
  ],
  [
    'curl',
    "curl: (60) SSL: no alternative certificate subject name matches target host name 'api.example.test'",
    'name',
    'name-missing',
  ],
  [
    'curl 8',
    "curl: (60) SSL: no alternative certificate subject name matches target ipv4 address '10.0.0.10'",
    'name',
    'name-missing',
  ],
  ['curl', "curl: (58) unable to set private key file: 'admin.key' type PEM", 'no-pem', 'file-missing'],
  ['curl', 'curl: (35) error:0A00010B:SSL routines::wrong version number', 'not-tls', 'plain-http'],
  [
    'openssl s_client',
    'verify error:num=20:unable to get local issuer certificate',
    'unknown-authority',
    'anchor-missing',
  ],
  ['openssl s_client', 'verify error:num=10:certificate has expired', 'expired', 'expired'],
  ['openssl s_client', 'verify error:num=18:self-signed certificate', 'self-signed', 'self-signed-serving'],
  [
    'openssl verify 1.1.1',
    'error 18 at 0 depth lookup: self signed certificate',
    'self-signed',
    'self-signed-serving',
  ],
  ['openssl', 'error 26 at 0 depth lookup: unsuitable certificate purpose', 'usage', 'wrong-usage'],
  [
    'Node',
    "Error [ERR_TLS_CERT_ALTNAME_INVALID]: Hostname/IP does not match certificate's altnames: Host: api.example.test. is not in the cert's altnames: DNS:kubernetes",
    'name',
    'name-missing',
  ],
  ['Node', "  code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'", 'unknown-authority', 'anchor-missing'],
  [
    'Node',
    "Error: self-signed certificate; if the root CA is installed locally, try running Node.js with --use-system-ca code: 'DEPTH_ZERO_SELF_SIGNED_CERT'",
    'self-signed',
    'self-signed-serving',
  ],
  [
    'Python',
    'ssl.SSLCertVerificationError: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: unable to get local issuer certificate (_ssl.c:1000)',
    'unknown-authority',
    'anchor-missing',
  ],
  [
    'Python',
    "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: IP address mismatch, certificate is not valid for '10.0.0.10'. (_ssl.c:1000)",
    'name',
    'name-missing',
  ],
  [
    'Python 3.13',
    '[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: Missing Authority Key Identifier (_ssl.c:1032)',
    'strict',
    'strict-verifier',
  ],
  [
    'Python',
    'ssl.SSLError: [SSL: KEY_VALUES_MISMATCH] key values mismatch (_ssl.c:3900)',
    'key-mismatch',
    'key-mismatch',
  ],
  [
    'Java 17',
    'javax.net.ssl.SSLHandshakeException: PKIX path building failed: sun.security.provider.certpath.SunCertPathBuilderException: unable to find valid certification path to requested target',
    'unknown-authority',
    'anchor-missing',
  ],
  [
    'Java 17',
    'java.security.cert.CertificateExpiredException: NotAfter: Sun Nov 22 12:00:00 UTC 2026',
    'expired',
    'expired',
  ],
  [
    'Java 17',
    'java.security.cert.CertificateException: No subject alternative DNS name matching api.example.test found.',
    'name',
    'name-missing',
  ],
  [
    'Java 17',
    'javax.net.ssl.SSLHandshakeException: Received fatal alert: bad_certificate',
    'alert-bad-certificate',
    'anchor-missing',
  ],
  [
    'containerd, klog',
    '2026-11-23T12:00:00.123456789Z stderr F E1123 12:00:00.000000       1 leaderelection.go:378] "Error retrieving lease lock" err="Get \\"https://10.0.0.10:6443/apis/x\\": x509: certificate signed by unknown authority"',
    'unknown-authority',
    'anchor-missing',
  ],
  [
    'docker json-file',
    '{"log":"E1123 12:00:00.000000       1 run.go:72] \\"command failed\\" err=\\"tls: private key does not match public key\\"\\n","stream":"stderr","time":"2026-11-23T12:00:00Z"}',
    'key-mismatch',
    'key-mismatch',
  ],
  [
    'logfmt',
    'time="2026-11-23T12:00:00Z" level=error msg="remote error: tls: expired certificate" component=x',
    'alert-expired',
    'expired',
  ],
];

describe('lines that programs print', () => {
  const explain = createExplainer();
  it.each(LINES)('%s: %s', (_, line, symptom, cause) => {
    const reading = readLine(line);
    expect(reading?.symptom.id).toBe(symptom);
    expect(reading && explain(reading)[0]?.id).toBe(cause);
  });

  it('what a line names is read from it', () => {
    const [at, lease] = LINES.map(([, line]) => line).filter((line) =>
      /worker-1 kubelet|kubeadm|containerLogs.*x509/.test(line),
    );
    expect(readLine(at ?? '')?.clues).toMatchObject({ host: '10.0.0.21', port: '10250' });
    expect(readLine(lease ?? '')?.clues).toMatchObject({
      node: 'worker-1',
      program: 'kubelet',
      host: '10.0.0.10',
      port: '6443',
    });
  });

  it.each([
    'Started Session 5 of User root.',
    'I1123 12:00:00.000000 1 controller.go:5] "Starting certificate controller"',
    '',
    '{"level":"info","msg":"serving client traffic securely"}',
  ])('is not one of them: %s', (line) => {
    expect(readLine(line)).toBeUndefined();
  });
});

describe('refusals by every program, in its own words', () => {
  const root = rootDraft('KUBERNETES-CA', keyOf('root'));
  const good = leafDraft(nameOf('kube-apiserver'), keyOf('leaf'), root, ['kubernetes', '10.96.0.1']);
  const explain = createExplainer();
  const REFUSED: readonly (readonly [cause: string, change: Partial<Draft>, above?: Partial<Draft>])[] = [
    ['expired', { notAfter: NOW - DAY }],
    ['not-yet-valid', { notBefore: NOW + DAY }],
    ['name-missing', { names: [san('elsewhere.test')] }],
    ['wrong-usage', { extendedKeyUsage: ['clientAuth'] }],
    ['anchor-missing', { issuer: nameOf('another') }],
    ['other-generation', { signedBy: keyOf('made anew') }],
    ['issuer-unfit', {}, { basicConstraints: { ca: false, pathLength: undefined } }],
    ['weak-key', { key: keyOf('short', 'rsa-512') }],
    ['critical-extension', { more: [{ oid: '1.2.3.4', critical: true, value: Uint8Array.of(5, 0) }] }],
    [
      'name-constraint',
      {},
      { nameConstraints: { critical: true, permitted: [san('example.test')], excluded: [] } },
    ],
  ];
  for (const [cause, change, above] of REFUSED)
    it(cause, () => {
      const request = {
        leaf: mint({ ...good, ...change }),
        intermediates: [],
        roots: [mint({ ...root, ...above })],
        at: NOW,
        usage: 'server',
        name: 'kubernetes',
      } as const;
      for (const family of FAMILIES) {
        const judgement = judge(family, request);
        // Unknown to us, or no fault to them.
        if (judgement.ok !== false) continue;
        const { error } = judgement;
        const reading = readLine(error);
        const causes = reading ? explain(reading).map(({ id }) => id) : [];
        expect(causes, `${family}: ${error}`).toContain(cause);
      }
    });
});

describe('alerts', () => {
  /** By number (RFC 8446, 6). */
  const ALERTS: Readonly<Record<number, string>> = {
    40: 'alert-handshake-failure',
    42: 'alert-bad-certificate',
    43: 'alert-unsupported-certificate',
    44: 'alert-revoked',
    45: 'alert-expired',
    46: 'alert-unknown-certificate',
    48: 'alert-unknown-ca',
    49: 'alert-access-denied',
    51: 'alert-decrypt-error',
    70: 'no-common-version',
    80: 'alert-internal-error',
    112: 'alert-unrecognized-name',
    116: 'alert-certificate-required',
  };
  it.each(Object.entries(ALERTS))('%s is known in the words of every program', (number, symptom) => {
    expect(readLine(alertText(Number(number)))?.symptom.id).toBe(symptom);
    for (const family of FAMILIES) {
      const text = alertHeard(family, Number(number), 'content') ?? '';
      expect(readLine(text)?.symptom.id, `${family}: ${text}`).toBe(symptom);
    }
  });
});
