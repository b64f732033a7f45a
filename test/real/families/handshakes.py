"""Handshakes in memory by this machine's Python: what does the side that checks say?

One JSON object a line comes in: chain and key (PEM, of the side that is checked), roots (PEM), name (absent:
the client is checked, by the server with the PEM `server`), flags. One a line goes out: the text of the failure, or null.
"""

import json
import ssl
import sys
import tempfile


def presenting(protocol, pem):
    made = ssl.SSLContext(protocol)
    made.set_ciphers("DEFAULT@SECLEVEL=0")
    made.check_hostname = False
    made.verify_mode = ssl.CERT_NONE
    load(made, pem)
    return made


def load(context, pem):
    with tempfile.NamedTemporaryFile("w", suffix=".pem") as file:
        file.write(pem)
        file.flush()
        context.load_cert_chain(file.name)


def checking(protocol, question):
    made = ssl.SSLContext(protocol)
    made.verify_mode = ssl.CERT_REQUIRED
    made.verify_flags |= question["flags"]
    if question["roots"]:
        made.load_verify_locations(cadata=question["roots"])
    return made


def answer(question):
    name = question.get("name")
    pem = question["chain"] + question["key"]
    if name is None:
        client = presenting(ssl.PROTOCOL_TLS_CLIENT, pem)
        server = checking(ssl.PROTOCOL_TLS_SERVER, question)
        load(server, question["server"])
    else:
        client = checking(ssl.PROTOCOL_TLS_CLIENT, question)
        server = presenting(ssl.PROTOCOL_TLS_SERVER, pem)
    there, back = ssl.MemoryBIO(), ssl.MemoryBIO()
    dialling = client.wrap_bio(back, there, server_hostname=name)
    serving = server.wrap_bio(there, back, server_side=True)
    judge = serving if name is None else dialling
    open_ends = [dialling, serving]
    for _ in range(20):
        for end in list(open_ends):
            try:
                end.do_handshake()
                open_ends.remove(end)
            except ssl.SSLWantReadError:
                pass
            except ssl.SSLError as error:
                if end is judge:
                    return str(error)
                open_ends.remove(end)
    return "no end" if judge in open_ends else None


print(json.dumps({"python": sys.version, "openssl": ssl.OPENSSL_VERSION}))
for line in sys.stdin:
    try:
        print(json.dumps(answer(json.loads(line))), flush=True)
    except Exception as error:
        print(json.dumps("not asked: %s" % error), flush=True)
