"""Dials servers on loopback by this machine's Python and waits for a byte.

One JSON object a line comes in: port, name, root (PEM; absent: everybody is trusted), shown (PEM of certificate and
key; absent: nothing). One a line goes out: the text of the failure, or null.
"""

import json
import socket
import ssl
import sys
import tempfile


def answer(question):
    if "root" in question:
        context = ssl.create_default_context(cadata=question["root"])
    else:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if "shown" in question:
        with tempfile.NamedTemporaryFile("w", suffix=".pem") as file:
            file.write(question["shown"])
            file.flush()
            context.load_cert_chain(file.name)
    try:
        plain = socket.create_connection(("127.0.0.1", question["port"]), 20)
        with context.wrap_socket(plain, server_hostname=question["name"]) as wrapped:
            wrapped.recv(1)
    except ssl.SSLError as error:
        return str(error)


print(json.dumps({"python": sys.version, "openssl": ssl.OPENSSL_VERSION}))
for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)
