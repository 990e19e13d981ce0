"""Letters go through a real Postfix into a real Dovecot, and are read there as a reader would."""

import email
import email.policy
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage

import pytest

from tests.channels.samples import ALERT, COPY, MESSAGE, RULE, UPDATE, with_title
from tests.fakes import FakeClock
from tests.mail_servers import DOMAIN, LOGIN, Mailbox, MailServers
from watcher.channels import EmailSettings, open_channel
from watcher.channels.email.letter import message_id
from watcher.model import (
    Alert,
    AlertKey,
    ChannelName,
    Outcome,
    Quote,
    Refused,
    Secret,
    Sent,
    StoryId,
    TryLater,
)

ANN, BOB, NOBODY = (f"{reader}@{DOMAIN}" for reader in ("ann", "bob", "nobody"))
SENT = Sent(reference=message_id(ALERT, DOMAIN))

FAR = (replace(COPY, link="https://far.example/" + "x" * 1_900),) * 20
WORDY = (replace(RULE, quotes=(Quote(field="content", text="so " * 160, marks=()),) * 3),) * 10


@pytest.fixture
def settings(postfix_and_dovecot: MailServers) -> EmailSettings:
    return EmailSettings(
        name=ChannelName("mail"),
        host="127.0.0.1",
        port=postfix_and_dovecot.starttls,
        user=LOGIN[0],
        password=Secret(LOGIN[1]),
        sender=f"watcher@{DOMAIN}",
        recipients=(ANN,),
        timeout=timedelta(seconds=60),
        ca_file=postfix_and_dovecot.ca_file,
    )


def opened(servers: MailServers, reader: str) -> Iterator[Mailbox]:
    with servers.mailbox(reader) as box:
        yield box
        box.empty()


@pytest.fixture
def ann(postfix_and_dovecot: MailServers) -> Iterator[Mailbox]:
    yield from opened(postfix_and_dovecot, "ann")


@pytest.fixture
def bob(postfix_and_dovecot: MailServers) -> Iterator[Mailbox]:
    yield from opened(postfix_and_dovecot, "bob")


def send(settings: EmailSettings, alert: Alert = ALERT, **changes: object) -> Outcome:
    changed = replace(settings, **changes)  # type: ignore[arg-type]
    return open_channel(changed, FakeClock()).send(alert)


def telling(**changes: object) -> Alert:
    return replace(ALERT, message=replace(MESSAGE, **changes))  # type: ignore[arg-type]


def read(box: Mailbox, number: int) -> EmailMessage:
    letter = email.message_from_bytes(box.letter(number), policy=email.policy.default)
    assert isinstance(letter, EmailMessage)
    assert letter.defects == []
    return letter


def said(letter: EmailMessage, kind: str) -> str:
    part = letter.get_body((kind,))
    assert part is not None
    return str(part.get_content())


# --- what arrives


def test_a_letter_is_read_back_as_it_was_written(settings: EmailSettings, ann: Mailbox) -> None:
    assert send(settings) == SENT
    ann.wait_for(1)
    letter = read(ann, 1)
    assert letter["Message-ID"] == message_id(ALERT, DOMAIN)
    assert (letter["From"], letter["To"]) == (f"watcher@{DOMAIN}", ANN)
    assert letter["Subject"] == "Phone maker leaves country over ‘back doors’"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["X-Watcher-Key"] == ALERT.key
    assert f"back-door.rules.{DOMAIN}" in letter["List-Id"]
    assert "‘*back doors*’" in said(letter, "plain")
    assert "back doors</b>" in said(letter, "html")


def test_a_letter_goes_in_over_implicit_tls_too(
    settings: EmailSettings, postfix_and_dovecot: MailServers, ann: Mailbox
) -> None:
    assert send(settings, port=postfix_and_dovecot.implicit, tls="implicit") == SENT
    ann.wait_for(1)
    assert b"with ESMTPSA" in ann.letter(1)  # with TLS, with a login


def test_the_server_strings_the_letters_of_a_story_together(
    settings: EmailSettings, ann: Mailbox
) -> None:
    other = replace(telling(headline="Handset builder is sold"), key=AlertKey("other"))
    other = replace(other, story=StoryId("another story"))
    for number, alert in enumerate((ALERT, UPDATE, other), 1):
        assert isinstance(send(settings, alert), Sent)
        ann.wait_for(number)
    assert ann.threads() == "(1 2)(3)"


def test_a_repeat_is_the_same_message(settings: EmailSettings, ann: Mailbox) -> None:
    assert [send(settings), send(settings)] == [SENT, SENT]
    ann.wait_for(2)
    assert read(ann, 1)["Message-ID"] == read(ann, 2)["Message-ID"]


@pytest.mark.parametrize(
    "title", ["\r\n.\r\nMAIL FROM:<evil@evil.example>\r\n", "Schlüssel 🔑 " + "ж" * 400, ".", ""]
)
def test_a_hostile_title_is_one_letter_with_no_other_readers(
    settings: EmailSettings, ann: Mailbox, bob: Mailbox, title: str
) -> None:
    assert send(settings, with_title(f"{title}\r\nBcc: {BOB}")) == SENT
    ann.wait_for(1)
    assert read(ann, 1)["Bcc"] is None
    assert bob.count() == 0


def test_every_reader_gets_a_letter_of_their_own(
    settings: EmailSettings, ann: Mailbox, bob: Mailbox
) -> None:
    assert send(settings, recipients=(ANN, BOB)) == SENT
    for box, reader in ((ann, ANN), (bob, BOB)):
        box.wait_for(1)
        assert read(box, 1)["To"] == reader


# --- what the server refuses


def test_a_wrong_password_is_refused(settings: EmailSettings) -> None:
    outcome = send(settings, password=Secret("wrong-canary"))
    assert isinstance(outcome, Refused)
    assert "the login was refused: 535 5.7.8" in outcome.reason
    assert "canary" not in outcome.reason


def test_a_reader_whom_the_server_does_not_know_is_refused(
    settings: EmailSettings, ann: Mailbox
) -> None:
    outcome = send(settings, recipients=(NOBODY, ANN))
    assert isinstance(outcome, Refused)
    assert outcome.reason.startswith(f"{NOBODY}: the letter was refused: 550 5.1.1")
    assert outcome.reason.endswith("; 1 got it")
    ann.wait_for(1)


def test_a_letter_without_a_login_is_refused(settings: EmailSettings) -> None:
    outcome = send(settings, user="", password=None)
    assert isinstance(outcome, Refused)
    assert "554 5.7.1" in outcome.reason


def test_a_certificate_of_a_stranger_ends_the_conversation(settings: EmailSettings) -> None:
    outcome = send(settings, ca_file="")
    assert isinstance(outcome, TryLater)
    assert "its certificate cannot be trusted" in outcome.reason


def test_a_letter_above_the_servers_limit_arrives_without_its_html(
    settings: EmailSettings, ann: Mailbox
) -> None:
    outcome = send(settings, telling(copies=FAR))
    assert isinstance(outcome, Sent)
    assert outcome.note == f"{ANN}: too big with its HTML, sent without"
    ann.wait_for(1)
    assert read(ann, 1).get_content_type() == "text/plain"


def test_a_letter_above_the_servers_limit_in_any_form_is_refused(settings: EmailSettings) -> None:
    outcome = send(settings, telling(copies=FAR, rules=WORDY, body="so " * 1_000))
    assert isinstance(outcome, Refused)
    assert "the letter was refused: 552 5.3.4" in outcome.reason
