"""Signs of life: what is silent for longer than it may be is known."""

from datetime import timedelta

from watcher.daemon import Pulse


class Steady:
    def __init__(self) -> None:
        self.time = 100.0

    def __call__(self) -> float:
        return self.time


def pulse(**limits: int) -> tuple[Pulse, Steady]:
    steady = Steady()
    made = Pulse(steady)
    made.expect({name: timedelta(seconds=limit) for name, limit in limits.items()})
    return made, steady


def test_a_job_is_silent_only_after_the_time_it_may_take() -> None:
    made, steady = pulse(poll=30, deliver=10)
    steady.time += 30
    made.beat("deliver")
    assert made.silent() == {}
    steady.time += 1
    assert made.silent() == {"poll": 31.0}


def test_a_sign_of_life_ends_the_silence() -> None:
    made, steady = pulse(poll=30)
    steady.time += 31
    made.beat("poll")
    assert made.silent() == {}


def test_while_one_keeps_the_others_waiting_they_are_excused_but_not_for_ever() -> None:
    made, steady = pulse(poll=30)
    made.begin_alone("prune", timedelta(seconds=600))
    steady.time += 599
    assert made.silent() == {}
    steady.time += 2
    assert made.silent() == {"poll": 601.0}


def test_after_they_were_excused_they_have_their_whole_time_again() -> None:
    made, steady = pulse(poll=30)
    made.begin_alone("prune", timedelta(seconds=600))
    steady.time += 100
    made.end_alone("prune")
    steady.time += 30
    assert made.silent() == {}


def test_what_is_no_longer_expected_is_never_silent() -> None:
    made, steady = pulse(poll=30, deliver=10)
    made.expect({"poll": timedelta(seconds=30)})
    steady.time += 20
    assert made.silent() == {}
    assert set(made.ages()) == {"poll"}
