"""The operator's mistakes, each with its place."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing wrong in a configuration file, with its place and what to write instead."""

    code: str
    message: str
    file: str = ""
    line: int = 0  # 1-based; 0 where the whole file is meant
    column: int = 0  # 1-based, in characters of the line
    rule: str = ""  # id of the rule, where the fault is in one
    excerpt: str = ""  # the faulty line or expression
    caret: int = 0  # 1-based column of the fault in `excerpt`
    width: int = 1  # how many characters of `excerpt` it covers
    suggestions: tuple[str, ...] = ()
    warning: bool = False

    def told(self) -> str:
        """Tell it as a compiler would: place, message, excerpt with caret, suggestions."""
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part)
        kind = "warning" if self.warning else "error"
        where = f' in rule "{self.rule}"' if self.rule else ""
        lines = [f"{place + ': ' if place else ''}{kind} {self.code}{where}: {self.message}"]
        if self.excerpt:
            lines.append(f"    {self.excerpt}")
            if self.caret:
                lines.append("    " + " " * (self.caret - 1) + "^" * max(1, self.width))
        for n, suggestion in enumerate(self.suggestions):
            lines.append(f"    {'write' if n == 0 else '   or'} {suggestion}")
        return "\n".join(lines)
