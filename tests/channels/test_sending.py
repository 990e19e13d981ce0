"""What the channels share: answers and what they mean, deadlines, secrets."""

import socket
import ssl
import threading
from datetime import timedelta
from pathlib import Path

import pytest
import requests
import trustme

from tests.channels.receivers import (
    CLOSE,
    DEAF,
    DRIP,
    HALF,
    HANG,
    NOISE,
    RESET,
    Behaviour,
    Receiver,
    Reply,
)
from tests.fakes import MORNING, FakeClock
from watcher.channels.sending import (
    Answer,
    Failed,
    Fuse,
    Meaning,
    Poster,
    Redactor,
    meaning_of,
    outcome,
    retry_after,
    timeout_faults,
    told,
    watch,
)
from watcher.model import Doubtful, Refused, Secret, Sent, TryLater

SOON = timedelta(seconds=0.3)
ANY = timedelta(seconds=5)


def poster(url: str, timeout: timedelta = ANY, **more: object) -> Poster:
    return Poster(Secret(url), FakeClock(), timeout=timeout, **more)  # type: ignore[arg-type]


def posted(receiver: Receiver, timeout: timedelta = ANY, **more: object) -> Answer | Failed:
    return poster(receiver.url, timeout, **more).post(b"body", {"X-Key": "k"})


def answer_to(*script: Behaviour, timeout: timedelta = ANY) -> Answer | Failed:
    with Receiver(*script) as receiver:
        return posted(receiver, timeout)


# --- what statuses mean


@pytest.mark.parametrize(
    ("statuses", "meaning"),
    [
        ((200, 201, 202, 204, 299), Meaning.OK),
        ((408, 425, 500, 502, 503, 504, 599), Meaning.RETRY),
        ((429,), Meaning.THROTTLE),
        ((301, 302, 303, 304, 307, 308), Meaning.PERMANENT),
        ((400, 401, 403, 404, 405, 409, 413, 422, 451), Meaning.PERMANENT),
        ((410,), Meaning.GONE),
        ((100, 0, 999), Meaning.PERMANENT),
    ],
)
def test_every_status_has_one_meaning(statuses: tuple[int, ...], meaning: Meaning) -> None:
    assert {meaning_of(status) for status in statuses} == {meaning}


def test_every_meaning_is_an_outcome() -> None:
    minute = timedelta(minutes=1)
    assert [outcome(meaning, "why", minute) for meaning in Meaning] == [
        Sent(),
        TryLater(reason="why", retry_after=minute),
        TryLater(reason="why", retry_after=minute, throttled=True),
        Doubtful(reason="why"),
        Refused(reason="why"),
        Refused(reason="why", gone=True),
    ]


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        ("0", 0),
        ("1.5", 1.5),
        ("Mon, 02 Mar 2026 08:02:00 GMT", 120),
        ("Mon, 02 Mar 2026 08:02:00 -0000", 120),
        ("Mon, 02 Mar 2026 07:00:00 GMT", 0),
        ("99999999999999999999", 86_400),
        ("Mon, 02 Mar 2099 08:00:00 GMT", 86_400),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1 2", None),
        ("Mon, 99 Mar 2026 08:00:00 GMT", None),
    ],
)
def test_a_pause_is_seconds_or_a_date(value: str, seconds: float | None) -> None:
    expected = None if seconds is None else timedelta(seconds=seconds)
    assert retry_after(value, MORNING) == expected


# --- posting


def test_a_post_is_sent_as_it_is_without_help_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login joe password secret")
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    with Receiver(Reply(headers={"Set-Cookie": "a=b"})) as receiver:
        post = poster(receiver.url)
        answers = [post.post(b"one", {"X-Key": "k"}), post.post(b"two", {})]
    assert answers == [Answer(status=200, text="ok")] * 2
    first, second = receiver.requests
    assert (first.line, first.body) == (f"POST {receiver._path} HTTP/1.1", b"one")
    assert first.headers["x-key"] == "k"
    assert first.headers["content-length"] == "3"
    assert first.headers["connection"] == "close"
    assert not {"authorization", "cookie"} & {*first.headers, *second.headers}


@pytest.mark.parametrize("value", ["a\r\nX-Evil: 1", "a\nb", "a\0b", "\u20ac"])
def test_a_header_that_would_be_none_or_two_is_never_sent(value: str) -> None:
    with Receiver() as receiver:
        failed = poster(receiver.url).post(b"body", {"X-Key": value})
    assert failed == TryLater(reason="no connection: ValueError")
    assert receiver.requests == []


