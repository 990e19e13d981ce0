"""Addresses of pages: made absolute, told apart, compared."""

import re
from hashlib import sha256
from urllib.parse import quote, urljoin, urlsplit

_SCHEMES = frozenset(("http", "https", "ftp", "gemini", "gopher", "magnet"))  # fit to be a link
_LONGEST = 8_000  # characters of an address; longer ones are no addresses of pages
_LONGEST_NORMAL = 800  # so that any database can index it

_GUISES = ("www.", "m.", "mobile.", "amp.")  # the same pages, dressed otherwise
_DEFAULT_PORTS = {"http": 80, "https": 443}
_INDEX_PAGE = re.compile(r"/(?:index\.(?:html?|php))?$", re.IGNORECASE)
_AMP_PAGE = re.compile(r"/amp$|\.amp(?=\.html$|$)")
_ESCAPE = re.compile("%([0-9a-fA-F]{2})")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")

# parameters that say how a reader came here, not where here is
_TRACKING = re.compile(
    r"(?:utm_|at_|hsa_|mtm_|pk_|piwik_|ns_|__hs|_hs|vero_|oly_|fb_)\w*"
    r"|\w{0,3}clid|gclsrc|wbraid|gbraid|igshid|mc_[ce]id|mkt_tok|yclid|cmpid|cmp|ncid|ocid|spm"
    r"|s_cid|smid|smtyp|sr_share|xtor|wt_mc|ref_src|ref_url|referrer|traffic_source|trk|ito"
    r"|__twitter_impression|amp|rss|guccounter|guce_referrer(?:_sig)?",
    re.IGNORECASE,
)
# parameters that do so with these values only
_WAYS = re.compile(r"source|src|ref|from|via|output|outputtype|partner|emc|feed|format|mod")
_WAY_HERE = re.compile(r"(?:\w+[-_])?(?:rss\w*|feeds?|atom|amp|twitter|facebook|newsletter)")
_PLACE_IN_APP = ("!", "/")  # `#!/story/1`, `#/story/1`: the fragment is the page's name
_NO_PLACE = re.compile(
    r"(?:xtor|utm_\w+|ref|echobox|rss|at_\w+|ftag|src|source|comment|disqus)\b.*"
    r"|comments?\b.*|comment-.*|respond|disqus_thread|top|new",
    re.IGNORECASE,
)


def host(url: str) -> str:
    """Give the host of an address, in lower case and without port; empty when there is none."""
    try:
        return (urlsplit(url.strip()).hostname or "").rstrip(".")
    except ValueError:
        return ""


def site(name: str) -> str:
    """Give the part of a host's name that tells one owner from another, as well as can be told."""
    labels = host(f"http://{name}").split(".")
    country_code = len(labels) > 2 and len(labels[-1]) == 2 and len(labels[-2]) <= 3
    return ".".join(labels[-3:] if country_code else labels[-2:])


def resolve(base: str, href: str) -> str:
    """Make an address absolute against its base; empty when it is none that can be followed."""
    # an address with blanks in it is common, and meant
    href = href.strip().replace(" ", "%20")
    if not href or len(href) > _LONGEST:
        return ""
    try:
        absolute = urljoin(base, href)
        parts = urlsplit(absolute)
    except ValueError:
        return ""
    if parts.scheme not in _SCHEMES or not (parts.netloc or parts.scheme == "magnet"):
        return ""
    return absolute


def normal_link(url: str) -> str:
    """Give the form in which addresses of one page are equal; for comparison, not for fetching.

    Gone are scheme, user, `www.` and its like, default port, tracking parameters, fragment (unless
    it names a page of an app), index page, trailing slash; parameters are sorted. Empty when the
    address is not one of the web.
    """
    try:
        parts = urlsplit(url.strip(), scheme="http")
        port = parts.port
    except ValueError:
        return ""
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname or len(url) > _LONGEST:
        return ""
    where = _normal_host(parts.hostname)
    if port not in (None, _DEFAULT_PORTS[parts.scheme]):
        where += f":{port}"
    query = _normal_query(parts.query)
    app = parts.fragment if parts.fragment.startswith(_PLACE_IN_APP) else ""
    normal = where + _normal_path(parts.path) + (query and f"?{query}") + (app and f"#{app}")
    return _shortened(normal)


def place_in_page(url: str) -> str:
    """Give the fragment, where it may name one of several texts on a page; else nothing."""
    fragment = url.partition("#")[2].strip()
    if fragment.startswith(_PLACE_IN_APP) or _NO_PLACE.fullmatch(fragment):
        return ""
    return fragment


def _normal_host(name: str) -> str:
    name = name.rstrip(".")
    while name.startswith(_GUISES) and name.count(".") > 1:
        name = name.partition(".")[2]
    if name.isascii():
        return name
    try:
        return name.encode("idna").decode("ascii")
    except UnicodeError:
        return name


def _normal_path(path: str) -> str:
    path = re.sub("/{2,}", "/", _normal_escapes(path))
    return _AMP_PAGE.sub("", _INDEX_PAGE.sub("", path))


def _normal_query(query: str) -> str:
    return "&".join(sorted(_normal_escapes(p) for p in query.split("&") if p and not _tracks(p)))


def _tracks(parameter: str) -> bool:
    name, _, value = parameter.partition("=")
    if _TRACKING.fullmatch(name):
        return True
    return bool(_WAYS.fullmatch(name.lower()) and _WAY_HERE.fullmatch(value.lower()))


def _normal_escapes(text: str) -> str:
    text = _ESCAPE.sub(_normal_escape, text)
    return quote(text, safe="%/:=&?~#+!$,;'@()*[]", errors="replace")


def _normal_escape(escape: re.Match[str]) -> str:
    character = chr(int(escape[1], 16))
    return character if character in _UNRESERVED else escape[0].upper()


def _shortened(normal: str) -> str:
    if len(normal) <= _LONGEST_NORMAL:
        return normal
    digest = sha256(normal.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{normal[: _LONGEST_NORMAL - 70]}~{digest}"
