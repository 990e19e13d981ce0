"""Exceptions of the world, told in words that are fit for the operator.

No text of a foreign exception is passed on: they quote addresses, and addresses hold secrets.
"""

import http.client
import socket
import ssl
from collections.abc import Iterator

import requests
import urllib3.exceptions

Foreign = (
    requests.RequestException,
    urllib3.exceptions.HTTPError,
    http.client.HTTPException,
    OSError,
    UnicodeError,
)

WORDS: tuple[tuple[type[BaseException] | tuple[type[BaseException], ...], str], ...] = (
    (ConnectionRefusedError, "connection refused"),
    (http.client.RemoteDisconnected, "the server hung up without an answer"),
    ((ConnectionResetError, BrokenPipeError, ConnectionAbortedError), "the connection was reset"),
    (urllib3.exceptions.ConnectTimeoutError, "connecting took too long"),
    ((TimeoutError, urllib3.exceptions.ReadTimeoutError), "the server did not answer in time"),
    (
        (
            http.client.IncompleteRead,
            urllib3.exceptions.IncompleteRead,
            urllib3.exceptions.InvalidChunkLength,
        ),
        "the answer broke off before its end",
    ),
    (
        (http.client.HTTPException, urllib3.exceptions.InvalidHeader),
        "the answer is not valid HTTP",
    ),
    (
        (
            requests.exceptions.InvalidURL,
            requests.exceptions.InvalidHeader,
            urllib3.exceptions.LocationValueError,
            UnicodeError,
        ),
        "the address or a stored validator cannot be sent",
    ),
)


class Trouble(Exception):  # noqa: N818 - it is the world's, and becomes a value
    """Something is not as it should be out there; `str()` says what."""


def told(trouble: BaseException) -> str:
    """Say in a few words what went wrong, from the exception and all that it stems from."""
    family = tuple(_family(trouble))
    for one in family:
        if isinstance(one, Trouble):
            return str(one)
        if isinstance(one, ssl.SSLError):
            return _told_tls(one)
    for kinds, words in WORDS:
        if any(isinstance(one, kinds) for one in family):
            return words
    systems = [one.strerror for one in family if isinstance(one, OSError) and one.strerror]
    if systems:
        return f"the connection failed: {systems[-1].lower()}"
    return f"the connection failed ({type(family[-1]).__name__})"


def _told_tls(trouble: ssl.SSLError) -> str:
    if isinstance(trouble, ssl.SSLCertVerificationError):
        return f"TLS: the certificate is not accepted: {trouble.verify_message}"
    if isinstance(trouble, socket.timeout) or "timed out" in str(trouble):
        return "TLS: the server did not answer in time"
    name = (
        (getattr(trouble, "reason", None) or "the connection was closed").lower().replace("_", " ")
    )
    return f"TLS: {name}"


def _family(trouble: BaseException) -> Iterator[BaseException]:
    """Go from an exception to those that it was made from, each once."""
    seen: set[int] = set()
    waiting = [trouble]
    while waiting:
        one = waiting.pop(0)
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        near = (one.__cause__, one.__context__, getattr(one, "reason", None), *one.args)
        waiting += [other for other in near if isinstance(other, BaseException)]
