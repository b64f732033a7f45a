"""Asks the OpenSSL of this machine itself: X509_verify_cert, called through ctypes.

One JSON object a line comes in: leaf, untrusted, trusted (base64 DER), at (seconds), purpose, host, ip
(hexadecimal), flags, level, hostFlags, and `on`, the errors after which the callback goes on (null: all).
One a line goes out: problems, every [error, depth] that the callback was told; chain, its length.
"""

import base64
import ctypes
import ctypes.util
import json
import sys

crypto = ctypes.CDLL(ctypes.util.find_library("crypto"))
pointer, integer, octets = ctypes.c_void_p, ctypes.c_int, ctypes.c_char_p


def function(name, result, *arguments):
    found = getattr(crypto, name)
    found.restype, found.argtypes = result, arguments
    return found


version = function("OpenSSL_version", octets, integer)
d2i = function("d2i_X509", pointer, pointer, ctypes.POINTER(octets), ctypes.c_long)
free_certificate = function("X509_free", None, pointer)
new_store = function("X509_STORE_new", pointer)
free_store = function("X509_STORE_free", None, pointer)
add_certificate = function("X509_STORE_add_cert", integer, pointer, pointer)
new_context = function("X509_STORE_CTX_new", pointer)
free_context = function("X509_STORE_CTX_free", None, pointer)
init_context = function("X509_STORE_CTX_init", integer, pointer, pointer, pointer, pointer)
parameters_of = function("X509_STORE_CTX_get0_param", pointer, pointer)
set_flags = function("X509_VERIFY_PARAM_set_flags", integer, pointer, ctypes.c_ulong)
set_time = function("X509_VERIFY_PARAM_set_time", None, pointer, ctypes.c_int64)
set_level = function("X509_VERIFY_PARAM_set_auth_level", None, pointer, integer)
set_purpose = function("X509_VERIFY_PARAM_set_purpose", integer, pointer, integer)
set_host = function("X509_VERIFY_PARAM_set1_host", integer, pointer, octets, ctypes.c_size_t)
set_host_flags = function("X509_VERIFY_PARAM_set_hostflags", None, pointer, ctypes.c_uint)
set_ip = function("X509_VERIFY_PARAM_set1_ip", integer, pointer, octets, ctypes.c_size_t)
CALLBACK = ctypes.CFUNCTYPE(integer, integer, pointer)
set_callback = function("X509_STORE_CTX_set_verify_cb", None, pointer, CALLBACK)
error_of = function("X509_STORE_CTX_get_error", integer, pointer)
depth_of = function("X509_STORE_CTX_get_error_depth", integer, pointer)
chain_of = function("X509_STORE_CTX_get0_chain", pointer, pointer)
verify = function("X509_verify_cert", integer, pointer)
new_stack = function("OPENSSL_sk_new_null", pointer)
push = function("OPENSSL_sk_push", integer, pointer, pointer)
count = function("OPENSSL_sk_num", integer, pointer)
free_stack = function("OPENSSL_sk_free", None, pointer)

PURPOSES = {"client": 1, "server": 2, "any": 7}


def certificate(text):
    der = base64.b64decode(text)
    return d2i(None, ctypes.byref(octets(der)), len(der))


def answer(question):
    leaf = certificate(question["leaf"])
    untrusted = [certificate(text) for text in question["untrusted"]]
    trusted = [certificate(text) for text in question["trusted"]]
    if not all([leaf, *untrusted, *trusted]):
        return {"unread": True}
    store, context, stack = new_store(), new_context(), new_stack()
    for each in trusted:
        add_certificate(store, each)
    for each in untrusted:
        push(stack, each)
    init_context(context, store, leaf, stack)
    parameters = parameters_of(context)
    set_flags(parameters, question["flags"])
    set_time(parameters, question["at"])
    set_level(parameters, question["level"])
    set_purpose(parameters, PURPOSES[question["purpose"]])
    set_host_flags(parameters, question["hostFlags"])
    if question.get("host"):
        set_host(parameters, question["host"].encode("latin1"), 0)
    if question.get("ip"):
        address = bytes.fromhex(question["ip"])
        set_ip(parameters, address, len(address))
    problems = []

    def told(good, about):
        if good:
            return good
        problems.append([error_of(about), depth_of(about)])
        return 1 if question["on"] is None or error_of(about) in question["on"] else 0

    callback = CALLBACK(told)
    set_callback(context, callback)
    result = verify(context)
    if result <= 0 and not problems:
        problems.append([error_of(context), -1])
    length = count(chain_of(context))
    free_context(context)
    free_stack(stack)
    free_store(store)
    for each in [leaf, *untrusted, *trusted]:
        free_certificate(each)
    return {"problems": problems, "chain": length}


print(json.dumps({"version": version(0).decode()}))
for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))))