def test_a_redirect_is_an_answer_and_not_followed() -> None:
    with Receiver() as elsewhere:
        answer = answer_to(Reply(302, headers={"Location": elsewhere.url}))
    assert isinstance(answer, Answer)
    assert answer.status == 302
    assert elsewhere.requests == []


def test_the_pause_that_is_asked_for_is_read() -> None:
    answer = answer_to(Reply(429, headers={"Retry-After": "7"}))
    assert isinstance(answer, Answer)
    assert answer.retry_after == timedelta(seconds=7)


def test_only_the_beginning_of_an_answer_is_read_and_on_one_line() -> None:
    answer = answer_to(Reply(500, "a\r\nb\x1b[31m" + "x" * 100_000))
    assert isinstance(answer, Answer)
    assert answer.text.startswith("a b[31mxxx")
    assert len(answer.text) <= 4_096


def test_an_answer_that_breaks_off_keeps_its_status() -> None:
    assert answer_to(HALF) == Answer(status=200, whole=False)


@pytest.mark.parametrize("trouble", [RESET, CLOSE, NOISE])
def test_what_breaks_after_the_body_was_written_is_doubtful(trouble: Behaviour) -> None:
    failed = answer_to(trouble)
    assert isinstance(failed, Doubtful)
    assert failed.reason.startswith("the answer was lost: ")


def test_the_deadline_is_for_the_whole_answer() -> None:
    answer = answer_to(DRIP, timeout=SOON)  # else it would not end
    assert answer == Answer(status=200, whole=False)


def test_an_answer_that_does_not_come_is_doubtful() -> None:
    failed = answer_to(HANG, timeout=SOON)
    assert isinstance(failed, Doubtful)
    assert failed.reason in {
        "the answer was lost: no answer within 0.3 s",
        "the answer was lost: timed out",
    }


def test_every_post_has_a_connection_of_its_own() -> None:
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"  # it does not say "close"
    conversations = []

    def serve(server: socket.socket) -> None:
        for _ in range(2):
            connection, _address = server.accept()
            with connection:
                connection.settimeout(20)
                request = b""
                while not request.endswith(b"{}"):
                    request += connection.recv(65_536)
                connection.sendall(answer)
                conversations.append(connection.recv(65_536))  # what comes after the answer

    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(20)
        serving = threading.Thread(target=serve, args=(server,))
        serving.start()
        url = Secret(f"http://127.0.0.1:{server.getsockname()[1]}/")
        poster = Poster(url, FakeClock(), timeout=timedelta(seconds=20))
        answers = [poster.post(b"{}", {}) for _ in range(2)]
        serving.join()
    assert [isinstance(told, Answer) for told in answers] == [True, True]
    assert conversations == [b"", b""]


def test_a_refused_connection_is_tried_later() -> None:
    with Receiver() as receiver:
        pass
    assert posted(receiver) == TryLater(reason="no connection: connection refused")


def test_a_name_that_does_not_resolve_is_tried_later() -> None:
    failed = poster("http://nobody.invalid/canary").post(b"", {})
    assert failed == TryLater(reason="no connection: its name cannot be resolved")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "nonsense",
        "ftp://127.0.0.1/x",
        "http://",
        "http://[broken/",
        "http://.x.example/",
        "//x",
    ],
)
def test_an_address_that_cannot_be_used_is_refused(url: str) -> None:
    failed = poster(url).post(b"x", {})
    assert failed == Refused(reason="the address cannot be used; is it a whole http or https URL?")


def test_a_receiver_may_be_internal() -> None:
    assert answer_to(Reply()) == Answer(status=200, text="ok")


# --- TLS


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def authority_file(authority: trustme.CA, tmp_path: Path) -> str:
    file = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(file)
    return str(file)


