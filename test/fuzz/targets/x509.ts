import { concatBytes, equalBytes, type Failure, KubetlsError } from '../../../src/base/index.ts';
import { lintCertificate, lintRequest, lintRevocationList } from '../../../src/lint/index.ts';
import { parseRefusal, requestRefusal, revocationListRefusal } from '../../../src/verify/index.ts';
import {
  type Certificate,
  type CertificateRequest,
  checkSignature,
  commonName,
  DerReader,
  extendedKeyUsageText,
  fingerprint,
  type GeneralName,
  generalNameText,
  keyIdentifier,
  keyUsageText,
  type Name,
  nameText,
  organizations,
  parseCertificate,
  parseIp,
  parseMailbox,
  parseName,
  parseRequest,
  parseRevocationList,
  type RevocationList,
  parseUri,
  quote,
  readCertificates,
  readPem,
  serialDecimal,
  serialHex,
  signatureAlgorithmName,
  Tag,
  writePem,
} from '../../../src/x509/index.ts';
import { encode } from '../../../src/x509/der-encode.ts';
import { eachGeneralName, writeGeneralName } from '../../../src/x509/general-name.ts';
import { STRICTEST } from '../../../src/x509/reading.ts';
import { ipText } from '../../../src/x509/ip.ts';
import { written } from '../../../src/x509/der-writer.ts';
import { listed, mustHold, target, type Target } from '../target.ts';

/** Object identifiers that decide what is read, as DER elements. */
const OIDS = listed(
  '\x06\x03\x55\x1d\x0e¦\x06\x03\x55\x1d\x0f¦\x06\x03\x55\x1d\x11¦\x06\x03\x55\x1d\x13',
  '\x06\x03\x55\x1d\x1e¦\x06\x03\x55\x1d\x1f¦\x06\x03\x55\x1d\x20¦\x06\x03\x55\x1d\x21',
  '\x06\x03\x55\x1d\x23¦\x06\x03\x55\x1d\x24¦\x06\x03\x55\x1d\x25¦\x06\x03\x55\x1d\x36',
  '\x06\x03\x55\x04\x03¦\x06\x03\x55\x04\x0a¦\x06\x03\x2b\x65\x70¦\x05\x00¦\x01\x01\xff',
  '\x06\x08\x2b\x06\x01\x05\x05\x07\x01\x01¦\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a',
  '\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x09\x0e¦\x06\x07\x2a\x86\x48\xce\x3d\x02\x01',
);

const PEM_WORDS = listed(
  '-----BEGIN CERTIFICATE-----\n¦\n-----END CERTIFICATE-----\n¦-----BEGIN ¦\n-----END ¦-----',
  'Proc-Type: 4,ENCRYPTED\n¦a: b\n¦\r\n¦=¦==¦\xef\xbb\xbf¦__proto__¦constructor',
);

export const x509Targets: Readonly<Record<string, Target>> = {
  der: target('der', readElements, { words: OIDS }),
  certificate: target('der', (der) => useCertificate(parseCertificate(der)), {
    words: OIDS,
    answer: (der) => ({ parse: 'certificate', error: refusal(() => parseCertificate(der), parseRefusal) }),
  }),
  request: target('der', (der) => useRequest(parseRequest(der)), {
    words: OIDS,
    answer: (der) => ({
      parse: 'request',
      error: refusal(
        () => parseRequest(der),
        (failure) => requestRefusal(der, failure),
      ),
    }),
  }),
  'revocation-list': target('der', (der) => useRevocationList(parseRevocationList(der)), {
    words: [...OIDS, '\x06\x03\x55\x1d\x14', '\x06\x03\x55\x1d\x15', '\x0a\x01\x01'],
    answer: (der) => ({
      parse: 'crl',
      error: refusal(() => parseRevocationList(der), revocationListRefusal),
    }),
  }),
  pem: target('text', readBlocks, { words: PEM_WORDS }),
  name: target('der', (der) => useName(parseName(der)), { words: OIDS }),
  'general-names': target('der', useGeneralNames, { words: ['\x86\x05spiffe', '\x87\x04', '\x82\x02*.'] }),
  texts: target('text', readTexts, {
    words: ['::', '%25', '[', ']', '@', '"', '\\', '//', 'http://', '..', '*.', '%zz', '255', '0x', ':0'],
  }),
};

