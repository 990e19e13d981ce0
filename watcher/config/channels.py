"""The settings of channels: checked, with their secrets looked up."""

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from watcher.alerts.template import Template, Use
from watcher.channels import (
    CUSTOM,
    AppriseSettings,
    ChannelSettings,
    ConsoleSettings,
    EmailSettings,
    FileSettings,
    SlackSettings,
    WebhookSettings,
    channel_faults,
)
from watcher.config.checking import check, check_names, start_of
from watcher.config.nodes import Many, Node, Scalar, Table, child, children, is_blank
from watcher.config.secrets import SECRET_KEYS, Vault, is_reference
from watcher.config.shapes import (
    CHANNEL_SHAPES,
    AppriseShape,
    ConsoleShape,
    EmailShape,
    FileShape,
    Shape,
    SlackShape,
    WebhookShape,
)
from watcher.config.sheet import Sheet
from watcher.config.suggest import listing, question
from watcher.config.templates import template_of
from watcher.model import ChannelName, Repeats, Secret

_PLAIN_IN_WEB = ("listen", "hosts", "https")


def hide_secrets(sheet: Sheet) -> None:
    """Let no message show what may be a secret in a channel, whatever else is wrong there.

    The same goes for the status page, where anything but a few settings may be one.
    """
    for channel in children(child(sheet.root, "channels")):
        for key in SECRET_KEYS:
            _hide(sheet, child(channel, key))
    web = child(sheet.root, "web")
    for key, entry in web.entries.items() if isinstance(web, Table) else ():
        if key not in _PLAIN_IN_WEB:
            _hide(sheet, entry.value)


def _hide(sheet: Sheet, node: Node | None) -> None:
    for value in node.items if isinstance(node, Many) else (node,):
        shown = isinstance(value, Scalar) and is_reference(value.value)
        if value is not None and not shown:
            sheet.hide(value)


def channels_of(sheet: Sheet, vault: Vault) -> dict[ChannelName, ChannelSettings]:
    """Read the channels that are without fault; the faults of the others are noted.

    An e-mail channel without recipients is fine here: a route may bring them.
    """
    node = child(sheet.root, "channels")
    check_names(sheet, ("channels",), vault.findings)
    names = node.entries if isinstance(node, Table) else {}
    if isinstance(node, Table) and not names:
        message = "there are no channels: alerts could go nowhere; console: {type: console} is one"
        vault.findings.add(sheet.fault("C017", message, sheet.key_at(("channels",))))
    found = (_Channel(sheet, vault, ChannelName(name)).settings() for name in names)
    return {settings.name: settings for settings in found if settings is not None}


