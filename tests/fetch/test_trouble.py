"""The words for what goes wrong out there."""

import http.client
import ssl

import pytest
import requests

from watcher.fetch.trouble import Trouble, told


def test_the_innermost_known_reason_is_told() -> None:
    wrapped = requests.ConnectionError(OSError("x"), Trouble("the name is not known"))
    assert told(wrapped) == "the name is not known"


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        (ConnectionResetError(104, "Connection reset by peer"), "the connection was reset"),
        (OSError(101, "Network is unreachable"), "the connection failed: network is unreachable"),
        (OSError("odd"), "the connection failed (OSError)"),
        (TimeoutError("timed out"), "the server did not answer in time"),
        (http.client.LineTooLong("header line"), "the answer is not valid HTTP"),
        (
            requests.exceptions.InvalidURL("http://u:p@x"),
            "the address or a stored validator cannot be sent",
        ),
        (
            ssl.SSLError("The handshake operation timed out"),
            "TLS: the server did not answer in time",
        ),
        (ssl.SSLError(1, "odd"), "TLS: the connection was closed"),
    ],
)
def test_each_kind_has_its_words(trouble: Exception, words: str) -> None:
    assert told(trouble) == words


def test_exceptions_that_name_each_other_are_told_all_the_same() -> None:
    one, other = OSError("a"), OSError("b")
    one.__cause__, other.__cause__ = other, one
    assert told(one) == "the connection failed (OSError)"
