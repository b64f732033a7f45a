import type { KeyObject } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { constants } from 'node:crypto';
import { createSecureContext, type SecureContext } from 'node:tls';
import type { Clock } from '../base/index.ts';
import { type Endpoint, reloadFact, type StatePath } from '../cluster/index.ts';
import type { KeySource } from '../issue/index.ts';
import { type GoRules, goRules } from '../verify/index.ts';
import type { Certificate } from '../x509/index.ts';
import { type Refusal, refusalOf } from './client-verdict.ts';
import type { Headers } from './http-values.ts';
import { authenticate, type Attempt } from './identity.ts';
import { type OwnFiles, publicKeys } from './in-memory.ts';
import { Loaded } from './loaded.ts';
import { klog, klogError } from './logs.ts';
import { type Anchors, anchorsLoader, type ServingPair, servingPair } from './material.ts';
import { nameCarriers } from './name-carriers.ts';
import { ownPair } from './own-certificate.ts';

export interface Surroundings {
  readonly stateDir: string;
  readonly clock: Clock;
  readonly keys: KeySource;
  readonly kubernetesMinor: number;
  /** Addresses and names under which etcd members dial each other. */
  readonly peers: ReadonlySet<string>;
  readonly ownFiles: (endpoint: Endpoint) => OwnFiles;
  readonly log: (text: string) => void;
}

/** Go's suites, without those that it no longer offers (crypto/tls/defaults.go); no security level of OpenSSL's. */
const CIPHERS = [
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
  '@SECLEVEL=0',
].join(':');

/** One started component: its files as it read them, and what it makes of them. */
export class Component {
  readonly endpoint: Endpoint;
  /** By the machine's own clock, as its kernel says it of a process: that of its files. */
  readonly started = Date.now();
  /** kube-apiserver's keys of service accounts. */
  readonly keys: { get(): readonly KeyObject[] } | undefined;
  /** The controller manager's --root-ca-file. */
  readonly published: { get(): string } | undefined;
  readonly #around: Surroundings;
  readonly #rules: GoRules;
  readonly #serving: { get(): ServingPair };
  readonly #clientAnchors: { get(): Anchors };
  readonly #frontProxyAnchors: { get(): Anchors } | undefined;
  #context: { readonly of: readonly unknown[]; readonly context: SecureContext } | undefined;

  /** @throws KubetlsError `twin/material` when the component would not start with these files */
  constructor(endpoint: Endpoint, around: Surroundings) {
    this.endpoint = endpoint;
    this.#around = around;
    this.#rules = goRules(around.kubernetesMinor);
    const { serves, clients } = endpoint;
    const reloadOf = (role: 'serving' | 'client-anchors') =>
      reloadFact(endpoint.component, role, around.kubernetesMinor).reload;
    const file = (name: StatePath): string => path.join(around.stateDir, name);
    if (serves === 'self-signed') {
      const own = ownPair(around.keys, around.clock.now());
      this.#serving = { get: () => own };
    } else {
      const files = [file(serves.certificate), file(serves.key)];
      this.#serving = new Loaded(files, servingPair, reloadOf('serving'), (reason) =>
        around.log(
          klogError(
            around.clock.now(),
            'dynamic_serving_content.go',
            'Unhandled Error',
            `key failed with : ${reason}`,
          ),
        ),
      );
    }
    const anchorsOf = (names: readonly StatePath[], purpose: string): Loaded<Anchors> => {
      const files = names.map(file);
      const load = anchorsLoader(endpoint.component);
      return new Loaded(files, load, reloadOf('client-anchors'), (reason) => {
        const bundle = `${purpose}::${files.join()}`;
        const text = `key failed with : error loading CA bundle for ${JSON.stringify(bundle)}: ${reason}`;
        around.log(klogError(around.clock.now(), 'dynamic_cafile_content.go', 'Unhandled Error', text));
      });
    };
    const own = around.ownFiles(endpoint);
    const atStart = <T>(name: StatePath, load: (contents: readonly Buffer[]) => T): Loaded<T> =>
      new Loaded([file(name)], load, 'start', () => undefined);
    // The state of a cluster need not have them: see differences.ts, no-token-keys.
    const has = own.keys !== undefined && existsSync(file(own.keys));
    this.keys = has ? atStart(own.keys, publicKeys) : undefined;
    const whole = (contents: readonly Buffer[]): string => Buffer.concat(contents).toString();
    this.published = own.published === undefined ? undefined : atStart(own.published, whole);
    this.#clientAnchors = anchorsOf(clients.anchors, 'client-ca-bundle');
    this.#frontProxyAnchors = clients.frontProxy && anchorsOf([clients.frontProxy.anchors], 'request-header');
  }

  /** @throws KubetlsError `twin/material` when there is no pair to serve with at this handshake */
  secureContext(): SecureContext {
    const pair = this.#serving.get();
    const sources = [pair, this.#clientAnchors.get(), this.#frontProxyAnchors?.get()];
    if (this.#context === undefined || sources.some((source, index) => source !== this.#context?.of[index])) {
      this.#context = { of: sources, context: this.#makeContext(pair) };
    }
    return this.#context.context;
  }

  #makeContext({ certificate, key }: ServingPair): SecureContext {
    const trusted = [this.#clientAnchors.get(), this.#frontProxyAnchors?.get()];
    const subjects = trusted.flatMap((anchors) => anchors?.certificates.map(({ subject }) => subject) ?? []);
    return createSecureContext({
      cert: certificate,
      key: Buffer.from(key.reveal()),
      ca: subjects.length > 0 ? [nameCarriers(subjects)] : [],
      minVersion: 'TLSv1.2',
      ciphers: CIPHERS,
      honorCipherOrder: true,
      // Each handshake is to show the certificates that are there now; and a session of TLS 1.2 that is resumed has
      // the server end the handshake first, which waits here for what the client shows.
      secureOptions: constants.SSL_OP_NO_TICKET,
      // OpenSSL aborts a handshake that tries to resume where client certificates are asked for without this.
      sessionIdContext: 'kubetls',
    });
  }

  /** What the handshake itself has against the client, whatever it may ask. */
  refusal(presented: readonly Certificate[], tls13: boolean, remote: string): Refusal | undefined {
    const { clients } = this.endpoint;
    if (clients.verified !== 'handshake') return undefined;
    const peers = clients.peerAddressCheck ? this.#around.peers : undefined;
    const anchors = this.#clientAnchors.get();
    return refusalOf({ presented, tls13, remote, peers, anchors, at: this.now(), rules: this.#rules });
  }

  identify(headers: Headers, presented: readonly Certificate[]): Attempt {
    const { frontProxy } = this.endpoint.clients;
    return authenticate({
      presented,
      headers,
      anchors: this.#clientAnchors.get(),
      frontProxy:
        frontProxy && this.#frontProxyAnchors
          ? { anchors: this.#frontProxyAnchors.get(), allowedNames: frontProxy.allowedNames }
          : undefined,
      at: this.now(),
      rules: this.#rules,
    });
  }

  now(): number {
    return this.#around.clock.now();
  }

  log(text: string): void {
    this.#around.log(text);
  }

  /** Go's net/http, for what goes wrong before there is a request. */
  logHandshakeError(remote: string, error: string): void {
    this.log(klog('I', this.now(), 'log.go:245', `http: TLS handshake error from ${remote}: ${error}`));
  }
}