def serving(authority: trustme.CA, host: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(host).configure_cert(context)
    return context


def test_a_receiver_with_a_trusted_certificate_is_posted_to(
    authority: trustme.CA, authority_file: str
) -> None:
    with Receiver(tls=serving(authority, "127.0.0.1")) as receiver:
        assert posted(receiver, ca_file=authority_file) == Answer(status=200, text="ok")


def test_a_certificate_of_nobody_we_trust_is_tried_later_and_nothing_is_written(
    authority: trustme.CA,
) -> None:
    with Receiver(tls=serving(authority, "127.0.0.1")) as receiver:
        failed = posted(receiver)
    assert isinstance(failed, TryLater)
    assert "its certificate cannot be trusted" in failed.reason
    assert receiver.requests == []


def test_a_certificate_for_another_host_is_tried_later(
    authority: trustme.CA, authority_file: str
) -> None:
    with Receiver(tls=serving(authority, "other.example")) as receiver:
        failed = posted(receiver, ca_file=authority_file)
    assert isinstance(failed, TryLater)
    assert "not valid for '127.0.0.1'" in failed.reason


def test_a_connection_that_breaks_in_the_handshake_is_tried_later(authority: trustme.CA) -> None:
    with Receiver(DEAF, tls=serving(authority, "127.0.0.1")) as receiver:
        failed = posted(receiver)
    assert isinstance(failed, TryLater)


def test_a_receiver_without_tls_is_tried_later() -> None:
    with Receiver(NOISE) as receiver:
        failed = poster(receiver.url.replace("http:", "https:")).post(b"x", {})
    assert isinstance(failed, TryLater)
    assert "TLS failed" in failed.reason


def test_a_file_of_certificates_that_is_not_there_is_tried_later() -> None:
    with Receiver() as receiver:
        url = receiver.url.replace("http:", "https:")
        failed = poster(url, ca_file="/nowhere/ca.pem").post(b"x", {})
    told = "the file of certificates cannot be read: no such file or directory"
    assert failed == TryLater(reason=f"no connection: {told}")


# --- secrets


def test_secrets_and_what_gives_them_away_are_hidden() -> None:
    url = "https://joe:pass@hooks.example/services/T0SECRET/B0%20CANARY?token=tellnobody&x=1"
    hide = Redactor((Secret(url), Secret("whsec_c2VjcmV0c2VjcmV0")))
    said = (
        f"{url} /services/T0SECRET/B0 CANARY B0%20CANARY tellnobody joe pass c2VjcmV0c2VjcmV0"
        " hooks.example"
    )
    hidden = hide(said)
    for canary in ("T0SECRET", "CANARY", "tellnobody", "joe", "pass", "c2VjcmV0c2VjcmV0"):
        assert canary not in hidden
    assert "hooks.example" in hidden
    assert "SECRET" not in repr(vars(hide))


def test_an_address_that_is_none_is_hidden_as_a_whole() -> None:
    assert Redactor((Secret("http://[broken"),))("at http://[broken now") == "at *** now"


def test_nothing_is_hidden_where_nothing_is_secret() -> None:
    assert Redactor((Secret(""),))("plain") == "plain"


def test_an_answer_that_repeats_the_address_is_hidden() -> None:
    with Receiver(decide=lambda request: Reply(404, f"no such path: {request.line}")) as receiver:
        answer = posted(receiver)
    assert answer == Answer(status=404, text="no such path: POST *** HTTP/1.1")


# --- telling, deadlines


def test_trouble_is_told_without_the_texts_of_exceptions() -> None:
    url = "http://x/canary"
    assert told(requests.ConnectionError(f"cannot reach {url}")) == "ConnectionError"
    assert told(requests.ConnectionError(TimeoutError(url))) == "timed out"
    assert told(ssl.SSLError(1, f"broken {url}")) == "TLS failed (no reason given)"
    assert told(OSError(f"odd {url}")) == "OSError"


def test_trouble_that_refers_to_itself_is_told() -> None:
    one, two = ValueError(), KeyError()
    one.__cause__, two.__cause__ = two, one
    assert told(one) == "KeyError"


def test_a_fuse_that_has_blown_cuts_what_comes_later() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs, Fuse(timedelta(0)) as fuse:
        ours.settimeout(1)
        while not fuse.blown:
            pass
        fuse.watch(ours)
        assert ours.recv(1) == b""
        theirs.close()
        ours.close()
        fuse.watch(ours)  # closed already: nothing to cut


def test_without_a_fuse_a_connection_is_left_alone() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        watch(ours)
        theirs.sendall(b"x")
        assert ours.recv(1) == b"x"


@pytest.mark.parametrize(("seconds", "good"), [(0, False), (-1, False), (1, True), (51, False)])
def test_a_deadline_fits_into_the_lease_of_the_outbox(seconds: int, good: bool) -> None:
    faults = timeout_faults(timedelta(seconds=seconds), conversations=2)
    assert faults == (() if good else ("`timeout` must be more than 0 s and at most 50 s",))
