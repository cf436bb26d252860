"""Sign with PyKCS11: one signature, verified, for each line of standard input."""

from __future__ import annotations

import os
import sys

import PyKCS11

RS256 = PyKCS11.Mechanism(PyKCS11.CKM_SHA256_RSA_PKCS, None)
library = PyKCS11.PyKCS11Lib()
library.load(os.environ["CONFKIT_LIBRARY"])
(slot,) = library.getSlotList(tokenPresent=True)
session = library.openSession(slot, PyKCS11.CKF_SERIAL_SESSION | PyKCS11.CKF_RW_SESSION)
session.login(os.environ["CONFKIT_PIN"])
public, private = session.generateKeyPair(
    [
        (PyKCS11.CKA_TOKEN, PyKCS11.CK_FALSE),
        (PyKCS11.CKA_VERIFY, PyKCS11.CK_TRUE),
        (PyKCS11.CKA_MODULUS_BITS, 2048),
        (PyKCS11.CKA_PUBLIC_EXPONENT, (1, 0, 1)),
    ],
    [(PyKCS11.CKA_TOKEN, PyKCS11.CK_FALSE), (PyKCS11.CKA_SIGN, PyKCS11.CK_TRUE)],
)
print("ready", flush=True)
for _ in sys.stdin:
    try:
        signature = session.sign(private, b"message", RS256)
        right = session.verify(public, b"message", bytes(signature), RS256)
        print("signed" if right else "wrong signature", flush=True)
    except PyKCS11.PyKCS11Error as error:
        print(error, flush=True)
