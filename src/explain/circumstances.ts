/** What stands around a symptom: which program speaks, and of which connection. Several may hold for one line. */
import type { Circumstance } from './types.ts';

export const circumstanceTable: readonly Circumstance[] = [
  // net/http server.go, Server.logf
  {
    pattern: /http: TLS handshake error from \[?(?<remote>[0-9a-f.:]{2,45}?)\]?:\d{1,5}: /,
    speaker: 'server',
  },
  { pattern: /http: TLS handshake error from /, speaker: 'server' },
  // etcd server/embed/config_logging.go
  {
    pattern: /rejected connection on client endpoint/,
    speaker: 'server',
    servers: ['etcd'],
    socket: 'client',
  },
  { pattern: /rejected connection on peer endpoint/, speaker: 'server', servers: ['etcd'], socket: 'peer' },
  { pattern: /"?remote-addr"?[:=] ?"?\[?(?<remote>[0-9a-f.:]{2,45}?)\]?:\d{1,5}/ },
  // etcd server/etcdserver/api/rafthttp
  {
    pattern:
      /(?:prober detected unhealthy status|lost TCP streaming connection with remote peer|failed to dial [0-9a-f]{1,16} on stream)/,
    speaker: 'client',
    clients: ['etcd'],
    servers: ['etcd'],
    socket: 'peer',
  },
  // kubernetes pkg/kubelet/server/server.go, apiserver pkg/endpoints/filters/authentication.go
  { pattern: /Unable to authenticate the request due to an error/, speaker: 'server', servers: ['kubelet'] },
  {
    pattern: /Unable to authenticate the request"/,
    speaker: 'server',
    servers: ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'aggregated-apiserver'],
  },
  { pattern: /verifying certificate SN=(?<serial>\d{1,60}), /, speaker: 'server' },
  // net/url, Error.Error; before Go 1.14 without quotes
  {
    pattern:
      /\b(?:Get|Post|Put|Patch|Delete|Head|Options) "?https:\/\/(?:\[(?<host6>[0-9a-f:]{2,45})\]|(?<host>[^\s"/:?\]]{1,253}))(?::(?<port>\d{1,5}))?/,
    speaker: 'client',
  },
  // grpc-go internal/transport: etcd's clients
  {
    pattern:
      /(?:createTransport failed to connect to \{"?Addr"?: "(?<host>[^"\s]{1,253}?):(?<port>\d{1,5})"|authentication handshake failed|error reading server preface)/,
    speaker: 'client',
    servers: ['etcd'],
  },
  // etcd client/v3/internal/resolver: the first of the endpoints that etcdctl was given
  {
    pattern: /etcd-endpoints:\/\/[^\s"/]{1,40}\/(?<host>[^\s"/:]{1,253}):(?<port>\d{1,5})/,
    speaker: 'client',
    servers: ['etcd'],
  },
  // apimachinery pkg/util/proxy: kube-apiserver on its way to a kubelet
  {
    pattern: /(?:error dialing backend|containerLogs\/|unable to upgrade connection)/,
    clients: ['kube-apiserver'],
    servers: ['kubelet'],
  },
  // The same where it translates kubectl's WebSocket itself, as it does for a kubelet before 1.36 (kubernetes
  // pkg/registry/core/pod/rest/subresources.go; apiserver pkg/util/proxy/streamtranslator.go; client-go transport/spdy)
  {
    pattern: /error sending request: Post "https:\/\/[^\s"/]{1,300}\/(?:exec|attach|portForward)\//,
    clients: ['kube-apiserver'],
    servers: ['kubelet'],
  },
  // client-go
  { pattern: /Please enter Username:/, speaker: 'client', servers: ['kube-apiserver'] },
  { pattern: /Unable to connect to the server/, speaker: 'client', servers: ['kube-apiserver'] },
  { pattern: /You must be logged in to the server/, speaker: 'client' },
  {
    pattern:
      /(?:Error updating node status|Failed to ensure lease exists|Failed to update lease|Unable to register node with API server|kubernetes\.io\/kube-apiserver-client-kubelet)/,
    speaker: 'client',
    clients: ['kubelet'],
    servers: ['kube-apiserver'],
  },
  {
    pattern: /(?:retrieving (?:lease|resource) lock)[^\n]{0,80}kube-scheduler/i,
    speaker: 'client',
    clients: ['kube-scheduler'],
    servers: ['kube-apiserver'],
  },
  {
    pattern: /(?:retrieving (?:lease|resource) lock)[^\n]{0,80}kube-controller-manager/i,
    speaker: 'client',
    clients: ['kube-controller-manager'],
    servers: ['kube-apiserver'],
  },
  {
    pattern: /(?:retrieving (?:lease|resource) lock|leaderelection lost)/i,
    speaker: 'client',
    servers: ['kube-apiserver'],
  },
  {
    pattern: /(?:failing or missing response from https|v1beta1\.metrics\.k8s\.io|FailedDiscoveryCheck)/,
    clients: ['front-proxy'],
    servers: ['aggregated-apiserver'],
    besides: 'apiservice-bundle',
  },
  // apiextensions-apiserver pkg/apiserver/conversion/webhook_converter.go
  { pattern: /conversion webhook for /, speaker: 'client', outside: 'conversion-bundle' },
  // apiserver plugin/pkg/authenticator/token/webhook and authorizer/webhook
  {
    pattern: /Failed to make webhook (?:authenticator|authorizer) request/,
    speaker: 'client',
    outside: 'authentication-webhook',
  },
  { pattern: /failed calling webhook "/, speaker: 'client', outside: 'webhook-bundle' },
  // Programs that only dial
  {
    pattern: /^(?:\* )?curl: |SSL certificate problem|ERR_TLS_CERT|_ssl\.c:|javax\.net\.ssl/,
    speaker: 'client',
  },
];
