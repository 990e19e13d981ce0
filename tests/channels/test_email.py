"""Letters are handed in to each recipient once, safely, and can be sorted and strung together."""

import email
import email.policy
import re
import socket
import ssl
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import trustme

from tests.channels.contract import ChannelContract
from tests.channels.receivers import NOISE, Receiver
from tests.channels.samples import ALERT, MESSAGE, NOTICE, RULE, UPDATE, digest_of, with_title
from tests.channels.smtp_server import LOGIN, Letter, MailServer, Script
from tests.fakes import FakeClock
from watcher.alerts.render import as_text
from watcher.channels import EmailSettings, channel_faults, open_channel
from watcher.channels.email.conversation import _stuffed
from watcher.channels.email.letter import letter, message_id
from watcher.model import (
    Alert,
    AlertKey,
    ChannelName,
    Doubtful,
    Outcome,
    Refused,
    RuleId,
    Secret,
    Sent,
    Severity,
    StoryId,
    TryLater,
)
from watcher.ports import Channel

ANN, BOB, EVE = "ann@example.org", "bob@example.org", "eve@example.org"
SETTINGS = EmailSettings(
    name=ChannelName("mail"),
    host="127.0.0.1",
    tls="none",
    sender="watcher@example.org",
    recipients=(ANN,),
    timeout=timedelta(seconds=5),
)
NOW = FakeClock().now()
SENT = Sent(reference=message_id(ALERT, "example.org"))
HEADERS = {
    "From", "To", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "List-Id",
    "Auto-Submitted", "Precedence", "X-Watcher-Key", "X-Watcher-Rules", "X-Watcher-Story",
    "X-Watcher-Feed", "MIME-Version", "Content-Type",
}  # fmt: skip


def channel(server: MailServer | Receiver, **changes: object) -> Channel:
    port = server.port if isinstance(server, MailServer) else server._port
    return open_channel(replace(SETTINGS, port=port, **changes), FakeClock())  # type: ignore[arg-type]


def send(server: MailServer | Receiver, alert: Alert = ALERT, **changes: object) -> Outcome:
    return channel(server, **changes).send(alert)


