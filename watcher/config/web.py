"""The status page's settings: checked, with their secrets looked up."""

import re
from pathlib import Path

from watcher.config.checking import check
from watcher.config.nodes import Scalar, child
from watcher.config.secrets import Vault
from watcher.config.shapes import WebShape
from watcher.config.sheet import Sheet
from watcher.model import Secret
from watcher.web import WebSettings, is_loopback, web_faults

_PLACE = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9.-]+)):([0-9]{1,5})")
_HASH = "scrypt:"  # such a password gives nothing away
_IN_CLEAR = (
    "passwords and all that the page shows go over the network in clear; let a proxy speak TLS in "
    "front of it (and say `https: yes`), or listen on 127.0.0.1"
)


def web_of(sheet: Sheet, vault: Vault) -> WebSettings | None:
    """Read `web`; None where it is not there, or faulty."""
    read = check(sheet, WebShape, vault.findings, ("web",))
    if read is None:
        return None
    place = _place(sheet, vault, read.listen)
    password, token = _secret(sheet, vault, "password"), _secret(sheet, vault, "token")
    if place is None or password is _MISSING or token is _MISSING:
        return None
    host, port, socket = place
    settings = WebSettings(
        host=host,
        port=port,
        socket=socket,
        hosts=read.hosts,
        password=password,
        token=token,
        https=bool(read.https),
    )
    faults = web_faults(settings)
    for message in faults:
        vault.findings.add(sheet.fault("C011", message, sheet.key_at(("web",))))
    if not socket and not is_loopback(host) and not settings.https:
        where = sheet.at(("web", "listen"))
        vault.findings.add(sheet.fault("C107", _IN_CLEAR, where, warning=True))
    return None if faults else settings


_MISSING = Secret("")  # stands for one that was named and is not there


def _secret(sheet: Sheet, vault: Vault, key: str) -> Secret | None:
    node = child(sheet.root, "web", key)
    if not isinstance(node, Scalar):
        return None
    found = vault.secret(node, plain=node.value.startswith(_HASH))
    return _MISSING if found is None else found


def _place(sheet: Sheet, vault: Vault, text: str | None) -> tuple[str, int, str] | None:
    """Read host, port and socket of a `listen`."""
    usual = WebSettings()
    if text is None:
        return usual.host, usual.port, ""
    if text.startswith("unix:") and len(text) > len("unix:"):
        return usual.host, usual.port, str(vault.folder / Path(text[5:]).expanduser())
    found = _PLACE.fullmatch(text)
    if found is None or not 0 < int(found[3]) < 65536:
        message = "write an address and a port, as in 127.0.0.1:8080, or unix:/run/watcher/web.sock"
        vault.findings.add(sheet.fault("C011", message, sheet.at(("web", "listen"))))
        return None
    return found[1] or found[2], int(found[3]), ""
