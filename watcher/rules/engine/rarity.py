"""How common a word is in texts, roughly: it decides where a term is looked for first."""


def commonness(word: str) -> float:
    """Guess the share of texts that a folded word is in."""
    return 1.0 / (1 + len(word) ** 2)