def read(taken: Letter) -> EmailMessage:
    parsed = email.message_from_bytes(taken.content, policy=email.policy.default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def written(alert: Alert = ALERT) -> EmailMessage:
    """The letter as a mail program reads it."""
    mail = letter(alert, SETTINGS, ANN, FakeClock().now())
    parsed = email.message_from_bytes(mail.as_bytes(), policy=email.policy.default)
    assert isinstance(parsed, EmailMessage)
    return parsed


class MailBench:
    secrets = ("canary-password", "Y2FuYXJ5LXBhc3N3b3Jk")

    def __init__(self, server: MailServer, ca_file: str) -> None:
        self.server = server
        self.settings = replace(
            SETTINGS,
            port=server.port,
            tls="starttls",
            user="watcher",
            password=Secret("canary-password"),
            ca_file=ca_file,
        )
        self.channel = open_channel(self.settings, FakeClock())

    def arrived(self) -> list[str]:
        return [taken.content.decode() for taken in self.server.letters]

    def judge(self) -> None:
        taken = self.server.letters[-1]
        mail = read(taken)
        assert (taken.sender, taken.recipients) == ("watcher@example.org", [ANN])
        assert set(mail.keys()) <= HEADERS
        assert len(mail.keys()) == len(set(mail.keys()))
        assert (mail["From"], mail["To"]) == ("watcher@example.org", ANN)
        assert mail.defects == []
        assert [part.get_content_type() for part in mail.walk()] == [
            "multipart/alternative",
            "text/plain",
            "text/html",
        ]
        assert len(taken.content) < 500_000
        lines = taken.content.split(b"\r\n")
        assert max(map(len, lines)) <= 998
        assert not [line for line in lines if b"\n" in line or b"\r" in line or b"\0" in line]
        taken.content.decode("ascii")

    def go_dark(self) -> None:
        self.server.close()


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def trusted(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> str:
    file: Path = tmp_path_factory.mktemp("ca") / "ca.pem"
    authority.cert_pem.write_to_path(file)
    return str(file)


def serving(authority: trustme.CA, host: str = "127.0.0.1") -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(host).configure_cert(context)
    return context


class TestEmail(ChannelContract):
    @pytest.fixture
    def bench(self, authority: trustme.CA, trusted: str) -> Iterator[MailBench]:
        with MailServer(starttls=serving(authority)) as server:
            yield MailBench(server, trusted)


# --- the letter


def test_a_letter_says_the_alert_as_text_and_as_html() -> None:
    mail = written()
    plain, page = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert page is not None
    assert "Why: watcher why a1b2c3d4e5f60718" in plain.get_content()
    assert "<b" in page.get_content()


def test_a_repeated_letter_is_the_same_message() -> None:
    assert written()["Message-ID"] == written()["Message-ID"] == message_id(ALERT, "example.org")
    other = replace(ALERT, key=AlertKey("another"))
    assert written(other)["Message-ID"] != written()["Message-ID"]


def test_letters_about_a_story_refer_to_one_root() -> None:
    first = written()
    update = written(replace(ALERT, key=AlertKey("update"), revision=1))
    for name in ("Subject", "In-Reply-To", "References"):
        assert first[name] == update[name]
    assert first["References"] == first["In-Reply-To"]
    elsewhere = written(replace(ALERT, story=StoryId("another")))
    assert elsewhere["References"] != first["References"]


def test_an_update_in_the_thread_answers_the_first_letter() -> None:
    first, update = written(), written(UPDATE)
    assert update["In-Reply-To"] == first["Message-ID"]
    assert update["References"] == f"{first['References']} {first['Message-ID']}"
    alone = replace(UPDATE, parent=None)
    assert written(alone)["References"] == first["References"]


def test_letters_about_a_story_have_the_storys_subject() -> None:
    told = replace(UPDATE.message, subject=MESSAGE.headline)
    assert written(replace(UPDATE, message=told))["Subject"] == written()["Subject"]
    assert written(UPDATE)["Subject"] == "Maker stays after all"


def test_a_notice_is_in_no_thread() -> None:
    mail = written(NOTICE)
    assert mail["References"] is None
    assert mail["List-Id"] == '"Notices" <notices.example.org>'
    assert mail["X-Watcher-Story"] is None


def test_a_letter_can_be_sorted_by_the_rule_that_matters_most() -> None:
    urgent = replace(RULE, id=RuleId("tunnels"), severity=Severity.CRITICAL)
    assert written()["List-Id"] == '"Rule back-door" <back-door.rules.example.org>'
    told = written(telling(rules=(RULE, urgent)))
    assert told["List-Id"] == '"Rule tunnels" <tunnels.rules.example.org>'
    assert told["X-Watcher-Rules"] == "back-door, tunnels"
    assert told["X-Watcher-Feed"] == "example-news"


def test_no_two_rules_share_a_list() -> None:
    names = ["back-door", "back.door", "Back-Door", "back_door", "Größte Türen!", "黑莓", "x" * 100]
    told = [written(telling(rules=(replace(RULE, id=RuleId(name)),)))["List-Id"] for name in names]
    lists = {name.partition("<")[2] for name in told}
    assert len(lists) == len(names)
    for name in told:
        assert re.fullmatch(r'"Rule [A-Za-z0-9_. -]+" <[a-z0-9_-]+\.rules\.example\.org>', name)


def test_a_digest_is_one_letter_of_the_routes_own_list() -> None:
    mail = written(digest_of(10_000))
    assert mail["List-Id"] == '"Digest security" <security.digests.example.org>'
    assert (mail["References"], mail["Subject"]) == (None, "2 alerts of the last day")
    plain, page = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert page is not None
    for body in (plain, page):
        assert body.get_content().count("of very many") == 60
        assert "9,940 more alerts: watcher alerts list" in body.get_content()


def test_a_reader_can_unsubscribe_where_somebody_reads_that() -> None:
    assert written()["List-Unsubscribe"] is None
    asked = replace(SETTINGS, unsubscribe="ops+watcher@example.org")
    mail = letter(ALERT, asked, ANN, NOW).as_bytes().decode()
    assert (
        "\r\nList-Unsubscribe: <mailto:ops%2Bwatcher@example.org"
        "?subject=unsubscribe%20back-door.rules.example.org>\r\n"
    ) in mail


def telling(**changes: object) -> Alert:
    return replace(ALERT, message=replace(MESSAGE, **changes))  # type: ignore[arg-type]


def test_no_machine_answers_a_letter() -> None:
    assert (written()["Auto-Submitted"], written()["Precedence"]) == ("auto-generated", "list")


def test_long_names_are_never_broken() -> None:
    far = replace(SETTINGS, sender=f"watcher@{'very-' * 11}long.{'domain-' * 8}name.example.org")
    mail = letter(ALERT, far, ANN, FakeClock().now()).as_bytes()
    lines = mail.split(b"\r\n")
    for name in (
        b"References: <",
        b"In-Reply-To: <",
        b'List-Id: "Rule back-door" <',
        b"Message-ID: <",
    ):
        assert [line for line in lines if line.startswith(name) and line.endswith(b"example.org>")]


def test_a_story_without_a_title_has_a_subject() -> None:
    assert written(telling(headline="\n"))["Subject"] == "(no title)"


def test_a_title_cannot_write_headers() -> None:
    mail = written(with_title("Breaking\r\nBcc: eve@evil.example\r\n\r\nhello"))
    assert mail["Bcc"] is None
    assert mail["Subject"] == "Breaking Bcc: eve@evil.example hello"


def test_a_dot_that_begins_a_line_does_not_end_the_letter() -> None:
    assert _stuffed(b".\r\n..a\r\nb.\r\n") == b"..\r\n...a\r\nb.\r\n.\r\n"
    assert _stuffed(b"a") == b"a\r\n.\r\n"


# --- recipients


def test_each_recipient_gets_a_letter_of_their_own_over_one_connection() -> None:
    with MailServer() as server:
        assert send(server, recipients=(ANN, BOB, ANN)) == SENT
    assert [taken.recipients for taken in server.letters] == [[ANN], [BOB]]
    assert [read(taken)["To"] for taken in server.letters] == [ANN, BOB]
    assert server.connections == 1


def again(server: MailServer, outcome: Outcome) -> Outcome:
    """Try again as the outbox would after a restart: with a channel that knows nothing."""
    assert isinstance(outcome, TryLater | Doubtful | Refused)
    return send(server, replace(ALERT, progress=outcome.progress), recipients=(ANN, BOB, EVE))


def test_a_second_try_is_only_for_those_who_did_not_get_it() -> None:
    script = Script(rcpt={BOB: "451 4.3.0 later"})
    with MailServer(script) as server:
        first = send(server, recipients=(ANN, BOB, EVE))
        script.rcpt.clear()
        second = again(server, first)
    assert first == TryLater(
        reason=f"{BOB}: the letter was refused: 451 4.3.0 later; 2 got it",
        progress=f"{ANN} {EVE}",
    )
    assert second == SENT
    assert [taken.recipients for taken in server.letters] == [[ANN], [EVE], [BOB]]


def test_who_will_never_get_it_is_said_when_nobody_else_is_waiting() -> None:
    script = Script(rcpt={BOB: "550 5.1.1 no such user", EVE: "452 4.2.2 full"})
    with MailServer(script) as server:
        first = send(server, recipients=(ANN, BOB, EVE))
        del script.rcpt[EVE]
        second = again(server, first)
    assert isinstance(first, TryLater)
    assert second == Refused(
        reason=f"{BOB}: the letter was refused: 550 5.1.1 no such user; 2 got it",
        progress=f"{ANN} {EVE}",
    )
    assert [taken.recipients for taken in server.letters] == [[ANN], [EVE]]


def test_who_got_it_is_remembered_through_tries_at_which_nobody_does() -> None:
    script = Script(rcpt={BOB: "451 later"})
    with MailServer(script) as server:
        first = send(server, recipients=(ANN, BOB, EVE))
    third = again(server, again(server, first))  # there is nobody any more
    assert isinstance(third, TryLater)
    assert third.progress == f"{ANN} {EVE}"


def test_a_dead_letter_that_is_tried_again_by_hand_is_only_for_those_who_lack_it() -> None:
    script = Script(rcpt={BOB: "550 5.1.1 no such user"})
    with MailServer(script) as server:
        dead = send(server, recipients=(ANN, BOB, EVE))
        script.rcpt.clear()
        assert isinstance(dead, Refused)
        assert again(server, dead) == SENT
    assert [taken.recipients for taken in server.letters] == [[ANN], [EVE], [BOB]]


def test_an_alert_that_all_who_are_left_have_is_sent() -> None:
    with MailServer() as server:
        outcome = send(server, replace(ALERT, progress=f"{ANN} {BOB}"))  # EVE is no reader now
        assert outcome == SENT
        assert server.connections == 0


def test_an_alert_that_all_got_can_be_sent_again() -> None:
    with MailServer() as server:
        mail = channel(server)
        assert [mail.send(ALERT), mail.send(ALERT)] == [SENT, SENT]
    assert len(server.letters) == 2


# --- what servers answer


def failing(reason: str) -> str:
    return f"{ANN}: the letter was refused: {reason}"


@pytest.mark.parametrize("step", ["mail", "rcpt", "data"])
@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ("421 4.3.2 going down", TryLater),
        ("451 4.3.0 try later", TryLater),
        ("452 full", TryLater),
        ("450 5.7.1 never, says the enhanced code", Refused),
        ("550 5.1.1 no such user", Refused),
        ("554 4.7.0 greylisted, says the enhanced code", TryLater),
        ("552 too big", Refused),
    ],
)
def test_a_refusal_is_for_now_or_for_ever(
    step: str, answer: str, kind: type[TryLater | Refused]
) -> None:
    who = "watcher@example.org" if step == "mail" else ANN
    script = Script()
    getattr(script, step)[who] = answer
    with MailServer(script) as server:
        outcome = send(server)
    assert outcome == kind(reason=failing(answer))
    assert server.letters == []


