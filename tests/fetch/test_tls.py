"""HTTPS: what is accepted, and how a refusal is named."""

import ssl
from datetime import UTC, datetime
from pathlib import Path

import pytest
import trustme

from tests.fetch.conftest import Desk, due, tls_for
from tests.servers import FeedServer, Reply
from watcher.errors import ConfigError
from watcher.fetch import wire

FEED = b"<rss/>"


def test_a_feed_comes_over_https(secure: FeedServer, desk: Desk, ca_file: Path) -> None:
    assert desk.body(secure.on("/feed", Reply(body=FEED)), ca_file=ca_file) == FEED
    assert secure.requests[0].tls


def test_the_certificate_is_checked_against_the_name_though_we_connect_to_an_address(
    secure: FeedServer, desk: Desk, ca_file: Path
) -> None:
    desk.names.known |= {"feeds.example": ["127.0.0.1"], "wrong.example": ["127.0.0.1"]}
    secure.on("/feed", Reply(body=FEED))
    assert desk.body(secure.at("feeds.example") + "/feed", ca_file=ca_file) == FEED
    assert secure.requests[0].headers["host"] == f"feeds.example:{secure.port}"
    reason = desk.why(secure.at("wrong.example") + "/feed", ca_file=ca_file)
    assert reason.startswith("TLS: the certificate is not accepted: Hostname mismatch")
    assert "wrong.example" in reason
    assert len(secure.requests) == 1


def test_the_server_is_told_the_name_that_is_asked_for(
    authority: trustme.CA, desk: Desk, ca_file: Path
) -> None:
    told: list[str | None] = []
    tls = tls_for(authority, "feeds.example")
    tls.sni_callback = lambda connection, name, context: told.append(name)
    desk.names.known["feeds.example"] = ["127.0.0.1"]
    with FeedServer(tls=tls) as server:
        server.on("/feed", Reply(body=FEED))
        assert desk.body(server.at("feeds.example") + "/feed", ca_file=ca_file) == FEED
    assert told == ["feeds.example"]


def test_40_a_certificate_of_an_unknown_authority_is_named(secure: FeedServer, desk: Desk) -> None:
    reason = desk.why(secure.on("/feed", Reply(body=FEED)))
    assert reason.startswith("TLS: the certificate is not accepted: ")
    assert "certificate" in reason.removeprefix("TLS: the certificate is not accepted: ")
    assert secure.requests == []


def test_40_an_expired_certificate_is_named(
    authority: trustme.CA, desk: Desk, ca_file: Path
) -> None:
    tls = tls_for(authority, "127.0.0.1", not_after=datetime(2020, 1, 1, tzinfo=UTC))
    with FeedServer(tls=tls) as server:
        reason = desk.why(server.on("/feed", Reply(body=FEED)), ca_file=ca_file)
    assert reason == "TLS: the certificate is not accepted: certificate has expired"


def test_40_https_at_a_port_that_speaks_http_is_named(server: FeedServer, desk: Desk) -> None:
    assert desk.why(f"https://127.0.0.1:{server.port}/feed").startswith("TLS: ")


def test_a_redirect_from_http_to_https_is_followed(
    server: FeedServer, secure: FeedServer, desk: Desk, ca_file: Path
) -> None:
    url = server.on("/feed", Reply(status=301, location=secure.on("/feed", Reply(body=FEED))))
    assert desk.body(url, ca_file=ca_file) == FEED


def test_one_context_serves_all_and_the_bundle_is_loaded_once(
    secure: FeedServer, desk: Desk, ca_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetcher = desk.fetcher(ca_file=ca_file)
    loaded: list[object] = []

    def load(*places: object, **named: object) -> None:
        loaded.append((places, named))

    monkeypatch.setattr(ssl.SSLContext, "load_verify_locations", load)
    monkeypatch.setattr(ssl.SSLContext, "load_default_certs", load)
    urls = [secure.on(f"/{number}", Reply(body=FEED)) for number in range(5)]
    assert len(list(fetcher.fetch_all([due(url) for url in urls]))) == 5
    assert len(secure.requests) == 5
    assert loaded == []


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_a_ca_file_that_cannot_be_read_is_the_operators_mistake(
    tmp_path: Path, content: str | None
) -> None:
    file = tmp_path / "ca.pem"
    if content is not None:
        file.write_text(content)
    with pytest.raises(ConfigError, match=r"ca_file .*ca\.pem cannot be read"):
        wire.tls_context(file)


def test_public_certificates_stay_trusted_beside_the_operators(ca_file: Path) -> None:
    alone, both = wire.tls_context(None), wire.tls_context(ca_file)
    assert both.verify_mode is ssl.CERT_REQUIRED
    assert both.check_hostname
    assert len(both.get_ca_certs()) == len(alone.get_ca_certs()) + 1 > 50
