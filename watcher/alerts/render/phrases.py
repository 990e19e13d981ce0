"""What every form of an alert says in the same words; each form only gives them its dress."""

from datetime import datetime

from watcher.alerts.render.cut import shortened
from watcher.alerts.render.tidy import NAME, one_line
from watcher.model import Alert, AlertKind, Cited, Entry, MatchedRule, Message, Severity

_OPENINGS = {AlertKind.UPDATE: "Update: ", AlertKind.TEST: "Test: "}
_HEADLINE_ALONE = 200  # characters; leaves room for the source on a telephone


def headline(alert: Alert) -> str:
    """Say in one line, as a telephone shows it: how urgent, what, and where it stands."""
    message = alert.message
    urgent = "CRITICAL: " if message.severity is Severity.CRITICAL else ""
    source = f" · {name_of(message.lead)}" if message.lead else ""
    told = one_line(message.headline, _HEADLINE_ALONE) or "(no title)"
    return f"{urgent}{_OPENINGS.get(alert.kind, '')}{told}{source}"


def name_of(item: Cited) -> str:
    """Name the feed that an item is from."""
    return one_line(item.feed_title or item.feed, NAME)


def title_of(item: Cited) -> str:
    """Give an item's title, or what stands for one."""
    return item.title or shortened(item.summary, 100) or item.link or item.item or "(no title)"


def moment(time: datetime) -> str:
    """Write a time for people: to the minute, in UTC."""
    return f"{time:%Y-%m-%d %H:%M} UTC"


def source_line(item: Cited) -> str:
    """Say where an item is from, when it was published and when we saw it."""
    published = f"published {moment(item.published)}" if item.published else "no date given"
    return f"{name_of(item)}, {published}, seen {moment(item.seen_at)}"


def rule_line(rule: MatchedRule) -> str:
    """Name a rule: id, how much it matters, title."""
    title = f": {rule.title}" if rule.title and rule.title != rule.id else ""
    return f"{rule.id} ({rule.severity.word}){title}"


def entry_title(entry: Entry) -> str:
    """Say what an entry of a digest is about, and how urgent it is."""
    urgent = f"{entry.severity.word.upper()}: " if entry.severity >= Severity.HIGH else ""
    return f"{urgent}{entry.headline or '(no title)'}"


def entry_about(entry: Entry) -> str:
    """Say where an entry of a digest is from, which rules it hit, and how many others tell it."""
    source = source_line(entry.lead) if entry.lead else ""
    rules = f"rules: {', '.join(entry.rules)}" if entry.rules else ""
    return "; ".join(filter(None, (source, rules, more_sources(entry))))


def more_sources(entry: Entry) -> str:
    """Say how many others tell the story of an entry; nothing where it is nobody."""
    told = "source" if entry.copies == 1 else "sources"
    return f"{entry.copies} more {told}" if entry.copies else ""


def left_out(alerts: int) -> str:
    """Say how many alerts a digest does not list, and what lists them."""
    told = "1 more alert" if alerts == 1 else f"{alerts:,} more alerts"
    return f"… and {told}: watcher alerts list"


def evidence_opening(message: Message) -> str:
    """Say what the evidence is for."""
    if message.copies:
        return "Held to be the same story because"
    return "Held to be a copy because" if message.original else "Its place among the stories"


def why(alert: Alert) -> str:
    """Give the command that tells all that was decided; empty where no item caused the alert."""
    item = alert.item or (alert.message.lead.item if alert.message.lead else None)
    return f"watcher why {one_line(item, NAME)}" if item else ""
