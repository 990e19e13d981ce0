"""Talking SMTP (RFC 5321): one transaction for each recipient, and what the answers mean.

Written on `smtplib`'s single commands, since `sendmail` does not tell whether a connection was
lost before the letter was handed over (it did not arrive) or after (it may have).
"""

import contextlib
import re
import smtplib
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from email.message import EmailMessage
from typing import NamedTuple

from watcher.channels.email.letter import without_html
from watcher.channels.email.settings import EmailSettings
from watcher.channels.sending import Redactor, told, watch
from watcher.model import Doubtful, Outcome, Refused, Sent, TryLater

_EXCERPT = 200  # characters of an answer that are shown
_ENHANCED = re.compile(r"[245]\.\d{1,3}\.\d{1,3}\b")
_TOO_BIG = frozenset({"5.2.3", "5.3.4"})


def hand_in(
    settings: EmailSettings, letters: Mapping[str, EmailMessage], redact: Redactor
) -> dict[str, Outcome]:
    """Hand in each recipient's letter over one connection and tell what came of each."""
    ends: dict[str, Outcome] = {}
    try:
        with _connected(settings) as smtp:
            for recipient, letter in letters.items():
                ends[recipient] = _handed_in(smtp, settings.sender, recipient, letter, redact)
    except (smtplib.SMTPException, OSError, ValueError) as trouble:
        end = _no_session(trouble, redact)
        return {recipient: ends.get(recipient, end) for recipient in letters}
    return ends


class _Watched(smtplib.SMTP):
    """An SMTP connection that a fuse can cut whenever it waits."""

    def getreply(self) -> tuple[int, bytes]:
        watch(self.sock)
        return super().getreply()


class _WatchedTls(_Watched, smtplib.SMTP_SSL):
    pass


@contextmanager
def _connected(settings: EmailSettings) -> Iterator[smtplib.SMTP]:
    """Connect, secure the connection, log in; say goodbye at the end without caring for answers."""
    smtp = _opened(settings)
    try:
        if settings.tls == "starttls":
            smtp.starttls(context=_trust(settings))  # raises where it is not offered
        if settings.password is not None:
            smtp.login(settings.user, settings.password.reveal())
        smtp.ehlo_or_helo_if_needed()
        yield smtp
        with contextlib.suppress(smtplib.SMTPException, OSError):
            smtp.quit()
    finally:
        smtp.close()


def _opened(settings: EmailSettings) -> smtplib.SMTP:
    seconds = settings.timeout.total_seconds()
    host, port, domain = settings.host.strip("[]"), settings.port, settings.domain
    if settings.tls == "implicit":
        return _WatchedTls(host, port, domain, timeout=seconds, context=_trust(settings))
    return _Watched(host, port, domain, timeout=seconds)


def _trust(settings: EmailSettings) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=settings.ca_file or None)


def _no_session(trouble: Exception, redact: Redactor) -> Outcome:
    """Tell what it means that there was no connection on which to hand anything in."""
    match trouble:
        case smtplib.SMTPResponseException():
            no = _No(trouble.smtp_code, _readable(trouble.smtp_error))
            login = isinstance(trouble, smtplib.SMTPAuthenticationError)
            return _answered(no, "the login" if login else "the session", redact)
        case smtplib.SMTPNotSupportedError():
            return Refused(reason="the server does not offer STARTTLS or the login we need")
        case smtplib.SMTPServerDisconnected():
            return TryLater(reason="the server closed the connection")
        case smtplib.SMTPException():
            return Refused(reason="the server offers no way to log in that we know")
        case _:
            return TryLater(reason=redact(f"no connection: {told(trouble)}"))


def _handed_in(
    smtp: smtplib.SMTP, sender: str, recipient: str, letter: EmailMessage, redact: Redactor
) -> Outcome:
    """Hand in a letter; where it is too big, once more without its HTML."""
    end = _transaction(smtp, sender, recipient, letter)
    if not (isinstance(end, _No) and end.to_the_size):
        return _meant(end, redact)
    again = _transaction(smtp, sender, recipient, without_html(letter))
    if isinstance(again, Sent):
        return replace(again, note="too big with its HTML, sent without")
    return _meant(again, redact)


class _No(NamedTuple):
    """A server's answer that is no yes."""

    code: int
    said: str
    to_the_letter: bool = False  # not to a command before it

    @property
    def enhanced(self) -> str:
        """Give the enhanced code (RFC 3463), which knows better than the code."""
        found = _ENHANCED.match(self.said)
        return found[0] if found else ""

    @property
    def to_the_size(self) -> bool:
        """Tell whether a smaller letter might be taken; 552 alone may mean a full mailbox too."""
        sized = self.enhanced in _TOO_BIG or (self.code == 552 and not self.enhanced)
        return self.to_the_letter and sized


def _transaction(
    smtp: smtplib.SMTP, sender: str, recipient: str, letter: EmailMessage
) -> Outcome | _No:
    over = False  # whether the letter itself was on its way
    try:
        for command, good in (
            (f"MAIL FROM:<{sender}>", {250}),
            (f"RCPT TO:<{recipient}>", {250, 251}),
            ("DATA", {354}),
        ):
            code, said = smtp.docmd(command)
            if code not in good:
                return _given_up(smtp, _No(code, _readable(said)))
        over = True
        smtp.send(_stuffed(letter.as_bytes()))
        code, said = smtp.getreply()
    except (smtplib.SMTPException, OSError):
        smtp.close()
        if over:
            return Doubtful(reason="the connection was lost after the letter")
        return TryLater(reason="the connection was lost")
    return Sent() if code == 250 else _given_up(smtp, _No(code, _readable(said), True))


def _given_up(smtp: smtplib.SMTP, no: _No) -> _No:
    """Leave a transaction that the server would not finish; after 421 it hangs up itself."""
    with contextlib.suppress(smtplib.SMTPException, OSError):
        if no.code == 421:
            smtp.close()
        else:
            smtp.rset()
    return no


def _meant(end: Outcome | _No, redact: Redactor) -> Outcome:
    return _answered(end, "the letter", redact) if isinstance(end, _No) else end


def _answered(no: _No, what: str, redact: Redactor) -> Outcome:
    """Tell a refusal for now (4xx) from one for ever (5xx); the enhanced code knows better."""
    kind = (no.enhanced or str(no.code))[0]
    reason = f"{what} was refused: {no.code} {redact(no.said)[:_EXCERPT]}".strip()
    return Refused(reason=reason) if kind == "5" else TryLater(reason=reason)


def _readable(said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _stuffed(letter: bytes) -> bytes:
    """Double the dots that begin a line and put the end after the letter (RFC 5321, 4.5.2)."""
    doubled = re.sub(rb"^\.", b"..", letter, flags=re.MULTILINE)
    return doubled + (b"" if doubled.endswith(b"\r\n") else b"\r\n") + b".\r\n"