@dataclass(frozen=True, slots=True)
class _Channel:
    """One channel of the file."""

    sheet: Sheet
    vault: Vault
    name: ChannelName

    def settings(self) -> ChannelSettings | None:
        shape = self._shape()
        if shape is None:
            return None
        read = check(self.sheet, shape, self.vault.findings, ("channels", self.name))
        settings = None if read is None else self._built(read)
        return None if settings is None or self._faulty(settings) else settings

    def _shape(self) -> type[Shape] | None:
        """Find out of which type the channel is."""
        node, kind = self._node(), self._node("type")
        if node is None or is_blank(node) or (kind is not None and is_blank(kind)):
            return None  # told already
        if not isinstance(node, Table):
            self._note("C010", "a mapping is wanted here: lines of `key: value`", node)
        elif kind is None:
            self._note("C008", f'"type" is missing; it is {listing(CHANNEL_SHAPES)}', node.start)
        elif not isinstance(kind, Scalar):
            self._note("C010", "a text is wanted here", kind)
        elif kind.value not in CHANNEL_SHAPES:
            hint = question(kind.value, CHANNEL_SHAPES) or f"; write {listing(CHANNEL_SHAPES)}"
            self._note("C011", f'"{kind.value}" is not a type of channel{hint}', kind)
        else:
            return CHANNEL_SHAPES[kind.value]
        return None

    def _built(self, read: Shape) -> ChannelSettings | None:
        """Make the settings; None where a secret or a file is missing."""
        match read:
            case ConsoleShape():
                given = _given(width=read.width, template=self._template())
                return ConsoleSettings(name=self.name, **given)
            case FileShape():
                path = self._beside(read.path)
                return FileSettings(name=self.name, path=path) if self._has_folder(path) else None
            case SlackShape():
                return self._slack(read)
            case WebhookShape():
                return self._webhook(read)
            case AppriseShape():
                return self._apprise(read)
            case EmailShape():
                return self._mail(read)
            case _:
                raise AssertionError(read)

    def _slack(self, read: SlackShape) -> SlackSettings | None:
        urls, found = self._secrets("url")
        tokens, complete = self._secrets("token")
        ca_file = self._ca_file(read.ca_file)
        if not (found and complete) or ca_file is None:
            return None
        return SlackSettings(
            name=self.name,
            url=urls[0] if urls else None,
            token=tokens[0] if tokens else None,
            channel=read.channel,
            template=self._template(),
            **_given(timeout=read.timeout, ca_file=ca_file or None, **_doubt(read.doubtful)),
        )

    def _webhook(self, read: WebhookShape) -> WebhookSettings | None:
        secrets, signed = self._secrets("secrets")
        urls, complete = self._secrets("url", plain=bool(secrets))  # signed: an address only
        ca_file = self._ca_file(read.ca_file)
        custom = read.format == CUSTOM
        template = self._template(Use.JSON if custom else Use.TEXT)
        faulty = custom and bool(read.template) and template is None
        if not (complete and signed) or ca_file is None or faulty:
            return None
        return WebhookSettings(
            name=self.name,
            url=urls[0],
            secrets=tuple(secrets),
            template=template,
            **_given(timeout=read.timeout, ca_file=ca_file or None, format=read.format),
            **_doubt(read.doubtful),
        )

    def _apprise(self, read: AppriseShape) -> AppriseSettings | None:
        urls, complete = self._secrets("url")
        if not complete:
            return None
        given = _given(timeout=read.timeout, template=self._template(), **_doubt(read.doubtful))
        return AppriseSettings(name=self.name, url=urls[0], **given)

    def _mail(self, read: EmailShape) -> EmailSettings | None:
        host, port = read.server
        tls = read.tls or ("implicit" if port == 465 else "starttls")
        passwords, complete = self._secrets("password")
        ca_file = self._ca_file(read.ca_file)
        if not complete or ca_file is None:
            return None
        return EmailSettings(
            name=self.name,
            host=host,
            port=port or {"implicit": 465, "starttls": 587, "none": 25}[tls],
            tls=tls,
            user=read.user,
            password=passwords[0] if passwords else None,
            sender=read.from_,
            recipients=read.to,
            unsubscribe=read.unsubscribe or "",
            template=self._template(),
            **_given(timeout=read.timeout, ca_file=ca_file or None),
        )

    def _template(self, use: Use = Use.TEXT) -> Template | None:
        """Read the template, if there is one; None too where it has faults, which are noted."""
        node = self._node("template")
        if not isinstance(node, Scalar) or is_blank(node):
            return None
        return template_of(self.sheet, node, use, self.vault)

    def _secrets(self, key: str, *, plain: bool = False) -> tuple[list[Secret], bool]:
        """Look up the secrets under a key; False with them if one is missing."""
        node = self._node(key)
        nodes = [node] if isinstance(node, Scalar) else children(node)
        scalars = [each for each in nodes if isinstance(each, Scalar)]
        found = [self.vault.secret(each, plain=plain) for each in scalars]
        return [secret for secret in found if secret is not None], None not in found

    def _ca_file(self, name: str) -> str | None:
        """Give the path of a file of certificates; empty where none is named, None: missing."""
        if not name:
            return ""
        path = self._beside(name)
        if path.is_file():
            return str(path)
        self._note("C011", f"there is no file {path}", self._node("ca_file"))
        return None

    def _has_folder(self, path: Path) -> bool:
        if path.parent.is_dir():
            return True
        self._note("C011", f"there is no folder {path.parent}", self._node("path"))
        return False

    def _faulty(self, settings: ChannelSettings) -> bool:
        """Ask the channel itself what is wrong with its settings."""
        if isinstance(settings, EmailSettings) and not settings.recipients:
            settings = replace(settings, recipients=(settings.sender,))  # routes may bring others
        faults = channel_faults(settings)
        for fault in faults:
            self._note("C011", fault, self._named_in(fault))
        return bool(faults)

    def _named_in(self, fault: str) -> Node | None:
        """Find what a channel's complaint names (`key`, or `key` 2), else the whole channel."""
        for key, number in re.findall(r"`(\w+)[^`]*`(?: (\d+))?", fault):
            node = self._node(key)
            if node is not None:
                return (child(node, int(number) - 1) if number else None) or node
        return self._node()

    def _beside(self, name: str) -> Path:
        """Find a file that is named relative to the configuration's folder."""
        return self.vault.folder / Path(name).expanduser()

    def _node(self, *path: str) -> Node | None:
        return child(self.sheet.root, "channels", self.name, *path)

    def _note(self, code: str, message: str, where: Node | int | None) -> None:
        at = 0 if where is None else where if isinstance(where, int) else start_of(where)
        self.vault.findings.add(self.sheet.fault(code, message, at))


def _doubt(word: str | None) -> dict[str, Any]:
    """Read what to do with alerts that may have arrived, where the file says it."""
    return {"doubtful": Repeats(word)} if word else {}


def _given(**values: object) -> dict[str, Any]:
    """Keep what the file gives; the settings have defaults for the rest."""
    return {name: value for name, value in values.items() if value is not None}
