import { describe, expect, it } from 'vitest';
import { faultsIn } from './faults.ts';

const EARLY =
  'E1128 authentication.go:76] "Unable to authenticate the request" err="verifying certificate SN=5 failed: x509: certificate signed by unknown authority"';
const SYNCED = 'I1128 shared_informer.go:531] "Caches are synced"';
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
    expect(lines('kubelet@w1', SYNCED, line)).toEqual([line]);
  });

  it('are not those of a sound log', () => {
    const sound = [
      '        cacheUnauthorizedTTL: 30s',
      'I1128 tlsconfig.go:243] "Starting DynamicServingCertificateController"',
      'I1128 certificate_store.go:160] "Loading cert/key pair" certFile="kubelet-client.crt"',
    ];
    expect(lines('kubelet@w1', ...sound)).toEqual([]);
  });

  it('are known of an aggregated API server, until it has read what it needs', () => {
    expect(lines('aggregated-apiserver@cp1', EARLY, SYNCED)).toEqual([]);
    expect(lines('aggregated-apiserver@cp1', SYNCED, EARLY)).toEqual([EARLY]);
    expect(lines('kube-scheduler@cp1', EARLY, SYNCED)).toEqual([EARLY]);
  });
});
