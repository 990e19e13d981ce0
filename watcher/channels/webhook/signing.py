"""Signatures as Standard Webhooks 1.0 has them.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import base64
import binascii
import hmac
from collections.abc import Sequence

from watcher.model import Secret

PREFIX = "whsec_"
_LENGTHS = range(24, 65)  # bytes of a key, as the standard asks


def signatures(secrets: Sequence[Secret], signed: bytes) -> str:
    """Sign with each of the secrets."""
    return " ".join(_signature(secret, signed) for secret in secrets)


def can_sign(secret: Secret) -> bool:
    """Tell whether this is a secret that the standard allows."""
    return len(_key(secret)) in _LENGTHS


def _signature(secret: Secret, signed: bytes) -> str:
    digest = hmac.digest(_key(secret), signed, "sha256")
    return f"v1,{base64.b64encode(digest).decode()}"


def _key(secret: Secret) -> bytes:
    """Decode a signing secret; empty where it is none. Missing padding is forgiven."""
    text = secret.reveal().strip().removeprefix(PREFIX)
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        return b""
