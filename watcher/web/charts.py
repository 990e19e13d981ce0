"""Small pictures in the page itself: SVG that scripts, styles and servers have no part in."""

from collections.abc import Sequence

from markupsafe import Markup, escape

WIDTH, HEIGHT = 480, 48


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
    return picture("".join(drawn), told)


def picture(drawn: str, told: str) -> Markup:
    """Frame what was drawn, of numbers and of what was escaped; who does not see it is told."""
    return Markup(  # noqa: S704 - made here, of numbers and of what was escaped
        f'<svg class="chart" viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="none" '
        f'role="img" aria-label="{escape(told)}">{drawn}</svg>'
    )
