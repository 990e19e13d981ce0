"""Who asks whether Watcher does its work gets proof, and costs it nothing."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread
from time import monotonic

import pytest

from tests.disks import fill
from tests.web.scene import GUARDED, Page, Scene, page_of, scene
from watcher.errors import StoreError, StoreFull, StoreLocked, StoreReadOnly
from watcher.store import open_store
from watcher.web.writing import DEADLINE, FRESH, Probe

HANGS = 60.0  # seconds


@pytest.fixture
def asked(played: Scene) -> Iterator[Page]:
    """A page that nobody has asked yet."""
    writes = played.prove_writable
    with page_of(played) as served:
        yield served
    played.prove_writable = writes
    played.silent.clear()


def test_it_is_ready_when_all_is_well(asked: Page) -> None:
    answer = asked.get("/readyz")
    assert answer.status_code == 200
    names = ("database", "configuration", "jobs", "poll", "work")
    assert answer.json() == {"status": "ok", "checks": dict.fromkeys(names, "ok"), "because": []}


def test_a_full_disk_is_told_and_when_there_is_room_it_is_ready_again(small_disk: Path) -> None:
    store = open_store(str(small_disk / "watcher.db"))
    with page_of(scene(store)) as page:
        assert page.get("/readyz").status_code == 200
        filler = fill(small_disk)
        assert until(page, 503) == ["database: there is no room left on its disk"]
        assert page.get("/healthz").status_code == 200
        assert str(small_disk) not in page.get("/readyz").text
        filler.unlink()
        assert until(page, 200) == []
    store.close()


def until(page: Page, status: int) -> list[str]:
    end = monotonic() + 30
    while (answer := page.get("/readyz")).status_code != status:
        assert monotonic() < end, answer.text
        Event().wait(FRESH / 4)
    told: list[str] = answer.json()["because"]
    return told


def test_a_poll_loop_that_hangs_is_told(asked: Page, played: Scene) -> None:
    played.silent["poll"] = 400.0
    answer = asked.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["because"] == ["poll: no sign of life for too long"]


def test_a_job_that_is_slow_is_none_of_the_poll_loop(asked: Page, played: Scene) -> None:
    played.silent["deliver phone"] = 400.0
    assert asked.get("/readyz").status_code == 200


def test_a_configuration_that_was_refused_leaves_the_old_one_at_work(played: Scene) -> None:
    good = played.loading
    played.loading = type(good)(at=good.at, refused="nonsense")
    with page_of(played) as page:
        assert page.get("/readyz").status_code == 200
    played.loading = good


def test_a_database_that_hangs_is_told_in_time_and_asked_no_more(
    asked_hanging: tuple[Page, list[timedelta]],
) -> None:
    page, tries = asked_hanging
    began = monotonic()
    first = page.get("/readyz")
    assert DEADLINE <= monotonic() - began < HANGS
    assert first.json()["because"] == ["database: it does not answer"]
    began = monotonic()
    assert [page.get("/readyz").status_code for _ in range(20)] == [503] * 20
    assert monotonic() - began < 10 * DEADLINE, "who asks later waits no more"
    assert page.get("/healthz").status_code == 200
    assert len(tries) == 1


@pytest.fixture
def asked_hanging(asked: Page, played: Scene) -> Iterator[tuple[Page, list[timedelta]]]:
    ends, tries = Event(), list[timedelta]()

    def hang(patience: timedelta) -> bool:
        tries.append(patience)
        return ends.wait(HANGS)

    played.prove_writable = hang
    with page_of(played) as served:
        yield served, tries
        ends.set()


def test_however_often_strangers_ask_a_try_is_made_once_a_second() -> None:
    now, tries = [0.0], list[float]()
    probe = Probe(lambda _: tries.append(now[0]), steady=lambda: now[0])
    for number in range(500):
        now[0] = number / 100
        assert probe.trouble() == ""
    assert tries == [0.0, 1.0, 2.0, 3.0, 4.0]


def test_who_asks_at_the_same_time_waits_for_the_same_try() -> None:
    tries, go_on = list[timedelta](), Event()

    def write(patience: timedelta) -> None:
        tries.append(patience)
        go_on.wait(30)

    probe = Probe(write)
    told: list[str] = []
    askers = [Thread(target=lambda: told.append(probe.trouble())) for _ in range(10)]
    for asker in askers:
        asker.start()
    go_on.set()
    for asker in askers:
        asker.join()
    assert told == [""] * 10
    assert len(tries) == 1


@pytest.mark.parametrize(
    ("trouble", "told"),
    [
        (StoreFull("/secret/place"), "there is no room left on its disk"),
        (StoreReadOnly("/secret/place"), "it cannot be written"),
        (StoreLocked("/secret/place"), "another process holds it"),
        (StoreError("/secret/place"), "it cannot be used"),
    ],
)
def test_strangers_are_told_what_is_wrong_and_not_where(trouble: StoreError, told: str) -> None:
    def write(patience: timedelta) -> None:
        raise trouble

    assert Probe(write).trouble() == told


def test_a_bug_in_a_try_is_logged_and_is_no_proof(caplog: pytest.LogCaptureFixture) -> None:
    def write(patience: timedelta) -> None:
        raise ZeroDivisionError

    assert Probe(write).trouble() == "a bug was in the way; the log has more"
    assert "ZeroDivisionError" in caplog.text


def test_nobody_needs_a_password_to_ask(played: Scene) -> None:
    with page_of(played, GUARDED) as page:
        assert page.get("/readyz").status_code == 200
