"""How hits look to people: rules with their severity, and their words in context."""

from collections.abc import Iterable, Iterator, Sequence

from watcher.alerts.render import text_of
from watcher.cli.printing import Page, Run
from watcher.model import Hit, Item, Occurrence, RuleInfo

LEAST_WORDS = 30  # columns; with fewer left, words get a line of their own
LABEL_AT_MOST = 24  # columns of one cell of a label

Row = tuple[tuple[Run, ...], Sequence[Occurrence]]  # cells of a label, and what they are of


def rule_line(info: RuleInfo) -> tuple[Run, ...]:
    """Name a rule: id, severity in its colour, title."""
    severity = info.severity.word
    title = ("  ", info.title) if info.title and info.title != info.id else ()
    return ((info.id, "rule"), "  ", (severity, severity), *title)


def show_item(page: Page, item: Item) -> None:
    """Print an item's id and title."""
    page.show((item.id, "faint"), "  ", item.title or "(no title)", hang=2)


def show_hit(page: Page, item: Item, hit: Hit) -> None:
    """Print a hit: the rule, and below it where its words stand."""
    page.show("  ", *rule_line(hit.rule), hang=4)
    rows = [((_field(one[0]), (one[0].how, "faint")), one) for one in gathered(hit.occurrences)]
    show_rows(page, item, rows, indent=4)


def gathered(occurrences: Iterable[Occurrence]) -> Iterator[list[Occurrence]]:
    """Gather what one term found in one text in one way, in the order of the first of each."""
    groups: dict[tuple[object, ...], list[Occurrence]] = {}
    for one in occurrences:
        groups.setdefault((one.field, one.value, one.term, one.how), []).append(one)
    yield from groups.values()


def _field(one: Occurrence) -> str:
    return f"{one.field}[{one.value}]" if one.field in ("author", "tag") else one.field


def full_row(occurrences: Sequence[Occurrence]) -> Row:
    """Label occurrences of one term with all there is to tell: term, how, field, place."""
    first = occurrences[0]
    place = f"{first.start}-{first.end}"
    if len(occurrences) > 1:
        place += f" +{len(occurrences) - 1}"
    cells = ((first.term, "term"), (first.how, "faint"), _field(first), (place, "faint"))
    return cells, occurrences


def show_rows(page: Page, item: Item, rows: Sequence[Row], indent: int) -> None:
    """Print rows with their words in context, labels in columns; below them where it is narrow."""
    from watcher.cli.words import beginning

    labels = [
        [(beginning(text, LABEL_AT_MOST), style) for text, style in map(_styled, cells)]
        for cells, _ in rows
    ]
    widths = [max(map(_columns, column)) for column in zip(*labels, strict=True)]
    if indent + sum(widths) + 2 * len(widths) > page.width:
        widths = [0] * len(widths)  # no room for columns
    label_width = indent + sum(widths) + 2 * len(widths)
    beside = any(widths) and page.width - label_width >= LEAST_WORDS
    below = indent + 2
    for label, (_, occurrences) in zip(labels, rows, strict=True):
        runs = [" " * indent, *_padded(label, widths)]
        room = page.width - (label_width if beside else below)
        words = in_their_text(page, item, occurrences, room)
        if beside:
            page.show(*runs, *words, hang=label_width)
        else:
            page.show(*runs[:-1], hang=below)
            page.show(" " * below, *words, hang=below)


def _styled(run: Run) -> tuple[str, str]:
    return (run, "") if isinstance(run, str) else run


def _columns(run: tuple[str, str]) -> int:
    from rich.cells import cell_len

    return cell_len(run[0])


def _padded(label: Sequence[tuple[str, str]], widths: Sequence[int]) -> Iterator[Run]:
    for run, width in zip(label, widths, strict=True):
        yield run
        yield " " * (max(0, width - _columns(run)) + 2)


def in_their_text(
    page: Page, item: Item, occurrences: Sequence[Occurrence], width: int
) -> tuple[Run, ...]:
    """Show occurrences of one text in it."""
    text = text_of(item, occurrences[0].field, occurrences[0].value)
    return page.words(text, [(one.start, one.end) for one in occurrences], width)
