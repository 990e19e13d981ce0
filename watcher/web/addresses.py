"""The addresses of alert feeds, with a token in the path for readers that cannot send headers."""

import hashlib
import hmac
from urllib.parse import urlencode

from watcher.model import Secret
from watcher.web.settings import WebSettings


def feed_token(secret: Secret, rule: str, tag: str) -> str:
    """Make the token of one feed: whoever has it can read that feed and nothing else."""
    told = f"{len(rule)}:{rule}{tag}".encode()
    return hmac.new(secret.reveal().encode(), b"feed " + told, hashlib.sha256).hexdigest()[:40]


def feed_addresses(settings: WebSettings, rule: str = "", tag: str = "") -> tuple[str, str]:
    """Give the paths of an alert feed as Atom and as JSON Feed."""
    asked = {key: value for key, value in (("rule", rule), ("tag", tag)) if value}
    query = f"?{urlencode(asked)}" if asked else ""
    if settings.password is None or settings.token is None:
        return f"/alerts.atom{query}", f"/alerts.json{query}"
    below = f"/feed/{feed_token(settings.token, rule, tag)}"
    return f"{below}/alerts.atom{query}", f"{below}/alerts.json{query}"
