"""A feed's address: as we ask for it, and as we may show it."""

import re
from base64 import b64encode
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote, urljoin, urlsplit, urlunsplit

import idna
from requests.utils import requote_uri

from watcher.fetch.trouble import Trouble

PORTS = {"http": 80, "https": 443}
FEED_SCHEME = re.compile(r"^feed:(?=https?:)|^feed(s?):(?=//)", re.IGNORECASE)
# names and values in queries that are likely to be credentials
TELLING_NAME = re.compile(
    r"token|key|secret|auth|pass|pwd|sig|session|credential|hash|code|^(sid|jwt|t|k|s)$",
    re.IGNORECASE,
)
TELLING_VALUE = re.compile(r"(?=[^=]*\d)(?=[^=]*[A-Za-z])[\w.~%+/-]{20,}=*", re.ASCII)
USERINFO = re.compile(r"(?<=//)[^/?#]*@")
PARAMETER = re.compile(r"([?&;#])([^=&;#]*)=([^&;#]*)")


def redacted(url: str) -> str:
    """Make a URL fit to be shown: user, password and token-like values become `***`."""

    def veil(found: re.Match[str]) -> str:
        mark, name, value = found.groups()
        if TELLING_NAME.search(name) or TELLING_VALUE.fullmatch(value):
            return f"{mark}{name}=***"
        return found.group()

    return PARAMETER.sub(veil, USERINFO.sub("***@", url))


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """An http(s) address: ASCII only, without userinfo and fragment."""

    url: str
    scheme: str
    host: str  # lower case, IDN in its ASCII form, IPv6 without brackets
    port: int
    authorization: str = ""  # "Basic …", from the userinfo

    def trusts(self, other: "Address") -> bool:
        """Tell whether credentials for this address may be sent to the other one.

        To the same host, scheme and port, or to its default HTTPS port coming from its default
        HTTP port; never from HTTPS down to HTTP.
        """
        here, there = (self.scheme, self.port), (other.scheme, other.port)
        upgraded = here == ("http", 80) and there == ("https", 443)
        return self.host == other.host and (here == there or upgraded)

    def hop(self, location: str) -> "Address":
        """Follow a redirect: the address that it names, without any credentials of its own."""
        try:
            target = urljoin(self.url, _as_utf8(location.strip()))
        except ValueError:
            raise Trouble("redirected to something that is no address") from None
        found = read_address(target)
        return Address(url=found.url, scheme=found.scheme, host=found.host, port=found.port)


@lru_cache(maxsize=512)  # asked for when a visit is queued, and again when it begins
def read_address(text: str) -> Address:
    """Read an address as the operator, or a redirect, wrote it; `Trouble` where it is none."""
    try:
        parts = urlsplit(FEED_SCHEME.sub(_web_scheme, text.strip()))
        port = parts.port
    except ValueError:
        raise Trouble("this is no address") from None
    scheme = parts.scheme.lower()
    if scheme not in PORTS:
        raise Trouble(f"only http and https are fetched, not {scheme or 'an address without'}:")
    host = _ascii_host(parts.hostname or "")
    place = f"[{host}]" if ":" in host else host
    if port is not None and port != PORTS[scheme]:
        place += f":{port}"
    return Address(
        url=requote_uri(urlunsplit((scheme, place, parts.path or "/", parts.query, ""))),
        scheme=scheme,
        host=host,
        port=PORTS[scheme] if port is None else port,
        authorization=_basic(parts.username, parts.password),
    )


def host_of(text: str) -> str:
    """Name the host that an address is about; empty when it is no address."""
    try:
        return read_address(text).host
    except Trouble:
        return ""


def _web_scheme(found: re.Match[str]) -> str:
    """Give the scheme that is meant: none of its own in `feed:https:`, else http(s)."""
    return "" if found.group(1) is None else f"http{found.group(1)}:"


def _ascii_host(host: str) -> str:
    if not host:
        raise Trouble("the address names no host")
    if host.isascii():
        if re.search(r"[\x00-\x20\x7f%*\\<>^`{|}]", host):
            raise Trouble("the address names no host")
        return host.lower()
    try:
        return idna.encode(host, uts46=True).decode("ascii").lower()
    except idna.IDNAError:
        raise Trouble("the host's name is not valid") from None


def _basic(user: str | None, password: str | None) -> str:
    if not user and not password:
        return ""
    pair = f"{unquote(user or '')}:{unquote(password or '')}"
    return "Basic " + b64encode(pair.encode()).decode("ascii")


def _as_utf8(header: str) -> str:
    """Undo the Latin-1 in which header bytes come to us, where the server meant UTF-8."""
    try:
        return header.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return header
