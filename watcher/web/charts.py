"""Small pictures in the page itself: SVG that scripts, styles and servers have no part in."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from markupsafe import Markup, escape

from watcher.model import PastVisit

WIDTH, HEIGHT = 480, 48
DAY = timedelta(hours=24)
GOOD = ("read", "not modified", "same")


def bars(counts: Sequence[int], labels: Sequence[str], told: str) -> Markup:
    """Draw numbers as bars, the greatest as high as the picture; each says what it is."""
    most, wide = max([*counts, 1]), WIDTH / max(1, len(counts))
    drawn = []
    for place, (count, label) in enumerate(zip(counts, labels, strict=True)):
        high = max(2.0, count / most * HEIGHT) if count else 1.0
        drawn.append(
            f'<rect class="{"bar" if count else "none"}" x="{place * wide + 1:.1f}" '
            f'y="{HEIGHT - high:.1f}" width="{max(1.0, wide - 2):.1f}" height="{high:.1f}">'
            f"<title>{escape(label)}: {count}</title></rect>"
        )
    return _picture("".join(drawn), told)


def day_of_visits(visits: Sequence[PastVisit], now: datetime, told: str) -> Markup:
    """Draw the visits of the last 24 hours on a line of time that ends now."""
    drawn = ['<rect class="none" x="0" y="22" width="480" height="4"/>']
    for visit in visits:
        back = now - visit.at
        if not timedelta(0) <= back <= DAY:
            continue
        place = WIDTH - 4 - back / DAY * (WIDTH - 4)
        kind = "fresh" if visit.fresh else "good" if visit.outcome in GOOD else "bad"
        high = 44 if kind == "bad" else 36 if kind == "fresh" else 24
        drawn.append(
            f'<rect class="{kind}" x="{place:.1f}" y="{(HEIGHT - high) / 2:.1f}" width="4" '
            f'height="{high}"><title>{visit.at:%H:%M} {escape(visit.outcome)}, '
            f"{visit.fresh} new</title></rect>"
        )
    return _picture("".join(drawn), told)


def _picture(drawn: str, told: str) -> Markup:
    return Markup(  # noqa: S704 - made here, of numbers and of what was escaped
        f'<svg class="chart" viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="none" '
        f'role="img" aria-label="{escape(told)}">{drawn}</svg>'
    )
