"""Telling what went wrong on a connection, in words that hold no address and no secret.

The texts of exceptions are never used: some hold whole URLs.
"""

import socket
import ssl
from collections.abc import Iterator


def told(trouble: BaseException) -> str:
    """Say what went wrong, in a few words that are safe to show."""
    chain = tuple(_chain(trouble, set()))
    for link in chain:
        if isinstance(link, ssl.SSLCertVerificationError):
            return f"its certificate cannot be trusted ({_detail(link, 'verify_message')})"
        if isinstance(link, socket.gaierror):
            return "its name cannot be resolved"
    for link in chain:
        if isinstance(link, TimeoutError):
            return "timed out"
        if isinstance(link, ssl.SSLError):
            return f"TLS failed ({_detail(link, 'reason')})"
        if isinstance(link, OSError) and link.strerror and link.errno is not None:
            return link.strerror.lower()
    return type(chain[-1]).__name__


def _detail(trouble: ssl.SSLError, name: str) -> str:
    """Read what OpenSSL says; errors that it did not raise itself lack it."""
    return getattr(trouble, name, None) or "no reason given"


def _chain(trouble: BaseException, seen: set[int]) -> Iterator[BaseException]:
    """Go through an exception and all that are wrapped in it, outermost first, once each."""
    seen.add(id(trouble))
    yield trouble
    wrapped = (*trouble.args, getattr(trouble, "reason", None), trouble.__cause__)
    for inner in (*wrapped, trouble.__context__):
        if isinstance(inner, BaseException) and id(inner) not in seen:
            yield from _chain(inner, seen)
