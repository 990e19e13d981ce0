"""An alert as a letter: what a mail program shows, sorts and strings together.

The Message-ID is made from the alert's key, so that a repeat is the same message to whoever
compares ids. All letters about a story refer to one root that never was sent, under one subject:
so mail programs make one thread of them. RFC 5322 (ids), 2919 (List-Id), 2369
(List-Unsubscribe), 3834 (Auto-Submitted).
"""

import re
from datetime import datetime
from email.headerregistry import BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy, Policy
from email.utils import format_datetime
from hashlib import sha256
from urllib.parse import quote

from watcher.alerts.render import as_html, as_text, one_line
from watcher.channels.email.settings import EmailSettings
from watcher.model import Alert, AlertKind, Message


class _Whole(UnstructuredHeader, BaseHeader):
    """A header of one word that is never broken: `email` would encode a long id, and lose it."""

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


def _policy() -> "EmailPolicy[EmailMessage]":
    headers = HeaderRegistry()
    for name in ("in-reply-to", "references", "list-id", "list-unsubscribe"):
        headers.map_to_type(name, _Whole)
    return SMTP.clone(cte_type="7bit", header_factory=headers)  # not every server takes 8bit


_POLICY = _policy()
_SUBJECT = 150  # characters
_WIDTH = 76
_LABEL = 60
_NOT_QUOTED = r"[^A-Za-z0-9_. -]+"  # in a List-Id's name for people


def letter(alert: Alert, settings: EmailSettings, recipient: str, now: datetime) -> EmailMessage:
    """Write the letter for one recipient: plain text first, the same as HTML beside it."""
    mail = EmailMessage(policy=_POLICY)
    mail["From"] = settings.sender
    mail["To"] = recipient
    mail["Subject"] = _subject(alert.message)
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = message_id(alert, settings.domain)
    named = _threading(alert, settings.domain) | _sorting(alert, settings)
    for name, value in named.items():
        mail[name] = value
    mail.set_content(as_text(alert, width=_WIDTH) + "\n")
    mail.add_alternative(as_html(alert), subtype="html")
    return mail


def without_html(mail: EmailMessage) -> EmailMessage:
    """Give the same message as plain text alone: for servers to which it was too big."""
    plain = mail.get_body(("plain",))
    short = EmailMessage(policy=_POLICY)
    for name, value in mail.items():
        if not name.lower().startswith(("content-", "mime-")):
            short[name] = value
    short.set_content(plain.get_content() if plain else "")
    return short


def _subject(message: Message) -> str:
    """Give what the letters of a story are all called: mail programs thread by that too."""
    subjects = (one_line(told, _SUBJECT) for told in (message.subject, message.headline))
    return next(filter(None, subjects), "(no title)")


def message_id(alert: Alert, domain: str) -> str:
    """Give the id that the letter has at every try."""
    return f"<watcher.{_digest(alert.key)}@{domain}>"


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _threading(alert: Alert, domain: str) -> dict[str, str]:
    """Refer to the story's root, and to the story's first letter where that is answered.

    Without the latter, mail programs would hang all letters side by side below nothing.
    """
    if alert.story is None:
        return {}
    root = f"<watcher.story.{_digest(alert.story)}@{domain}>"
    if not (alert.in_thread and alert.parent):
        return {"In-Reply-To": root, "References": root}
    first = message_id(alert.parent, domain)
    return {"In-Reply-To": first, "References": f"{root} {first}"}


def _sorting(alert: Alert, settings: EmailSettings) -> dict[str, str]:
    """Give the headers by which people and programs sort."""
    name, label = _list_of(alert)
    list_id = f"{label}.{settings.domain}"
    rules = [one_line(rule.id, 100) for rule in alert.message.rules]
    lead = alert.message.lead
    named = {
        "List-Id": f'"{re.sub(_NOT_QUOTED, "-", name)[:_LABEL]}" <{list_id}>',
        "List-Unsubscribe": _unsubscribe(settings, list_id),
        "Auto-Submitted": "auto-generated",
        "Precedence": "list",
        "X-Watcher-Key": one_line(alert.key),
        "X-Watcher-Rules": one_line(", ".join(rules)),
        "X-Watcher-Story": one_line(alert.story or ""),
        "X-Watcher-Feed": one_line(lead.feed, 100) if lead else "",
    }
    return {name: value for name, value in named.items() if value}


def _unsubscribe(settings: EmailSettings, list_id: str) -> str:
    """Give the address to which a reader who wants no more writes, and what (RFC 2369, 3.2)."""
    if not settings.unsubscribe:
        return ""
    return f"<mailto:{quote(settings.unsubscribe, safe='@')}?subject=unsubscribe%20{list_id}>"


def _list_of(alert: Alert) -> tuple[str, str]:
    """Say of which list a letter is, of only one: its name for people and its label.

    It is the list of the rule that matters most; digests and notices have lists of their own.
    """
    if alert.kind is AlertKind.DIGEST:
        return f"Digest {alert.route}", f"{_label(alert.route)}.digests"
    if alert.story is None or not alert.message.rules:
        return "Notices", "notices"
    first = max(alert.message.rules, key=lambda rule: rule.severity)
    return f"Rule {first.id}", f"{_label(first.id)}.rules"


def _label(name: str) -> str:
    """Make a part of a domain name of a name; different ones of different names."""
    plain = re.sub(r"[^a-z0-9_]+", "-", name.lower()).strip("-")[:_LABEL]
    return plain if plain == name else f"{plain}-{_digest(name)[:8]}".lstrip("-")
