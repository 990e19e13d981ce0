"""Whatever a server sends becomes items or a reason; `make fuzz-reading` tries far more of it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.parse.hostile import TARGETS, Target


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_nothing_that_a_server_sends_can_stop_the_reader(target: Target) -> None:
    @settings(max_examples=100)
    @given(st.data())
    def one(data: st.DataObject) -> None:
        target.reads(data.draw(target.given))

    one()
