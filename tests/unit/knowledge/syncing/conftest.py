"""Every test here that takes `knowing` runs on SQLite and on PostgreSQL."""

from pathlib import Path

import pytest

from counterpoint.storage.database import Database
from tests.databases import database, database_url
from tests.knowing import Knowing

__all__ = ["database", "database_url"]


@pytest.fixture
def knowing(database: Database, tmp_path: Path) -> Knowing:
    """What a platform knows: nothing yet."""
    return Knowing(database, tmp_path)
