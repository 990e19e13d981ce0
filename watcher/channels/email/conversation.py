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
from email.message import EmailMessage

from watcher.channels.email.settings import EmailSettings
from watcher.channels.sending import Redactor, told, watch
from watcher.model import Doubtful, Outcome, Refused, Sent, TryLater

_EXCERPT = 200  # characters of an answer that are shown
_ENHANCED = re.compile(r"([245])\.\d{1,3}\.\d{1,3}\b")  # RFC 3463


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
        case smtplib.SMTPAuthenticationError():
            return _answered(trouble.smtp_code, trouble.smtp_error, "the login", redact)
        case smtplib.SMTPResponseException():
            return _answered(trouble.smtp_code, trouble.smtp_error, "the session", redact)
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
    over = False  # whether the letter itself was on its way
    try:
        for command, good in (
            (f"MAIL FROM:<{sender}>", {250}),
            (f"RCPT TO:<{recipient}>", {250, 251}),
            ("DATA", {354}),
        ):
            code, said = smtp.docmd(command)
            if code not in good:
                return _given_up(smtp, code, said, redact)
        over = True
        smtp.send(_stuffed(letter.as_bytes()))
        code, said = smtp.getreply()
    except (smtplib.SMTPException, OSError):
        smtp.close()
        if over:
            return Doubtful(reason="the connection was lost after the letter")
        return TryLater(reason="the connection was lost")
    return Sent() if code == 250 else _given_up(smtp, code, said, redact)


def _given_up(smtp: smtplib.SMTP, code: int, said: bytes, redact: Redactor) -> Outcome:
    """Leave a transaction that the server would not finish; after 421 it hangs up itself."""
    with contextlib.suppress(smtplib.SMTPException, OSError):
        if code == 421:
            smtp.close()
        else:
            smtp.rset()
    return _answered(code, said, "the letter", redact)


def _answered(code: int, said: bytes | str, what: str, redact: Redactor) -> Outcome:
    """Tell a refusal for now (4xx) from one for ever (5xx); the enhanced code knows better."""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    text = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    enhanced = _ENHANCED.match(text)
    kind = enhanced[1] if enhanced else str(code)[:1]
    reason = f"{what} was refused: {code} {redact(text)[:_EXCERPT]}".strip()
    return Refused(reason=reason) if kind == "5" else TryLater(reason=reason)


def _stuffed(letter: bytes) -> bytes:
    """Double the dots that begin a line and put the end after the letter (RFC 5321, 4.5.2)."""
    doubled = re.sub(rb"^\.", b"..", letter, flags=re.MULTILINE)
    return doubled + (b"" if doubled.endswith(b"\r\n") else b"\r\n") + b".\r\n"
