"""Signals become wishes, and the handlers that were there before come back."""

import os
import signal

import pytest

from watcher.daemon import Signals


@pytest.mark.parametrize(
    ("number", "wish"),
    [(signal.SIGTERM, "stop"), (signal.SIGINT, "stop"), (signal.SIGHUP, "reload")],
)
def test_a_signal_is_a_wish(number: signal.Signals, wish: str) -> None:
    with Signals() as signals:
        os.kill(os.getpid(), number)
        assert signals.wait() == wish


def test_wishes_are_heard_in_order() -> None:
    with Signals() as signals:
        os.kill(os.getpid(), signal.SIGHUP)
        os.kill(os.getpid(), signal.SIGTERM)
        assert [signals.wait(), signals.wait()] == ["reload", "stop"]


def test_the_handlers_come_back() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with Signals():
        assert signal.getsignal(signal.SIGTERM) != before
    assert signal.getsignal(signal.SIGTERM) == before


def test_another_thread_can_wish_too() -> None:
    with Signals() as signals:
        signals.ask("reload")
        assert signals.wait() == "reload"


def test_waiting_ends_when_nobody_wishes_anything() -> None:
    with Signals() as signals:
        assert signals.wait(0.01) is None
