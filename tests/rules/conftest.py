"""What tests of rules may ask for."""

from pathlib import Path

import pytest

from tests.rules.bounded import Answer, Match, tried


@pytest.fixture
def match(tmp_path: Path) -> Match:
    """Try a rule file on one item."""

    def match(rules: str | bytes, **item: object) -> Answer:
        body = rules.encode() if isinstance(rules, str) else rules
        (tmp_path / "rules.yaml").write_bytes(body)
        return tried(tmp_path / "rules.yaml", tmp_path, item or {"title": "x"})

    return match
