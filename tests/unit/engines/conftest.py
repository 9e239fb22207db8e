"""The demo models, running: one process each for all tests of a worker."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engines import LocalModels, models_folder


@pytest.fixture(scope="session")
def models() -> Path:
    """The folder with the default models."""
    return models_folder()


@pytest.fixture(scope="session")
def local(models: Path) -> Iterator[LocalModels]:
    """The default models, started when first called."""
    running = LocalModels(models)
    yield running
    running.stop()
