"""Numbers, as people read them."""


def several(number: int, noun: str, plural: str = "") -> str:
    """Count things: `1 feed`, `2 feeds`, `0 stories`; a plural that is no -s has to be given."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"
