"""Verbs that tell how rules do: rules list, rules show."""

from typing import Annotated

import typer

from watcher.cli.charts import span
from watcher.cli.printing import Page, json_line, say, table
from watcher.cli.settings import CONFIG, Opened
from watcher.clock import SystemClock

JSON = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]
SINCE = Annotated[str, typer.Option(help="How far to look back: 12h, 30d, 4w.")]
LAST_HITS = 5
HANG = 14  # columns before what a page says of a rule

rules = typer.Typer(
    help="The rules: how they do, and how they would have done.", no_args_is_help=True
)


@rules.command("list")
def list_rules(config: CONFIG = None, *, since: SINCE = "30d", as_json: JSON = False) -> None:
    """List the rules in the order of their files: last hit, hits a day, what is wrong.

    - `watcher rules list --since 7d`
    """
    from watcher.cli.rule_pages import COLUMNS, draws_blocks, row_of
    from watcher.cli.rule_states import rule_states, state_record

    length, opened = span(since), Opened(config)
    with opened as store, store.reading() as tx:
        states = rule_states(tx, opened.config, SystemClock().now(), length)
    if as_json:
        for state in states:
            json_line(state_record(state, length))
        return
    plain = not draws_blocks()
    table(COLUMNS, (row_of(state, length, plain=plain) for state in states))


@rules.command("show")
def show_rule(
    rule: Annotated[str, typer.Argument(help="The rule's id.")],
    config: CONFIG = None,
    *,
    since: SINCE = "14d",
    as_json: JSON = False,
) -> None:
    """Show one rule: as it is written, how it does, its last hits, whether its tests pass.

    - `watcher rules show flood`
    """
    from watcher.cli.rule_pages import page_of, page_record
    from watcher.cli.rule_states import rule_states

    length, opened = span(since), Opened(config)
    with opened as store, store.reading() as tx:
        states = rule_states(tx, opened.config, SystemClock().now(), length)
        state = next((one for one in states if one.info.id == rule), None)
        hits = tx.hits_of(state.info.id, LAST_HITS) if state else ()
    if state is None:
        say(f"no rule {rule!r} is known; `watcher rules list` lists them")
        raise typer.Exit(1)
    if as_json:
        json_line(page_record(state, length, hits))
        return
    page = Page()
    for line in page_of(state, length, hits, page):
        page.show(*line, hang=HANG)
