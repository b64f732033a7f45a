/** What the doctor's rows mean, for the table of checks: title, why, source. */
type Words = Readonly<Record<string, readonly [title: string, why: string, source: string]>>;

const VALIDATION = 'client-go tools/clientcmd/validation.go';

const missing: Words = {
  'file-missing': [
    'a kubeconfig names a file that is not there',
    'client-go refuses the kubeconfig before it dials',
    VALIDATION,
  ],
  'path-and-data': [
    'a kubeconfig has both a path and the data',
    'the data counts; whoever renews the file behind the path sees no effect',
    VALIDATION,
  ],
};

export const FILE: Words = {
  'file-mode': [
    'a kubeconfig with a key, a token or a password may be read by others',
    'who reads it is that user',
    'client-go tools/clientcmd/loader.go, WriteToFile: 0600',
  ],
  'current-context-unknown': [
    'the current context is not there',
    'kubectl ends, or dials localhost:8080',
    'client-go tools/clientcmd/client_config.go',
  ],
  'kubeconfig-empty': [
    'a kubeconfig without a context',
    'kubectl dials http://localhost:8080, and says that the connection was refused',
    'client-go tools/clientcmd/client_config.go; kubectl pkg/cmd/util/factory_client_access.go',
  ],
};

export const CLUSTER: Words = {
  ...missing,
  'server-missing': ['a cluster without a server', 'there is nothing to dial', VALIDATION],
  'server-invalid': [
    'the server is no URL',
    'client-go cannot dial it',
    'client-go rest/url_utils.go, DefaultServerURL',
  ],
  'proxy-invalid': ['the proxy is no URL of http, https or socks5', 'client-go refuses it', VALIDATION],
  'plain-http': [
    'the server is dialled without TLS',
    'everything is read and changed by whoever stands in between, and no certificate is shown',
    'client-go rest/url_utils.go',
  ],
  insecure: [
    'the server is not verified',
    'whoever stands in between gets what is sent, tokens too',
    'client-go rest/transport.go, TLSConfigFor',
  ],
  'insecure-with-authority': [
    'an authority is given, and not to be looked at',
    'client-go refuses the two together',
    'client-go transport/transport.go: specifying a root certificates file with the insecure flag is not allowed',
  ],
  'authority-absent': [
    'no authority is given',
    "the operating system's are trusted, which know nothing of a cluster's",
    'client-go transport/transport.go',
  ],
  'authority-unusable': [
    'the authority cannot be read',
    'nobody is trusted, or client-go does not start',
    'client-go transport/transport.go: unable to load root certificates',
  ],
  'authority-is-none': [
    'the authority is no authority',
    'Go takes it for an anchor: it verifies only itself, and changes with the server',
    'crypto/x509/verify.go',
  ],
};

export const USER: Words = {
  ...missing,
  'key-missing': ['a client certificate without its key', 'client-go refuses the user', VALIDATION],
  'credentials-conflict': ['two ways to authenticate', 'client-go refuses the user', VALIDATION],
  'pair-unusable': [
    'the client certificate and its key do not go together',
    'client-go ends before it dials',
    'crypto/tls/tls.go, X509KeyPair',
  ],
  'key-alone': ['a key without a certificate', 'it is not used', VALIDATION],
  'token-life': ['a token that has ended', 'kube-apiserver answers 401', 'RFC 7519, 4.1.4'],
  'token-file-missing': [
    'the file of the token is not there',
    'client-go has no token to send',
    'client-go transport/token_source.go',
  ],
};

export const CONTEXT: Words = {
  'name-unknown': [
    'a context names a cluster or a user that is not there',
    'client-go refuses the context',
    VALIDATION,
  ],
  'namespace-invalid': [
    'the namespace of a context is no DNS label',
    'client-go refuses the context',
    VALIDATION,
  ],
  'certificate-stranger': [
    "a client certificate that is not of the cluster's authority",
    'it is of another cluster, or of an authority that was replaced: kube-apiserver answers 401',
    'apiserver pkg/authentication/request/x509/x509.go',
  ],
};
