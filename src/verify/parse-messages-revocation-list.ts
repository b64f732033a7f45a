import type { Failure } from '../base/index.ts';
import {
  COMMON_SAYS,
  EXTENSION_PLACES,
  namePlaces,
  refusalText,
  SIGNED_PLACES,
  type Texts,
  timePlaces,
} from './parse-messages.ts';

/** Why Go's x509.ParseRevocationList refuses what `parseRevocationList` has refused. */
export function revocationListRefusal(failure: Failure): string {
  return refusalText(failure, REVOCATION_LIST);
}

/** crypto/x509/parser.go, ParseRevocationList. */
const REVOCATION_LIST: Texts = {
  signed: 'tbsCertList',
  says: { ...COMMON_SAYS, 'x509/version': ({ message }) => `x509: ${message}` },
  places: {
    certificateList: 'malformed crl',
    tbsCertList: 'malformed tbs crl',
    version: 'malformed crl',
    ...SIGNED_PLACES,
    ...namePlaces('issuer'),
    ...timePlaces('thisUpdate'),
    ...timePlaces('nextUpdate'),
    revokedCertificates: 'malformed crl',
    serialNumber: 'malformed serial number',
    ...timePlaces('revocationDate'),
    ...EXTENSION_PLACES,
    'extensions.reasonCode': 'malformed reasonCode extension',
    'extensions.authorityKeyIdentifier': 'invalid authority key identifier',
    'extensions.cRLNumber': 'malformed crl number',
  },
};
