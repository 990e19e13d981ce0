"""A feed as an entry of a YAML file."""

import json
import re
from dataclasses import dataclass

_PLAIN = re.compile(r"[A-Za-z0-9](?:[\w ./:@%+~=-]*[\w./@%+~=-])?", re.ASCII)
_BREAKS_YAML = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A feed to be added; every value is a text, as the file will have it."""

    group: str  # empty for none
    fields: dict[str, str | list[str]]

    def written(self) -> str:
        """Write it on one line."""
        told = (f"{name}: {_value(value)}" for name, value in self.fields.items())
        return "{" + ", ".join(told) + "}"


def scalar(text: str) -> str:
    """Write a text such that YAML reads it as it is, inside brackets too."""
    if _PLAIN.fullmatch(text) and ": " not in text:
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    return _BREAKS_YAML.sub(lambda found: f"\\u{ord(found[0]):04x}", quoted)


def _value(value: str | list[str]) -> str:
    if isinstance(value, str):
        return scalar(value)
    return "[" + ", ".join(scalar(one) for one in value) + "]"
