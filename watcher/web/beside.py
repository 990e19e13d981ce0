"""A copy beside its lead: what each of them says, and which words stand for which."""

from dataclasses import dataclass

from watcher.model import Item
from watcher.text.difference import Difference, difference

_FEW = 12  # swapped words that are listed; the rest is seen in the text


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """How the title and the text of a copy differ from those of its lead."""

    title: Difference
    text: Difference

    @property
    def parts(self) -> tuple[Difference, ...]:
        """Give what there is of both, in the order in which it is read."""
        return tuple(part for part in (self.title, self.text) if part.pieces)

    @property
    def is_verbatim(self) -> bool:
        """Whether no word differs, as far as both were compared."""
        return all(piece.same for part in self.parts for piece in part.pieces) and not self.is_cut

    @property
    def is_cut(self) -> bool:
        """Whether the end of a text was too far away to be compared."""
        return any(part.left_off != (0, 0) for part in self.parts)

    @property
    def told(self) -> str:
        """Say in one line how much of the copy is the lead's."""
        if self.is_verbatim:
            return "word for word as the lead"
        shared = sum(part.shared for part in self.parts)
        words = sum(part.words[1] for part in self.parts)
        return f"{shared} of its {words} words are the lead’s, in their order"

    @property
    def swaps(self) -> tuple[tuple[str, str], ...]:
        """List what stands for what, the first few."""
        return tuple(dict.fromkeys(swap for part in self.parts for swap in part.swaps))[:_FEW]

    @property
    def more_swaps(self) -> int:
        """Count those that are not listed."""
        every = {swap for part in self.parts for swap in part.swaps}
        return len(every) - len(self.swaps)


def beside(lead: Item, copy: Item) -> Beside:
    """Compare a copy with its lead, title with title and text with text."""
    return Beside(title=difference(lead.title, copy.title), text=difference(*_texts(lead, copy)))


def _texts(lead: Item, copy: Item) -> tuple[str, str]:
    """Choose of each what is compared: where only one has a text besides its summary, the likest.

    What is alike in length is taken to be that: a teaser beside an article says nothing.
    """
    if lead.content and copy.content:
        return lead.content, copy.content
    pairs = [(ours, theirs) for ours in _of(lead) for theirs in _of(copy)]
    return min(pairs, key=lambda pair: abs(len(pair[0]) - len(pair[1])))


def _of(item: Item) -> tuple[str, ...]:
    return tuple(text for text in (item.content, item.summary) if text) or ("",)
