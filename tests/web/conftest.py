import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import left_out_or_failed
from tests.databases import copy_of
from tests.web.scene import GUARDED, Page, Scene, page_of, scene
from watcher.store import open_store


@pytest.fixture(scope="module")
def played(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    store = open_store(copy_of(sqlite_template, tmp_path_factory.mktemp("web")))
    try:
        yield scene(store)
    finally:
        store.close()


@pytest.fixture(scope="module")
def page(played: Scene) -> Iterator[Page]:
    """The page as it is on a machine of one's own: no password."""
    with page_of(played) as served:
        yield served


@pytest.fixture
def guarded(played: Scene) -> Iterator[Page]:
    """The page behind a password, with a token for programs."""
    with page_of(played, GUARDED) as served:
        yield served


@pytest.fixture(scope="session")
def promtool(request: pytest.FixtureRequest) -> str:
    found = shutil.which("promtool")
    if found is None:
        left_out_or_failed(request, "promtool is not here: apt-get install prometheus")
    assert found is not None
    return found