/** A walk over all elements; what is accepted is written back to the same bytes. */
function readElements(der: Uint8Array): void {
  const open = [new DerReader(der)];
  for (let reader = open.pop(); reader; reader = open.pop()) {
    while (!reader.done) {
      const tag = reader.peek();
      const { at } = reader;
      const start = reader.open(tag, 'element');
      const element = der.subarray(at, reader.at);
      mustHold(
        equalBytes(encode(tag, der.subarray(start, reader.at)), element),
        'one length for one content',
      );
      if ((tag & 0x20) !== 0) open.push(reader.inside(start, reader.at));
      const again = new DerReader(element);
      if (tag === Tag.boolean) again.boolean('element');
      if (tag === Tag.integer) again.integer('element');
      if (tag === Tag.bitString) again.bitString('element');
    }
    reader.finish('element');
  }
}

export function useCertificate(certificate: Certificate): void {
  const { version, serial, notBefore, notAfter, publicKey, tbs, signature } = certificate;
  mustHold(version >= 1 && version <= 3 && serial.length > 0, 'a version and a serial');
  mustHold(Number.isFinite(notBefore) && Number.isFinite(notAfter), 'dates');
  useName(certificate.issuer);
  useName(certificate.subject);
  certificate.subjectAltNames?.map(generalNameText);
  const { permitted = [], excluded = [] } = certificate.nameConstraints ?? {};
  for (const name of [...permitted, ...excluded]) generalNameText(name);
  certificate.keyUsage?.map(keyUsageText);
  certificate.extendedKeyUsage?.map(extendedKeyUsageText);
  serialHex(serial);
  serialDecimal(serial);
  fingerprint(certificate.der);
  keyIdentifier(publicKey);
  const { signatureAlgorithm: oid, signatureParameters: parameters } = certificate;
  signatureAlgorithmName(oid, parameters);
  void [certificate.utcOffsets, certificate.basicConstraints, certificate.extensions];
  void [certificate.subjectKeyId, certificate.authorityKeyId, certificate.unhandledCritical];
  checkSignature(publicKey, oid, parameters, tbs, signature);
  lintCertificate(certificate);
}

function useRequest(request: CertificateRequest): void {
  lintRequest(request);
  useName(request.subject);
  request.subjectAltNames?.map(generalNameText);
  void request.extensions;
  const { signatureAlgorithm: oid, signatureParameters: parameters, info, signature, publicKey } = request;
  checkSignature(publicKey, oid, parameters, info, signature);
}

function useRevocationList(list: RevocationList): void {
  lintRevocationList(list);
  let walked = 0;
  for (const { serial } of list.entries) {
    walked++;
    mustHold(serial.length > 0, 'a serial');
  }
  mustHold(walked === list.count, 'as many entries as are counted');
  useName(list.issuer);
  void [list.tbs, list.number, list.nextUpdate, list.authorityKeyId, list.extensions];
  signatureAlgorithmName(list.signatureAlgorithm, list.signatureParameters);
}

function useName(name: Name): void {
  nameText(name);
  commonName(name);
  organizations(name);
}

function useGeneralNames(der: Uint8Array): void {
  const names: GeneralName[] = [];
  eachGeneralName(new DerReader(der), 'names', STRICTEST, names);
  names.forEach(generalNameText);
  const again = names.map((name) => written((writer) => writeGeneralName(writer, name)));
  mustHold(equalBytes(concatBytes(again), der), 'general names are written as they are read');
}

function readBlocks(text: Uint8Array): void {
  const problems: Parameters<typeof readPem>[1] = [];
  for (const { label, bytes } of readPem(text, problems)) {
    // Text is written as UTF-8, and what a label has beyond ASCII is read octet by octet.
    if (/[^\0-\x7f]/.test(label)) continue;
    // A label with a line's worth of blanks at its end is not one that is written.
    const [again] = readPem(writePem(label, bytes));
    if (again)
      mustHold(again.label === label && equalBytes(again.bytes, bytes), 'a block is read as written');
  }
  readCertificates(text).certificates.forEach(useCertificate);
}

function readTexts(input: Uint8Array): void {
  const text = Buffer.from(input).toString('latin1');
  const ip = parseIp(text);
  if (ip) mustHold(equalBytes(parseIp(ipText(ip)) ?? ip, ip) || ip.length === 16, 'an address is one');
  parseUri(text);
  parseMailbox(text);
  quote(text);
  quote(Buffer.from(input).toString('utf8'));
}

/** In Go's words; empty when it is read. */
function refusal(work: () => unknown, inWords: (failure: Failure) => string): string {
  try {
    work();
    return '';
  } catch (error) {
    if (error instanceof KubetlsError) return inWords(error);
    throw error;
  }
}