@pytest.mark.parametrize("command", ["EHLO", "STARTTLS", "AUTH", "DATA"])
@pytest.mark.parametrize("answer", ["421 4.3.2 going down", "451 4.3.0 try later"])
def test_a_refusal_for_now_may_come_at_every_command(
    authority: trustme.CA, trusted: str, command: str, answer: str
) -> None:
    with MailServer(Script(commands={command: answer}), starttls=serving(authority)) as server:
        outcome = send(server, tls="starttls", ca_file=trusted, **login())
        del server.script.commands[command]
        again = send(server, tls="starttls", ca_file=trusted, **login())
    assert isinstance(outcome, TryLater)
    assert answer in outcome.reason or "closed the connection" in outcome.reason
    assert again == SENT
    assert len(server.letters) == 1


def test_a_letter_that_is_too_big_goes_once_more_without_its_html() -> None:
    with MailServer(Script(most=len(letter(ALERT, SETTINGS, ANN, NOW).as_bytes()) - 1)) as server:
        outcome = send(server)
    assert outcome == replace(SENT, note=f"{ANN}: too big with its HTML, sent without")
    (taken,) = server.letters
    mail, whole = read(taken), written()
    assert mail.get_content_type() == "text/plain"
    assert mail.get_content().split("\r\n")[:-1] == as_text(ALERT, width=76).split("\n")
    for name in HEADERS - {"Content-Type"}:
        assert mail[name] == whole[name]


