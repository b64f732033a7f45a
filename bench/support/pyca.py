"""The same work by pyca/cryptography: a line of JSON in, a line of JSON out, as test/real/oracle/bench.go."""

import datetime
import json
import sys
import time

from cryptography import x509
from cryptography.x509 import verification
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)


FIELDS = [
    "version",
    "serial_number",
    "issuer",
    "subject",
    "not_valid_before_utc",
    "not_valid_after_utc",
    "signature_algorithm_oid",
    "signature",
    "tbs_certificate_bytes",
    "extensions",
]


def issue_work(question):
    asked = x509.load_pem_x509_csr(question["der"].encode())
    names = asked.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    authority = x509.load_pem_x509_certificate(question["cert"].encode())
    signer = load_pem_private_key(question["key"].encode(), None)
    usage = x509.KeyUsage(True, False, False, False, False, False, False, False, False)

    def sign(public):
        now = datetime.datetime.now(datetime.timezone.utc)
        return (
            x509.CertificateBuilder()
            .serial_number(x509.random_serial_number())
            .subject_name(asked.subject)
            .issuer_name(authority.subject)
            .public_key(public)
            .not_valid_before(now - datetime.timedelta(minutes=5))
            .not_valid_after(now + datetime.timedelta(days=365))
            .add_extension(usage, True)
            .add_extension(x509.ExtendedKeyUsage([x509.ExtendedKeyUsageOID.SERVER_AUTH]), False)
            .add_extension(x509.BasicConstraints(False, None), True)
            .add_extension(names, False)
            .sign(signer, hashes.SHA256())
        )

    def issue():
        key = ec.generate_private_key(ec.SECP256R1())
        sign(key.public_key()).public_bytes(Encoding.PEM)
        key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())

    public = asked.public_key()
    return issue if question["bench"] == "issue" else lambda: sign(public)


def certificate_in(text):
    return x509.load_pem_x509_certificate(text.encode())


def parse_work(question):
    der = certificate_in(question["der"]).public_bytes(Encoding.DER)

    def parse():
        certificate = x509.load_der_x509_certificate(der)
        for field in FIELDS:
            getattr(certificate, field)
        certificate.public_key()

    return parse


def verify_work(question):
    roots = [certificate_in(root) for root in question["roots"]]
    verifier = (
        verification.PolicyBuilder()
        .store(verification.Store(roots))
        .time(datetime.datetime.fromisoformat(question["at"].replace("Z", "+00:00")))
        .build_server_verifier(x509.DNSName(question["name"]))
    )
    leaf = certificate_in(question["leaf"])
    return lambda: verifier.verify(leaf, [])


WORKS = {"issue": issue_work, "sign": issue_work, "parse": parse_work, "verify": verify_work}


def answer(question):
    work = WORKS[question["bench"]](question)
    started = time.process_time()
    for _ in range(question["count"]):
        work()
    return {"ok": True, "error": "", "seconds": time.process_time() - started}


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)
