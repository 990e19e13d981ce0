"""The gate between jobs and hosts, with a clock of its own."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from watcher.fetch.gate import Gate


def test_jobs_of_one_host_come_in_order_with_a_pause_between() -> None:
    gate: Gate[int] = Gate(per_host=2, gap=1.0)
    for job in range(3):
        gate.add("a", job)
    assert gate.take(10.0) == ("a", 0)
    assert gate.take(10.5) is None
    assert gate.opens_at() == 11.0
    assert gate.take(11.0) == ("a", 1)
    assert gate.opens_at() is None  # two are under way: not before one ends
    gate.done("a")
    assert gate.opens_at() == 12.0
    assert gate.take(12.0) == ("a", 2)


def test_a_crowded_host_keeps_no_other_waiting() -> None:
    gate: Gate[int] = Gate(per_host=1, gap=5.0)
    for job in range(100):
        gate.add("crowd", job)
    gate.add("other", 100)
    assert gate.take(0.0) == ("crowd", 0)
    assert gate.take(0.0) == ("other", 100)
    assert gate.take(0.0) is None


def test_withdrawn_jobs_are_not_given_out() -> None:
    gate: Gate[int] = Gate(per_host=1, gap=0.0)
    for job in range(3):
        gate.add("a", job)
    gate.add("b", 1)
    gate.withdraw(lambda job: job < 2)
    assert gate.take(0.0) == ("a", 2)
    assert gate.take(0.0) is None


def test_a_host_is_forgotten_when_its_pause_is_over_and_not_before() -> None:
    gate: Gate[int] = Gate(per_host=2, gap=10.0)
    gate.add("a", 0)
    assert gate.take(0.0) == ("a", 0)
    gate.forget_idle(99.0)  # a job is under way
    gate.done("a")
    gate.forget_idle(5.0)
    gate.add("a", 1)
    assert gate.take(5.0) is None
    assert gate.take(10.0) == ("a", 1)
    gate.done("a")
    gate.forget_idle(21.0)
    gate.add("a", 2)
    assert gate.take(0.0) == ("a", 2)


@given(
    st.lists(st.sampled_from("abc"), max_size=30),
    st.integers(min_value=1, max_value=3),
    st.sampled_from([0.0, 1.0, 2.5]),
    st.randoms(use_true_random=False),
)
def test_every_job_is_given_out_once_within_the_limits(
    hosts: list[str], per_host: int, gap: float, rng: object
) -> None:
    from random import Random

    assert isinstance(rng, Random)
    gate: Gate[int] = Gate(per_host=per_host, gap=gap)
    for job, host in enumerate(hosts):
        gate.add(host, job)
    now, given_out, last = 0.0, list[int](), dict[str, float]()
    under_way: Counter[str] = Counter()
    while len(given_out) < len(hosts):
        taken = gate.take(now)
        if taken is not None:
            host, job = taken
            assert hosts[job] == host
            assert now - last.get(host, -gap) >= gap
            last[host] = now
            under_way[host] += 1
            assert under_way[host] <= per_host
            given_out.append(job)
            continue
        busy = sorted(under_way.elements())
        if busy and (gate.opens_at() is None or rng.random() < 0.5):
            host = rng.choice(busy)
            under_way[host] -= 1
            gate.done(host)
        else:
            opens_at = gate.opens_at()
            assert opens_at is not None
            now = max(now, opens_at)
    assert sorted(given_out) == list(range(len(hosts)))


def test_36_a_long_queue_puts_off_whoever_comes_and_spreads_them() -> None:
    gate: Gate[int] = Gate(per_host=2, gap=1.0)
    for job in range(10):
        assert gate.put_off("a", 100.0) == 0
        gate.add("a", job)
    assert [gate.put_off("a", 100.0) for _ in range(3)] == [11.0, 12.0, 13.0]
    assert gate.put_off("b", 100.0) == 0
    assert gate.put_off("a", 105.0) == 10.0 + 1.0, "nobody comes back before the queue is done"


def test_without_pauses_nobody_is_put_off() -> None:
    gate: Gate[int] = Gate(per_host=2, gap=0.0)
    for job in range(100):
        gate.add("a", job)
    assert gate.put_off("a", 0.0) == 0


def test_those_who_wait_for_a_pause_take_no_place_and_others_do() -> None:
    paced, free = Gate[int](per_host=2, gap=1.0), Gate[int](per_host=2, gap=0.0)
    for gate in (paced, free):
        for job in range(5):
            gate.add("a", job)
        gate.add("b", 9)
        gate.take(0.0)
    assert (paced.crowd(), paced.load()) == (3, 6)
    assert (free.crowd(), free.load()) == (6, 6)
