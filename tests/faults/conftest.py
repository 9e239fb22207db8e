"""One gateway for all tests of this folder, which must leave nothing on it."""

from collections.abc import Iterator

import pytest

from tests.staging.stage import Stage


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    stage = Stage(tmp_path_factory.mktemp("stage"))
    yield stage
    stage.close()


@pytest.fixture
def stage(standing: Stage) -> Iterator[Stage]:
    """A stage on which nothing is left when the test is over."""
    yield standing
    standing.settle()