def test_a_letter_that_is_too_big_without_its_html_is_refused() -> None:
    with MailServer(Script(most=10)) as server:
        outcome = send(server)
        assert server.tries == 2
    assert outcome == Refused(reason=failing("552 5.3.4 too big"))
    assert server.letters == []


@pytest.mark.parametrize(
    ("answer", "tries"),
    [
        ("552 too big", 2),
        ("552 5.2.3 over the limit of the reader", 2),
        ("554 5.3.4 over the limit of the system", 2),
        ("552 5.2.2 the mailbox is full", 1),
        ("552 5.7.1 we do not like it", 1),
        ("452 4.3.1 no room now", 1),
    ],
)
def test_only_the_size_is_a_reason_to_leave_out_the_html(answer: str, tries: int) -> None:
    with MailServer(Script(data={ANN: answer})) as server:
        send(server)
    assert server.tries == tries


def test_after_a_421_the_others_are_tried_later() -> None:
    with MailServer(Script(rcpt={ANN: "421 going down"})) as server:
        outcome = send(server, recipients=(ANN, BOB))
    assert isinstance(outcome, TryLater)
    assert f"{BOB}: the connection was lost" in outcome.reason
    assert server.letters == []


def test_a_connection_that_breaks_before_the_letter_is_tried_later() -> None:
    with MailServer(Script(rcpt={ANN: "drop"})) as server:
        assert send(server) == TryLater(reason=f"{ANN}: the connection was lost")


