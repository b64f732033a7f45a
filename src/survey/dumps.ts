/**
 * What `kubectl get -o yaml` prints, and Talos' secrets: every text in it that is PEM, or base64 of PEM, of
 * DER or of a kubeconfig, is read, whatever the kind of object: the caBundle of a webhook, an APIService and a
 * CustomResourceDefinition, `data` of Secrets, ConfigMaps such as kube-root-ca.crt, the request and the
 * certificate in a CertificateSigningRequest. So a kind that nobody thought of is read too.
 */
import { utf8 } from '../base/index.ts';
import { isPlainMap, type Plain, textUnder } from './documents.ts';

/** A text of a document that holds material, and where it stands. */
export interface Holding {
  readonly bytes: Uint8Array;
  /** `Secret default/web, data.tls.crt`; the path alone where no object is named. */
  readonly place: string;
}

export function* holdings(document: Plain): Generator<Holding> {
  yield* below(document, '', '');
}

function* below(value: Plain, object: string, path: string): Generator<Holding> {
  if (typeof value === 'string') {
    const bytes = materialIn(value);
    if (bytes) yield { bytes, place: [object, path].filter((part) => part !== '').join(', ') };
  } else if (isPlainMap(value)) {
    const name = objectName(value);
    for (const [key, inner] of value) {
      yield* name === undefined ? below(inner, object, join(path, key)) : below(inner, name, key);
    }
  } else if (value) {
    for (const [i, inner] of value.entries()) yield* below(inner, object, `${path}[${i}]`);
  }
}

function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}

function objectName(value: Plain): string | undefined {
  const kind = textUnder(value, 'kind');
  const name = textUnder(value, 'metadata', 'name');
  if (kind === undefined || name === undefined) return undefined;
  const namespace = textUnder(value, 'metadata', 'namespace');
  return `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
}

/** Base64 of `-----BEGIN `, of a DER SEQUENCE of 256 bytes and more, of a Java keystore, of `apiVersion:`. */
const ENCODED = /^(?:LS0tLS1CRUdJTi|MI[IM]|\/u3\+7Q|YXBpVmVyc2lvbj)[A-Za-z0-9+/=\s]+$/;

function materialIn(text: string): Uint8Array | undefined {
  if (text.includes('-----BEGIN ') || isKubeconfigText(text)) return utf8(text);
  return text.length >= SHORTEST && ENCODED.test(text) ? Buffer.from(text, 'base64') : undefined;
}

/** An Ed25519 key in PKCS#8 is 48 bytes, and PEM around it twice that. */
const SHORTEST = 64;

/** The ConfigMap cluster-info holds one as it is. */
function isKubeconfigText(text: string): boolean {
  return /^kind: *Config$/m.test(text) && /^clusters:/m.test(text);
}

/** Whether a text is worth parsing: by what it must hold somewhere for `holdings` to find anything. */
export function mayHold(text: string): boolean {
  return ['-----BEGIN ', 'LS0tLS1CRUdJTi', 'MII', 'MIM', '/u3+7Q', 'YXBpVmVyc2lvbj'].some((hint) =>
    text.includes(hint),
  );
}
