import { describe, expect, it } from 'vitest';
import { faultsIn } from './faults.ts';

const refused = (time: string) =>
  `E1128 ${time}   20681 authentication.go:76] "Unable to authenticate the request" err="verifying certificate SN=5 failed: x509: certificate signed by unknown authority"`;
const SERVING = 'I1128 12:38:03.970963   20681 secure_serving.go:211] Serving securely on 10.20.0.11:4443';
const lines = (id: string, ...log: string[]) =>
  faultsIn([{ id, log: () => log.join('\n') }]).map(({ line }) => line);

describe('the words of TLS in a log', () => {
  it.each([
    'E1128 status_manager.go:1] err="Get \\"https://10.20.0.11:6443\\": tls: failed to verify certificate: x509: certificate has expired"',
    'I1128 log.go:245] http: TLS handshake error from 10.20.0.11:40000: remote error: tls: bad certificate',
    '{"level":"warn","msg":"rejected connection on client endpoint","error":"EOF"}',
    'E1128 leaderelection.go:1] "Error retrieving lease lock" err="Unauthorized"',
    'E1128 run.go:72] "command failed" err="tls: private key does not match public key"',
  ])('%s', (line) => {
    expect(lines('kubelet@w1', SERVING, line)).toEqual([line]);
  });

  it('are not those of a sound log', () => {
    const sound = [
      '        cacheUnauthorizedTTL: 30s',
      'I1128 tlsconfig.go:243] "Starting DynamicServingCertificateController"',
      'I1128 certificate_store.go:160] "Loading cert/key pair" certFile="kubelet-client.crt"',
    ];
    expect(lines('kubelet@w1', ...sound)).toEqual([]);
  });

  it('are known of a client that gave up', () => {
    const gaveUp =
      'W1128 logging.go:55] grpc: addrConn.createTransport failed to connect. Err: connection error: desc = "transport: authentication handshake failed: ';
    expect(lines('kube-apiserver@cp1', `${gaveUp}context canceled"`)).toEqual([]);
    expect(
      lines(
        'kube-apiserver@cp1',
        `${gaveUp}tls: failed to verify certificate: x509: certificate has expired"`,
      ),
    ).toHaveLength(1);
  });

  it('are known of an aggregated API server in its first second', () => {
    const [early, late] = [refused('12:38:04.081472'), refused('12:38:14.548094')];
    expect(lines('aggregated-apiserver@cp1', SERVING, early)).toEqual([]);
    expect(lines('aggregated-apiserver@cp1', SERVING, late)).toEqual([late]);
    expect(lines('aggregated-apiserver@cp1', early)).toEqual([early]);
    expect(lines('kube-scheduler@cp1', SERVING, early)).toEqual([early]);
  });
});
