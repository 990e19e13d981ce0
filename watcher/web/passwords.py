"""Passwords: kept as scrypt hashes, compared in constant time."""

import base64
import hashlib
import hmac
import re
import secrets

from watcher.model import Secret

_FORM = re.compile(r"scrypt:(\d{4,6}):(\d{1,2}):(\d{1,2}):([\w=-]+):([\w=-]+)")
_WORK, _BLOCK, _LANES = 1 << 15, 8, 1  # 32 MB and about 0.1 s
_MOST_MEMORY = 256 * 1024 * 1024
_LEAST = 12  # characters of a password that is written down as it is


def hashed(password: str) -> str:
    """Make the hash that may stand in a configuration instead of the password."""
    salt = secrets.token_bytes(16)
    key = _key(password, salt, _WORK, _BLOCK, _LANES)
    return f"scrypt:{_WORK}:{_BLOCK}:{_LANES}:{_written(salt)}:{_written(key)}"


def is_right(password: str, kept: Secret) -> bool:
    """Tell whether somebody knows the password; takes as long for a wrong one."""
    if found := _FORM.fullmatch(kept.reveal()):
        work, block, lanes = map(int, found.groups()[:3])
        salt, key = (base64.urlsafe_b64decode(part) for part in found.groups()[3:])
        return hmac.compare_digest(_key(password, salt, work, block, lanes), key)
    salt = b"one salt is enough where the password itself is kept"
    tried, known = (_key(text, salt, _WORK, _BLOCK, _LANES) for text in (password, kept.reveal()))
    return hmac.compare_digest(tried, known)


def is_sound(kept: Secret) -> bool:
    """Whether it is a hash that can be used, or a password that cannot be guessed at once."""
    text = kept.reveal()
    if not text.startswith("scrypt:"):
        return len(text) >= _LEAST
    try:
        is_right("", kept)
    except ValueError:
        return False
    return _FORM.fullmatch(text) is not None


def same(one: str, other: str) -> bool:
    """Compare two tokens, in constant time."""
    return hmac.compare_digest(one.encode(), other.encode())


def _key(password: str, salt: bytes, work: int, block: int, lanes: int) -> bytes:
    text = password.encode("utf-8", "surrogatepass")
    return hashlib.scrypt(text, salt=salt, n=work, r=block, p=lanes, maxmem=_MOST_MEMORY, dklen=32)


def _written(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode()
