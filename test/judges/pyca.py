"""Reads certificates with pyca/cryptography: one base64 DER a line in, one JSON string a line out, empty when all is read."""

import base64
import json
import sys

from cryptography import x509


def problem(der):
    try:
        certificate = x509.load_der_x509_certificate(der)
        for read in ("subject", "issuer", "not_valid_before_utc", "extensions", "serial_number"):
            getattr(certificate, read)
        return ""
    except Exception as error:
        return "%s: %s" % (type(error).__name__, error)


for line in sys.stdin:
    print(json.dumps(problem(base64.b64decode(line))))
