"""How an alert's HTML looks: on a desk, on a telephone, in the light and in the dark.

Mail programs differ in what they read. Styles stand in the elements themselves, which all of them
read; a style sheet changes colours for the dark and margins for a telephone, which most read. A
program that turns colours by itself finds nothing here but plain grounds.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from watcher.model import Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Colours:
    """What is written in which colour; on `ground` or `card`, and marked words on `mark`."""

    ground: str
    card: str
    line: str
    text: str
    faint: str
    link: str
    mark: str
    marked: str


LIGHT = Colours(
    ground="#f1f3f5",
    card="#ffffff",
    line="#d5d9de",
    text="#1b1f24",
    faint="#59616b",
    link="#0b55b7",
    mark="#ffe9a0",
    marked="#1b1f24",
)
DARK = Colours(
    ground="#121417",
    card="#1d2024",
    line="#3c424a",
    text="#e6e8eb",
    faint="#a5adb7",
    link="#8fbcff",
    mark="#6b5200",
    marked="#fff3c9",
)
PILL_TEXT = "#ffffff"
PILLS: Mapping[Severity, str] = {
    Severity.LOW: "#5b636d",
    Severity.INFO: "#1f61b8",
    Severity.HIGH: "#b04a00",
    Severity.CRITICAL: "#b3261e",
}

_FONT = "-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif"
_MONO = "ui-monospace,Menlo,Consolas,'Liberation Mono',monospace"
_SHAPES: Mapping[str, str] = {
    "page": f"margin:0;padding:16px 8px;font-family:{_FONT};font-size:15px;line-height:1.5",
    "card": "max-width:640px;margin:0 auto;padding:20px 24px;border:1px solid;border-radius:8px;"
    "overflow-wrap:anywhere;word-break:break-word",
    "top": "margin:0 0 8px;font-size:13px",
    "title": "margin:0 0 6px;font-size:21px;line-height:1.3;font-weight:bold",
    "link": "text-decoration:none",
    "source": "margin:0 0 4px;font-size:13px",
    "part": "margin:16px 0 0;padding:14px 0 0;border-top:1px solid",
    "label": "margin:0 0 6px;font-weight:bold",
    "aside": "font-size:13px;font-weight:normal",
    "quote": "margin:8px 0 0;padding:0 0 0 12px;border-left:3px solid",
    "mark": "padding:0 2px;border-radius:3px;font-weight:bold",
    "list": "margin:0;padding:0 0 0 20px",
    "small": "margin:0 0 4px;font-size:14px",
    "foot": "margin:16px 0 0;padding:12px 0 0;border-top:1px solid;font-size:13px",
    "code": f"font-family:{_MONO};font-size:13px",
    "pill": "padding:2px 7px;border-radius:4px;font-size:12px;font-weight:bold",
}
_PAINT: Mapping[str, str] = {
    "page": "background-color:{ground};color:{text}",
    "card": "background-color:{card};border-color:{line};color:{text}",
    "top": "color:{faint}",
    "title": "color:{text}",
    "link": "color:{link}",
    "source": "color:{faint}",
    "part": "border-color:{line}",
    "aside": "color:{faint}",
    "quote": "border-color:{line}",
    "mark": "background-color:{mark};color:{marked}",
    "foot": "border-color:{line};color:{faint}",
    "code": "color:{text}",
}
_PHONE = ".w-page{padding:0!important}.w-card{padding:14px 16px!important;border:0!important}"


def dressed(name: str, more: str = "") -> str:
    """Give the attributes of an element that looks like this."""
    paint = _PAINT.get(name, "").format(**asdict(LIGHT))
    return f'class="w-{name}" style="{";".join(filter(None, (_SHAPES[name], paint, more)))}"'


def pill(severity: Severity) -> str:
    """Give the attributes of the words that say how much something matters."""
    return dressed("pill", f"background-color:{PILLS[severity]};color:{PILL_TEXT}")


def style_sheet() -> str:
    """Give what only a style sheet can say."""
    dark = "".join(
        f".w-{name}{{{_forced(paint.format(**asdict(DARK)))}}}" for name, paint in _PAINT.items()
    )
    return (
        ":root{color-scheme:light dark;supported-color-schemes:light dark}"
        f"@media (prefers-color-scheme:dark){{{dark}}}"
        f"@media (max-width:480px){{{_PHONE}}}"
    )


def _forced(paint: str) -> str:
    return ";".join(f"{each}!important" for each in paint.split(";"))
