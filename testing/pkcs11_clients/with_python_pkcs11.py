"""Sign with python-pkcs11: one signature, verified, for each line of standard input."""

from __future__ import annotations

import os
import sys
from typing import Any

import pkcs11

library = pkcs11.lib(os.environ["CONFKIT_LIBRARY"])
token = library.get_token(token_label=os.environ["CONFKIT_TOKEN_LABEL"])
with token.open(rw=True, user_pin=os.environ["CONFKIT_PIN"]) as session:
    pair: Any = session.generate_keypair(pkcs11.KeyType.RSA, 2048)
    public, private = pair
    print("ready", flush=True)
    for _ in sys.stdin:
        try:
            signature = private.sign(b"message", mechanism=pkcs11.Mechanism.SHA256_RSA_PKCS)
            right = public.verify(b"message", signature, mechanism=pkcs11.Mechanism.SHA256_RSA_PKCS)
            print("signed" if right else "wrong signature", flush=True)
        except pkcs11.exceptions.PKCS11Error as error:
            print(type(error).__name__, flush=True)
