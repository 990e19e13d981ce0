"""The verb that answers why a rule matches an item, or what is lacking; and what a rule means."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from watcher.cli.asked import Asked
from watcher.cli.printing import Page, json_line
from watcher.cli.settings import CONFIG

if TYPE_CHECKING:
    from watcher.rules import RuleSpec


def explain(
    rule: Annotated[str, typer.Argument(help="A rule's id, or an expression.")],
    item: Annotated[
        str,
        typer.Argument(
            help="An item of the store (id, beginning of one, guid or link), a file of items, "
            "or - for standard input; without one, the rule itself is explained."
        ),
    ] = "",
    config: CONFIG = None,
    *,
    rules: Annotated[
        Path | None, typer.Option(help="A rule file; else the rules of the configuration.")
    ] = None,
    text: Annotated[str | None, typer.Option(help="A title, instead of an item.")] = None,
    feed: Annotated[str, typer.Option(help="The feed that the title is of.")] = "",
    now: Annotated[
        str | None,
        typer.Option(help="The time to judge at, ISO 8601; else when a stored item was seen."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Tell why a rule matches an item, or what is nearest to it; or what the rule means.

    Ends with 0 when it matches, 1 when it does not.

    - `watcher explain blackberry-access` tells what the rule finds, by example
    - `watcher explain blackberry-access 8f3a` tells why it matches that item, or why not
    - `watcher explain '"back door" NEAR/3 blackberry' --text "A back door in BlackBerrys"`
    - `watcher explain --rules new.yaml my-rule items.jsonl`
    """
    from watcher.cli.explained import explanation_record, show_explanation

    asked = Asked(config, rules)
    rule_set, spec = asked.rule(rule)
    if text is None and not item:
        _describe(spec, as_json=as_json)
        return
    matched = True
    for number, (one, at) in enumerate(asked.items(item, text, feed, now)):
        told = rule_set.explain(spec.info.id, one, at)
        matched &= told.matches
        if as_json:
            json_line(explanation_record(spec, one, told, at))
        else:
            show_explanation(Page(), spec, one, told, after_another=number > 0)
    if not matched:
        raise typer.Exit(1)


def _describe(spec: "RuleSpec", *, as_json: bool) -> None:
    from watcher.cli.described import description_record, show_description
    from watcher.rules import describe

    told = describe(spec)
    if as_json:
        json_line(description_record(told))
    else:
        show_description(Page(), told, named=spec.info.id != spec.when)
    if told.failed:
        raise typer.Exit(1)
