"""Finding many terms in one item at once, and trying rules on what was found."""
