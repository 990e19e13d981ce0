"""Lines of runs as Markdown, as the chats read it that have it."""

from collections.abc import Callable

from watcher.channels.webhook.formats.runs import Line, Part, Run

Escape = Callable[[str], str]
_UNSAFE = "()[]@*_~`#"  # in the address of a link


def written(part: Part, escape: Escape) -> str:
    """Write a part, its lines below each other."""
    return "\n".join(_line(line, escape) for line in part.lines)


def _line(runs: Line, escape: Escape) -> str:
    return "".join(_run(run, escape) for run in runs)


def _run(run: Run, escape: Escape) -> str:
    words = run.text.strip()
    if not words:
        return run.text
    before, _, after = run.text.partition(words)
    text = f"**{escape(words)}**" if run.bold else escape(words)
    return f"{before}{f'[{text}]({_safe(run.url)})' if run.url else text}{after}"


def _safe(url: str) -> str:
    """Give an address in which nothing is Markdown."""
    return "".join(f"%{ord(sign):02X}" if sign in _UNSAFE else sign for sign in url)