def test_a_connection_that_breaks_after_the_letter_is_doubtful() -> None:
    with MailServer(Script(data={BOB: "drop"})) as server:
        outcome = send(server, recipients=(ANN, BOB, EVE))
    assert isinstance(outcome, Doubtful)
    assert f"{BOB}: the connection was lost after the letter" in outcome.reason
    assert outcome.reason.endswith("; 1 got it")
    assert [taken.recipients for taken in server.letters] == [[ANN], [BOB]]


def test_an_answer_to_the_letter_that_does_not_come_is_doubtful() -> None:
    with MailServer(Script(data={ANN: "hang"})) as server:
        outcome = send(server, timeout=timedelta(seconds=0.2))
    assert isinstance(outcome, Doubtful)
    assert "after the letter" in outcome.reason


def test_a_server_that_is_not_there_is_tried_later() -> None:
    with MailServer() as server:
        pass
    assert send(server) == TryLater(reason=f"{ANN}: no connection: connection refused")


def test_a_server_that_is_none_is_tried_later() -> None:
    with Receiver(NOISE) as receiver:  # hangs up after its greeting
        outcome = send(receiver)
    assert isinstance(outcome, TryLater)


class Dripping(Receiver):
    """Greets one byte at a time, for ever."""

    def _talk(self, connection: socket.socket) -> None:
        with connection:
            while not self._over.wait(0.02):
                connection.sendall(b"2")


def test_the_deadline_is_for_the_whole_conversation() -> None:
    with Dripping() as receiver:
        outcome = send(receiver, timeout=timedelta(seconds=0.3))
    assert isinstance(outcome, TryLater)
    assert outcome.reason.endswith(" (no end within 0.3 s)")


# --- TLS and login


def test_a_letter_goes_out_over_starttls_with_login(authority: trustme.CA, trusted: str) -> None:
    with MailServer(starttls=serving(authority)) as server:
        outcome = send(server, tls="starttls", ca_file=trusted, **login())
    assert outcome == SENT
    assert [(taken.tls, taken.login) for taken in server.letters] == [(True, LOGIN[0])]


def test_a_letter_goes_out_over_implicit_tls_with_login(
    authority: trustme.CA, trusted: str
) -> None:
    with MailServer(implicit=serving(authority)) as server:
        outcome = send(server, tls="implicit", ca_file=trusted, **login())
    assert outcome == SENT
    assert [(taken.tls, taken.login) for taken in server.letters] == [(True, LOGIN[0])]


def login(password: str = "canary-password") -> Any:
    return {"user": "watcher", "password": Secret(password)}


def test_without_starttls_nothing_is_said(trusted: str) -> None:
    with MailServer() as server:
        outcome = send(server, tls="starttls", ca_file=trusted, **login())
    assert outcome == Refused(
        reason=f"{ANN}: the server does not offer STARTTLS or the login we need"
    )
    assert server.letters == []


def test_a_certificate_of_nobody_we_trust_is_not_accepted(authority: trustme.CA) -> None:
    with MailServer(starttls=serving(authority)) as server:
        outcome = send(server, tls="starttls", **login())
    assert isinstance(outcome, TryLater)
    assert "its certificate cannot be trusted" in outcome.reason
    assert server.letters == []


def test_a_certificate_for_another_host_is_not_accepted(
    authority: trustme.CA, trusted: str
) -> None:
    with MailServer(implicit=serving(authority, "other.example")) as server:
        outcome = send(server, tls="implicit", ca_file=trusted, **login())
    assert isinstance(outcome, TryLater)
    assert "its certificate cannot be trusted" in outcome.reason


