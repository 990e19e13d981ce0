"""What all tests may ask for.

`store` is an open, empty store; a test that takes it, or `database_url`, runs once on SQLite and
once on PostgreSQL. `sqlite_url` and `postgresql_url` are for tests of one engine. The server is
started once a test process, when the first test needs it.

`postfix_and_dovecot` are servers of Debian, which a machine may lack, like promtool and Chromium
(`left_out_or_failed`). Then the tests that need them fail and say what to install; with
`--servers=there` (`make test`, but not CI) they are left out, and the end of the run says so.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import HealthCheck, settings

from tests import mail_servers
from tests.databases import PostgreSQL, copy_of, migrated_file, postgresql_server
from tests.disks import mounted
from watcher.store import SqlStore, open_store

# Nothing here is about time: a busy machine must not fail a property.
settings.register_profile("watcher", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("watcher")


_LEFT_OUT = "NOT TESTED HERE: "


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--servers",
        choices=("all", "there"),
        default="all",
        help="whether tests fail (all) or are left out (there) whose server this machine lacks",
    )


_LONG = ("test_power_cut", "test_large_input", "test_chaos", "test_first_ten_minutes")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest tests first: at the end, one worker would be busy with them alone."""
    items.sort(key=lambda item: item.path.stem not in _LONG)


@pytest.hookimpl(wrapper=True, tryfirst=True)  # after what all others have to say
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> Iterator[None]:
    yield
    skipped = [report.longrepr for report in terminalreporter.stats.get("skipped", [])]
    reasons = [reason[2] for reason in skipped if isinstance(reason, tuple)]
    for reason in sorted({reason for reason in reasons if _LEFT_OUT in reason}):
        told = f"{reasons.count(reason)} tests {reason.removeprefix('Skipped: ')}"
        terminalreporter.write_sep("!", told, red=True, bold=True)


def left_out_or_failed(request: pytest.FixtureRequest, lacking: str) -> NoReturn:
    """End a test that needs what this machine lacks."""
    if request.config.getoption("--servers") == "there":
        pytest.skip(_LEFT_OUT + lacking)
    pytest.fail(lacking, pytrace=False)


@pytest.fixture(scope="session")
def postfix_and_dovecot(request: pytest.FixtureRequest) -> Iterator[mail_servers.MailServers]:
    if lacking := mail_servers.missing():
        left_out_or_failed(request, lacking)
    with mail_servers.mail_servers() as servers:
        yield servers


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    with postgresql_server() as server:
        yield server


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return migrated_file(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    return copy_of(sqlite_template, tmp_path)


@pytest.fixture
def postgresql_url(postgresql: PostgreSQL) -> Iterator[str]:
    with postgresql.database() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def store(database_url: str) -> Iterator[SqlStore]:
    opened = open_store(database_url)
    try:
        yield opened
    finally:
        opened.close()


@pytest.fixture
def small_disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    """A disk of four megabytes."""
    with ExitStack() as stack:
        try:
            disk = stack.enter_context(mounted(tmp_path / "disk"))
        except PermissionError as trouble:
            left_out_or_failed(request, str(trouble))
        yield disk
