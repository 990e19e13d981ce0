"""The language of templates: Jinja2, without what reaches out of it or makes a text without end.

Jinja2's sandbox keeps a template from Python's insides, and not from `'a' * 10**9` nor from a
feed's title that is used as a format; both are refused here.
https://jinja.palletsprojects.com/en/stable/sandbox/
"""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from numbers import Real
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import StrictUndefined, Undefined
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

LONGEST = 500_000  # characters of what a template writes; a digest as JSON is some 60,000
_REPEATED = 1_000  # characters that `*` may make of a text
_FORMATS = frozenset(("format", "format_map"))
# what writes markup of its own, lies beyond the sandbox's bounds, or has no meaning here
_WITHOUT = (
    "e", "escape", "forceescape", "safe", "urlize", "xmlattr", "tojson", "pprint", "format",
    "center", "filesizeformat", "random", "urlencode", "striptags",
)  # fmt: skip


class Sandbox(ImmutableSandboxedEnvironment):
    """What a template is read and run in."""

    intercepted_binops = frozenset(("*", "**", "%"))

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:  # noqa: ANN401
        """Do sums with numbers, and repeat short texts; raises SecurityError for the rest."""
        numbers = isinstance(left, Real) and isinstance(right, Real)
        repeated = operator == "*" and isinstance(left, str) and isinstance(right, int)
        if repeated and len(left) * right <= _REPEATED:
            return left * right
        if not numbers or operator == "**":
            told = f"`{operator}` is for numbers, and `*` for texts of up to {_REPEATED} characters"
            raise SecurityError(told)
        return super().call_binop(context, operator, left, right)

    def getattr(self, obj: Any, attribute: str) -> Any:  # noqa: ANN401
        """Refuse what would read a text as a format, which Jinja2 allows."""
        if isinstance(obj, str) and attribute in _FORMATS:
            return self.unsafe_undefined(obj, attribute)
        return super().getattr(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:  # noqa: ANN401
        """Refuse the same where it is asked for in brackets."""
        if isinstance(obj, str) and argument in _FORMATS:
            return self.unsafe_undefined(obj, argument)
        return super().getitem(obj, argument)


def sandbox(*, for_json: bool) -> Sandbox:
    """Make the surroundings of templates that write plain text, or JSON.

    In JSON each `{{ ... }}` is a whole JSON value, so that no text can end the one it stands in.
    """
    finalize: Callable[[Any], Any] = _as_json if for_json else _as_text
    made = Sandbox(
        autoescape=False,  # what shows the text escapes it as a whole
        undefined=StrictUndefined,
        finalize=finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
    )
    for name in _WITHOUT:
        made.filters.pop(name, None)
    made.filters |= {"time": _time, "marked": _marked}
    made.globals = {"range": made.globals["range"]}
    return made


def _as_text(value: Any) -> Any:  # noqa: ANN401
    return "" if value is None else value


def _as_json(value: Any) -> str:  # noqa: ANN401
    if isinstance(value, Undefined):
        str(value)  # raises, and says what is missing
    return json.dumps(value, ensure_ascii=False)


def _time(stamp: str, zone: str = "UTC", form: str = "%Y-%m-%d %H:%M") -> str:
    """Write a time (ISO 8601, as the data has it) as the clocks of a zone show it."""
    return datetime.fromisoformat(stamp).astimezone(ZoneInfo(zone)).strftime(form)


def _marked(quote: Mapping[str, Any], before: str = "*", after: str = "*") -> str:
    """Write a rule's quote with signs around the words that matched."""
    text, told, at = quote["text"], "", 0
    for mark in quote["marks"]:
        told += f"{text[at : mark['start']]}{before}{text[mark['start'] : mark['end']]}{after}"
        at = mark["end"]
    return f"{told}{text[at:]}"