def test_a_wrong_password_is_refused_and_not_shown(authority: trustme.CA, trusted: str) -> None:
    with MailServer(starttls=serving(authority)) as server:
        outcome = send(server, tls="starttls", ca_file=trusted, **login("wrong-canary"))
    assert isinstance(outcome, Refused)
    assert "the login was refused: 535 5.7.8" in outcome.reason
    assert "canary" not in outcome.reason


def test_a_server_without_login_refuses_ours() -> None:
    with MailServer(implicit=None) as server:
        outcome = send(server, **login())
    assert isinstance(outcome, Refused)  # it offers none before TLS
    assert server.letters == []


class Scripted(Receiver):
    """Says one line after the other, each when the other side has said something."""

    lines: tuple[str, ...] = ()

    def _talk(self, connection: socket.socket) -> None:
        with connection:
            for line in self.lines:
                connection.sendall(f"{line}\r\n".encode())
                if not connection.recv(100_000):
                    return


def talking(*lines: str) -> Scripted:
    receiver = Scripted()
    receiver.lines = lines
    return receiver


def test_a_login_that_we_do_not_know_is_refused() -> None:
    with talking("220 hello", "250-mail.example\r\n250 AUTH X-ODD", "221 bye") as server:
        outcome = send(server, **login())
    assert outcome == Refused(reason=f"{ANN}: the server offers no way to log in that we know")


def test_a_server_that_is_too_busy_to_greet_is_tried_later() -> None:
    with talking("421 4.3.2 too many connections") as server:
        outcome = send(server)
    assert outcome == TryLater(
        reason=f"{ANN}: the session was refused: 421 4.3.2 too many connections"
    )


def test_a_letter_is_only_written_to_a_server_that_asks_for_it() -> None:
    with talking("220 hello", "250 hi", "250 ok", "250 ok", "250 what data?", "250 ok") as server:
        outcome = send(server)
    assert outcome == TryLater(reason=failing("250 what data?"))


def test_what_a_server_says_is_shown_on_one_line_without_its_controls() -> None:
    with talking("220 hello", "250 hi", "550-no\x1b[31m\r\n550 way " + "x" * 900) as server:
        outcome = send(server)
    assert isinstance(outcome, Refused)
    assert "550 no [31m way xxx" in outcome.reason
    assert len(outcome.reason) < 300


# --- settings


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        (
            {"tls": "none", "host": "mail.example"},
            "`tls: none` is only for a server on this machine",
        ),
        ({"tls": "maybe"}, "`tls` must be `starttls`, `implicit` or `none`"),
        ({"user": "joe"}, "`password` and `user` come together"),
        ({"password": Secret("canary")}, "`password` and `user` come together"),
        ({"recipients": ()}, "`to` names nobody"),
        ({"sender": "nobody"}, "`from` is not a bare e-mail address in ASCII: 'nobody'"),
        (
            {"recipients": ("a@b, evil@x",)},
            "`to` has what is not a bare e-mail address in ASCII: 'a@b, evil@x'",
        ),
        (
            {"unsubscribe": "Joe <joe@example.org>"},
            "`unsubscribe` is not a bare e-mail address in ASCII: 'Joe <joe@example.org>'",
        ),
        ({"timeout": timedelta(0)}, "`timeout` must be more than 0 s and at most 100 s"),
    ],
)
def test_settings_that_cannot_work_are_the_operators_mistake(
    changes: dict[str, object], fault: str
) -> None:
    assert channel_faults(replace(SETTINGS, **changes)) == (fault,)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "address",
    [
        "",
        "@",
        "a@",
        "@b",
        "a b@c",
        "Joe <a@b>",
        "a@b\r\nBcc: x@y",
        "ü@b",
        "a@b@c",
        '"a"@b',
        "a..b@c",
    ],
)
def test_only_bare_addresses_are_written_to(address: str) -> None:
    assert len(channel_faults(replace(SETTINGS, recipients=(address,)))) == 1


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST", "127.0.0.1", "127.9.9.9", "::1", "[::1]"]
)
def test_plain_smtp_is_for_this_machine(host: str) -> None:
    assert channel_faults(replace(SETTINGS, host=host)) == ()
